"""Delivery: what a primary has confirmed, and what stood there before and after."""

from __future__ import annotations

from typing import Literal

import msgspec
from sqlalchemy import Connection, insert, select

from ringfence.cases.seal import Seal
from ringfence.core.canonical import canonical, digest
from ringfence.core.ids import derived
from ringfence.enforce.primary.change import Change
from ringfence.enforce.primary.held import Held
from ringfence.enforce.primary.place import Place
from ringfence.enforce.primary.tables import delivered, deliveries

Kind = Literal["update", "withdrawal", "reconciled"]


class Delivery(msgspec.Struct, frozen=True):
    """One confirmed update, or one comparison of the whole zone with all orders.

    ``before`` and ``serial`` are the zone's serials; ``orders`` and ``entries`` count what stands there
    since; ``through`` is the last event carried out; ``previous`` the digest of the delivery before this
    one at this place; ``content`` (only where the whole zone was compared) the digest of its entries;
    ``open`` the orders that could not be carried out and are tried again in every run.
    """

    place: str
    kind: Kind
    order: str | None
    changes: tuple[Change, ...]
    before: int
    serial: int
    orders: int
    entries: int
    through: int
    laboratory: bool
    at: str
    previous: str | None
    content: str | None = None
    open: tuple[str, ...] = ()

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def digest(self) -> str:
        """The SHA-256 of the record."""
        return digest(self.record)

    @property
    def id(self) -> str:
        """Derived from the record."""
        return derived("artefact", self.digest)


def last(connection: Connection, place: Place) -> Delivery | None:
    """The latest delivery to a place, or None."""
    found = (
        select(deliveries.c.record)
        .where(deliveries.c.place == str(place), deliveries.c.laboratory == place.laboratory)
        .order_by(deliveries.c.seq.desc())
        .limit(1)
    )
    record = connection.execute(found).scalar()
    return None if record is None else msgspec.json.decode(record, type=Delivery)


def reconciled(connection: Connection, place: Place) -> bool:
    """Whether the zone at a place has ever been compared with all orders."""
    found = select(deliveries.c.seq).where(
        deliveries.c.place == str(place),
        deliveries.c.laboratory == place.laboratory,
        deliveries.c.kind == "reconciled",
    )
    return connection.execute(found.limit(1)).first() is not None


def standing(connection: Connection, place: Place, rule: str) -> tuple[Held, str] | None:
    """What an owner holds, and for which order, by the latest delivery that touched it; None where
    none did."""
    found = (
        select(delivered.c.held, delivered.c.order_id)
        .where(delivered.c.place == str(place), delivered.c.rule == rule)
        .order_by(delivered.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(found).first()
    return None if row is None else (msgspec.json.decode(row.held, type=Held), row.order_id)


def keep(connection: Connection, seal: Seal, delivery: Delivery, holders: dict[str, str]) -> None:
    """Store a delivery and seal it, in the caller's transaction. ``holders`` names, for each changed
    rule that holds something now, the order behind it."""
    connection.execute(
        insert(deliveries).values(
            id=delivery.id, place=delivery.place, kind=delivery.kind, order_id=delivery.order,
            serial=delivery.serial, orders=delivery.orders, entries=delivery.entries,
            through=delivery.through, laboratory=delivery.laboratory, at=delivery.at,
            record=delivery.record, digest=delivery.digest,
        )
    )  # fmt: skip
    seq = connection.execute(select(deliveries.c.seq).where(deliveries.c.id == delivery.id)).scalar_one()
    rows = [
        {
            "place": delivery.place, "rule": change.rule, "delivery": delivery.id, "seq": seq,
            "order_id": holders.get(change.rule, ""), "held": msgspec.json.encode(change.now).decode(),
        }
        for change in delivery.changes
    ]  # fmt: skip
    if rows:
        connection.execute(insert(delivered), rows)
    seal(connection, "artefact", delivery.id, delivery.record)
