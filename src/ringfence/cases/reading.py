"""Reading cases and orders back, inside a caller's transaction."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, select

from ringfence.cases.case import Case, Stage
from ringfence.cases.event import Event
from ringfence.cases.order import Order
from ringfence.cases.tables import approvals, case_events, cases, orders
from ringfence.core.errors import InputError
from ringfence.rulebook.assessment import Assessment


def case_by(connection: Connection, case: str) -> Case:
    """One case. Raises `InputError` if there is none of this id."""
    row = connection.execute(select(cases).where(cases.c.id == case)).first()
    if row is None:
        raise InputError(f"no such case: {case}", hint="list the cases to see their ids")
    return read_case(connection, row)


def read_case(connection: Connection, row: Row[Any]) -> Case:
    """A row of `cases` with the id of the latest assessment filed in it."""
    latest = (
        select(case_events.c.about)
        .where(case_events.c.case_id == row.id, case_events.c.kind == "assessed")
        .order_by(case_events.c.seq.desc())
        .limit(1)
    )
    kinds = select(case_events.c.kind).where(case_events.c.case_id == row.id).distinct()
    return Case(
        id=row.id, subject=row.subject, jurisdiction=row.jurisdiction, provision=row.provision,
        state=row.state, opened_at=row.opened_at, closed_at=row.closed_at,
        laboratory=bool(row.laboratory), assessment=connection.execute(latest).scalar() or "",
        stage=_stage(row.state, set(connection.execute(kinds).scalars())),
    )  # fmt: skip


def _stage(state: str, kinds: set[str]) -> Stage:
    if state == "closed":
        return "closed"
    if "activated" in kinds:
        return "decided"
    if "noticed" in kinds:
        return "noticed"
    return "assessed" if "assessed" in kinds else "opened"


def filed(connection: Connection, case: str, assessment: str) -> bool:
    """Whether a case already holds an assessment."""
    found = select(case_events.c.seq).where(
        case_events.c.case_id == case, case_events.c.kind == "assessed", case_events.c.about == assessment
    )
    return connection.execute(found.limit(1)).first() is not None


def filed_assessment(connection: Connection, assessment: str) -> Assessment:
    """An assessment filed in some case. Raises `InputError` if none is."""
    found = select(case_events.c.record).where(
        case_events.c.kind == "assessed", case_events.c.about == assessment
    )
    record = connection.execute(found.limit(1)).scalar()
    if record is None:
        raise InputError(f"no case holds the assessment {assessment}")
    return msgspec.convert(Event.from_record(record).body["assessment"], Assessment)


def order_by(connection: Connection, order: str) -> Order:
    """One order. Raises `InputError` if there is none of this id."""
    found = orders_where(connection, orders.c.id == order)
    if not found:
        raise InputError(f"no such order: {order}", hint="list the orders to see their ids")
    return found[0]


def orders_where(connection: Connection, *where: ColumnElement[bool]) -> list[Order]:
    """Orders by time of proposal, read from the records that were sealed."""
    found = select(orders.c.record).where(*where).order_by(orders.c.proposed_at, orders.c.id)
    return [Order.from_record(record) for record in connection.execute(found).scalars()]


def approvers(connection: Connection, order: Order) -> int:
    """How many people besides the proposer have approved and not withdrawn. The trigger counts again."""
    found = select(approvals.c.approver, approvals.c.act).where(approvals.c.order_id == order.id)
    acts: dict[str, set[str]] = {}
    for person, act in connection.execute(found):
        acts.setdefault(person, set()).add(act)
    return sum("withdraw" not in done and person != order.proposer for person, done in acts.items())
