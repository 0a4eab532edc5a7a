"""Running the command line in this process, through its real entry point, and stores to run it on."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ringfence.cases.docket import Cases
from ringfence.evidence import log
from ringfence.interfaces.cli.common import opened
from ringfence.interfaces.cli.main import main
from ringfence.rulebook.assess import assess
from ringfence.rulebook.choose import best
from ringfence.rulebook.finding import Feature, Finding
from ringfence.rulebook.pack import load_pack
from ringfence.rulebook.records import keep_assessments, keep_findings

DAY = date(2018, 8, 24)
MET = {
    "fiat_token_exchange": "met",
    "serves_residents": "met",
    "journalism": "not_met",
    "hosted_overseas": "met",
    "domestic_operator": "not_met",
}


@dataclass
class Ran:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON line on standard output."""
        (line,) = self.out.splitlines()
        return json.loads(line)

    @property
    def lines(self) -> list[Any]:
        """Every JSON line."""
        return [json.loads(line) for line in self.out.splitlines()]


def run(*arguments: object) -> Ran:
    """`ringfence ARGUMENTS`; a stack trace of ours would come out as an exception."""
    out, err = io.BytesIO(), io.BytesIO()
    texts = [io.TextIOWrapper(stream, "utf-8", write_through=True) for stream in (out, err)]
    with (
        patch.object(sys, "argv", ["ringfence", *map(str, arguments)]),
        patch.object(sys, "stdout", texts[0]),
        patch.object(sys, "stderr", texts[1]),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
    for text in texts:
        text.flush()
    said = [stream.getvalue().decode() for stream in (out, err)]
    return Ran(code, said[0], said[1])


def findings(host: str, *, laboratory: bool = False, version: str = "1", **states: str) -> list[Finding]:
    """One finding an element, as an instrument would make it."""
    return [
        Finding(
            subject=f"site:{host}",
            element=element,
            state=state,
            reason="blocked: dns.nxdomain at dns"
            if element == "accessible_inside"
            else f"{element} of the example",
            features=(Feature("residents.language", 400, "zh-cn", "sha256:" + "1" * 64),)
            if element == "serves_residents"
            else (),
            author="instrument:example",
            rule=element,
            version=version,
            observations=(),
            references={},
            laboratory=laboratory,
        )
        for element, state in {**MET, **states}.items()
    ]


def case(folder: Path, host: str, *, laboratory: bool = False, **states: str) -> str:
    """A store with findings on a host, assessed for August 2018; the id of its case, or ''."""
    with opened(folder) as house:
        made = findings(host, laboratory=laboratory, **states)
        assessed = assess(load_pack("cn"), made, conduct=DAY, decision=DAY)
        with house.database.begin() as connection:
            keep_findings(connection, made)
            keep_assessments(connection, assessed)
        choice = best(assessed)
        assert choice is not None
        if choice.assessment.state != "made_out":
            return ""
        return Cases(house.database, log.seal).open(choice.assessment).id


def people(folder: Path) -> None:
    """An analyst and two approvers."""
    for person, role in (("li", "analyst"), ("wang", "approver"), ("chen", "approver")):
        ended = run("orders", "people", "add", person, person.title(), role, "--store", folder)
        assert ended.code == 0
