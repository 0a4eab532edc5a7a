"""Compile: from active orders to the entries of a list, every one past the guard. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter

import msgspec

from ringfence.cases.ladder import ACCOUNT_LADDER
from ringfence.cases.order import Order
from ringfence.cases.override import OVERRIDABLE
from ringfence.enforce.entry import Entry
from ringfence.enforce.guard import Context, judge, judge_account
from ringfence.enforce.wish import Takes, Wish, measures_of


class Refusal(msgspec.Struct, frozen=True):
    """An entry that the guard keeps out, with the ids of its reasons."""

    order: str
    rule: str
    reasons: tuple[str, ...]


class Overridden(msgspec.Struct, frozen=True):
    """An entry that stands although the guard had reasons against it, and on what grounds."""

    order: str
    rule: str
    reasons: tuple[str, ...]
    grounds: tuple[str, ...]


class Sieve:
    """The guard over a stream of wishes: what passes comes out, what does not is kept in ``refused``,
    what passed only by an approved override in ``overridden``."""

    def __init__(self, context: Context, takes: Takes = "names") -> None:
        self.context = context
        self.takes = takes
        self.refused: list[Refusal] = []
        self.overridden: list[Overridden] = []

    def entries(self, wishes: Iterable[Wish]) -> Iterator[Entry]:
        """The entries that may be published, sorted. ``wishes`` come sorted by `Wish.rank`.

        Where several orders want the same, the entry names the one that lasts longest (then the lower
        id), so that the list changes as seldom as it can.
        """
        context, takes = self.context, self.takes
        accounts = takes == "accounts"
        for _, same in groupby(wishes, key=attrgetter("subject" if accounts else "host")):
            passed = []
            for wish in same:
                for entry in wish.entries(takes):
                    rule = entry.address or (f"*.{entry.name}" if entry.wildcard else entry.name)
                    subject = wish.subject
                    verdict = judge_account(rule) if accounts else judge(rule, context, subject=subject)
                    if verdict.allowed or self._set_aside(wish, rule, verdict.reasons):
                        passed.append(entry)
                    else:
                        self.refused.append(Refusal(wish.order, rule, verdict.reasons))
            if accounts:
                passed = _hardest(passed)
            elif len(passed) > 2 or (len(passed) == 2 and passed[0].rule == passed[1].rule):
                passed = _longest(passed)
            yield from passed

    def _set_aside(self, wish: Wish, rule: str, reasons: tuple[str, ...]) -> bool:
        grounds = {item.reason: item.ground for item in wish.overrides if item.reason in OVERRIDABLE}
        if not all(reason in grounds for reason in reasons):
            return False
        self.overridden.append(
            Overridden(wish.order, rule, reasons, tuple(grounds[reason] for reason in reasons))
        )
        return True


def _hardest(entries: list[Entry]) -> list[Entry]:
    """One entry an account: the hardest measure in force, of several the one that lasts longest."""
    ranked = sorted(entries, key=lambda entry: entry.order)
    return sorted(ranked, key=lambda entry: (ACCOUNT_LADDER.index(entry.measure), entry.expires))[-1:]


def _longest(entries: list[Entry]) -> list[Entry]:
    chosen: dict[str, Entry] = {}
    for entry in entries:
        there = chosen.get(entry.rule)
        if there is None or entry.expires > there.expires:
            chosen[entry.rule] = entry
    return sorted(chosen.values())


def select(
    orders: Iterable[Order], context: Context, at: datetime, takes: Takes = "names"
) -> tuple[list[Entry], list[Refusal]]:
    """The entries that a handful of orders may publish at an instant, sorted, and the refusals. Only
    blocks in force count (for a list of accounts: measures on accounts). For all orders of a store see
    `publish`."""
    live = (order for order in orders if order.measure in measures_of(takes) and order.in_force(at))
    sieve = Sieve(context, takes)
    entries = list(sieve.entries(sorted((Wish.of(order) for order in live), key=lambda wish: wish.rank)))
    return entries, sieve.refused
