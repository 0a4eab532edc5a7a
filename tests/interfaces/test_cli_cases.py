"""`ringfence cases`: in order of triage, explained, assessed again on other dates, closed by somebody."""

from __future__ import annotations

from pathlib import Path

import pytest

from interfaces.command import case, findings, people, run
from ringfence.core.work import runs
from ringfence.evidence.log import head
from ringfence.interfaces.cli.common import opened
from ringfence.rulebook.records import keep_findings


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "r.csv").write_text(
        "name,host,volume_rank\nLarge,large-venue.com,1\nSmall,small-venue.com,90\n"
    )
    run("register", "import", tmp_path / "r.csv", "--store", tmp_path / "s")
    return tmp_path / "s"


def size(folder: Path) -> tuple[int, str]:
    with opened(folder) as house, house.database.begin() as connection:
        return head(connection)


def test_cases_come_in_order_of_triage_with_reasons(store: Path) -> None:
    small, large = case(store, "small-venue.com"), case(store, "large-venue.com")
    gone = case(store, "gone-venue.com", accessible_inside="not_met")
    listed = run("cases", "list", "--store", store, "--json").lines
    # What is unreachable already comes last: a block would gain nothing.
    assert [item["id"] for item in listed] == [large, small, gone]
    assert [item["priority"]["monitor"] for item in listed] == [False, False, True]
    assert {"weight": 350, "words": "volume rank 1"} in listed[0]["priority"]["reasons"]
    assert "volume rank 1" in " ".join(run("cases", "list", "--store", store).out.split())


def test_a_case_is_explained(store: Path) -> None:
    name = case(store, "large-venue.com")
    shown = run("cases", "show", name, "--store", store)
    for words in (
        "MADE OUT: site:large-venue.com under cn-2017-p3-platform",
        "✔ met: fiat_token_exchange",
        "? unclear: central_counterparty",
        "✘ not met: journalism (house)",
        "Reach: reading",
        "block_access: order by",
        "Orders: none",
        "opened by ringfence",
    ):
        assert words in shown.out
    plain = run("cases", "show", name, "--store", store, "--json").json
    assert plain["assessment"]["tree"]["state"] == "met" and plain["orders"] == []
    assert [event["kind"] for event in plain["events"]] == ["opened", "assessed"]


def test_the_date_of_conduct_decides_which_law_applies(store: Path) -> None:
    case(store, "large-venue.com")
    before = size(store)

    def on(*dates: str) -> dict[str, object]:
        return run("cases", "assess", "https://large-venue.com/", *dates, "--store", store, "--json").json

    assert on("--as-of", "2018-08-24")["provision"] == "cn-2017-p3-platform"
    assert on("--as-of", "2022-01-01")["provision"] == "cn-2021-237-platform"
    assert on("--conduct", "2017-12-01", "--decision", "2018-08-24")["assessment"] == "unclear"
    early = on("--as-of", "2010-01-01")
    assert (early["provision"], early["assessments"]) == (None, [])
    assert size(store) == before, "assessing again stores nothing"


def test_what_is_filed_is_in_a_case(store: Path) -> None:
    name = case(store, "large-venue.com")
    options = ("--as-of", "2018-08-25", "--file", "--store", store)
    filed = run("cases", "assess", "large-venue.com", *options, "--json").json
    assert filed["case"] == name
    shown = run("cases", "show", name, "--store", store, "--json").json
    assert shown["assessment"]["id"] == filed["chosen"] and shown["assessment"]["conduct"] == "2018-08-25"


def test_an_open_case_gets_an_assessment_that_is_no_longer_made_out(store: Path) -> None:
    name = case(store, "large-venue.com")
    with opened(store) as house, house.database.begin() as connection:
        keep_findings(connection, findings("large-venue.com", version="2", serves_residents="unclear"))
    options = ("--as-of", "2018-08-24", "--file", "--store", store)
    filed = run("cases", "assess", "large-venue.com", *options, "--json").json
    # The later finding of one author replaces the earlier one: no conflict of a site with its past.
    assert (filed["assessment"], filed["case"]) == ("unclear", name)
    people(store)
    expires = "2999-01-01"
    refused = run(
        "orders", "propose", name, "--measure", "block_access", "--by", "li", "--reasons", "x",
        "--expires", expires, "--store", store,
    )  # fmt: skip
    assert refused.code == 2 and "the assessment is unclear" in refused.err


def test_a_case_is_closed_by_a_person_of_the_list_with_reasons(store: Path) -> None:
    name = case(store, "large-venue.com")
    people(store)
    for person, reasons, word in (("nobody", "gone", "no such person"), ("li", "  ", "needs reasons")):
        refused = run("cases", "close", name, "--by", person, "--reasons", reasons, "--store", store)
        assert refused.code == 2 and word in refused.err
    closed = run("cases", "close", name, "--by", "li", "--reasons", "gone", "--store", store, "--json")
    assert closed.json["state"] == "closed"
    assert run("cases", "list", "--state", "open", "--store", store, "--json").out == ""


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("show", "CA-0000-0000-0000"), "no such case"),
        (("assess", "nobody.com"), "no findings on site:nobody.com"),
        (("assess", "large-venue.com", "--jurisdiction", "xx"), "no pack 'xx'"),
        (
            ("assess", "large-venue.com", "--conduct", "2019-01-01", "--decision", "2018-01-01"),
            "before the conduct",
        ),
        (("assess", "large-venue.com", "--as-of", "2018-13-01"), "not a date"),
        (("assess", "large-venue.com", "--as-of", "2018-01-01", "--conduct", "2018-01-01"), "sets both"),
    ],
)
def test_bad_input_is_one_line_and_a_hint(arguments: tuple[str, ...], word: str, store: Path) -> None:
    case(store, "large-venue.com")
    ended = run("cases", *arguments, "--store", store)
    assert ended.code == 2 and word in ended.err and ended.out == ""


def test_every_table_is_there_whatever_made_the_store(tmp_path: Path) -> None:
    run("register", "bundled", "2026-10", "--store", tmp_path / "s")
    with opened(tmp_path / "s") as house, house.database.begin() as connection:
        assert connection.execute(runs.select()).all() == []
    for arguments in (("cases", "list"), ("orders", "list"), ("orders", "people", "list")):
        assert run(*arguments, "--store", tmp_path / "s").code == 0
