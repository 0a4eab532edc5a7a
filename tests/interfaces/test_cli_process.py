"""Notice, reply, appeal, reasons and findings at the command line, from a proposal to its reversal."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from interfaces.command import case, people, run

HOST = "large-venue.com"
SMALLER = [
    f"{rung}=asked in vain" for rung in ("contact", "ask_geoblock", "warn_public", "ask_host_registrar")
]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "s"


def ordered(store: Path) -> tuple[str, str]:
    """A case and an active order in it."""
    name = case(store, HOST)
    people(store)
    for person, role in (("sun", "appeals_officer"), ("pub", "publisher"), ("audit", "auditor")):
        assert run("orders", "people", "add", person, person.title(), role, "--store", store).code == 0
    until = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()
    options = [word for text in SMALLER for word in ("--why-not-smaller", text)]
    made = run(
        "orders", "propose", name, "--measure", "block_access", "--by", "li", "--reasons", "an order book",
        "--expires", until, *options, "--store", store, "--json",
    )  # fmt: skip
    assert made.code == 0, made.err
    order = json.loads(made.out)["id"]
    for person in ("wang", "chen"):
        assert run("orders", "approve", order, "--by", person, "--store", store).code == 0
    return name, order


def said(store: Path, *words: str) -> dict[str, object]:
    ended = run(*words, "--store", store, "--json")
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def test_an_order_its_notice_its_appeal_and_its_end(store: Path) -> None:
    _, order = ordered(store)
    listed = said(store, "orders", "notice", "list", order)
    (notice,) = listed["notices"]
    assert notice["language"] == "zh" and "决定通知书" in notice["text"] and listed["needs"] is None
    failed = run(
        "orders", "notice", "deliver", notice["id"], "--by", "li", "--fate", "failed", "--channel", "letter",
        "--store", store,
    )  # fmt: skip
    assert failed.code == 2 and "why" in failed.err
    said(
        store,
        "orders",
        "notice",
        "deliver",
        notice["id"],
        "--by",
        "li",
        "--fate",
        "sent",
        "--channel",
        "post",
    )
    shown = run("orders", "show", order, "--store", store)
    assert "sent" in shown.out and "notice:" in shown.out
    filed = said(
        store, "orders", "appeal", "file", order, "--by", "li", "--appellant", "Huobi", "--grounds", "we left"
    )
    assert filed["statutory"] and "salt" not in filed
    own = run(
        "orders", "appeal", "rule", filed["id"], "--by", "wang", "--outcome", "dismissed", "--reasons", "no",
        "--store", store,
    )  # fmt: skip
    assert own.code == 2 and "took part" in own.err
    said(store, "orders", "suspend", order, "--by", "sun", "--reasons", "while it is heard")
    ruled = said(
        store, "orders", "appeal", "rule", filed["id"], "--by", "sun", "--outcome", "upheld",
        "--reasons", "it left in May",
    )  # fmt: skip
    assert ruled["state"] == "revoked"
    assert said(store, "orders", "appeal", "list")["ruling"]["outcome"] == "upheld"


def test_the_statement_in_both_forms_and_the_export(store: Path) -> None:
    _, order = ordered(store)
    plain = run("orders", "reasons", order, "--language", "en", "--store", store)
    assert plain.out.startswith("Notice of an order\n") and "score" not in plain.out and HOST in plain.out
    zh = run("orders", "reasons", order, "--store", store).out
    assert "向中国境内居民提供服务" in zh and "网络安全法" in zh
    authority = said(store, "orders", "reasons", order)
    assert authority["legal_basis"] and authority["extension"]["approvers"] == ["wang", "chen"]
    platform = said(store, "orders", "reasons", order, "--form", "platform")
    assert platform["statement"]["puid"] == order and platform["extension"]["rules"]
    assert run("orders", "reasons", order, "--language", "fr", "--store", store).code == 2
    exported = run("orders", "export", "--store", store)
    assert [json.loads(line)["schema"] for line in exported.out.splitlines()] == ["LegalEntity", "Sanction"]


def test_a_person_finds_journalism_and_the_order_is_suspended(store: Path) -> None:
    name, order = ordered(store)
    find = ("cases", "find", name, "journalism", "--reason", "a newsroom with a masthead")
    for options, word in (
        (("--state", "met", "--by", "audit"), "role"), (("--state", "not_met", "--by", "li"), "evidence"),
        (("--state", "not_met", "--by", "li", "--evidence", "sha256:1"), "digest"),
        (("--state", "met", "--by", "nobody"), "no such person"),
    ):  # fmt: skip
        ended = run(*find, *options, "--store", store)
        assert ended.code == 2 and word in ended.err, ended.err
    made = said(store, *find, "--state", "met", "--by", "li")
    assert made["outcome"] == "not_made_out" and made["suspended"] == [order]
    again = run("orders", "resume", order, "--by", "wang", "--reasons", "back", "--store", store)
    assert again.code == 2 and "none to act on" in again.err
    assert case(store, HOST) == name  # the instruments look again, and undo nothing
    assert said(store, "cases", "show", name)["assessment"]["state"] == "not_made_out"
    unknown = run(
        "cases", "find", name, "astrology", "--state", "met", "--reason", "x", "--by", "li", "--store", store
    )
    assert unknown.code == 2 and "no element" in unknown.err


def test_a_publisher_publishes_and_nobody_else_by_name(store: Path) -> None:
    ordered(store)
    for person, code in (("audit", 2), ("li", 2), ("nobody", 2), ("pub", 0)):
        ended = run("publish", "--target", "hosts", "--by", person, "--store", store)
        assert ended.code == code, ended.err
    assert run("publish", "--target", "rpz", "--store", store).code == 0


def test_the_list_of_people_belongs_to_its_administrator(store: Path) -> None:
    ordered(store)
    assert run("orders", "people", "add", "root", "Root", "administrator", "--store", store).code == 0
    refused = run("orders", "people", "add", "eve", "Eve", "approver", "--store", store)
    assert refused.code == 2 and "administrator" in refused.err
    assert (
        run("orders", "people", "add", "eve", "Eve", "approver", "--by", "root", "--store", store).code == 0
    )
    assert run("orders", "people", "end", "eve", "approver", "--by", "eve", "--store", store).code == 2
