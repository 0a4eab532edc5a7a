"""One running laboratory for the whole folder; a test that interferes puts things back."""

import json

import pytest

from lab.client import Client
from lab.world import rows
from ringfence.evidence.vantage import load_vantages
from ringfence.lab.process import running


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    with running(tmp_path_factory.mktemp("lab"), 11, "development", rows()) as handle:
        yield handle


@pytest.fixture(scope="session")
def truth(lab):
    return json.loads(lab.files.truth.read_bytes())["sites"]


@pytest.fixture(scope="session")
def inside(lab):
    return Client(load_vantages(lab.files.vantages)["lab-inside"])


@pytest.fixture(scope="session")
def outside(lab):
    return Client(load_vantages(lab.files.vantages)["lab-outside"])


@pytest.fixture(scope="session")
def plain(truth):
    """Live exchanges that have an address to themselves and no interference."""
    return [
        site
        for site in truth
        if site["positive"]
        and not site["already_unreachable"]
        and not site["shared_with"]
        and "upper-venue" not in site["host"]
    ]
