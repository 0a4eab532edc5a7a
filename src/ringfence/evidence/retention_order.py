"""Retention order: a person orders once that bodies are erased when their period is over.

Without one nothing expires: every erasure by expiry names the standing order that it carries out. It
lasts until a day that it names, or until a person ends it, which is a row of its own.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from sqlalchemy import Column, Connection, LargeBinary, String, Table, insert, select

from ringfence.core.canonical import canonical, digest
from ringfence.core.database import agrees, append_only, metadata, refuse
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.ids import derived
from ringfence.evidence import log
from ringfence.evidence.sealed import named_after, sealed

retention_orders = Table(
    "retention_orders",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("act", String, nullable=False),  # order, end
    Column("about", String),  # the order that an end ends
    Column("pack", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("person", String, nullable=False),
    Column("at", String, nullable=False),
    Column("until", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    sqlite_with_rowid=False,
)
append_only(retention_orders)
sealed(retention_orders, "redaction", room=__name__, id=named_after("redaction"))
agrees(
    retention_orders, act="act", about="about", pack="pack", kind="kind", person="person", at="at",
    until="until",
)  # fmt: skip
refuse(
    retention_orders, "of_two_kinds", "before insert", "a person orders until a later day, or ends an order",
    """coalesce(new.act, '') not in ('order', 'end') or coalesce(trim(new.person), '') = ''
      or (new.act = 'order' and (new.about is not null or new.until <= new.at))""",
)  # fmt: skip
refuse(
    retention_orders, "ends_once", "before insert", "there is no such order to end",
    """new.act = 'end' and (not exists (select 1 from retention_orders o where o.id = new.about
      and o.act = 'order' and o.at <= new.at)
      or exists (select 1 from retention_orders e where e.about = new.about and e.act = 'end'))""",
    lock="retention_orders where id = new.about",
)  # fmt: skip


class RetentionOrder(msgspec.Struct, frozen=True):
    """``act`` is order, or end of the order ``about``. ``period`` is the period as it was ordered, whole:
    one that says something else later is not carried out under this order. ``until`` is a UTC stamp."""

    act: Literal["order", "end"]
    pack: str
    kind: str
    period: dict[str, Any]
    person: str
    reasons: str
    at: str
    until: str
    salt: str
    about: str | None = None

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content."""
        return derived("redaction", digest(self.record))


def keep_order(connection: Connection, made: RetentionOrder) -> str:
    """Keep and seal an order or its end; returns its id. Raises `InputError` without reasons."""
    if not made.reasons.strip():
        raise InputError("a retention order needs reasons")
    record = made.record
    connection.execute(
        insert(retention_orders).values(
            id=made.id, act=made.act, about=made.about, pack=made.pack, kind=made.kind, person=made.person,
            at=made.at, until=made.until, record=record, digest=digest(record),
        )
    )  # fmt: skip
    log.append(connection, "redaction", made.id, record)
    return made.id


def retention_order(connection: Connection, name: str) -> RetentionOrder:
    """One order in force or not. Raises `RefusedError` where there is none of this id."""
    found = select(retention_orders.c.record).where(
        retention_orders.c.id == name, retention_orders.c.act == "order"
    )
    record = connection.execute(found).scalar()
    if record is None:
        raise RefusedError(f"no retention order {name}", hint="see ringfence evidence retention list")
    return msgspec.json.decode(record, type=RetentionOrder)


def any_order(connection: Connection) -> bool:
    """Whether any order was ever given."""
    return connection.execute(select(retention_orders.c.id).limit(1)).first() is not None


def standing(connection: Connection, at: str) -> list[RetentionOrder]:
    """The orders in force at an instant (a UTC stamp), oldest first."""
    ends = select(retention_orders.c.about).where(
        retention_orders.c.act == "end", retention_orders.c.at <= at
    )
    found = (
        select(retention_orders.c.record)
        .where(
            retention_orders.c.act == "order",
            retention_orders.c.at <= at,
            retention_orders.c.until > at,
            retention_orders.c.id.not_in(ends),
        )
        .order_by(retention_orders.c.at, retention_orders.c.id)
    )
    return [
        msgspec.json.decode(record, type=RetentionOrder) for record in connection.execute(found).scalars()
    ]
