"""Keeping: bodies are erased when their time is over, or at once, because a person ordered it.

An administrator does each of these acts. Nothing is erased before a minimum that applies is over, under
a hold, or while an open case or a live order rests on it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from ringfence.cases.bodies import KINDS, Body, bodies, words_of
from ringfence.cases.ending import ending, minimum
from ringfence.cases.erasure_guards import ROLE
from ringfence.cases.people import People
from ringfence.cases.reading import case_by, order_by
from ringfence.core.database import said
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.time import now, stamp
from ringfence.evidence import log, redaction
from ringfence.evidence.redaction import Redaction
from ringfence.evidence.retention_order import (
    RetentionOrder,
    any_order,
    keep_order,
    retention_order,
    standing,
)
from ringfence.evidence.store import Store
from ringfence.evidence.words import erase_words
from ringfence.rulebook.retention import HOUSE, Period, Retention, load_retention

WHOSE = "authority"  # whose records a store of ours holds, unless said otherwise


class DueBody(msgspec.Struct, frozen=True):
    """A body whose period is over: ``state`` is *due* (``standing`` names the retention order that will
    erase it), *unordered* (no person has ordered it), *held* or *needed*; ``why`` says so in words.
    ``start`` is the day its clock started, ``due`` the first day of erasure."""

    blob: str
    kind: str
    subjects: tuple[str, ...]
    period: str
    starts: str
    start: str
    due: str
    state: Literal["due", "unordered", "held", "needed"]
    why: tuple[str, ...]
    standing: str | None


class Expiry(msgspec.Struct, frozen=True):
    """What a run did: blobs whose ordered erasure a crash had left, erasures now, blobs it had to leave."""

    finished: tuple[str, ...]
    erased: tuple[Redaction, ...]
    left: tuple[str, ...]


class Keeping:
    """Retention in one store; ``clock`` is the present instant (tests turn it), ``load`` reads the periods
    of a pack."""

    def __init__(
        self,
        house: Store,
        clock: Callable[[], datetime] = now,
        load: Callable[[str], Retention] = load_retention,
    ) -> None:
        self.house = house
        self.clock = clock
        self.load = load

    # --- what a person orders ------------------------------------------------------------------
    def order(self, pack: str, period: str, person: str, reasons: str, until: date) -> RetentionOrder:
        """Order that bodies are erased when a period of a pack is over, until a day (not itself).
        Raises `InputError` for a period that ends nothing, `RefusedError` for who may not, and where an
        order in force says the same."""
        found = self.load(pack).period(period)
        at = self._may(person)
        if found.bound == "at_least":
            raise InputError(f"{period} is a minimum: nothing is erased by it", hint="order one of keep")
        if found.kind not in KINDS:
            raise InputError(
                f"no body of kind {found.kind} is kept here", hint=f"bodies are kept of {', '.join(KINDS)}"
            )
        ends = f"{until.isoformat()}T00:00:00.000000Z"
        if ends <= at:
            raise InputError(f"{until} is over", hint="name a later day")
        made = RetentionOrder(
            "order", pack, found.kind, plain(found), person, reasons.strip(), at, ends, secrets.token_hex(16)
        )
        return self._kept(made)

    def end(self, order: str, person: str, reasons: str) -> RetentionOrder:
        """End a retention order now. Raises `RefusedError` where there is none, or it was ended."""
        at = self._may(person)
        with self.house.database.read() as connection:
            found = retention_order(connection, order)
        ended = msgspec.structs.replace(
            found, act="end", person=person, reasons=reasons.strip(), at=at, salt=secrets.token_hex(16),
            about=order,
        )  # fmt: skip
        return self._kept(ended)

    def orders(self) -> list[RetentionOrder]:
        """The retention orders in force."""
        with self.house.database.read() as connection:
            return standing(connection, stamp(self.clock()))

    def ordered(self) -> bool:
        """Whether anything was ever ordered to be erased: then there may be something to carry out."""
        with self.house.database.read() as connection:
            return any_order(connection) or redaction.any_erasure(connection)

    def erase(self, target: str, person: str, reasons: str, basis: str, *, pack: str) -> Redaction:
        """Erase one body for good, now: a blob by its digest, or by its id the words of people in an event,
        an approval or an ended order. ``pack`` holds the minimum periods where no case says which.
        Raises `RefusedError` before a minimum is over, under a hold, and while a case or order needs it."""
        self._may(person)
        at = self.clock()
        with self.house.database.read() as connection:
            if target.startswith("sha256:"):
                found, case = self._body(connection, target), None
            else:
                found, case = self._words(connection, target)
        for why in (*found.held, *found.needed):
            raise RefusedError(
                f"{target} may not be erased: {why}", hint="release the hold, or close the case"
            )
        least = minimum(found, self._packs(found, pack), at.date())
        if least is not None and at.date() < least[0]:
            day, period = least
            raise RefusedError(
                f"{target} is kept until {day}: {period.id}, {words(period)}",
                hint="nothing is erased before its minimum is over",
            )
        if case is not None:
            return erase_words(self.house, target, person, reasons, basis, case, at=at)
        return redaction.erase(self.house, target, person, reasons, basis, at=at)

    def hold(self, target: str, person: str, reasons: str, basis: str) -> Redaction:
        """Forbid the erasure of a body, or of everything seen of the subject of a case or order, also of
        what is seen later."""
        self._may(person)
        case = self._case(target)
        return redaction.hold(self.house, target, person, reasons, basis, case=case, at=self.clock())

    def release(self, target: str, person: str, reasons: str, basis: str) -> Redaction:
        """End one hold on a body, case or order. Raises `RefusedError` where there is none."""
        self._may(person)
        case = self._case(target)
        return redaction.release(self.house, target, person, reasons, basis, case=case, at=self.clock())

    # --- what follows --------------------------------------------------------------------------
    def body(self, blob: str) -> Body:
        """One body. Raises `InputError` where no observation has it, `RefusedError` where it was erased."""
        with self.house.database.read() as connection:
            return self._body(connection, blob)

    def dates(self, body: Body, pack: str, whose: str = WHOSE) -> dict[str, str | None]:
        """The first days on which a body may be erased (``not_before``) and is to be (``due``)."""
        today = self.clock().date()
        packs = self._packs(body, pack)
        least, found = minimum(body, packs, today), ending(body, pack, packs, whose, today)
        return {
            "not_before": None if least is None else least[0].isoformat(),
            "due": None if found is None else found.day.isoformat(),
        }

    def due(self, pack: str, on: date | None = None, whose: str = WHOSE) -> Iterator[DueBody]:
        """What is due by the periods of a pack on a day (today), in order of digest."""
        today = on or self.clock().date()
        packs = {pack: self.load(pack)}
        with self.house.database.read() as connection:
            ordered = standing(connection, stamp(self.clock()))
            for body in bodies(connection):
                packs |= {name: self.load(name) for name in body.packs if name not in packs}
                concerned = {name: packs[name] for name in (body.packs or (pack,))}
                found = ending(body, pack, concerned, whose, today)
                if found is None or found.day > today:
                    continue
                order = next(
                    (one for one in ordered if one.pack == pack and one.period == plain(found.period)), None
                )
                yield _said(body, found.period, found.start, found.day, order)

    def expire(self) -> Expiry:
        """Carry out every erasure that was ordered: what a crash left, then what is due by the retention
        orders in force, each body with its record first and then its file. May be cut and run again."""
        finished = redaction.finish(self.house)
        erased: list[Redaction] = []
        left: list[str] = []
        by_id = {order.id: order for order in self.orders()}
        whose = dict.fromkeys((order.pack, str(order.period["whose"])) for order in by_id.values())
        for pack, party in whose:
            ready = [one for one in self.due(pack, whose=party) if one.state == "due"]
            for one in ready:
                order = by_id[one.standing or ""]
                period = msgspec.convert(order.period, Period)
                try:
                    erased.append(
                        redaction.erase(
                            self.house, one.blob, order.person, order.reasons, words(period),
                            at=self.clock(), standing=order.id, due=one.due,
                        )
                    )  # fmt: skip
                except RefusedError:  # held, needed or ended meanwhile: the next run looks again
                    left.append(one.blob)
        return Expiry(tuple(finished), tuple(erased), tuple(left))

    # --- inside --------------------------------------------------------------------------------
    def _may(self, person: str) -> str:
        at = stamp(self.clock())
        if not People(self.house.database, log.seal).get(person).holds(ROLE, at):
            raise RefusedError(
                f"{person} is not an administrator now",
                hint=f"ringfence orders people add {person} NAME {ROLE}",
            )
        return at

    def _body(self, connection: Connection, blob: str) -> Body:
        for found in bodies(connection, blob):
            return found
        done = redaction.erasure(connection, blob)
        if done is not None:
            raise RefusedError(redaction.gone(done))
        raise InputError(f"no observation has the capture {blob}", hint="write sha256: and 64 hex digits")

    def _words(self, connection: Connection, row: str) -> tuple[Body, str]:
        found = words_of(connection, row)
        if found is None:
            raise InputError(
                f"no body and no record of a case: {row}",
                hint="give a digest (sha256:…), or the id of an event, an approval or an order",
            )
        return found

    def _case(self, target: str) -> str | None:
        """The case of a target that is a case or an order; None for a blob."""
        if target.startswith("sha256:"):
            return None
        with self.house.database.read() as connection:
            if target.startswith("CA-"):
                return case_by(connection, target).id
            return order_by(connection, target).case

    def _packs(self, body: Body, pack: str) -> dict[str, Retention]:
        return {name: self.load(name) for name in (body.packs or (pack,))}

    def _kept(self, made: RetentionOrder) -> RetentionOrder:
        try:
            with self.house.database.begin() as connection:
                if made.act == "order":
                    for other in standing(connection, made.at):
                        if (other.pack, other.period) == (made.pack, made.period):
                            raise RefusedError(f"{other.id} already orders this", hint="end that one first")
                keep_order(connection, made)
        except IntegrityError as error:
            raise RefusedError(said(error)) from error
        return made


def plain(period: Period) -> dict[str, object]:
    """A period as its retention order holds it."""
    return dict(msgspec.to_builtins(period))


def words(period: Period) -> str:
    """A period in one line: how long from when, and who says so."""
    source = f"house: {period.why}" if period.source == HOUSE else period.citation
    bound = period.bound.replace("_", " ")
    return f"{bound} {period.duration} from {period.starts.replace('_', ' ')} ({source})"


def _said(body: Body, period: Period, start: date, day: date, order: RetentionOrder | None) -> DueBody:
    state: Literal["due", "unordered", "held", "needed"]
    if body.held:
        state, why = "held", body.held
    elif body.needed:
        state, why = "needed", body.needed
    elif order is None:
        state, why = "unordered", ("no person has ordered it",)
    else:
        state, why = "due", (f"{order.id} by {order.person}: {words(period)}",)
    return DueBody(
        blob=body.blob, kind=body.kind, subjects=body.subjects, period=period.id, starts=period.starts,
        start=start.isoformat(), due=day.isoformat(), state=state, why=why,
        standing=order.id if order and state == "due" else None,
    )  # fmt: skip
