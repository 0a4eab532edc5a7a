"""Reconcile: the whole zone at a primary against all orders in force; nothing is taken on trust."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

import msgspec
from sqlalchemy import Connection, select

from ringfence.cases.order import Order
from ringfence.cases.tables import orders
from ringfence.enforce.compile import Refusal
from ringfence.enforce.guard import Context
from ringfence.enforce.primary.change import Batch, Change
from ringfence.enforce.primary.held import NOTHING, Held, order_of, ours, records
from ringfence.enforce.primary.place import Place
from ringfence.enforce.primary.plan import permitted


class Difference(msgspec.Struct, frozen=True):
    """``batches`` make the zone what it should be; ``foreign`` are rules without an order of ours, which
    are left alone. ``orders``, ``entries`` and ``content`` describe the zone as it should be."""

    batches: tuple[Batch, ...]
    foreign: tuple[str, ...]
    refused: tuple[Refusal, ...]
    orders: int
    entries: int
    content: str


def compare(
    connection: Connection,
    place: Place,
    there: dict[str, Held],
    redirect: Sequence[str],
    context: Context,
    at: datetime,
) -> Difference:
    """What stands in a zone (``there``, by rule; it is used up) against the orders in force."""
    batches: list[Batch] = []
    refused: list[Refusal] = []
    count, total, content = 0, 0, hashlib.sha256()
    for group in _by_host(connection, place):
        entries, kept_out = permitted(group, redirect, context, at)
        refused.extend(kept_out)
        total += len({entry.order for entry in entries.values()})
        changes: dict[str, list[Change]] = {}
        for rule, entry in sorted(entries.items()):
            now = records(entry, redirect)
            was = there.pop(rule, NOTHING)
            count += 1
            content.update(f"{rule} {'; '.join(now)}\n".encode())
            if was != now:
                changes.setdefault(entry.order, []).append(Change(rule, was, now))
        batches.extend(Batch(order, False, tuple(found)) for order, found in changes.items())
    ended, foreign = _left(connection, place, there)
    return Difference(
        (*ended, *batches), tuple(foreign), tuple(refused), total, count, f"sha256:{content.hexdigest()}"
    )


def _by_host(connection: Connection, place: Place) -> Iterator[list[Order]]:
    """The active orders, those for one host together, in flat memory."""
    found = (
        select(orders.c.record)
        .where(orders.c.state == "active", orders.c.laboratory == place.laboratory, orders.c.host > "")
        .order_by(orders.c.host)
    )
    rows = connection.execution_options(yield_per=1000).execute(found).scalars()
    host: Callable[[Order], str] = lambda order: order.scope.host  # noqa: E731
    for _, group in groupby(map(Order.from_record, rows), host):
        yield list(group)


def _left(connection: Connection, place: Place, there: dict[str, Held]) -> tuple[list[Batch], list[str]]:
    """What stands in the zone though no order in force asks for it: to be withdrawn where an order of
    ours once did, and foreign otherwise."""
    changes: dict[str, list[Change]] = {}
    foreign: list[str] = []
    for rule, was in sorted(there.items()):
        order = _once(connection, place, rule, was)
        if order is None:
            foreign.append(rule)
        else:
            changes.setdefault(order, []).append(Change(rule, was, NOTHING))
    return [Batch(order, True, tuple(found)) for order, found in changes.items()], foreign


def _once(connection: Connection, place: Place, rule: str, was: Held) -> str | None:
    """The order that put records there: the one they name, or one with this host and policy."""
    if not ours(was):
        return None
    name = order_of(was)
    where = (
        [orders.c.id == name]
        if name is not None
        else [
            orders.c.state.in_(("active", "revoked", "expired")),
            orders.c.host == rule.removeprefix("*."),
            orders.c.policy == "nxdomain",
        ]
    )
    found = select(orders.c.id).where(
        *where, orders.c.laboratory == place.laboratory, orders.c.activated_at.is_not(None)
    )
    return connection.execute(found.limit(1)).scalar()
