"""Four eyes against somebody with the file and plain SQL: no foreign keys, no checks, no manners."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator

import pytest

from cases.examples import Desk
from ringfence.cases.order import Order


@pytest.fixture
def raw(desk: Desk) -> Iterator[sqlite3.Connection]:
    """What another client would open: foreign keys off, check constraints switched off."""
    connection = sqlite3.connect(desk.path, isolation_level=None)
    assert connection.execute("pragma foreign_keys").fetchone() == (0,)
    connection.execute("pragma ignore_check_constraints = on")
    yield connection
    connection.close()


@pytest.fixture
def proposed(desk: Desk) -> Order:
    """One order with one of its two approvals."""
    order = desk.propose()
    desk.cases.approve(order.id, "wang")
    return order


def contents(raw: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    tables = ("people", "roles", "cases", "orders", "approvals", "case_events")
    return [raw.execute(f"select * from {table} order by 1").fetchall() for table in tables]


LATER = "2018-08-24T09:30:00.000000Z"


def moved(state: str, at: str = LATER, **columns: str) -> str:
    """An assignment of a state at a time, with a record that says the same."""
    changed = {"state": state, "moved_at": at, **columns}
    texts = ", ".join(f"{name} = '{value}'" for name, value in changed.items())
    paths = ", ".join(f"'$.{name}', '{value}'" for name, value in changed.items())
    return f"{texts}, record = cast(json_set(cast(record as text), {paths}) as blob)"


ACTIVE = moved("active", activated_at=LATER)
COLUMNS = """case_id, subject, host, subdomains, assessment, measure, legal_basis, reasons, authority,
    addressee, notice, notice_basis, appeal, policy, proposer, needed, proposed_at, moved_at, expires_at,
    review_at, laboratory, record, digest"""
EVENT = """insert into case_events (id, case_id, order_id, kind, at, actor, about, outcome, record, digest)
    select '{id}', case_id, id, '{kind}', '{at}', '{who}', {about}, {outcome}, cast(json_object(
    'case', case_id, 'order', id, 'kind', '{kind}', 'at', '{at}', 'actor', '{who}',
    'about', {about}, 'outcome', {outcome})
    as blob), '' from orders"""


def told(
    kind: str, who: str, at: str = LATER, about: str = "null", outcome: str = "null", name: str = ""
) -> str:
    """An event inserted by hand."""
    return EVENT.format(id=name or f"e-{kind}", kind=kind, at=at, who=who, about=about, outcome=outcome)


ORDER_COPY = f"insert into orders (id, state, {COLUMNS}) select {{id}}, {{state}}, {COLUMNS} from orders"
APPROVAL = """insert {how} into approvals (id, order_id, approver, act, at, record, digest)
    select '{id}', id, {who}, '{act}', '{at}', cast(json_object('order', id, 'approver', {who},
    'act', '{act}', 'at', '{at}') as blob), '' from orders"""
HISTORY = """replace into case_events
    select {seq}, {id}, case_id, order_id, kind, at, 'x', about, outcome, record, digest
    from case_events limit 1"""
CASE_COPY = """ into cases
    select 'CA-1', subject, jurisdiction, provision, 'open', opened_at, null, laboratory
    from cases"""

ATTACKS = {
    "activate without its record": f"update orders set state = 'active', activated_at = '{LATER}'",
    "approve the order alone": "update orders set " + moved("approved"),
    "suspend a proposal": "update orders set " + moved("suspended"),
    "decide as an analyst": told("decided", "li"),
    "activate as a guest": told("activated", "guest"),
    "revoke as an auditor": told("revoked", "audit"),
    "an act of no kind": told("blessed", "wang"),
    "an act of the house that is none of its own": told("activated", "ringfence"),
    "an assessment that says nothing of what it allows": told("assessed", "li", about="'assessment:1'"),
    "an outcome of something else": told("decided", "wang", outcome="'actionable'"),
    "revoke without its record": """update orders set state = 'revoked',
        ended_at = '2018-08-24T10:00:00.000000Z'""",
    "activate": "update orders set state = 'active'",
    "activate with a date": f"update orders set {ACTIVE}",
    "activate, ignoring": f"update or ignore orders set {ACTIVE}",
    "activate, replacing": f"update or replace orders set {ACTIVE}",
    "lower what is needed": "update orders set needed = 1",
    "lower and activate": f"update orders set needed = 1, {ACTIVE}",
    "need nothing": f"update orders set needed = 0, {ACTIVE}",
    "need a word": f"update orders set needed = 'none', {ACTIVE}",
    "another proposer": "update orders set proposer = 'zhao'",
    "another host": "update orders set host = 'okex.com'",
    "a later end": "update orders set expires_at = '2099-01-01T00:00:00.000000Z'",
    "other reasons": "update orders set reasons = 'because'",
    "another record": "update orders set record = x'00'",
    "another id": "update orders set id = 'RF-1'",
    "a state of their own": "update orders set state = 'approved'",
    "no state": "update orders set state = null",
    "expire what never was": "update orders set state = 'expired', ended_at = '2099-01-01T00:00:00.000000Z'",
    "delete the order": "delete from orders",
    "insert active": ORDER_COPY.format(id="'RF-1'", state="'active'"),
    "insert null": ORDER_COPY.format(id="'RF-1'", state="null"),
    "insert the same id": ORDER_COPY.format(id="id", state="'proposed'"),
    "insert or replace": ORDER_COPY.format(id="id", state="'active'").replace("insert", "replace", 1),
    "upsert": ORDER_COPY.format(id="id", state="'proposed'")
    + " where 1 on conflict (id) do update set needed = 1",
    "approve oneself": APPROVAL.format(how="", id="a", who="proposer", act="approve", at=LATER),
    "approve again": APPROVAL.format(how="", id="a", who="'wang'", act="approve", at=LATER),
    "approve again, replacing": APPROVAL.format(
        how="or replace", id="a", who="'wang'", act="approve", at=LATER
    ),
    "approve as nobody": APPROVAL.format(how="or ignore", id="a", who="'nobody'", act="approve", at=LATER),
    "approve as a guest": APPROVAL.format(how="", id="a", who="'guest'", act="approve", at=LATER),
    "approve before it was proposed": APPROVAL.format(
        how="", id="a", who="'chen'", act="approve", at="2001-01-01T00:00:00.000000Z"
    ),
    "approve with another word": APPROVAL.format(how="", id="a", who="'chen'", act="APPROVE", at=LATER),
    "withdraw for another": APPROVAL.format(how="", id="a", who="'chen'", act="withdraw", at=LATER),
    "approve nothing": "insert into approvals values ('a', 'RF-0', 'chen', 'approve', '2018', x'00', '')",
    "delete approvals": "delete from approvals",
    "change an approver": "update approvals set approver = 'chen'",
    "change a kind, ignoring": "update or ignore approvals set act = 'withdraw'",
    "rewrite history": "update case_events set actor = 'zhao'",
    "forget history": "delete from case_events",
    "replace history": HISTORY.format(seq="seq", id="'e'"),
    "replace history by id": HISTORY.format(seq="999", id="id"),
    "become an approver earlier": "update roles set since = '2001', until = null",
    "change a role": "update roles set role = 'approver'",
    "take a role away": "delete from roles",
    "replace a role": """replace into roles select id, 'guest', 'approver', since, null, 'x', null
        from roles limit 1""",
    "change a name": "update people set name = 'X'",
    "remove a person": "delete from people",
    "another subject": "update cases set subject = 'site:okex.com'",
    "close over a live order": "update cases set state = 'closed', closed_at = '2018-08-25'",
    "delete the case": "delete from cases",
    "a second open case": "insert" + CASE_COPY,
    "replace the case": "replace" + CASE_COPY,
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_plain_sql_changes_nothing(attack: str, proposed: Order, raw: sqlite3.Connection) -> None:
    before = contents(raw)
    # An integrity error is the database's refusal; any other would be a mistake in the attack.
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(ATTACKS[attack])
    assert contents(raw) == before


@pytest.mark.parametrize(
    "statement",
    [
        "update orders set state = 'proposed', activated_at = null",
        "update orders set state = 'expired', ended_at = '2018-08-25T00:00:00.000000Z'",  # before its time
        "update orders set state = 'revoked'",  # without a time
        "update orders set activated_at = '2018-08-25T00:00:00.000000Z'",
        "delete from approvals",
        "replace into approvals select * from approvals limit 1",
    ],
)
def test_an_active_order_only_ends(statement: str, desk: Desk, raw: sqlite3.Connection) -> None:
    desk.active()
    before = contents(raw)
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)
    assert contents(raw) == before


def test_the_count_of_approvals_alone_stands_between(proposed: Order, raw: sqlite3.Connection) -> None:
    """The same statement is refused with one approval of two, and goes through with the second."""
    raw.execute(told("decided", "wang"))
    with pytest.raises(sqlite3.IntegrityError, match="only with its approvals"):
        raw.execute(f"update orders set {moved('approved')}")
    raw.execute(APPROVAL.format(how="", id="a", who="'chen'", act="approve", at=LATER))
    raw.execute(f"update orders set {moved('approved')}")
    assert raw.execute("select state from orders").fetchone() == ("approved",)


def test_after_a_withdrawal_plain_sql_cannot_count_the_old_approval(
    desk: Desk, raw: sqlite3.Connection
) -> None:
    order = desk.propose(needed=1)
    raw.execute(APPROVAL.format(how="", id="a", who="'wang'", act="approve", at=LATER))
    raw.execute(APPROVAL.format(how="", id="b", who="'wang'", act="withdraw", at=LATER))
    raw.execute(told("decided", "wang"))
    with pytest.raises(sqlite3.Error, match="approvals"):
        raw.execute(f"update orders set {moved('approved')}")
    assert desk.cases.order(order.id).state == "proposed"


def test_a_move_that_nobody_told_of_is_none(proposed: Order, raw: sqlite3.Connection) -> None:
    raw.execute(APPROVAL.format(how="", id="a", who="'chen'", act="approve", at=LATER))
    statement = f"update orders set {moved('approved')}"
    with pytest.raises(sqlite3.IntegrityError, match="told by an event"):
        raw.execute(statement)
    raw.execute(told("decided", "wang", at="2018-08-24T09:29:00.000000Z"))
    with pytest.raises(sqlite3.IntegrityError, match="told by an event"):  # of another time
        raw.execute(statement)
    raw.execute(told("decided", "wang", name="e-2"))
    raw.execute(statement)


def test_revoking_needs_somebody_of_the_desk(desk: Desk, raw: sqlite3.Connection) -> None:
    desk.active()
    statement = f"update orders set {moved('revoked', ended_at=LATER)}"
    with pytest.raises(sqlite3.IntegrityError, match="told by an event"):
        raw.execute(statement)
    for nobody in ("guest", "audit", "ringfence", "stranger"):
        with pytest.raises(sqlite3.IntegrityError, match="no role for this act"):
            raw.execute(told("revoked", nobody))
    raw.execute(told("revoked", "li"))
    raw.execute(statement)


def test_a_case_is_closed_by_somebody_of_the_desk(desk: Desk, raw: sqlite3.Connection) -> None:
    order = desk.propose()
    desk.cases.revoke(order.id, "li", "a mistake")
    statement = f"update cases set state = 'closed', closed_at = '{LATER}'"
    with pytest.raises(sqlite3.IntegrityError, match="who closed it"):
        raw.execute(statement)
    with pytest.raises(sqlite3.IntegrityError, match="no role for this act"):
        raw.execute(told("closed", "audit"))
    raw.execute(told("closed", "wang"))
    raw.execute(statement)


def test_no_table_of_decisions_has_a_hidden_row_number(raw: sqlite3.Connection, proposed: Order) -> None:
    """``replace`` could displace a row through it, and no key would show that."""
    for table in ("people", "roles", "cases", "orders", "approvals"):
        with pytest.raises(sqlite3.OperationalError, match="rowid"):
            raw.execute(f"select rowid from {table}")


def test_whoever_imports_the_tables_gets_their_triggers(desk: Desk) -> None:
    """A database made by a process that imported nothing but the tables is guarded all the same."""
    script = (
        "import sys, pathlib; from ringfence.cases.tables import orders; "
        "from ringfence.core.database import Database; Database(pathlib.Path(sys.argv[1]))"
    )
    other = desk.path.with_name("other.sqlite")
    subprocess.run([sys.executable, "-c", script, str(other)], check=True)
    raw = sqlite3.connect(other)
    names = {name for (name,) in raw.execute("select name from sqlite_master where type = 'trigger'")}
    raw.close()
    assert {"orders_four_eyes", "approvals_by_another", "case_events_no_update"} <= names
