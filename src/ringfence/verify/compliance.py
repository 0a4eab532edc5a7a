"""Compliance: what the checks of an order come to."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ringfence.verify.check import Check
from ringfence.verify.expectation import Expectation


class Compliance(msgspec.Struct, frozen=True):
    """``verified``: every expectation met; False once one is not; None while one is unknown. The
    figures count expectations; ``first_blocked_ms`` is the slowest vantage's first blocked answer;
    ``collateral`` are the neighbours seen blocked."""

    order: str
    verified: bool | None
    met: int
    unmet: int
    unknown: int
    first_blocked_ms: int | None
    collateral: tuple[str, ...]


def compliance(expectations: Iterable[Expectation], checks: Iterable[Check]) -> list[Compliance]:
    """One summary an order, by order id. Of several checks of one expectation the last given counts;
    an expectation without a check is unknown."""
    latest = {check.expectation: check for check in checks}
    orders: dict[str, list[Expectation]] = {}
    for expectation in expectations:
        orders.setdefault(expectation.order, []).append(expectation)
    return [_summary(order, orders[order], latest) for order in sorted(orders)]


def _summary(order: str, expected: list[Expectation], latest: dict[str, Check]) -> Compliance:
    found = [(expectation, latest.get(expectation.id)) for expectation in expected]
    states = [check.met if check else None for _, check in found]
    met, unmet = states.count(True), states.count(False)
    blocked = [
        check.after_ms
        for expectation, check in found
        if check and expectation.expect == "blocked" and check.after_ms is not None
    ]
    return Compliance(
        order=order,
        verified=False if unmet else True if met == len(states) else None,
        met=met,
        unmet=unmet,
        unknown=len(states) - met - unmet,
        first_blocked_ms=max(blocked, default=None),
        collateral=tuple(
            sorted({e.host for e, check in found if e.collateral and check and check.met is False})
        ),
    )
