"""`ringfence evidence`: what it says, refuses and does; and what replay says of what is gone."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from evidence.test_store import an_observation
from interfaces.command import case, run
from ringfence.evidence.store import keep
from ringfence.interfaces.cli.common import opened

ASK = ("--by", "ada", "--reasons", "asked for", "--basis", "letter of 2 May")
ORDER = ("--by", "ada", "--reasons", "our rule 7", "--until", "9000-01-01")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    for person, role in (("li", "analyst"), ("ada", "administrator")):
        assert run("orders", "people", "add", person, person.title(), role, "--store", folder).code == 0
    return folder


def see(folder: Path, body: bytes = b"a page", host: str = "venue-a.com") -> str:
    with opened(folder) as house:
        blob = house.blobs.put(body)
        with house.database.begin() as connection:
            keep(connection, msgspec.structs.replace(an_observation(f"site:{host}"), capture=blob))
    return blob


def test_due_then_ordered_then_erased_by_work(store: Path) -> None:
    blob = see(store)  # in 2018
    (waiting,) = run("evidence", "due", "--json", "--store", store).lines
    assert (waiting["blob"], waiting["state"], waiting["due"]) == (blob, "unordered", "2019-08-25")
    assert run("evidence", "due", "--on", "2019-08-24", "--json", "--store", store).lines == []
    ordered = run("evidence", "retention", "order", "cn-capture-seen", *ORDER, "--json", "--store", store)
    assert ordered.json["person"] == "ada" and "salt" not in ordered.json
    (listed,) = run("evidence", "retention", "list", "--json", "--store", store).lines
    assert listed["id"] == ordered.json["id"] and listed["period"]["keep"] == "P1Y"
    (due,) = run("evidence", "due", "--json", "--store", store).lines
    assert due["state"] == "due" and due["standing"] == listed["id"]
    shown = run("evidence", "due", "--store", store)
    assert shown.code == 0 and "1 bodies past their period" in shown.out
    assert run("work", "--once", "--store", store).code == 0  # its turn comes within the day
    with opened(store) as house:
        from ringfence.cases.keeping import Keeping

        Keeping(house).expire()
    gone = run("evidence", "show", blob, "--json", "--store", store).json
    assert not gone["there"] and gone["erased"]["standing"] == listed["id"]
    assert run("evidence", "due", "--json", "--store", store).lines == []
    ended = run("evidence", "retention", "end", listed["id"], "--by", "ada", "--reasons", "x", "--json",
                "--store", store)  # fmt: skip
    assert ended.json["about"] == listed["id"]
    assert run("evidence", "retention", "list", "--json", "--store", store).lines == []
    assert run("log", "fsck", "--json", "--store", store).json["problems"] == []


def test_erase_hold_release_and_show(store: Path) -> None:
    blob = see(store)
    held = run("evidence", "hold", blob, *ASK, "--json", "--store", store)
    assert held.json["act"] == "hold" and held.json["blob"] == blob
    refused = run("evidence", "erase", blob, *ASK, "--store", store)
    assert refused.code == 2 and "hold" in refused.err and "hint" in refused.err
    shown = run("evidence", "show", blob, "--store", store)
    assert "there" in shown.out and "letter" not in shown.out and "by ada: asked for" in shown.out
    assert run("evidence", "release", blob, *ASK, "--store", store).code == 0
    erased = run("evidence", "erase", blob, *ASK, "--store", store)
    assert erased.code == 0 and "erased by ada" in erased.err
    again = run("evidence", "erase", blob, *ASK, "--store", store)
    assert again.code == 2 and "was erased by order of ada" in again.err
    said = run("evidence", "show", blob, "--store", store)
    assert "not there" in said.out and "letter of 2 May" in said.out
    (leaf,) = run("evidence", "show", blob, "--json", "--store", store).json["observations"]
    assert run("evidence", "show", leaf["id"], "--json", "--store", store).json["blob"] == blob


def test_a_case_keeps_what_it_rests_on_and_can_be_held(store: Path) -> None:
    blob = see(store)
    name = case(store, "venue-a.com")
    refused = run("evidence", "erase", blob, *ASK, "--store", store)
    assert refused.code == 2 and f"case {name} is open" in refused.err
    (needed,) = run("evidence", "due", "--json", "--store", store).lines
    assert needed["state"] == "needed" and needed["why"] == [f"case {name} is open"]
    held = run("evidence", "hold", name, *ASK, "--json", "--store", store).json
    assert held["scope"] == held["case"] == name and held["blob"] is None
    assert run("evidence", "due", "--json", "--store", store).lines[0]["state"] == "held"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("erase", "sha256:zz", *ASK), "no observation"),
        (("erase", "BLOB", "--by", "li", *ASK[2:]), "not an administrator"),
        (("erase", "BLOB", "--by", "nobody", *ASK[2:]), "no such person"),
        (("erase", "BLOB", *ASK, "--pack", "zz"), "no pack"),
        (("erase", "BLOB", *ASK[:4], "--basis", " "), "what asks for it"),
        (("release", "BLOB", *ASK), "no hold to release"),
        (("hold", "CA-0", *ASK), "no such case"),
        (("hold", "RF-0", *ASK), "no such order"),
        (("show", "sha256:" + "0" * 64), "no observation"),
        (("show", "hello"), "not a SHA-256 digest"),
        (("retention", "order", "nothing", *ORDER), "no period"),
        (("retention", "order", "cn-capture-order", *ORDER), "is a minimum"),
        (("retention", "end", "redaction:0", *ORDER[:4]), "no retention order"),
        (("due", "--pack", "zz"), "no pack"),
    ],
)
def test_what_is_refused_says_why(store: Path, words: tuple[str, ...], why: str) -> None:
    blob = see(store)
    ended = run("evidence", *(blob if word == "BLOB" else word for word in words), "--store", store)
    assert ended.code == 2 and why in ended.err and "Traceback" not in ended.err


def test_the_periods_say_their_source() -> None:
    found = run("evidence", "retention", "periods", "--json", "--on", "2026-01-01").lines
    assert all(one["why"] if one["source"] == "house" else one["citation"] for one in found)
    assert {one["id"]: one["duration"] for one in found}["cn-aml-transactions"] == "P10Y"
    earlier = run("evidence", "retention", "periods", "--json", "--on", "2024-12-31").lines
    assert "cn-aml-transactions-2007" in {one["id"] for one in earlier}
    assert "no such" not in run("evidence", "retention", "periods").err
