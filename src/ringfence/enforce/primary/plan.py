"""Plan: what the events since the last delivery ask of a primary. Reads the orders concerned alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, func, select

from ringfence.cases.order import Order
from ringfence.cases.reading import order_by, orders_where
from ringfence.cases.tables import case_events, orders
from ringfence.core.time import parse_stamp, stamp
from ringfence.enforce import compile as compiling
from ringfence.enforce.compile import Refusal
from ringfence.enforce.entry import Entry, entries_of
from ringfence.enforce.guard import Context
from ringfence.enforce.primary.change import Batch, Change
from ringfence.enforce.primary.delivery import Delivery, standing
from ringfence.enforce.primary.held import NOTHING, records
from ringfence.enforce.primary.place import Place

_ENTERS = ("activated", "resumed")
_TURNS = (*_ENTERS, "suspended", "revoked", "expired")
NO_PAGE = "redirect.without_address"


class Plan(msgspec.Struct, frozen=True):
    """``head`` is the last event read; ``batches`` come in the order of their events."""

    head: int
    batches: tuple[Batch, ...]
    refused: tuple[Refusal, ...]


def plan(
    connection: Connection, place: Place, redirect: Sequence[str], context: Context, at: datetime,
    latest: Delivery, after: int,
) -> Plan:  # fmt: skip
    """What to do at a place for the events after ``after``, and for what ``latest`` left open."""
    turned = _turned(connection, place, after)
    for name in latest.open:
        turned.setdefault(name, "")
    touched: dict[str, list[Order]] = {}
    for name in turned:
        order = order_by(connection, name)
        touched.setdefault(order.scope.host, []).append(order)
    batches: list[Batch] = []
    refused: list[Refusal] = []
    for host, changed in touched.items():
        live = _live(connection, place, host)
        entries, kept_out = permitted(live, redirect, context, at)
        refused.extend(kept_out)
        before = _before(live, changed, turned, redirect, context)
        batches.extend(_batches(connection, place, redirect, entries, before, changed))
    return Plan(head(connection), tuple(batches), tuple(refused))


def head(connection: Connection) -> int:
    """The number of the last event of all cases; 0 before the first."""
    last: int = connection.execute(select(func.coalesce(func.max(case_events.c.seq), 0))).scalar_one()
    return last


def next_end(connection: Connection) -> str | None:
    """When the next active order ends (a UTC stamp; past where its row has not been moved), or None."""
    found = select(func.min(orders.c.expires_at)).where(orders.c.state == "active")
    return connection.execute(found).scalar()


def permitted(
    live: Sequence[Order], redirect: Sequence[str], context: Context, at: datetime
) -> tuple[dict[str, Entry], list[Refusal]]:
    """The entries of orders that may be published, by rule, and what is kept out."""
    entries, refused = compiling.select(live, context, at)
    fit = {entry.rule: entry for entry in entries if records(entry, redirect)}
    without = [Refusal(entry.order, entry.rule, (NO_PAGE,)) for entry in entries if entry.rule not in fit]
    return fit, [*refused, *without]


def _live(connection: Connection, place: Place, host: str) -> list[Order]:
    return orders_where(
        connection,
        orders.c.state == "active",
        orders.c.host == host,
        orders.c.laboratory == place.laboratory,
    )


def _turned(connection: Connection, place: Place, after: int) -> dict[str, str]:
    """The orders that came into force or out of it since, by their first such event, with its kind."""
    found = (
        select(orders.c.id, case_events.c.kind)
        .select_from(case_events)
        .join(orders, orders.c.id == case_events.c.order_id)
        .where(
            case_events.c.seq > after,
            case_events.c.kind.in_(_TURNS),
            orders.c.measure == "block_access",
            orders.c.laboratory == place.laboratory,
            orders.c.activated_at.is_not(None),
        )
        .order_by(case_events.c.seq)
    )
    turned: dict[str, str] = {}
    for order, kind in connection.execute(found):
        turned.setdefault(order, kind)
    return turned


def _before(
    live: Sequence[Order],
    changed: Sequence[Order],
    turned: dict[str, str],
    redirect: Sequence[str],
    context: Context,
) -> dict[str, Entry]:
    """The entries that stood at a host before the events, where no delivery names them one by one:
    those of the orders that were in force by then."""
    every = {order.id: order for order in (*live, *changed)}
    then = [
        msgspec.structs.replace(order, state="active")
        for order in every.values()
        if _stood(order, turned.get(order.id))
    ]
    if not then:
        return {}
    moment = parse_stamp(min(order.expires_at for order in then)) - timedelta(microseconds=1)
    return permitted(then, redirect, context, moment)[0]


def _stood(order: Order, first: str | None) -> bool:
    """Whether an order was in force before its first event since (None: it had none; empty: it was open)."""
    if first is None:
        return order.state == "active"
    return first not in _ENTERS if first else order.state != "active"


def _batches(
    connection: Connection,
    place: Place,
    redirect: Sequence[str],
    entries: dict[str, Entry],
    before: dict[str, Entry],
    changed: Sequence[Order],
) -> list[Batch]:
    """One batch an order: its own entries, or the withdrawal of those of an order that has ended."""
    rules = dict.fromkeys(entry.rule for order in changed for entry in entries_of(order))
    changes: dict[tuple[str, bool], list[Change]] = {}
    holders: dict[tuple[str, bool], set[str]] = {}
    for rule in (*rules, *(rule for rule in entries if rule not in rules)):
        known = standing(connection, place, rule)
        if known is None:
            there = before.get(rule)
            known = (records(there, redirect), there.order) if there else (NOTHING, "")
        was, holder = known
        entry = entries.get(rule)
        now = records(entry, redirect) if entry else NOTHING
        if was == now:
            continue
        key = (entry.order if entry else holder, entry is None)
        changes.setdefault(key, []).append(Change(rule, was, now))
        if was:
            holders.setdefault(key, set()).add(holder)
    return [
        Batch(order, ended, tuple(found), len(holders.get((order, ended), ())))
        for (order, ended), found in changes.items()
    ]


def due(connection: Connection, at: datetime) -> bool:
    """Whether an order's time is up and its row not yet moved."""
    found = select(orders.c.id).where(orders.c.state == "active", orders.c.expires_at <= stamp(at))
    return connection.execute(found.limit(1)).first() is not None
