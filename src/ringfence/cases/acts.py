"""Acts: what every change of a case or an order shares. Each act is one transaction, told by an event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

import msgspec
from sqlalchemy import Connection, Table, insert, update
from sqlalchemy.exc import IntegrityError

from ringfence.cases.event import Event, record_event
from ringfence.cases.hold_lift import let_go
from ringfence.cases.order import Order, State
from ringfence.cases.outcome import outcome
from ringfence.cases.reading import orders_where
from ringfence.cases.records import Records
from ringfence.cases.refusals import refused
from ringfence.cases.roles import HOUSE
from ringfence.cases.seal import Seal
from ringfence.cases.tables import orders
from ringfence.core.canonical import digest
from ringfence.core.database import Database
from ringfence.core.errors import InputError
from ringfence.core.time import now
from ringfence.rulebook.assessment import Assessment

# The event that tells of a move, where it is not called like the new state.
_TOLD: Mapping[tuple[str, str], str] = {
    ("proposed", "approved"): "decided",
    ("approved", "active"): "activated",
    ("suspended", "active"): "resumed",
}


class Sealable(Protocol):
    """A record with its id and its canonical bytes."""

    @property
    def id(self) -> str: ...

    @property
    def record(self) -> bytes: ...


class Acts(Records):
    """Changes over one database. ``seal`` puts each record into the evidence log in the same transaction;
    ``clock`` is the present instant (tests turn it). Whether a person may act is judged by the database."""

    def __init__(self, database: Database, seal: Seal, clock: Callable[[], datetime] = now) -> None:
        super().__init__(database, clock)
        self.seal = seal

    @contextmanager
    def _act(self) -> Iterator[Connection]:
        """A transaction in which a refusal by the database reads like one of ours."""
        try:
            with self.database.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise refused(error) from error

    def _event(
        self,
        connection: Connection,
        kind: str,
        at: str,
        actor: str,
        **more: Any,  # noqa: ANN401
    ) -> Event:
        return record_event(connection, self.seal, kind, at, actor, **more)

    def _move(
        self,
        connection: Connection,
        order: Order,
        state: State,
        at: str,
        actor: str,
        reasons: str = "",
        **changes: Any,  # noqa: ANN401
    ) -> Order:
        """Tell of a move and make it, in this order: the database refuses a move that nobody told of."""
        kind = _TOLD.get((order.state, state), state)
        body = {"reasons": reasons} if reasons else {}
        self._event(connection, kind, at, actor, case=order.case, order=order.id, body=body)
        moved = msgspec.structs.replace(order, state=state, moved_at=at, **changes)
        record = moved.record
        connection.execute(
            update(orders)
            .where(orders.c.id == moved.id)
            .values(
                state=moved.state, activated_at=moved.activated_at, moved_at=at, ended_at=moved.ended_at,
                record=record, digest=digest(record),
            )
        )  # fmt: skip
        self.seal(connection, "order", moved.id, record)
        return moved

    def _end(
        self, connection: Connection, order: Order, state: State, at: str, actor: str, reasons: str
    ) -> Order:
        return self._move(
            connection, order, state, at, actor, reasons, ended_at=at, ended_because=reasons
        )  # fmt: skip

    def _keep(
        self,
        connection: Connection,
        table: Table,
        kind: str,
        item: Sealable,
        **columns: Any,  # noqa: ANN401
    ) -> None:
        """Write a record's row and seal it."""
        record = item.record
        connection.execute(insert(table).values(id=item.id, record=record, digest=digest(record), **columns))
        self.seal(connection, kind, item.id, record)

    def _file(self, connection: Connection, case: str, assessment: Assessment, at: str, actor: str) -> None:
        """File an assessment in a case. One that protects journalism first takes the case's orders out of
        force: whether they end is for people, but nothing stays blocked meanwhile."""
        allows = outcome(assessment, by_person=actor != HOUSE)
        if allows == "protected":
            for order in orders_where(connection, orders.c.case_id == case, orders.c.state == "active"):
                house = [one for one in assessment.exclusions if one.basis == "house"]
                what = ", ".join(one.id for one in house if one.state != "not_met") or "journalism"
                reasons = f"{what} is not ruled out any more: {assessment.id}"
                self._move(connection, order, "suspended", at, HOUSE, reasons)
            let_go(connection, self.seal, case, at, f"an exclusion of the house protects: {assessment.id}")
        body = {"assessment": msgspec.to_builtins(assessment, str_keys=True)}
        self._event(
            connection, "assessed", at, actor, case=case, about=assessment.id, body=body, outcome=allows
        )


def said(text: str, what: str) -> str:
    """A text without the blanks around it. Raises `InputError` where nothing is left."""
    if not text.strip():
        raise InputError(f"{what} may not be left blank", hint="say it in words")
    return text.strip()
