"""Publish: compile what is in force *now*, store it and seal it, in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, func, insert
from sqlalchemy import select as rows
from sqlalchemy.exc import IntegrityError

from ringfence.cases.event import record_event
from ringfence.cases.refusals import refused
from ringfence.cases.roles import HOUSE
from ringfence.cases.seal import Seal
from ringfence.core.canonical import digest
from ringfence.core.database import Database
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.time import now, stamp
from ringfence.enforce.artefact import Artefact, artefact_orders, artefacts, orders_digest
from ringfence.enforce.compile import Refusal, Sieve
from ringfence.enforce.entry import Entry
from ringfence.enforce.guard import Context
from ringfence.enforce.serial import add
from ringfence.enforce.spool import Spool
from ringfence.enforce.targets.target import Target
from ringfence.enforce.wish import wishes_in_force

_CHUNK = 1 << 20
_ROWS = 10_000  # a statement's worth of orders


class Weaker(msgspec.Struct, frozen=True):
    """An entry that a format cannot express, or only as less than the order says (``written``)."""

    order: str
    rule: str
    reason: str
    written: bool


class Publication(msgspec.Struct, frozen=True):
    """``new`` is False where nothing but the serial would change: the last artefact is then given again.
    ``refused`` is what the guard kept out, ``weaker`` what the format cannot express in full."""

    artefact: Artefact
    refused: tuple[Refusal, ...]
    weaker: tuple[Weaker, ...]
    new: bool


class Publisher:
    """Makes artefacts over one database. The orders are read in the transaction that seals the
    artefact, so a revocation comes either before it or after it, never in between."""

    def __init__(self, database: Database, seal: Seal, clock: Callable[[], datetime] = now) -> None:
        self.database = database
        self.seal = seal
        self.clock = clock

    def publish(
        self, target: Target, context: Context, *, laboratory: bool = False, by: str = HOUSE
    ) -> Publication:
        """The artefact that should stand at a target now. Nothing leaves here that is not sealed.

        ``laboratory`` states that the target is inside the laboratory; only orders of that kind are
        taken. A refused entry keeps the rest and is reported. Raises `RefusedError` where the target
        has no place in a laboratory. Orders are read, judged and written one by one, so memory grows
        with the number of orders by little more than their ids. ``by`` is the publisher who acts, or the
        house's own clockwork; an event tells of it, and the database refuses anybody without the role.
        """
        if laboratory and not target.laboratory_ok:
            raise RefusedError(f"{target.name} has no place in the laboratory")
        at = stamp(self.clock())
        with self.database.begin() as connection:
            last = _last(connection, target.name, laboratory)
            serial = add(last.serial) if last else 1
            other_head = next(target.chunks((), last.serial, laboratory)) if last else None
            with Spool(other_head) as spool:
                sieve = Sieve(context, target.takes)
                fitting = _Fitting(target)
                wishes = wishes_in_force(connection, at, laboratory=laboratory, takes=target.takes)
                spool.write(target.chunks(fitting.entries(sieve.entries(wishes)), serial, laboratory))
                given = (tuple(sieve.refused), tuple(fitting.weaker))
                if last is not None and _unchanged(target, last, spool, connection):
                    return Publication(last, *given, new=False)
                orders = sorted(fitting.orders)
                artefact = Artefact(
                    target=target.name, serial=serial, entries=fitting.count, orders=len(orders),
                    orders_digest=orders_digest(orders), digest=spool.digest, size=spool.size,
                    laboratory=laboratory, made_at=at, overridden=tuple(sieve.overridden),
                    basis=context.basis if target.takes == "addresses" else {},
                )  # fmt: skip
                try:
                    record_event(connection, self.seal, "published", at, by, about=artefact.id)
                except IntegrityError as error:
                    raise refused(error) from error
                self._store(connection, artefact, orders, spool)
            return Publication(artefact, *given, new=True)

    def last(self, target: str, *, laboratory: bool = False) -> Artefact | None:
        """The latest artefact for a target, or None."""
        with self.database.read() as connection:
            return _last(connection, target, laboratory)

    def content(self, artefact: Artefact) -> bytes:
        """The bytes of an artefact. Raises `InputError` where it is not in this store."""
        return b"".join(self.pieces(artefact))

    def pieces(self, artefact: Artefact) -> Iterator[bytes]:
        """The same in pieces of a megabyte."""
        with self.database.read() as connection:
            yield from _content(connection, artefact.id)

    def orders(self, artefact: Artefact) -> tuple[str, ...]:
        """The ids of the orders that stand behind an artefact, sorted."""
        found = rows(artefact_orders.c.order_id).where(artefact_orders.c.artefact == artefact.id)
        with self.database.read() as connection:
            return tuple(connection.execute(found.order_by(artefact_orders.c.order_id)).scalars())

    def came_or_left(self, before: Artefact | None, after: Artefact) -> frozenset[str]:
        """The ids of the orders that stand behind one of two artefacts and not behind the other."""
        sides = [
            rows(artefact_orders.c.order_id).where(artefact_orders.c.artefact == (one.id if one else ""))
            for one in (before, after)
        ]
        with self.database.read() as connection:
            found = [
                connection.execute(one.except_(other)).scalars().all() for one, other in (sides, sides[::-1])
            ]
        return frozenset(found[0]) | frozenset(found[1])

    def _store(self, connection: Connection, artefact: Artefact, orders: list[str], spool: Spool) -> None:
        record = artefact.record
        made = connection.execute(
            insert(artefacts).values(
                id=artefact.id, target=artefact.target, serial=artefact.serial,
                laboratory=artefact.laboratory, made_at=artefact.made_at,
                content_digest=artefact.digest, content=_room(connection, artefact, spool),
                record=record, digest=digest(record),
            )
        )  # fmt: skip
        if connection.dialect.name == "sqlite":
            (seq,) = made.inserted_primary_key or (0,)
            with _raw(connection).blobopen("artefacts", "content", seq) as blob:
                for chunk in spool.read():
                    blob.write(chunk)
        for start in range(0, len(orders), _ROWS):
            part = orders[start : start + _ROWS]
            connection.execute(
                insert(artefact_orders), [{"artefact": artefact.id, "order_id": order} for order in part]
            )
        self.seal(connection, "artefact", artefact.id, record)


class _Fitting:
    """What passes through to a target, in the form that its format can express, counted."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.count = 0
        self.orders: set[str] = set()
        self.weaker: list[Weaker] = []

    def entries(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            fit = self.target.fit(entry)
            if fit.reason:
                self.weaker.append(Weaker(entry.order, entry.rule, fit.reason, fit.entry is not None))
            if fit.entry is not None:
                self.count += 1
                self.orders.add(entry.order)
                yield fit.entry


def _unchanged(target: Target, last: Artefact, spool: Spool, connection: Connection) -> bool:
    """Whether the last artefact says all of this already, but for the serial."""
    if target.lines is not None:
        return spool.other_digest == last.digest
    # Rendered in one piece: the serial may stand anywhere, so the entries are compared.
    now_there = target.parse(b"".join(spool.read()))
    before = target.parse(b"".join(_content(connection, last.id)))
    again = target.render(now_there, last.serial, last.laboratory)
    return now_there == before and digest(again) == last.digest


def _last(connection: Connection, target: str, laboratory: bool) -> Artefact | None:
    found = (
        rows(artefacts.c.record)
        .where(artefacts.c.target == target, artefacts.c.laboratory == laboratory)
        .order_by(artefacts.c.seq.desc())
        .limit(1)
    )
    record = connection.execute(found).scalar()
    return Artefact.from_record(record) if record else None


def _content(connection: Connection, artefact: str) -> Iterator[bytes]:
    seq = connection.execute(rows(artefacts.c.seq).where(artefacts.c.id == artefact)).scalar()
    if seq is None:
        raise InputError(f"no such artefact: {artefact}")
    if connection.dialect.name != "sqlite":
        part = func.substr(artefacts.c.content, bindparam("start"), _CHUNK)
        asked = rows(part).where(artefacts.c.seq == seq)
        start = 1
        while chunk := connection.execute(asked, {"start": start}).scalar_one():
            yield bytes(chunk)
            start += _CHUNK
        return
    with _raw(connection).blobopen("artefacts", "content", seq, readonly=True) as blob:
        while chunk := blob.read(_CHUNK):
            yield chunk


def _room(connection: Connection, artefact: Artefact, spool: Spool) -> Any:  # noqa: ANN401 (bytes or SQL)
    """On SQLite room for the bytes, which are then written piece by piece in the same transaction; the
    server takes them as one value."""
    if connection.dialect.name == "sqlite":
        return func.zeroblob(artefact.size)
    return b"".join(spool.read())


def _raw(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101
    return raw
