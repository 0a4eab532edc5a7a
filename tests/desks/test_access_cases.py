"""The cases of an evaluator who had not seen the judge (tests/access_cases/README.md says how they are read).

First run, before anything was changed: 286 of 293, whole and stripped alike. They have been watched since.
"""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from ringfence.core.errors import InputError
from ringfence.desks.access.judge import judge
from ringfence.desks.access.ooni.files import measurements

GENERATOR = Path(__file__).parents[1] / "access_cases" / "generate.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("cases")
    subprocess.run([sys.executable, str(GENERATOR), str(path)], check=True, capture_output=True)
    return path


@pytest.mark.parametrize("form", ["full", "stripped"])
def test_all_cases_are_answered_as_their_author_expects(folder, form):
    rows = csv.DictReader((folder / "expected.csv").read_text("utf-8").splitlines())
    rows = [row for row in rows if row["file"].startswith(form)]
    assert len(rows) > 250
    wrong = [row["file"] for row in rows if not right(row, folder / row["file"])]
    assert not wrong


def right(row, path):
    words = row["verdict"].split("|")
    found = next(measurements(path))
    if isinstance(found, InputError):
        return "error" in words or "inconclusive" in words
    verdict = judge(found.probe, found.control)
    return (
        verdict.verdict in words
        and (verdict.verdict != "blocked" or not row["stage"] or verdict.stage in row["stage"].split("|"))
        and verdict.outcome.startswith(row["outcome_prefix"])
    )
