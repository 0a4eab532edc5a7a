"""Parameters are drawn, never constants; and development and reporting draw from different ranges.

A design names a range for each parameter. Development seeds draw from it as it stands. A reporting seed
first moves it by up to a quarter of its width and widens it by 20 to 60 % at each end, by amounts drawn
from that seed, so that rules tuned on development seeds have not seen what they are measured on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ringfence.core.errors import InputError
from ringfence.desks.payments.world.flows import Array

DEVELOPMENT = range(1, 100)
REPORTING_FROM = 1001
Family = Literal["development", "reporting"]


def family_of(seed: int) -> Family:
    """The family of a seed. Raises `InputError` for those between and below, which belong to none."""
    if seed in DEVELOPMENT:
        return "development"
    if seed >= REPORTING_FROM:
        return "reporting"
    raise InputError(
        f"seed {seed} belongs to no family", hint="1 to 99 for development, 1001 and above for reporting"
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """One parameter of one design: the range drawn from, and what came out (unit as the name says)."""

    design: str
    name: str
    low: float
    high: float
    values: Array


@dataclass(slots=True)
class Draw:
    """Draws the parameters of designs and keeps what was drawn, for the README of the world."""

    seed: int
    family: Family
    kept: list[Drawn] = field(default_factory=list)
    design: str = ""
    rng: np.random.Generator = field(init=False)
    _spans: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = stream(self.seed, 0)

    def about(self, design: str) -> Draw:
        """The same, for the parameters of this design."""
        self.design = design
        return self

    def span(self, name: str, low: float, high: float, floor: float, ceiling: float) -> tuple[float, float]:
        """The range that this seed draws the design's parameter from."""
        if self.family == "development" or low == high:
            return low, high
        known = self._spans.get((self.design, name))
        if known is None:
            width = high - low
            shift = self.rng.uniform(-0.25, 0.25) * width
            below, above = self.rng.uniform(0.2, 0.6, 2) * width
            known = max(floor, low + shift - below), min(ceiling, high + shift + above)
            self._spans[self.design, name] = known
        return known

    def uniform(
        self, name: str, low: float, high: float, n: int, *, floor: float = 0.0, ceiling: float = np.inf
    ) -> Array:
        """``n`` values, even over the range; never beyond ``floor`` and ``ceiling``."""
        low, high = self.span(name, low, high, floor, ceiling)
        return self._keep(name, low, high, self.rng.uniform(low, high, n))

    def share(self, name: str, low: float, high: float, n: int) -> Array:
        """``n`` shares between 0 and 1."""
        return self.uniform(name, low, high, n, ceiling=1.0)

    def scale(self, name: str, low: float, high: float, n: int) -> Array:
        """``n`` positive values, even over the range's logarithm (rates, amounts, delays)."""
        below, above = self.span(name, float(np.log(low)), float(np.log(high)), -np.inf, np.inf)
        values = np.exp(self.rng.uniform(below, above, n))
        return self._keep(name, float(np.exp(below)), float(np.exp(above)), values)

    def whole(self, name: str, low: int, high: int, n: int, *, floor: int = 1) -> Array:
        """``n`` whole numbers, both ends included."""
        below, above = self.span(name, low, high, floor, np.inf)
        return self._keep(name, below, above, self.rng.integers(round(below), round(above) + 1, n))

    def _keep(self, name: str, low: float, high: float, values: Array) -> Array:
        if len(values):
            self.kept.append(Drawn(self.design, name, low, high, values))
        return values

    def table(self) -> Iterator[tuple[str, str, int, float, float, float, float, float]]:
        """design, parameter, how many, range, and minimum, median, maximum of what was drawn."""
        of: dict[tuple[str, str], list[Drawn]] = {}
        for one in self.kept:
            of.setdefault((one.design, one.name), []).append(one)
        for (design, name), found in of.items():
            v = np.concatenate([one.values for one in found])
            low, high = min(one.low for one in found), max(one.high for one in found)
            yield design, name, len(v), low, high, float(v.min()), float(np.median(v)), float(v.max())


def stream(*key: int) -> np.random.Generator:
    """Randomness of its own for (seed, …): a day can be made again without those before it."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(key)))
