"""Event: one thing that happened to a case, an order or a person's role; never changed afterwards."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, insert

from ringfence.cases.seal import Seal, salt
from ringfence.cases.tables import case_events
from ringfence.core.canonical import canonical, digest
from ringfence.core.ids import derived


class Event(msgspec.Struct, frozen=True):
    """``kind`` is the verb in the past tense, one of `roles.ACTS` or `roles.PEOPLE`; ``about`` the record
    it refers to. ``outcome`` only of an assessment: what it allows (`tables.OUTCOMES`)."""

    kind: str
    at: str
    actor: str
    salt: str
    case: str | None = None
    order: str | None = None
    about: str | None = None
    body: dict[str, Any] = {}
    outcome: str | None = None

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content."""
        return derived("event", digest(self.record))

    @classmethod
    def from_record(cls, record: bytes) -> Event:
        """Reads what `record` wrote."""
        return msgspec.json.decode(record, type=cls)


def record_event(
    connection: Connection,
    seal: Seal,
    kind: str,
    at: str,
    actor: str,
    *,
    case: str | None = None,
    order: str | None = None,
    about: str | None = None,
    body: dict[str, Any] | None = None,
    outcome: str | None = None,
) -> Event:
    """Write one event and seal it, in the caller's transaction."""
    event = Event(
        kind=kind,
        at=at,
        actor=actor,
        salt=salt(),
        case=case,
        order=order,
        about=about,
        body=body or {},
        outcome=outcome,
    )
    record = event.record
    connection.execute(
        insert(case_events).values(
            id=event.id, case_id=case, order_id=order, kind=kind, at=at, actor=actor, about=about,
            outcome=outcome, record=record, digest=digest(record),
        )
    )  # fmt: skip
    seal(connection, "event", event.id, record)
    return event
