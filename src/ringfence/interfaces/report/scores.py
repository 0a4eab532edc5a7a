"""Scores: figures that come from outside the store, such as a comparison with the laboratory's truth."""

from __future__ import annotations

import math

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """One figure under its label. ``low`` and ``high`` are the ends of its confidence interval, None
    without one. ``share`` says that it is a proportion from 0 to 1, to be drawn on a scale."""

    label: str
    value: float | int | str
    low: float | None = None
    high: float | None = None
    note: str = ""
    share: bool = False


class Scores(msgspec.Struct, frozen=True):
    """Figures with the title they stand under, and a ``note`` on how they were made (seeds, designs)."""

    title: str
    figures: tuple[Figure, ...]
    note: str = ""

    @property
    def floor(self) -> float:
        """Where the scale of the intervals begins: the tenth below the lowest end, for it to be seen."""
        lows = [item.low for item in self.figures if item.share and item.low is not None]
        return min(9, max(0, math.floor(min(lows, default=0) * 10))) / 10
