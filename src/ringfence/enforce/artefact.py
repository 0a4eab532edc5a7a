"""Artefact: what an enforcement point consumes, as bytes, and what it was made from."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import Boolean, Column, Connection, Index, Integer, LargeBinary, String, Table, select

from ringfence.core.canonical import canonical, digest
from ringfence.core.database import append_only, metadata, refuse
from ringfence.core.ids import derived
from ringfence.enforce.entry import Entry
from ringfence.evidence.sealed import Problem, audit, named_after, sealed

artefacts = Table(
    "artefacts",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("target", String, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("laboratory", Boolean, nullable=False),
    Column("made_at", String, nullable=False),
    Column("content_digest", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
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
)  # fmt: skip


@audit
def orders_as_sealed(connection: Connection) -> Iterator[Problem]:
    """The orders of each artefact are those that its record names."""
    there: dict[str, set[str]] = {}
    for name, order in connection.execute(select(artefact_orders)):
        there.setdefault(name, set()).add(order)
    for name, record in connection.execute(select(artefacts.c.id, artefacts.c.record)):
        try:
            named = set(msgspec.json.decode(record)["orders"])
        except (msgspec.DecodeError, KeyError, TypeError, ValueError):
            named = set()  # told by the check of the row itself
        if there.pop(name, set()) != named:
            yield Problem(f"artefact_orders {name}", "they are not the orders that the sealed record names")
    for name in there:
        yield Problem(f"artefact_orders {name}", "there is no such artefact")


class Artefact(msgspec.Struct, frozen=True):
    """``content`` is what the target rendered, ``digest`` its SHA-256; ``orders`` are sorted ids."""

    target: str
    serial: int
    entries: tuple[Entry, ...]
    orders: tuple[str, ...]
    digest: str
    content: bytes
    laboratory: bool
    made_at: str

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed: everything but the content, which its digest names."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__ if name != "content"}
        return canonical(fields)

    @property
    def id(self) -> str:
        """Derived from the record."""
        return derived("artefact", digest(self.record))

    @classmethod
    def from_row(cls, record: bytes, content: bytes) -> Artefact:
        """Reads a stored artefact."""
        fields = msgspec.json.decode(record)
        return msgspec.convert({**fields, "content": b""}, cls).with_content(content)

    def with_content(self, content: bytes) -> Artefact:
        """The same artefact with its bytes."""
        return msgspec.structs.replace(self, content=content)
