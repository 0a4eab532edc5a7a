"""Compliance over time as a table and as JSON: one row a vantage."""

from __future__ import annotations

from typing import Any

from ringfence.interfaces.cli.common import emit, table
from ringfence.verify.history import VantageHistory, quantile

_COLUMNS = (
    "vantage",
    "first block: median, p95, worst",
    "never",
    "met, not, unknown",
    "lapses",
    "collateral",
)


def compliance_line(one: VantageHistory) -> dict[str, Any]:
    """Seconds from approval to the first blocked answer, and how the vantage stands."""
    return {
        "vantage": one.vantage,
        "orders": one.orders,
        "checks": one.checks,
        "first_blocked": _spread(one.first_blocked_ms),
        "first_lifted": _spread(one.first_lifted_ms),
        "never": one.never,
        "met": one.met,
        "unmet": one.unmet,
        "unknown": one.unknown,
        "lapses": one.lapses,
        "collateral": one.collateral,
    }


def show_compliance(histories: list[VantageHistory], as_json: bool) -> None:
    """Print them."""
    if as_json:
        for one in histories:
            emit(compliance_line(one))
        return
    rows = []
    for one in histories:
        spread = _spread(one.first_blocked_ms)
        seconds = (
            "–" if spread[name] is None else f"{spread[name]:.2f}" for name in ("median", "p95", "max")
        )
        counts = f"{one.met}, {one.unmet}, {one.unknown}"
        hit = ", ".join(one.collateral[:3]) + (" …" if len(one.collateral) > 3 else "")
        rows.append(
            (one.vantage, ", ".join(seconds) + " s", str(one.never), counts, str(one.lapses), hit or "none")
        )  # fmt: skip
    table("Compliance by vantage", _COLUMNS, rows)


def _spread(ms: tuple[int, ...]) -> dict[str, float | int | None]:
    def seconds(value: int | None) -> float | None:
        return None if value is None else value / 1000

    return {
        "count": len(ms),
        "median": seconds(quantile(ms, 500)),
        "p95": seconds(quantile(ms, 950)),
        "max": seconds(quantile(ms, 1000)),
    }
