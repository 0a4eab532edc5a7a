"""Publish: compile what is in force *now*, store it and seal it, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, insert
from sqlalchemy import select as rows

from ringfence.cases.reading import orders_where
from ringfence.cases.seal import Seal
from ringfence.cases.tables import orders
from ringfence.core.canonical import digest
from ringfence.core.database import Database
from ringfence.core.time import now
from ringfence.enforce.artefact import Artefact, artefact_orders, artefacts
from ringfence.enforce.compile import Refusal, compile_artefact, select
from ringfence.enforce.guard import Context
from ringfence.enforce.serial import add
from ringfence.enforce.targets.target import Target


class Publication(msgspec.Struct, frozen=True):
    """``new`` is False where the entries are those of the last artefact, which is then given again."""

    artefact: Artefact
    refused: tuple[Refusal, ...]
    new: bool


class Publisher:
    """Makes artefacts over one database. The orders are read in the transaction that seals the
    artefact, so a revocation comes either before it or after it, never in between."""

    def __init__(self, database: Database, seal: Seal, clock: Callable[[], datetime] = now) -> None:
        self.database = database
        self.seal = seal
        self.clock = clock

    def publish(self, target: Target, context: Context, *, laboratory: bool = False) -> Publication:
        """The artefact that should stand at a target now. Nothing leaves here that is not sealed.

        ``laboratory`` states that the target is inside the laboratory; only orders of that kind are
        taken. Raises `RefusedError` as `compile_artefact` does.
        """
        at = self.clock()
        with self.database.begin() as connection:
            live = orders_where(connection, orders.c.state == "active", orders.c.laboratory == laboratory)
            last = _last(connection, target.name, laboratory)
            if last is not None:
                entries, refused = select(live, context, at)
                if tuple(entries) == last.entries and last.content == target.render(
                    entries, last.serial, laboratory
                ):
                    return Publication(last, tuple(refused), new=False)
            serial = add(last.serial) if last else 1
            made = compile_artefact(live, context, target, serial=serial, at=at, laboratory=laboratory)
            self._store(connection, made.artefact)
            return Publication(made.artefact, made.refused, new=True)

    def last(self, target: str, *, laboratory: bool = False) -> Artefact | None:
        """The latest artefact for a target, or None."""
        with self.database.read() as connection:
            return _last(connection, target, laboratory)

    def _store(self, connection: Connection, artefact: Artefact) -> None:
        record = artefact.record
        connection.execute(
            insert(artefacts).values(
                id=artefact.id, target=artefact.target, serial=artefact.serial,
                laboratory=artefact.laboratory, made_at=artefact.made_at,
                content_digest=artefact.digest, content=artefact.content,
                record=record, digest=digest(record),
            )
        )  # fmt: skip
        if artefact.orders:
            connection.execute(
                insert(artefact_orders),
                [{"artefact": artefact.id, "order_id": order} for order in artefact.orders],
            )
        self.seal(connection, "artefact", artefact.id, record)


def _last(connection: Connection, target: str, laboratory: bool) -> Artefact | None:
    found = (
        rows(artefacts.c.record, artefacts.c.content)
        .where(artefacts.c.target == target, artefacts.c.laboratory == laboratory)
        .order_by(artefacts.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(found).first()
    return Artefact.from_row(row.record, row.content) if row else None
