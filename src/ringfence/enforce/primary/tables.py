"""The tables of what a primary has confirmed; append-only, and each delivery a sealed artefact."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    select,
)

from ringfence.cases.tables import orders
from ringfence.core.database import Wide, agrees, append_only, metadata, refuse
from ringfence.evidence.sealed import Problem, audit, named_after, sealed

# ``through`` is the last event of the cases that was seen to have been carried out before this row.
deliveries = Table(
    "deliveries",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("place", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("order_id", String),
    Column("serial", Wide, nullable=False),
    Column("orders", Integer, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("through", Integer, nullable=False),
    Column("laboratory", Boolean, nullable=False),
    Column("at", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    CheckConstraint("kind in ('update', 'withdrawal', 'reconciled')"),
    Index("deliveries_by_place", "place", "laboratory", "seq"),
    Index("deliveries_by_kind", "place", "laboratory", "kind"),
)
append_only(deliveries)
sealed(deliveries, "artefact", room=__name__, id=named_after("artefact"), order_id="order")
agrees(
    deliveries,
    **{name: name for name in "place kind serial orders entries through laboratory at".split()},
    order_id="order",
)
refuse(
    deliveries, "of_an_order", "before insert", "what is delivered is an order that was in force",
    "new.kind is not 'reconciled' and not exists (select 1 from orders o where o.id = new.order_id "
    "and o.activated_at is not null and o.measure = 'block_access' and o.laboratory = new.laboratory)",
)  # fmt: skip

# What each owner held after a delivery, so that the latest row of an owner says what stands there.
delivered = Table(
    "delivered",
    metadata,
    Column("place", String, primary_key=True, nullable=False),
    Column("rule", String, primary_key=True, nullable=False),
    Column("delivery", String, primary_key=True, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("order_id", String, nullable=False),
    Column("held", Text, nullable=False),
    Index("delivered_latest", "place", "rule", "seq"),
    sqlite_with_rowid=False,
)
append_only(delivered)
refuse(
    delivered, "by_a_delivery", "before insert", "what stands at an owner was delivered there",
    "not exists (select 1 from deliveries d where d.id = new.delivery and d.seq = new.seq "
    "and d.place = new.place)",
)  # fmt: skip

# Which order ends next must be found without reading them all.
Index("orders_by_expiry", orders.c.state, orders.c.expires_at)


@audit
def owners_as_sealed(connection: Connection) -> Iterator[Problem]:
    """What stands at each owner is what the sealed delivery put there."""
    there: dict[str, set[tuple[str, str, int, str]]] = {}
    columns = (delivered.c.delivery, delivered.c.place, delivered.c.rule, delivered.c.seq, delivered.c.held)
    for name, place, rule, seq, held in connection.execute(select(*columns)):
        there.setdefault(name, set()).add((place, rule, seq, held))
    for name, seq, record in connection.execute(
        select(deliveries.c.id, deliveries.c.seq, deliveries.c.record).order_by(deliveries.c.seq)
    ):
        try:
            told = msgspec.json.decode(record)
            named = {
                (told["place"], change["rule"], seq, msgspec.json.encode(change["now"]).decode())
                for change in told["changes"]
            }
        except (msgspec.DecodeError, KeyError, TypeError, ValueError):
            named = set()  # told by the check of the row itself
        if there.pop(name, set()) != named:
            yield Problem(f"delivered {name}", "it is not what the sealed delivery put there")
    for name in there:
        yield Problem(f"delivered {name}", "there is no such delivery")
