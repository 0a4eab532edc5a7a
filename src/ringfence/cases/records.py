"""Records: reading cases, orders, approvals and events, with no way to change them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
from sqlalchemy import select

from ringfence.cases.approval import Approval
from ringfence.cases.case import Case
from ringfence.cases.event import Event
from ringfence.cases.order import Order, State
from ringfence.cases.reading import case_by, order_by, orders_where, read_case
from ringfence.cases.tables import approvals, case_events, cases, orders
from ringfence.core.database import Database
from ringfence.core.errors import InputError
from ringfence.core.time import now
from ringfence.rulebook.assessment import Assessment


class Records:
    """What was decided, over one database. ``clock`` says at what instant an order's state counts."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self.database = database
        self.clock = clock

    def case(self, case: str) -> Case:
        """One case. Raises `InputError` if there is none of this id."""
        with self.database.read() as connection:
            return case_by(connection, case)

    def cases(self, state: str | None = None) -> list[Case]:
        """All cases, or those of one state, in the order in which they were opened."""
        found = select(cases).order_by(cases.c.opened_at, cases.c.id)
        if state:
            found = found.where(cases.c.state == state)
        with self.database.read() as connection:
            return [read_case(connection, row) for row in connection.execute(found).all()]

    def assessment(self, assessment: str) -> Assessment:
        """An assessment filed in some case, by its id. Raises `InputError` if none is."""
        found = select(case_events.c.record).where(
            case_events.c.kind == "assessed", case_events.c.about == assessment
        )
        with self.database.read() as connection:
            record = connection.execute(found.limit(1)).scalar()
        if record is None:
            raise InputError(f"no case holds the assessment {assessment}")
        return msgspec.convert(Event.from_record(record).body["assessment"], Assessment)

    def order(self, order: str) -> Order:
        """One order. Raises `InputError` if there is none of this id."""
        with self.database.read() as connection:
            return order_by(connection, order)

    def orders(
        self, state: State | None = None, *, case: str | None = None, at: datetime | None = None
    ) -> list[Order]:
        """Orders by time of proposal; ``state`` is the one that counts at ``at`` (now by default)."""
        moment = at or self.clock()
        where = [orders.c.case_id == case] if case else []
        with self.database.read() as connection:
            found = orders_where(connection, *where)
        return [order for order in found if state is None or order.standing(moment) == state]

    def approvals(self, order: str) -> list[Approval]:
        """The approvals and withdrawals of an order, oldest first."""
        found = select(approvals.c.record).where(approvals.c.order_id == order)
        with self.database.read() as connection:
            rows = connection.execute(found.order_by(approvals.c.at, approvals.c.id)).scalars()
            return [Approval.from_record(record) for record in rows]

    def events(self, *, case: str | None = None, order: str | None = None) -> list[Event]:
        """Events in the order in which they happened, of a case, an order or everything."""
        found = select(case_events.c.record).order_by(case_events.c.seq)
        if case:
            found = found.where(case_events.c.case_id == case)
        if order:
            found = found.where(case_events.c.order_id == order)
        with self.database.read() as connection:
            return [Event.from_record(record) for record in connection.execute(found).scalars()]
