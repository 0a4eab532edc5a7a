"""Four eyes against somebody with the database and plain SQL: no foreign keys, no checks, no manners."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from cases.attacks import ATTACKS, LATER, POSTGRESQL, SQLITE, approval, moved, told, worded
from cases.examples import Desk
from engines import Raw, Refused
from ringfence.cases.order import Order

APPROVE = f"update orders set {moved('approved')}"


@pytest.fixture
def raw(desk: Desk) -> Iterator[Raw]:
    with Raw(desk.path) as client:
        yield client


@pytest.fixture
def proposed(desk: Desk) -> Order:
    """One order with one of its two approvals."""
    order = desk.propose()
    desk.cases.approve(order.id, "wang")
    return order


TABLES = ("people", "roles", "cases", "orders", "approvals", "case_events")


def contents(raw: Raw) -> list[list[tuple[object, ...]]]:
    return [raw.rows(table) for table in TABLES]


def refused(raw: Raw, statement: str) -> None:
    before = contents(raw)
    # `Refused` is the database's refusal; any other error would be a mistake in the attack.
    with pytest.raises(Refused):
        raw.execute(worded(statement, raw.kind))
    raw.execute("rollback; reset session_replication_role" if raw.kind == "postgresql" else "select 1")
    assert contents(raw) == before


@pytest.mark.parametrize("attack", ATTACKS)
def test_plain_sql_changes_nothing(attack: str, proposed: Order, raw: Raw) -> None:
    refused(raw, ATTACKS[attack])


@pytest.mark.parametrize("attack", SQLITE)
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_sqlites_own_ways_change_nothing(attack: str, proposed: Order, raw: Raw) -> None:
    refused(raw, SQLITE[attack])


@pytest.mark.parametrize("attack", POSTGRESQL)
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_postgresqls_own_ways_change_nothing(attack: str, proposed: Order, raw: Raw) -> None:
    refused(raw, POSTGRESQL[attack])


@pytest.mark.parametrize(
    "statement",
    [
        "update orders set state = 'proposed', activated_at = null",
        "update orders set state = 'expired', ended_at = '2018-08-25T00:00:00.000000Z'",  # before its time
        "update orders set state = 'revoked'",  # without a time
        "update orders set activated_at = '2018-08-25T00:00:00.000000Z'",
        "delete from approvals",
        "insert into approvals select * from approvals limit 1",
    ],
)
def test_an_active_order_only_ends(statement: str, desk: Desk, raw: Raw) -> None:
    desk.active()
    refused(raw, statement)


def said(raw: Raw, statement: str) -> None:
    raw.execute(worded(statement, raw.kind))


def test_the_count_of_approvals_alone_stands_between(proposed: Order, raw: Raw) -> None:
    """The same statement is refused with one approval of two, and goes through with the second."""
    said(raw, told("decided", "wang"))
    with pytest.raises(Refused, match="only with its approvals"):
        said(raw, APPROVE)
    said(raw, approval("'chen'"))
    said(raw, APPROVE)
    assert raw.execute("select state from orders") == [("approved",)]


def test_after_a_withdrawal_plain_sql_cannot_count_the_old_approval(desk: Desk, raw: Raw) -> None:
    order = desk.propose(needed=1)
    said(raw, approval("'wang'"))
    said(raw, approval("'wang'", "withdraw", key="b"))
    said(raw, told("decided", "wang"))
    with pytest.raises(Refused, match="approvals"):
        said(raw, APPROVE)
    assert desk.cases.order(order.id).state == "proposed"


def test_a_move_that_nobody_told_of_is_none(proposed: Order, raw: Raw) -> None:
    said(raw, approval("'chen'"))
    with pytest.raises(Refused, match="told by an event"):
        said(raw, APPROVE)
    said(raw, told("decided", "wang", at="2018-08-24T09:29:00.000000Z"))
    with pytest.raises(Refused, match="told by an event"):  # of another time
        said(raw, APPROVE)
    said(raw, told("decided", "wang", name="e-2"))
    said(raw, APPROVE)


def test_revoking_needs_somebody_of_the_desk(desk: Desk, raw: Raw) -> None:
    desk.active()
    statement = f"update orders set {moved('revoked', ended_at=LATER)}"
    with pytest.raises(Refused, match="told by an event"):
        said(raw, statement)
    for nobody in ("guest", "audit", "ringfence", "stranger"):
        with pytest.raises(Refused, match="no role for this act"):
            said(raw, told("revoked", nobody))
    said(raw, told("revoked", "li"))
    said(raw, statement)


def test_a_case_is_closed_by_somebody_of_the_desk(desk: Desk, raw: Raw) -> None:
    order = desk.propose()
    desk.cases.revoke(order.id, "li", "a mistake")
    statement = f"update cases set state = 'closed', closed_at = '{LATER}'"
    with pytest.raises(Refused, match="who closed it"):
        said(raw, statement)
    with pytest.raises(Refused, match="no role for this act"):
        said(raw, told("closed", "audit"))
    said(raw, told("closed", "wang"))
    said(raw, statement)


def session(place: str) -> psycopg.Connection:
    """A session of its own, read committed, that waits for nobody longer than a moment."""
    made = psycopg.connect(place.replace("+psycopg", ""))
    made.execute("set statement_timeout = '20s'")
    return made


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
@pytest.mark.parametrize("first", ["withdraw", "approve the order"])
def test_an_approval_is_not_withdrawn_beside_the_decision(
    first: str, desk: Desk, place: str, raw: Raw, proposed: Order
) -> None:
    """Two sessions of plain SQL: whichever comes first, the other waits for it and is then refused."""
    desk.cases.approve(desk.propose("other.example", needed=1).id, "zhao")  # something that is no part of it
    for statement in (approval("'chen'"), told("decided", "wang")):
        said(raw, f"{statement} where id = '{proposed.id}'")
    acts = {
        "withdraw": worded(approval("'chen'", "withdraw", key="w"), "postgresql"),
        "approve the order": worded(APPROVE, "postgresql"),
    }
    acts = {name: f"{act} where id = '{proposed.id}'" for name, act in acts.items()}
    second = next(name for name in acts if name != first)
    with session(place) as one, session(place) as two:
        one.execute(acts[first])
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(two.execute, acts[second])
            while not raw.execute("select 1 from pg_locks where not granted"):
                assert not waiting.done(), "the second session did not wait"
            one.commit()
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
                waiting.result()
        two.rollback()
    state = "proposed" if first == "withdraw" else "approved"
    assert raw.execute(f"select state from orders where id = '{proposed.id}'") == [(state,)]


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_an_old_snapshot_does_not_count_approvals(proposed: Order, raw: Raw) -> None:
    """It would not see a withdrawal committed since; the same statement goes through without it."""
    said(raw, approval("'chen'"))
    said(raw, told("decided", "wang"))
    approve = worded(APPROVE, raw.kind)
    for level in ("repeatable read", "serializable"):
        with pytest.raises(Refused, match="read committed only"):
            raw.execute(f"begin isolation level {level}; {approve}")
        raw.execute("rollback")
    raw.execute(approve)
    assert raw.execute("select state from orders") == [("approved",)]


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_what_triggers_cannot_stop_is_the_owner(proposed: Order, raw: Raw) -> None:
    """Stated, not hidden: whoever owns the tables can switch a rule off. The log is for that, and the
    service runs under a role that owns nothing."""
    raw.execute("alter table approvals disable trigger user; delete from approvals")
    assert raw.rows("approvals") == []


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_no_table_of_decisions_has_a_hidden_row_number(raw: Raw, proposed: Order) -> None:
    """``replace`` could displace a row through it, and no key would show that."""
    for table in (
        "people", "roles", "cases", "orders", "approvals", "notices", "notice_deliveries",
        "notice_deferrals", "appeals", "appeal_rulings",
    ):  # fmt: skip
        with pytest.raises(sqlite3.OperationalError, match="rowid"):
            raw.execute(f"select rowid from {table}")


def test_whoever_imports_the_tables_gets_their_triggers(place: Path | str) -> None:
    """A database made by a process that imported nothing but the core is guarded all the same."""
    script = (
        "import sys, pathlib; from ringfence.core.database import Database; "
        "Database(sys.argv[1] if '://' in sys.argv[1] else pathlib.Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", script, str(place)], check=True)
    with Raw(place) as raw:
        assert {"orders_four_eyes", "approvals_by_another", "case_events_no_update"} <= raw.triggers()
