"""Behind: lists that still lack an order in force, or still hold one that is in force no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from ringfence.cases.tables import orders
from ringfence.core.time import stamp
from ringfence.enforce.artefact import artefact_orders, artefacts
from ringfence.enforce.primary.tables import delivered, deliveries
from ringfence.enforce.wish import Takes, measures_of

# What targets list; all others list names.
_TAKES: Mapping[str, Takes] = {"nftables": "addresses", "payments": "accounts"}


class Behind(msgspec.Struct, frozen=True):
    """``place`` is a target or ``live`` and a primary; ``since`` when the order came into its present
    state. ``holds``: the list still has the order; else it lacks it."""

    place: str
    order: str
    case: str
    since: str
    holds: bool


def behind(connection: Connection, at: datetime) -> list[Behind]:
    """Every list against every order, as recorded: the last artefact of each target, and what the last
    delivery left at each primary. What the guard refuses or a format cannot say is lacking too."""
    found: list[Behind] = []
    for target, laboratory, name in _latest(connection):
        inside = select(artefact_orders.c.order_id).where(artefact_orders.c.artefact == name)
        place = f"{target} (laboratory)" if laboratory else str(target)
        takes: Takes = _TAKES.get(target, "names")
        named = orders.c.addresses != "[]" if takes == "addresses" else orders.c.host != ""
        if takes == "accounts":
            named = orders.c.subject.startswith("account:")
        lacks = _orders(
            orders.c.laboratory == bool(laboratory), orders.c.measure.in_(measures_of(takes)), named,
            orders.c.id.not_in(inside), _in_force(at),
        )  # fmt: skip
        holds = _orders(orders.c.id.in_(inside), ~_in_force(at))
        found += _rows(connection, lacks, place, holds=False)
        found += _rows(connection, holds, place, holds=True)
    for place, inside in _live(connection):
        found += _rows(connection, _orders(orders.c.id.in_(inside), ~_in_force(at)), place, holds=True)
    return found


def holding(connection: Connection, order: str) -> list[str]:
    """The targets and primaries whose list still has an order, as recorded."""
    places = [
        f"{target} (laboratory)" if laboratory else str(target)
        for target, laboratory, name in _latest(connection)
        if connection.execute(
            select(artefact_orders.c.order_id).where(
                artefact_orders.c.artefact == name, artefact_orders.c.order_id == order
            )
        ).first()
    ]
    for place, inside in _live(connection):
        if connection.execute(
            select(orders.c.id).where(orders.c.id == order, orders.c.id.in_(inside))
        ).first():
            places.append(place)
    return places


def _latest(connection: Connection) -> list[tuple[str, bool, str]]:
    last = select(func.max(artefacts.c.seq)).group_by(artefacts.c.target, artefacts.c.laboratory)
    found = select(artefacts.c.target, artefacts.c.laboratory, artefacts.c.id).where(
        artefacts.c.seq.in_(last)
    )
    rows = connection.execute(found.order_by(artefacts.c.target, artefacts.c.laboratory)).all()
    return [(target, bool(laboratory), name) for target, laboratory, name in rows]


def _live(connection: Connection) -> Iterator[tuple[str, Select[tuple[str]]]]:
    """Each primary, and the orders of what stands there by the last delivery to each owner."""
    places = connection.execute(select(deliveries.c.place).distinct().order_by(deliveries.c.place)).scalars()
    for place in places.all():
        last = (
            select(delivered.c.rule, func.max(delivered.c.seq).label("seq"))
            .where(delivered.c.place == place)
            .group_by(delivered.c.rule)
            .subquery()
        )
        same = and_(delivered.c.rule == last.c.rule, delivered.c.seq == last.c.seq)
        yield (
            f"live {place}",
            select(delivered.c.order_id)
            .join(last, same)
            .where(delivered.c.place == place, delivered.c.held != "[]"),
        )


def _in_force(at: datetime) -> ColumnElement[bool]:
    return and_(orders.c.state == "active", orders.c.expires_at > stamp(at))


def _orders(*where: ColumnElement[bool]) -> Select[Any]:
    column = orders.c
    return select(
        column.id, column.case_id, column.moved_at, column.expires_at, column.state
    ).where(and_(*where)).order_by(column.moved_at, column.id)  # fmt: skip


def _rows(connection: Connection, found: Select[Any], place: str, *, holds: bool) -> list[Behind]:
    return [
        # One whose time is up counts as ended from then on, although nobody has moved its row.
        Behind(
            place, order, case, ends if holds and state == "active" else since, holds,
        )
        for order, case, since, ends, state in connection.execute(found)
    ]  # fmt: skip
