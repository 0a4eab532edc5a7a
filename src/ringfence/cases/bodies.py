"""Bodies: what is kept in files, when each clock of its retention started, and who still needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select

from ringfence.cases.hearing_tables import appeals, deferrals, deliveries, notices, rulings
from ringfence.cases.hold_tables import hold_acts
from ringfence.cases.hold_tables import holds as payment_holds
from ringfence.cases.tables import LIVE, approvals, case_events, cases, orders
from ringfence.core.time import parse_stamp
from ringfence.evidence.redaction import erasure, holds
from ringfence.evidence.redaction import redactions as _redactions
from ringfence.evidence.store import observations

MAPPING = "mapping"  # the way back from an account's pseudonym, in a vault outside the store
CAPTURE = "capture"  # the one kind of body that stands in a file of its own
REASONS = "reasons"  # words of people, in a record of a case
KINDS = (CAPTURE,)  # those that expire


class Body(msgspec.Struct, frozen=True):
    """One body that is kept. ``starts`` says when each clock of retention started, if it has: *kept*,
    *case_closed* (the last case on its subjects, none being open), *order_ended* (the last order that was
    in force). ``packs`` are the jurisdictions of those cases; ``needed`` and ``held`` say why it may not
    be erased."""

    kind: str
    blob: str
    subjects: tuple[str, ...]
    starts: dict[str, date]
    packs: tuple[str, ...]
    needed: tuple[str, ...]
    held: tuple[str, ...]


def bodies(connection: Connection, blob: str | None = None) -> Iterator[Body]:
    """Every body that is not erased, in order of digest; or the one named."""
    told = _Told(connection)
    where: list[ColumnElement[bool]] = [] if blob is None else [observations.c.capture == blob]
    found = (
        select(observations.c.capture, observations.c.subject, func.max(observations.c.started).label("last"))
        .where(*where)
        .group_by(observations.c.capture, observations.c.subject)
        .order_by(observations.c.capture, observations.c.subject)
    )
    erased = _erased(connection) if blob is None else {blob} if erasure(connection, blob) else set()
    rows = connection.execute(found, execution_options={"yield_per": 500})
    for digest, of_one in groupby(rows, key=lambda row: str(row.capture)):
        if digest not in erased:
            yield told.body(digest, list(of_one))


def words_of(connection: Connection, row: str) -> tuple[Body, str] | None:
    """The words in a record (an event, an approval, a notice …) as a body, and the case that it belongs to;
    None for another id, and for what belongs to no case."""
    at, case = _row(connection, row)
    if case is None:
        return None
    subject = connection.execute(select(cases.c.subject).where(cases.c.id == case)).scalar_one()
    return _Told(connection, case).words(row, subject, at), case


def mappings(connection: Connection, seen: Iterable[tuple[str, date]]) -> Iterator[Body]:
    """What a vault holds of accounts, by pseudonym, as bodies; each with the day it was last seen. A hold on
    what was seen of an account holds the way back to it too."""
    told = _Told(connection)
    held = [hold for hold in holds(connection) if hold.blob]
    for hold in held:
        found = select(observations.c.subject).where(observations.c.capture == hold.blob).distinct()
        for subject in connection.execute(found).scalars():
            told.held.setdefault(subject, []).append(f"hold {hold.id} on {hold.target} by {hold.person}")
    for subject, day in seen:
        yield told.mapping(subject, day)


def _row(connection: Connection, row: str) -> tuple[str, str | None]:
    of_orders = [
        select(table.c[at], orders.c.case_id).where(table.c.id == row, table.c.order_id == orders.c.id)
        for table, at in (
            (approvals, "at"), (notices, "at"), (deliveries, "at"), (deferrals, "at"), (rulings, "at"),
            (appeals, "filed_at"),
        )
    ]  # fmt: skip
    for found in (
        select(case_events.c.at, case_events.c.case_id).where(case_events.c.id == row),
        select(orders.c.proposed_at, orders.c.case_id).where(orders.c.id == row),
        *of_orders,
        select(hold_acts.c.at, payment_holds.c.case_id).where(
            hold_acts.c.id == row, hold_acts.c.hold == payment_holds.c.id
        ),
    ):
        there = connection.execute(found).first()
        if there is not None:
            return str(there[0]), there[1]
    return "", None


def _erased(connection: Connection) -> set[str]:
    found = select(_redactions.c.blob).where(_redactions.c.act == "erase")
    return set(connection.execute(found).scalars())


class _Told:
    """What decisions say of each subject, read once; or those of one case alone."""

    def __init__(self, connection: Connection, case: str | None = None) -> None:
        self.packs: dict[str, set[str]] = {}
        self.closed: dict[str, str] = {}
        self.needed: dict[str, list[str]] = {}
        self.held: dict[str, list[str]] = {}
        self.ended: dict[str, str] = {}
        subjects: dict[str, str] = {}
        of_case: list[ColumnElement[bool]] = [] if case is None else [orders.c.case_id == case]
        for row in connection.execute(
            select(cases) if case is None else select(cases).where(cases.c.id == case)
        ):
            subjects[row.id] = row.subject
            self.packs.setdefault(row.subject, set()).add(row.jurisdiction)
            if row.state == "open":
                self._need(row.subject, f"case {row.id} is open")
            else:
                self.closed[row.subject] = max(self.closed.get(row.subject, ""), row.closed_at or "")
        live = select(orders.c.id, orders.c.subject, orders.c.state).where(orders.c.state.in_(LIVE), *of_case)
        for row in connection.execute(live):
            self._need(row.subject, f"order {row.id} is {row.state}")
        pending = select(appeals.c.id, orders.c.subject).where(
            appeals.c.order_id == orders.c.id,
            ~select(rulings.c.id).where(rulings.c.appeal == appeals.c.id).exists(),
            *of_case,
        )
        for row in connection.execute(pending):
            self._need(row.subject, f"{row.id} is pending")
        ended = (
            select(orders.c.subject, func.max(orders.c.ended_at).label("at"))
            .where(orders.c.activated_at.is_not(None), orders.c.ended_at.is_not(None), *of_case)
            .group_by(orders.c.subject)
        )
        for row in connection.execute(ended):
            self.ended[row.subject] = row.at
        for hold in holds(connection):
            why = f"hold {hold.id} on {hold.target} by {hold.person}: {hold.reasons}"
            key = hold.blob or subjects.get(hold.case or "", "")
            self.held.setdefault(key, []).append(why)

    def _need(self, subject: str, why: str) -> None:
        self.needed.setdefault(subject, []).append(why)

    def body(self, blob: str, rows: list[Any]) -> Body:
        """The body of one blob from its observations by subject."""
        subjects = tuple(str(row.subject) for row in rows)
        return self._made(CAPTURE, blob, subjects, max(row.last for row in rows))

    def words(self, row: str, subject: str, at: str) -> Body:
        """The words of a record."""
        return self._made(REASONS, row, (subject,), at)

    def mapping(self, subject: str, day: date) -> Body:
        """The way back to an account."""
        made = self._made(MAPPING, "", (subject,), f"{day.isoformat()}T00:00:00.000000Z")
        return msgspec.structs.replace(made, blob=subject)

    def _made(self, kind: str, name: str, subjects: tuple[str, ...], kept: str) -> Body:
        starts = {"kept": _day(kept)}
        needed = tuple(why for subject in subjects for why in self.needed.get(subject, ()))
        for clock, told in (("case_closed", self.closed), ("order_ended", self.ended)):
            ends = [told[subject] for subject in subjects if told.get(subject)]
            if ends and not needed:
                starts[clock] = _day(max(ends))
        return Body(
            kind=kind,
            blob=name,
            subjects=subjects,
            starts=starts,
            packs=tuple(sorted({pack for subject in subjects for pack in self.packs.get(subject, ())})),
            needed=needed,
            held=tuple(why for key in (name, *subjects) for why in self.held.get(key, ())),
        )


def _day(stamp: str) -> date:
    return parse_stamp(stamp).date()
