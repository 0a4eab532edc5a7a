"""History: compliance over time, by vantage, from the checks on record. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import msgspec

from ringfence.verify.check import Check
from ringfence.verify.expectation import COLLATERAL, Expectation

BLOCKING: Final = frozenset({"name", "below"})


class VantageHistory(msgspec.Struct, frozen=True):
    """One vantage, as a rule one resolver. ``first_blocked_ms`` are the milliseconds from approval to the
    first blocked answer and ``first_lifted_ms`` those from the end of an order to the first open one,
    sorted, of those seen; ``never`` counts the expectations of a block that were never seen met.
    ``met``, ``unmet`` and ``unknown`` count what the latest check of each expectation says, ``lapses``
    how often a block that had been seen was then not there. ``collateral`` are neighbours that were
    seen blocked at their latest look."""

    vantage: str
    orders: int
    checks: int
    first_blocked_ms: tuple[int, ...]
    first_lifted_ms: tuple[int, ...]
    never: int
    met: int
    unmet: int
    unknown: int
    lapses: int
    collateral: tuple[str, ...]


class Moment(msgspec.Struct, frozen=True):
    """The state of a vantage's expectations after a look at ``at`` (UTC stamp)."""

    at: str
    vantage: str
    met: int
    unmet: int
    unknown: int


def histories(expectations: Iterable[Expectation], checks: Iterable[Check]) -> list[VantageHistory]:
    """One summary a vantage, by name. ``checks`` oldest first."""
    known = {expectation.id: expectation for expectation in expectations}
    made: dict[str, list[Check]] = {}
    for check in checks:
        if check.expectation in known:
            made.setdefault(check.expectation, []).append(check)
    vantages: dict[str, list[Expectation]] = {}
    for expectation in known.values():
        vantages.setdefault(expectation.vantage, []).append(expectation)
    return [_history(name, vantages[name], made) for name in sorted(vantages)]


def timeline(expectations: Iterable[Expectation], checks: Iterable[Check]) -> list[Moment]:
    """How each vantage stood after each of its looks, oldest first."""
    known = {expectation.id for expectation in expectations}
    latest: dict[str, dict[str, bool | None]] = {}
    moments: list[Moment] = []
    seen = [check for check in checks if check.expectation in known and check.observed_at is not None]
    for check in sorted(seen, key=lambda check: check.observed_at or ""):
        states = latest.setdefault(check.vantage, {})
        states[check.expectation] = check.met
        values = list(states.values())
        met, unmet = values.count(True), values.count(False)
        moments.append(
            Moment(check.observed_at or "", check.vantage, met, unmet, len(values) - met - unmet)
        )  # fmt: skip
    return moments


def quantile(ordered: Sequence[int], thousandths: int) -> int | None:
    """The value below which that part of a sorted list lies (nearest rank); None of an empty one."""
    if not ordered:
        return None
    rank = -(-thousandths * len(ordered) // 1000)
    return ordered[max(rank, 1) - 1]


def _history(vantage: str, expected: list[Expectation], made: dict[str, list[Check]]) -> VantageHistory:
    blocked, lifted, states, hit = [], [], [], set()
    never = lapses = count = 0
    for expectation in expected:
        checks = made.get(expectation.id, [])
        count += len(checks)
        met = checks[-1].met if checks else None
        states.append(met)
        first = min((check.after_ms for check in checks if check.after_ms is not None), default=None)
        if expectation.purpose in BLOCKING:
            lapses += _lapses(checks)
            never += first is None
            blocked += [] if first is None else [first]
        elif expectation.purpose == "lifted":
            lifted += [] if first is None else [first]
        elif expectation.purpose in COLLATERAL and met is False:
            hit.add(expectation.host)
    return VantageHistory(
        vantage=vantage,
        orders=len({expectation.order for expectation in expected}),
        checks=count,
        first_blocked_ms=tuple(sorted(blocked)),
        first_lifted_ms=tuple(sorted(lifted)),
        never=never,
        met=states.count(True),
        unmet=states.count(False),
        unknown=states.count(None),
        lapses=lapses,
        collateral=tuple(sorted(hit)),
    )


def _lapses(checks: list[Check]) -> int:
    conclusive = [check.met for check in checks if check.met is not None]
    return sum(before and not after for before, after in pairwise(conclusive))
