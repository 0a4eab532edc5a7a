"""`ringfence orders`: four eyes, the guard first, and an end to everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from interfaces.command import Ran, case, people, run

HOST = "large-venue.com"
RUNGS = ("contact", "ask_geoblock", "warn_public", "ask_host_registrar")
SMALLER = [part for rung in RUNGS for part in ("--why-not-smaller", f"{rung}=tried in August")]
SOON = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    people(tmp_path / "s")
    return tmp_path / "s"


def propose(store: Path, name: str, *more: str, by: str = "li", expires: str = SOON) -> Ran:
    options = ("--measure", "block_access", "--by", by, "--reasons", "sells trading", "--expires", expires)
    return run("orders", "propose", name, *options, *SMALLER, *more, "--store", store, "--json")


def proposed(store: Path, host: str = HOST, **options: Any) -> str:
    return propose(store, case(store, host, **options)).json["id"]


def test_from_a_proposal_to_its_end(store: Path) -> None:
    order = proposed(store)
    first = run("orders", "approve", order, "--by", "wang", "--store", store, "--json").json
    assert first["state"] == "proposed"
    run("orders", "withdraw", order, "--by", "wang", "--note", "not sure", "--store", store)
    assert (
        run("orders", "approve", order, "--by", "chen", "--store", store, "--json").json["state"]
        == "proposed"
    )
    people_added = run("orders", "people", "add", "zhao", "Zhao", "approver", "--store", store, "--json").json
    assert people_added["roles"] == ["approver"]
    last = run("orders", "approve", order, "--by", "zhao", "--note", "yes", "--store", store, "--json").json
    assert last["state"] == "active" and "salt" not in last
    shown = run("orders", "show", order, "--store", store)
    for words in (f"block_access on {HOST} and every name below it", "Art 50", "[U]", "appeal:", "zhao"):
        assert words in shown.out
    ended = run(
        "orders", "revoke", order, "--by", "wang", "--reasons", "it left", "--store", store, "--json"
    ).json
    assert (ended["state"], ended["ended_because"]) == ("revoked", "it left")
    states = {
        state: len(run("orders", "list", "--state", state, "--store", store, "--json").lines)
        for state in ("proposed", "active", "revoked")
    }
    assert states == {"proposed": 0, "active": 0, "revoked": 1}


@pytest.mark.parametrize(
    ("person", "word"),
    [("li", "own proposal"), ("guest", "role of approver"), ("nobody", "role of approver")],
)
def test_who_may_not_approve(person: str, word: str, store: Path) -> None:
    run("orders", "people", "add", "guest", "Guest", "auditor", "--store", store)
    ended = run("orders", "approve", proposed(store), "--by", person, "--store", store)
    assert ended.code == 2 and word in ended.err


def test_what_the_guard_refuses_is_not_even_proposed(store: Path) -> None:
    name = case(store, "venue.github.io")
    refused = propose(store, name, "--host", "github.io")
    assert refused.code == 2 and "the guard refuses github.io (suffix.public" in refused.err
    assert propose(store, name).code == 0
    # A neighbour below the name is another subject: the name alone may be ordered, its wildcard not.
    parent = case(store, "parent-venue.com")
    case(store, "news.parent-venue.com", fiat_token_exchange="not_met")
    (store.parent / "r.csv").write_text("name,host\nNews,news.parent-venue.com\n")
    run("register", "import", store.parent / "r.csv", "--store", store)
    refused = propose(store, parent)
    assert refused.code == 2 and "others.wildcard_covers_another_subject" in refused.err
    assert propose(store, parent, "--no-subdomains").json["scope"]["subdomains"] is False


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"by": "nobody"}, "no such person"),
        ({"by": "guest"}, "neither analyst nor approver"),
        ({"expires": "2999-01-01"}, "not within a year"),
        ({"expires": "2018-01-01"}, "is past"),
    ],
)
def test_a_proposal_that_is_refused_leaves_nothing(options: dict[str, str], word: str, store: Path) -> None:
    run("orders", "people", "add", "guest", "Guest", "--store", store)
    ended = propose(store, case(store, HOST), **options)
    assert ended.code == 2 and word in ended.err
    assert run("orders", "list", "--store", store, "--json").out == ""


def test_a_block_needs_a_reason_for_every_milder_rung(store: Path) -> None:
    name = case(store, HOST)
    options = (
        "--measure",
        "block_access",
        "--by",
        "li",
        "--reasons",
        "x",
        "--expires",
        SOON,
        "--store",
        store,
    )
    for smaller, word in (
        (("--why-not-smaller", "contact=x"), "ask_geoblock"),
        (("--why-not-smaller", "contact"), "not RUNG=TEXT"),
        (("--why-not-smaller", "threaten=x"), "unknown measure"),
    ):
        refused = run("orders", "propose", name, *options, *smaller)
        assert refused.code == 2 and word in refused.err


def test_two_orders_that_say_the_same_are_refused(store: Path) -> None:
    name = case(store, HOST)
    assert propose(store, name).code == 0
    again = propose(store, name)
    assert again.code == 2 and "already says this" in again.err


def test_people_end_and_are_listed(store: Path) -> None:
    run("orders", "people", "end", "wang", "approver", "--store", store)
    listed = {
        person["id"]: person["roles"]
        for person in run("orders", "people", "list", "--store", store, "--json").lines
    }
    assert listed == {"chen": ["approver"], "li": ["analyst"], "wang": []}
    for arguments, word in (
        (("add", "li", "Somebody Else"), "somebody else's id"),
        (("add", "x", "X", "king"), "unknown role"),
        (("end", "wang", "approver"), "does not hold"),
    ):
        refused = run("orders", "people", *arguments, "--store", store)
        assert refused.code == 2 and word in refused.err


def test_nothing_is_due_yet(store: Path) -> None:
    proposed(store)
    ended = run("orders", "expire", "--store", store, "--json")
    assert (ended.code, ended.out) == (0, "")
    assert "no such order" in run("orders", "show", "RF-0000-0000-0000", "--store", store).err
    assert "no such case" in run("orders", "list", "--case", "CA-0000-0000-0000", "--store", store).err
