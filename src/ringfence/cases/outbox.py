"""Outbox: notices of live orders that are given and not yet sent, and who is to send them.

What the house did with a notice stands in events: *sending* before a mail leaves, *unsent* where it
certainly did not. A *sending* without either or a delivery may or may not have arrived: it is for people,
so that no notice goes out twice by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, select

from ringfence.cases.address import mail_address
from ringfence.cases.event import Event
from ringfence.cases.hearing_tables import deliveries, notices
from ringfence.cases.notice import Notice, later
from ringfence.cases.tables import LIVE, case_events, orders
from ringfence.core.time import stamp

By = Literal["mail", "under_way", "people"]
TRIES = 12  # answers of "not now" to one notice; the waits between them add up to a day and a half
FIRST_WAIT = timedelta(minutes=1)  # after the first; doubled each time
UNDER_WAY = timedelta(minutes=15)  # longer than one mail takes by all its time limits
BEFORE_WITHIN = timedelta(days=1)  # a notice before the measure is due (ours): the time to reply runs
ABOUT = ("addressed", "sending", "unsent")


class Waiting(msgspec.Struct, frozen=True):
    """``by``: the house sends it by ``mail``, is ``under_way``, or ``people`` must, and then ``why``.
    ``address`` is the recipient's own or the one last given; ``again`` (a UTC stamp) when the house tries
    next. ``tries`` counts the answers of "not now"."""

    order: str
    case: str
    notice: Notice
    address: str | None
    laboratory: bool
    due_at: str
    tries: int
    by: By
    why: str = ""
    again: str | None = None

    def overdue(self, at: datetime) -> bool:
        """Whether it should have been on its way by then."""
        return self.due_at <= stamp(at)

    def ready(self, at: datetime) -> bool:
        """Whether the house may send it now."""
        return self.by == "mail" and (self.again is None or self.again <= stamp(at))


def outbox(connection: Connection, at: datetime, *where: ColumnElement[bool]) -> list[Waiting]:
    """Every notice that waits, the longest due first; ``where`` narrows it down."""
    done = select(deliveries.c.id).where(deliveries.c.notice == notices.c.id)
    waiting = (
        select(notices.c.id, notices.c.record, orders.c.case_id, orders.c.laboratory)
        .join(orders, orders.c.id == notices.c.order_id)
        .where(~done.exists(), orders.c.state.in_(LIVE), orders.c.expires_at > stamp(at), *where)
    )
    rows = connection.execute(waiting).all()
    said = _said(connection, [row.id for row in rows])
    found = [_waiting(row, said.get(row.id, []), at) for row in rows]
    return sorted(found, key=lambda item: (item.due_at, item.notice.id))


def _said(connection: Connection, names: list[str]) -> dict[str, list[Event]]:
    """The events about each notice, oldest first."""
    said: dict[str, list[Event]] = {}
    for start in range(0, len(names), 500):  # SQLite takes so many values in one statement
        found = (
            select(case_events.c.record)
            .where(case_events.c.about.in_(names[start : start + 500]), case_events.c.kind.in_(ABOUT))
            .order_by(case_events.c.seq)
        )
        for record in connection.execute(found).scalars():
            event = Event.from_record(record)
            said.setdefault(event.about or "", []).append(event)
    return said


def _waiting(row: Any, events: Iterable[Event], at: datetime) -> Waiting:  # noqa: ANN401 (a row)
    notice = Notice.from_record(row.record)
    address = mail_address(notice.recipient)
    tries, begun, last = 0, None, None
    for event in events:
        if event.kind == "addressed":  # a person's word: whatever was tried before, try this
            address, tries, begun, last = event.body["address"], 0, None, None
        elif event.kind == "sending":
            begun = event
        else:
            tries, begun, last = tries + 1, None, event
    by: By = "mail"
    why, again = "", None
    if row.laboratory:
        by, why = "people", "it is the laboratory's, and no mail leaves that"
    elif address is None:
        by, why = "people", "no e-mail address is known"
    elif begun is not None and later(begun.at, UNDER_WAY) > stamp(at):
        by = "under_way"
    elif begun is not None:
        by = "people"
        why = f"the mail begun at {begun.at} may have left or not: look for {begun.body['message_id']}"
    elif last is not None:
        why = str(last.body["reasons"])
        again = later(last.at, FIRST_WAIT * 2 ** (tries - 1))
    due = notice.due_at or later(notice.at, BEFORE_WITHIN)
    return Waiting(
        notice.order, row.case_id, notice, address, bool(row.laboratory), due, tries, by, why, again
    )
