"""Curve: how long it took until the first blocked answer, as the share of measures blocked by then. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec

from ringfence.interfaces.report.dossier import Dossier


class Tick(msgspec.Struct, frozen=True):
    """A mark on the axis, at ``at`` per cent of its length."""

    at: float
    label: str


class Curve(msgspec.Struct, frozen=True):
    """An empirical distribution. ``path`` is SVG path data in a square of 100 × 100 with the origin
    above; ``marks`` are the median and the 95th percentile; ``points`` the values on the axis."""

    count: int
    lowest: float
    median: float
    p95: float
    highest: float
    path: str
    points: tuple[float, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Tick, ...]


def times(dossiers: Iterable[Dossier]) -> list[float]:
    """Seconds from the instant since which each order's block must hold to the first blocked answer at
    the ordered name; of several vantages the slowest counts. Orders never seen blocked are left out."""
    found: list[float] = []
    for item in dossiers:
        for ordered in item.orders:
            taken = [
                check.seconds
                for expectation, check in ordered.checks
                if expectation.purpose == "name" and check is not None and check.seconds is not None
            ]
            if taken:
                found.append(max(taken))
    return found


def curve(values: Iterable[float]) -> Curve | None:
    """The picture of some seconds; None of none."""
    ordered = sorted(values)
    if not ordered:
        return None
    step, end = _axis(ordered[-1])

    def at(value: float) -> float:
        return round(100 * value / end, 2)

    count = len(ordered)
    path = ["M0 100"]
    for index, value in enumerate(ordered, 1):
        path.append(f"H{at(value)}V{round(100 - 100 * index / count, 2)}")
    path.append("H100")
    median, p95 = quantile(ordered, 0.5), quantile(ordered, 0.95)
    ticks = tuple(Tick(at(step * n), f"{step * n:g}") for n in range(round(end / step) + 1))
    marks = (Tick(at(median), f"median {_said(median)}"), Tick(at(p95), f"95 % by {_said(p95)}"))
    points = tuple(dict.fromkeys(map(at, ordered)))
    return Curve(count, ordered[0], median, p95, ordered[-1], "".join(path), points, ticks, marks)


def quantile(ordered: list[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed (nearest rank)."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _axis(highest: float) -> tuple[float, float]:
    """A round step, and the end of an axis of three to six steps that holds the highest value."""
    if highest <= 0:
        return 1.0, 3.0
    rough = highest / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    return step, step * max(3, math.ceil(highest / step))


def _said(value: float) -> str:
    return f"{value:.2f} s" if value < 10 else f"{value:,.0f} s"
