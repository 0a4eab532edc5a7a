"""Being heard, against somebody with the file and plain SQL; the same statement goes through where it may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from cases.attacks import moved, told, worded
from cases.examples import Desk
from cases.test_notices import BEFORE, DEFERRED, approved
from engines import Raw, Refused
from ringfence.cases.order import Order

AT = "2018-08-24T09:30:00.000000Z"
NEXT = "2018-10-02T09:00:00.000000Z"


@pytest.fixture
def raw(desk: Desk) -> Iterator[Raw]:
    with Raw(desk.path) as client:
        yield client


def said(raw: Raw, statement: str) -> None:
    raw.execute(worded(statement, raw.kind))


def row(raw: Raw, table: str, how: str = "", **values: object) -> None:
    """Insert a row with a record that says the same."""
    named = {"order_id": "order", "timing": "when", "by_whom": "by"}
    record = json.dumps({named.get(key, key): value for key, value in values.items()}).encode()
    filled = {"id": "forged", **values, "digest": ""}
    texts = ["null" if value is None else f"'{value}'" for value in filled.values()]
    texts.append(f"x'{record.hex()}'" if raw.kind == "sqlite" else rf"'\x{record.hex()}'")
    raw.execute(f"insert {how} into {table} ({', '.join(filled)}, record) values ({', '.join(texts)})")


def notice(raw: Raw, order: Order, **changes: object) -> None:
    values: dict[str, object] = {
        "order_id": order.id, "recipient": "Huobi", "language": "en", "text": "…", "timing": "before",
        "at": AT, "by_whom": "li", "reply_until": "2018-09-01T00:00:00.000000Z", "due_at": None,
    }  # fmt: skip
    row(raw, "notices", **(values | changes))


def ruling(raw: Raw, order: Order, on: str, how: str = "", **changes: object) -> None:
    values: dict[str, object] = {
        "appeal": on, "order_id": order.id, "decider": "sun", "outcome": "dismissed", "reasons": "no",
        "at": AT,
    }  # fmt: skip
    row(raw, "appeal_rulings", how, **(values | changes))


def test_an_approved_order_waits_for_its_notice_and_the_window(desk: Desk, raw: Raw) -> None:
    order = approved(desk, BEFORE)
    said(raw, told("activated", "chen", at=NEXT))
    statement = f"update orders set {moved('active', at=NEXT, activated_at=NEXT)}"
    with pytest.raises(Refused, match="notice given"):
        said(raw, statement)
    notice(raw, order, reply_until=NEXT)
    with pytest.raises(Refused, match="notice given"):  # written and not sent
        said(raw, statement)
    row(
        raw, "notice_deliveries", notice="forged", order_id=order.id, fate="failed", channel="letter",
        why="came back", at=AT, by_whom="li",
    )  # fmt: skip
    said(raw, told("replied", "li", name="e-r"))
    with pytest.raises(Refused, match="nobody has considered"):
        said(raw, statement)
    said(raw, told("considered", "wang", about="'e-r'"))
    early = "2018-08-30T09:00:00.000000Z"
    said(raw, told("activated", "chen", at=early, name="e-early"))
    with pytest.raises(Refused, match="notice given"):
        said(raw, f"update orders set {moved('active', at=early, activated_at=early)}")
    said(raw, statement)
    assert raw.execute("select state from orders") == [("active",)]


@pytest.mark.parametrize(
    "changes",
    [
        {"text": " "}, {"recipient": ""}, {"language": None}, {"by_whom": "guest"}, {"by_whom": "audit"},
        {"order_id": "RF-0"}, {"timing": "never"}, {"reply_until": AT}, {"reply_until": None},
        {"at": "2001-01-01T00:00:00.000000Z"}, {"timing": "after", "due_at": None},
    ],
)  # fmt: skip
def test_a_notice_by_hand_says_everything(desk: Desk, raw: Raw, changes: dict[str, object]) -> None:
    order = approved(desk, BEFORE)
    with pytest.raises(Refused):
        notice(raw, order, **changes)
    notice(raw, order)


def test_a_deferral_by_hand_is_lawful_or_none(desk: Desk, raw: Raw) -> None:
    values: dict[str, object] = {
        "ground": "Act Y", "reasons": "a report", "decider": "wang", "at": AT,
        "review_at": "2018-09-30T00:00:00.000000Z",
    }  # fmt: skip
    other = approved(desk, BEFORE)
    with pytest.raises(Refused, match="only where a text says so"):
        row(raw, "notice_deferrals", order_id=other.id, **values)
    desk.cases.revoke(other.id, "li", "a mistake")
    order = approved(desk, DEFERRED)
    for change in (
        {"decider": "li"}, {"decider": "sun"}, {"ground": " "}, {"review_at": AT},
        {"review_at": "2099-01-01T00:00:00.000000Z"}, {"reasons": ""},
    ):  # fmt: skip
        with pytest.raises(Refused):
            row(raw, "notice_deferrals", order_id=order.id, **(values | change))
    row(raw, "notice_deferrals", order_id=order.id, **values)


@pytest.mark.parametrize(
    "changes",
    [
        {"decider": "wang"}, {"decider": "li"}, {"decider": "guest"}, {"decider": "audit"}, {"reasons": " "},
        {"outcome": "maybe"}, {"outcome": "upheld"}, {"outcome": "partly"}, {"order_id": "RF-0"},
        {"appeal": "appeal:0"}, {"at": "2018-08-24T09:00:00.000000Z"},
    ],
)  # fmt: skip
def test_a_ruling_by_hand_is_refused(desk: Desk, raw: Raw, changes: dict[str, object]) -> None:
    """Not by those who took part, and not without its consequence for the order."""
    order = desk.active()
    appeal = desk.cases.appeal(order.id, "Huobi", "wrong", "li")
    for person in ("wang", "li"):
        desk.people.grant(person, "appeals_officer")
    for how in ("", "or ignore", "or replace") if raw.kind == "sqlite" else ("",):
        with pytest.raises(Refused):
            ruling(raw, order, appeal.id, how, **changes)
    ruling(raw, order, appeal.id)
    with pytest.raises(Refused, match="key exists"):
        ruling(raw, order, appeal.id, "or replace" if raw.kind == "sqlite" else "", id="other")


@pytest.mark.parametrize(
    "table", ["notices", "notice_deliveries", "notice_deferrals", "appeals", "appeal_rulings"]
)
def test_what_was_said_stays_said(desk: Desk, raw: Raw, table: str) -> None:
    order = desk.active()
    desk.cases.deliver(desk.cases.notices(order.id)[0].id, "li", "sent", channel="letter")
    desk.cases.rule(desk.cases.appeal(order.id, "Huobi", "wrong", "li").id, "sun", "dismissed", "no")
    later = approved(desk, DEFERRED, host="okex.com")
    desk.cases.defer(later.id, "chen", "Act Y", "a report", desk.clock.at + timedelta(days=9))
    before = raw.rows(table)
    assert before
    own = {
        "sqlite": (f"update or ignore {table} set id = 'y'", f"replace into {table} select * from {table}"),
        "postgresql": (f"truncate {table}", f"set session_replication_role = replica; delete from {table}"),
    }
    for statement in (
        f"delete from {table}", f"update {table} set digest = 'x'", f"update {table} set record = <nothing>",
        *own[raw.kind],
    ):  # fmt: skip
        with pytest.raises(Refused):
            said(raw, statement)
    assert raw.rows(table) == before


def test_journalism_is_protected_before_anything_else_is_written(desk: Desk, raw: Raw) -> None:
    desk.active()
    filed = told("assessed", "li", about="'assessment:1'", outcome="'protected'")
    with pytest.raises(Refused, match="journalism is protected"):
        said(raw, filed)
    said(raw, told("suspended", "wang"))
    said(raw, f"update orders set {moved('suspended')}")
    said(raw, filed)
    said(raw, told("resumed", "wang"))
    with pytest.raises(Refused, match="journalism is not ruled out"):
        said(raw, f"update orders set {moved('active')}")


@pytest.mark.parametrize(
    "statement",
    [
        "insert into roles values ('r', 'audit', 'approver', '2018-08-24T09:00:01Z', null, 'x', null)",
        "insert into roles values ('r', 'wang', 'auditor', '2018-08-24T09:00:01Z', null, 'x', null)",
        "insert into roles values ('r', 'wang', 'publisher', '2018-08-24T09:00:01Z', null, 'wang', null)",
        "update roles set until = '2018-08-25', ended_by = 'wang' where person = 'wang'",
        "update roles set until = '2018-08-25', ended_by = 'root' where person = 'root'",
        "update roles set until = '2018-08-25' where person = 'wang'",
    ],
)
def test_roles_by_hand(desk: Desk, raw: Raw, statement: str) -> None:
    desk.people.add("root", "Root", "administrator")
    with pytest.raises(Refused):
        said(raw, statement)


def test_who_was_told_late_has_the_whole_time_also_against_plain_sql(desk: Desk, raw: Raw) -> None:
    order = approved(desk, BEFORE)
    said(raw, told("activated", "chen", at=NEXT))
    notice(raw, order)  # its own window ends on 1 September
    statement = f"update orders set {moved('active', at=NEXT, activated_at=NEXT)}"
    sent = {"notice": "forged", "order_id": order.id, "fate": "sent", "channel": "letter", "why": "",
            "at": "2018-09-25T09:00:00.005000Z", "by_whom": "li"}  # fmt: skip
    row(raw, "notice_deliveries", **sent)  # five milliseconds under seven days before
    with pytest.raises(Refused, match="notice given"):
        said(raw, statement)
    later = "2018-10-02T09:00:00.005000Z"
    said(raw, told("activated", "chen", at=later, name="again"))
    said(raw, f"update orders set {moved('active', at=later, activated_at=later)}")


def test_the_house_delivers_only_what_it_has_begun_to_send(desk: Desk, raw: Raw) -> None:
    (given,) = desk.cases.notices(desk.active().id)
    sent = {"notice": given.id, "order_id": given.order, "fate": "sent", "channel": "e-mail", "why": "",
            "at": AT, "by_whom": "ringfence"}  # fmt: skip
    with pytest.raises(Refused, match="begun to send"):
        row(raw, "notice_deliveries", **sent)
    said(raw, told("sending", "ringfence", at=AT))
    with pytest.raises(Refused, match="begun to send"):  # of nothing in particular
        row(raw, "notice_deliveries", **sent)
    said(raw, told("sending", "ringfence", at=AT, about=f"'{given.id}'", name="begun"))
    row(raw, "notice_deliveries", **sent)
