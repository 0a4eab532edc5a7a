"""Compile: from active orders to an artefact, every entry past the guard. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ringfence.cases.order import Order
from ringfence.core.canonical import digest
from ringfence.core.errors import RefusedError
from ringfence.core.time import stamp
from ringfence.enforce.artefact import Artefact
from ringfence.enforce.entry import Entry, entries_of
from ringfence.enforce.guard import Context, judge
from ringfence.enforce.targets.target import Target


class Refusal(msgspec.Struct, frozen=True):
    """An entry that the guard keeps out, with the ids of its reasons."""

    order: str
    rule: str
    reasons: tuple[str, ...]


class Compiled(msgspec.Struct, frozen=True):
    """An artefact and what was kept out of it."""

    artefact: Artefact
    refused: tuple[Refusal, ...]


def select(orders: Iterable[Order], context: Context, at: datetime) -> tuple[list[Entry], list[Refusal]]:
    """The entries that may be published at an instant, sorted, and the refusals.

    Only blocks in force count. Where two orders want the same name, the entry names the one that
    lasts longest (then the lower id), so that the list changes as seldom as it can.
    """
    chosen: dict[tuple[str, bool], Entry] = {}
    refused: list[Refusal] = []
    for order in sorted(orders, key=lambda order: order.id):
        if order.measure != "block_access" or not order.in_force(at):
            continue
        for entry in entries_of(order):
            verdict = judge(entry.rule, context, subject=order.subject)
            if not verdict.allowed:
                refused.append(Refusal(order.id, entry.rule, verdict.reasons))
                continue
            there = chosen.get((entry.name, entry.wildcard))
            if there is None or entry.expires > there.expires:
                chosen[entry.name, entry.wildcard] = entry
    return sorted(chosen.values()), refused


def compile_artefact(
    orders: Iterable[Order],
    context: Context,
    target: Target,
    *,
    serial: int,
    at: datetime,
    laboratory: bool = False,
) -> Compiled:
    """The artefact for one target. ``laboratory`` states that the target is inside the laboratory.

    A refused entry keeps the rest and is reported. Raises `RefusedError` when the orders in force are
    not all of the stated kind, or the target has no place in a laboratory.
    """
    if laboratory and not target.laboratory_ok:
        raise RefusedError(f"{target.name} has no place in the laboratory")
    entries, refused = select(orders, context, at)
    content = target.render(entries, serial, laboratory)
    artefact = Artefact(
        target=target.name,
        serial=serial,
        entries=tuple(entries),
        orders=tuple(sorted({entry.order for entry in entries})),
        digest=digest(content),
        content=content,
        laboratory=laboratory,
        made_at=stamp(at),
    )
    return Compiled(artefact, tuple(refused))
