"""The live publisher: carries the changes of orders to a primary and records what it confirms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from ringfence.cases.seal import Seal
from ringfence.cases.tables import orders
from ringfence.core.database import Database
from ringfence.core.errors import OutsideError, RefusedError
from ringfence.core.time import now, stamp
from ringfence.enforce.compile import Refusal
from ringfence.enforce.guard import Context
from ringfence.enforce.primary.change import Batch, Change
from ringfence.enforce.primary.delivery import Delivery, keep, last, reconciled, standing
from ringfence.enforce.primary.held import Held, order_of, ours
from ringfence.enforce.primary.key import Key
from ringfence.enforce.primary.notify import tell
from ringfence.enforce.primary.place import Place
from ringfence.enforce.primary.plan import Plan, due, head, plan
from ringfence.enforce.primary.reconcile import compare
from ringfence.enforce.primary.session import TIMEOUT, Session
from ringfence.enforce.primary.transfer import transfer
from ringfence.enforce.serial import newer
from ringfence.enforce.targets.rpz import MARK

Changes = tuple[Change, ...]
KEEP_EVERY = (
    100  # confirmed updates a transaction of ours; what is lost with us is found again at the primary
)


class Failure(msgspec.Struct, frozen=True):
    """An order that could not be carried out there, and why. It is tried again in the next run."""

    order: str
    why: str


class Report(msgspec.Struct, frozen=True):
    """What one run did. ``standing`` is the latest delivery: the zone as it is known to be."""

    standing: Delivery | None
    confirmed: tuple[Delivery, ...] = ()
    refused: tuple[Refusal, ...] = ()
    failed: tuple[Failure, ...] = ()
    foreign: tuple[str, ...] = ()


class _Done(msgspec.Struct, frozen=True):
    batch: Batch
    sent: Changes
    before: int
    after: int


class LivePublisher:
    """``run()`` carries out what is due at one place. ``notify``: resolvers to tell ourselves. The hooks:
    ``seal`` puts each delivery into the evidence log, ``context`` gives the guard what it must know, and
    ``expire`` moves orders whose time is up."""

    def __init__(
        self,
        database: Database,
        seal: Seal,
        place: Place,
        key: Key,
        context: Callable[[], Context],
        *,
        expire: Callable[[], object] = lambda: None,
        redirect: Sequence[str] = (),
        notify: Sequence[tuple[str, int]] = (),
        clock: Callable[[], datetime] = now,
        timeout: float = TIMEOUT,
    ) -> None:
        self.database = database
        self.seal = seal
        self.place = place
        self.key = key
        self.context = context
        self.expire = expire
        self.redirect = tuple(redirect)
        self.notify = tuple(notify)
        self.clock = clock
        self.timeout = timeout
        self._through = 0  # events seen to need nothing; the last delivery says it for the next process

    def run(self, *, reconcile: bool = False, ask: bool = True) -> Report:
        """Carry out what the events since the last delivery ask for; compare the whole zone with all
        orders where ``reconcile`` says so, at the first contact, and where the zone's serial went back.

        ``ask`` reaches for the primary even where nothing is due. Raises `OutsideError` where the primary
        cannot be reached or trusted: what it had confirmed by then is recorded. Raises `RefusedError`
        where a laboratory's and a real zone would meet.
        """
        at = self.clock()
        with self.database.read() as connection:
            ended = due(connection, at)
        if ended:
            self.expire()
        context = self._context()
        with self.database.read() as connection:
            latest = last(connection, self.place)
            after = max(latest.through if latest else 0, self._through)
            todo: Plan | None = None
            # What stands in a zone that was never compared is unknown, so no events can be played on it.
            if latest is not None and not reconcile and reconciled(connection, self.place):
                todo = plan(connection, self.place, self.redirect, context, at, latest, after)
        if todo is not None and not (todo.batches or ask):
            self._through = todo.head
            return Report(latest, refused=todo.refused)
        with Session(self.place, self.key, self.timeout) as session:
            serial = self._hello(session)
            # A serial that went back is a primary restored from an old copy: trust nothing of it.
            if latest is not None and todo is not None and not _back(serial, latest.serial):
                done = self._carry_out(session, todo.batches, serial, through=todo.head)
            else:
                todo = None
        if todo is None:
            return self._reconcile(context, at)
        if not done.failed:
            self._through = todo.head
        with self.database.read() as connection:
            return msgspec.structs.replace(done, standing=last(connection, self.place), refused=todo.refused)

    def _context(self) -> Context:
        context = self.context()
        context.origin = self.place.zone
        return context

    def _hello(self, session: Session) -> int:
        """The serial, and that the zone is of the kind that the orders are."""
        serial = session.serial()
        texts = session.apex_texts()
        marked = texts == (f'TXT "{MARK}"',)
        if self.place.laboratory and not marked:
            raise RefusedError(
                f"{self.place} is not marked as the laboratory's",
                hint=f'put @ TXT "{MARK}" into that zone, and nothing else at its apex, if it is one',
            )
        if not self.place.laboratory and texts:
            kind = "the laboratory's" if marked else "not for us alone: it has a text at its apex"
            raise RefusedError(
                f"{self.place} is {kind}", hint="name the real zone; what the laboratory makes stays in it"
            )
        return serial

    def _carry_out(
        self, session: Session, batches: Sequence[Batch], serial: int, through: int | None = None
    ) -> Report:
        """Deliver batch by batch; what is confirmed is recorded even where the primary then fails.
        ``through``: the last event that is carried out once all of them are."""
        done: list[_Done] = []
        kept: list[Delivery] = []
        failed: list[Failure] = []
        try:
            for batch in batches:
                try:
                    sent, after = self._deliver(session, batch, serial)
                except _Conflict as conflict:
                    failed.append(Failure(batch.order, str(conflict)))
                    continue
                done.append(_Done(batch, sent, serial, after))
                serial = after
                if len(done) == KEEP_EVERY:
                    kept += self._keep(done)
                    done = []
        except BaseException:
            self._keep(done)
            raise
        kept += self._keep(done, through, tuple(failure.order for failure in failed))
        return Report(None, tuple(kept), failed=tuple(failed))

    def _deliver(self, session: Session, batch: Batch, serial: int) -> tuple[Changes, int]:
        """One order's update, confirmed: what it did, and the serial since. Raises `_Conflict` where
        others' records stand in the way."""
        sent = batch.changes
        for _ in range(2):
            for change in sent:
                self._refuse_foreign(change)
            if all(change.was == change.now for change in sent):
                return sent, session.serial()
            if session.update(sent):
                tell(self.place, self.notify)
                return sent, self._confirmed(session, sent, serial)
            # Half of an earlier run may have arrived, or another run was quicker: look, and go on from there.
            sent = tuple(Change(change.rule, session.at(change.rule), change.now) for change in sent)
        raise _Conflict("its owners changed while it was being carried out")

    def _confirmed(self, session: Session, changes: Changes, serial: int) -> int:
        """The zone's new serial. A primary that says NOERROR is believed once the zone shows it."""
        after = session.serial()
        if not newer(after, serial):
            raise OutsideError(
                f"the primary of {self.place} says NOERROR, but its serial stays at {after}",
                hint="nothing was recorded as published; look into its log and its journal",
            )
        for change in changes:
            if not session.serves(change):
                raise OutsideError(
                    f"the primary of {self.place} says NOERROR, but does not serve {change.rule} as updated",
                    hint="nothing was recorded as published; is another server answering on that address?",
                )
        return after

    def _refuse_foreign(self, change: Change) -> None:
        if change.was == change.now:
            return
        order = order_of(change.was)
        if not ours(change.was) or (order is not None and not self._knows(order)):
            raise _Conflict(f"{change.rule} holds records of somebody else: {'; '.join(change.was)}")

    def _knows(self, order: str) -> bool:
        with self.database.read() as connection:
            found = orders.select().where(orders.c.id == order, orders.c.laboratory == self.place.laboratory)
            return connection.execute(found).first() is not None

    def _keep(
        self, done: Sequence[_Done], through: int | None = None, failed: tuple[str, ...] = ()
    ) -> list[Delivery]:
        """Record confirmed updates, each sealed. The last says what is carried out by then."""
        kept: list[Delivery] = []
        if not done:
            return kept
        with self.database.begin() as connection:
            latest = last(connection, self.place)
            for item in done:
                batch, final = item.batch, item is done[-1]
                if all(
                    change.was == change.now == _held(standing(connection, self.place, change.rule))
                    for change in item.sent
                ):
                    continue  # another run was quicker, and has recorded it
                known = latest or self._unknown()
                latest = msgspec.structs.replace(
                    known,
                    kind="withdrawal" if batch.ended else "update",
                    order=batch.order, changes=item.sent, before=item.before, serial=item.after,
                    orders=known.orders + batch.after - batch.before, entries=known.entries + batch.more,
                    through=known.through if through is None or not final else through,
                    open=failed if final and through is not None else known.open,
                    at=stamp(self.clock()), previous=latest.digest if latest else None, content=None,
                )  # fmt: skip
                holders = {change.rule: batch.order for change in item.sent if change.now}
                keep(connection, self.seal, latest, holders)
                kept.append(latest)
        return kept

    def _unknown(self) -> Delivery:
        place = self.place
        return Delivery(str(place), "update", None, (), 0, 0, 0, 0, 0, place.laboratory, "", None)

    def _reconcile(self, context: Context, at: datetime) -> Report:
        there = transfer(self.place, self.key)
        with self.database.read() as connection:
            found = compare(connection, self.place, there, self.redirect, context, at)
            through = head(connection)
        # A million orders take minutes, and servers close a connection that is idle: this is a new one.
        with Session(self.place, self.key, self.timeout) as session:
            serial = self._hello(session)
            done = self._carry_out(session, found.batches, serial)
            reached = session.serial()
        with self.database.begin() as connection:
            latest = last(connection, self.place)
            known = latest or self._unknown()
            made = msgspec.structs.replace(
                known, kind="reconciled", order=None, changes=(), before=serial, serial=reached,
                orders=found.orders, entries=found.entries, through=through, content=found.content,
                open=tuple(failure.order for failure in done.failed),
                at=stamp(self.clock()), previous=latest.digest if latest else None,
            )  # fmt: skip
            keep(connection, self.seal, made, {})
        return msgspec.structs.replace(
            done,
            standing=made,
            confirmed=(*done.confirmed, made),
            refused=found.refused,
            foreign=found.foreign,
        )


class _Conflict(Exception):  # noqa: N818 (never leaves this file)
    """An owner holds what is none of ours, or what we do not expect."""


def _back(serial: int, known: int) -> bool:
    return serial != known and not newer(serial, known)


def _held(found: tuple[Held, str] | None) -> Held | None:
    return None if found is None else found[0]
