"""Artefact: what an enforcement point consumes, and what it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy import Boolean, Column, Connection, Index, Integer, LargeBinary, String, Table, select

from ringfence.core.canonical import canonical, digest
from ringfence.core.database import Wide, append_only, metadata, refuse
from ringfence.core.ids import derived
from ringfence.enforce.compile import Overridden
from ringfence.evidence.sealed import Problem, audit, named_after, sealed

artefacts = Table(
    "artefacts",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("target", String, nullable=False),
    Column("serial", Wide, nullable=False),
    Column("laboratory", Boolean, nullable=False),
    Column("made_at", String, nullable=False),
    Column("content_digest", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    # Last, so that SQLite can make room for it without holding it in memory.
    Column("content", LargeBinary, nullable=False),
    Index("artefacts_by_target", "target", "laboratory", "seq"),
)
append_only(artefacts)
sealed(
    artefacts, "artefact", room=__name__, id=named_after("artefact"), content_digest="digest",
    large={"content": "digest"},
)  # fmt: skip

# Which order stands behind which artefact. An artefact that no order backs is refused by the database.
artefact_orders = Table(
    "artefact_orders",
    metadata,
    Column("artefact", String, primary_key=True, nullable=False),
    Column("order_id", String, primary_key=True, nullable=False),
    sqlite_with_rowid=False,
)
append_only(artefact_orders)
refuse(
    artefact_orders, "active", "before insert", "an artefact rests on active orders of its own kind",
    "not exists (select 1 from artefacts a join orders o on o.id = new.order_id "
    "where a.id = new.artefact and o.state = 'active' and o.expires_at > a.made_at "
    "and o.laboratory = a.laboratory)",
    lock="orders where id = new.order_id",
)  # fmt: skip


@audit
def orders_as_sealed(connection: Connection) -> Iterator[Problem]:
    """The orders of each artefact are those whose digest its record names."""
    there: dict[str, list[str]] = {}
    for name, order in connection.execute(select(artefact_orders)):
        there.setdefault(name, []).append(order)
    for name, record in connection.execute(select(artefacts.c.id, artefacts.c.record)):
        try:
            named = msgspec.json.decode(record)["orders_digest"]
        except (msgspec.DecodeError, KeyError, TypeError, ValueError):
            named = None  # told by the check of the row itself
        if orders_digest(sorted(there.pop(name, []))) != named:
            yield Problem(f"artefact_orders {name}", "they are not the orders that the sealed record names")
    for name in there:
        yield Problem(f"artefact_orders {name}", "there is no such artefact")


class Artefact(msgspec.Struct, frozen=True):
    """``digest`` is the SHA-256 of what the target rendered, ``size`` its octets; the bytes are read
    with `Publisher.content`, and the entries, each with its order, from the bytes by the target's
    ``parse``. ``entries`` and ``orders`` are counts, ``orders_digest`` the digest of the sorted order
    ids, a line each. ``overridden`` are the entries that stand although the guard had reasons against
    them. ``basis`` names the digests of attested data it rests on (such as ``cohosts``)."""

    target: str
    serial: int
    entries: int
    orders: int
    orders_digest: str
    digest: str
    size: int
    laboratory: bool
    made_at: str
    overridden: tuple[Overridden, ...] = ()
    basis: dict[str, str] = {}

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the record."""
        return derived("artefact", digest(self.record))

    @classmethod
    def from_record(cls, record: bytes) -> Artefact:
        """Reads what `record` wrote."""
        return msgspec.json.decode(record, type=cls)


def orders_digest(orders: Iterable[str]) -> str:
    """The digest of order ids, which come sorted."""
    return digest("".join(f"{order}\n" for order in orders).encode("ascii"))
