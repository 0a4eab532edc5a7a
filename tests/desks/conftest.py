"""One running laboratory for the desks' tests; a test that interferes puts things back."""

import asyncio
import json

import msgspec
import pytest

from lab.world import rows
from ringfence.desks.access.observe import Limiter, Session
from ringfence.evidence import warc
from ringfence.evidence.vantage import load_vantages
from ringfence.lab.process import running


@pytest.fixture(scope="session")
def country(tmp_path_factory):
    with running(tmp_path_factory.mktemp("country"), 11, "development", rows()) as handle:
        yield handle


@pytest.fixture(scope="session")
def sides(country):
    """The laboratory's vantages by side, a little less patient than a real one."""
    known = load_vantages(country.files.vantages)
    return {
        side: msgspec.structs.replace(known[f"lab-{side}"], timeout_ms=700) for side in ("inside", "outside")
    }


@pytest.fixture(scope="session")
def truth(country):
    return json.loads(country.files.truth.read_bytes())["sites"]


@pytest.fixture(scope="session")
def venues(truth):
    """Live exchanges that have an address to themselves and no interference."""
    return [
        site
        for site in truth
        if site["positive"]
        and not site["already_unreachable"]
        and not site["shared_with"]
        and "upper-venue" not in site["host"]
    ]


class Looked:
    """What one session saw: its exchanges, the bytes kept, and the bodies by digest."""

    def __init__(self, sealed):
        self.sealed = sealed
        self.observation = sealed.observation
        self.kept = list(warc.read(sealed.capture))
        self.bodies = {one.digest: one.data for one in self.kept if one.kind == "response"}

    @property
    def exchange(self):
        return self.observation.exchanges[0]

    @property
    def outcomes(self):
        return [exchange.outcome for exchange in self.observation.exchanges]


async def session(vantage, *urls, limiter=None):
    async with Session(vantage, "site:test.example", limiter or Limiter()) as one:
        for url in urls:
            await one.fetch(url)
        return Looked(one.seal())


def look(vantage, *urls):
    """Ask for URLs in one session, from a plain test."""
    return asyncio.run(session(vantage, *urls))
