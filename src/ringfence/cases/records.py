"""Records: reading cases, orders, approvals and events, with no way to change them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Table, select

from ringfence.cases.appeal import Appeal, Ruling
from ringfence.cases.approval import Approval
from ringfence.cases.case import Case
from ringfence.cases.event import Event
from ringfence.cases.hearing_tables import appeals, deferrals, deliveries, notices, rulings
from ringfence.cases.notice import Deferral, Delivery, Notice
from ringfence.cases.order import Order, State
from ringfence.cases.reading import case_by, filed_assessment, order_by, orders_where, read_case
from ringfence.cases.tables import approvals, case_events, cases, orders
from ringfence.core.database import Database
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
        with self.database.read() as connection:
            return filed_assessment(connection, assessment)

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

    def notices(self, order: str) -> list[Notice]:
        """The notices of an order, oldest first."""
        return [Notice.from_record(record) for record in self._of(notices, order, "at")]

    def deliveries(self, order: str) -> list[Delivery]:
        """What became of the notices of an order, oldest first."""
        return [Delivery.from_record(record) for record in self._of(deliveries, order, "at")]

    def deferrals(self, order: str) -> list[Deferral]:
        """The deferrals of an order's notice, oldest first."""
        return [Deferral.from_record(record) for record in self._of(deferrals, order, "at")]

    def appeals(self, order: str) -> list[Appeal]:
        """The appeals against an order, oldest first."""
        return [Appeal.from_record(record) for record in self._of(appeals, order, "filed_at")]

    def rulings(self, order: str) -> list[Ruling]:
        """The rulings on appeals against an order, oldest first."""
        return [Ruling.from_record(record) for record in self._of(rulings, order, "at")]

    def _of(self, table: Table, order: str, at: str) -> list[bytes]:
        found = select(table.c.record).where(table.c.order_id == order).order_by(table.c[at], table.c.id)
        with self.database.read() as connection:
            return list(connection.execute(found).scalars())
