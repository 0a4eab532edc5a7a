"""Being heard, against somebody with the file and plain SQL; the same statement goes through where it may."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta

import pytest

from cases.examples import Desk
from cases.test_guards import moved, told
from cases.test_notices import BEFORE, DEFERRED, approved
from ringfence.cases.order import Order

AT = "2018-08-24T09:30:00.000000Z"
NEXT = "2018-10-02T09:00:00.000000Z"


@pytest.fixture
def raw(desk: Desk) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(desk.path, isolation_level=None)
    connection.execute("pragma ignore_check_constraints = on")
    yield connection
    connection.close()


def row(raw: sqlite3.Connection, table: str, how: str = "", **values: object) -> None:
    """Insert a row with a record that says the same."""
    named = {"order_id": "order", "timing": "when", "by_whom": "by"}
    record = json.dumps({named.get(key, key): value for key, value in values.items()}).encode()
    filled = {"id": "forged", **values, "record": record, "digest": ""}
    marks = ", ".join("?" * len(filled))
    raw.execute(f"insert {how} into {table} ({', '.join(filled)}) values ({marks})", list(filled.values()))


def notice(raw: sqlite3.Connection, order: Order, **changes: object) -> None:
    values: dict[str, object] = {
        "order_id": order.id, "recipient": "Huobi", "language": "en", "text": "…", "timing": "before",
        "at": AT, "by_whom": "li", "reply_until": "2018-09-01T00:00:00.000000Z", "due_at": None,
    }  # fmt: skip
    row(raw, "notices", **(values | changes))


def ruling(raw: sqlite3.Connection, order: Order, on: str, how: str = "", **changes: object) -> None:
    values: dict[str, object] = {
        "appeal": on, "order_id": order.id, "decider": "sun", "outcome": "dismissed", "reasons": "no",
        "at": AT,
    }  # fmt: skip
    row(raw, "appeal_rulings", how, **(values | changes))


def test_an_approved_order_waits_for_its_notice_and_the_window(desk: Desk, raw: sqlite3.Connection) -> None:
    order = approved(desk, BEFORE)
    raw.execute(told("activated", "chen", at=NEXT))
    statement = f"update orders set {moved('active', at=NEXT, activated_at=NEXT)}"
    with pytest.raises(sqlite3.IntegrityError, match="notice given"):
        raw.execute(statement)
    notice(raw, order, reply_until=NEXT)
    with pytest.raises(sqlite3.IntegrityError, match="notice given"):  # written and not sent
        raw.execute(statement)
    row(
        raw, "notice_deliveries", notice="forged", order_id=order.id, fate="failed", channel="letter",
        why="came back", at=AT, by_whom="li",
    )  # fmt: skip
    raw.execute(told("replied", "li", name="e-r"))
    with pytest.raises(sqlite3.IntegrityError, match="nobody has considered"):
        raw.execute(statement)
    raw.execute(told("considered", "wang", about="'e-r'"))
    early = "2018-08-30T09:00:00.000000Z"
    raw.execute(told("activated", "chen", at=early, name="e-early"))
    with pytest.raises(sqlite3.IntegrityError, match="notice given"):
        raw.execute(f"update orders set {moved('active', at=early, activated_at=early)}")
    raw.execute(statement)
    assert raw.execute("select state from orders").fetchone() == ("active",)


@pytest.mark.parametrize(
    "changes",
    [
        {"text": " "}, {"recipient": ""}, {"language": None}, {"by_whom": "guest"}, {"by_whom": "audit"},
        {"order_id": "RF-0"}, {"timing": "never"}, {"reply_until": AT}, {"reply_until": None},
        {"at": "2001-01-01T00:00:00.000000Z"}, {"timing": "after", "due_at": None},
    ],
)  # fmt: skip
def test_a_notice_by_hand_says_everything(
    desk: Desk, raw: sqlite3.Connection, changes: dict[str, object]
) -> None:
    order = approved(desk, BEFORE)
    with pytest.raises(sqlite3.IntegrityError):
        notice(raw, order, **changes)
    notice(raw, order)


def test_a_deferral_by_hand_is_lawful_or_none(desk: Desk, raw: sqlite3.Connection) -> None:
    values: dict[str, object] = {
        "ground": "Act Y", "reasons": "a report", "decider": "wang", "at": AT,
        "review_at": "2018-09-30T00:00:00.000000Z",
    }  # fmt: skip
    other = approved(desk, BEFORE)
    with pytest.raises(sqlite3.IntegrityError, match="only where a text says so"):
        row(raw, "notice_deferrals", order_id=other.id, **values)
    desk.cases.revoke(other.id, "li", "a mistake")
    order = approved(desk, DEFERRED)
    for change in (
        {"decider": "li"}, {"decider": "sun"}, {"ground": " "}, {"review_at": AT},
        {"review_at": "2099-01-01T00:00:00.000000Z"}, {"reasons": ""},
    ):  # fmt: skip
        with pytest.raises(sqlite3.IntegrityError):
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
def test_a_ruling_by_hand_is_refused(desk: Desk, raw: sqlite3.Connection, changes: dict[str, object]) -> None:
    """Not by those who took part, and not without its consequence for the order."""
    order = desk.active()
    appeal = desk.cases.appeal(order.id, "Huobi", "wrong", "li")
    for person in ("wang", "li"):
        desk.people.grant(person, "appeals_officer")
    for how in ("", "or ignore", "or replace"):
        with pytest.raises(sqlite3.IntegrityError):
            ruling(raw, order, appeal.id, how, **changes)
    ruling(raw, order, appeal.id)
    with pytest.raises(sqlite3.IntegrityError, match="key exists"):
        ruling(raw, order, appeal.id, "or replace", id="other")


@pytest.mark.parametrize(
    "table", ["notices", "notice_deliveries", "notice_deferrals", "appeals", "appeal_rulings"]
)
def test_what_was_said_stays_said(desk: Desk, raw: sqlite3.Connection, table: str) -> None:
    order = desk.active()
    desk.cases.deliver(desk.cases.notices(order.id)[0].id, "li", "sent", channel="letter")
    desk.cases.rule(desk.cases.appeal(order.id, "Huobi", "wrong", "li").id, "sun", "dismissed", "no")
    later = approved(desk, DEFERRED, host="okex.com")
    desk.cases.defer(later.id, "chen", "Act Y", "a report", desk.clock.at + timedelta(days=9))
    before = raw.execute(f"select * from {table} order by 1").fetchall()
    assert before
    for statement in (
        f"delete from {table}", f"update {table} set digest = 'x'", f"update or ignore {table} set id = 'y'",
        f"replace into {table} select * from {table}", f"update {table} set record = x'00'",
    ):  # fmt: skip
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute(statement)
    assert raw.execute(f"select * from {table} order by 1").fetchall() == before
    with pytest.raises(sqlite3.OperationalError, match="rowid"):
        raw.execute(f"select rowid from {table}")


def test_journalism_is_protected_before_anything_else_is_written(desk: Desk, raw: sqlite3.Connection) -> None:
    desk.active()
    filed = told("assessed", "li", about="'assessment:1'", outcome="'protected'")
    with pytest.raises(sqlite3.IntegrityError, match="journalism is protected"):
        raw.execute(filed)
    raw.execute(told("suspended", "wang"))
    raw.execute(f"update orders set {moved('suspended')}")
    raw.execute(filed)
    raw.execute(told("resumed", "wang"))
    with pytest.raises(sqlite3.IntegrityError, match="journalism is not ruled out"):
        raw.execute(f"update orders set {moved('active')}")


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
def test_roles_by_hand(desk: Desk, raw: sqlite3.Connection, statement: str) -> None:
    desk.people.add("root", "Root", "administrator")
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)
