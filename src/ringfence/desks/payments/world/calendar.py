"""Days of a world, and who is at work on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from ringfence.desks.payments.world.deeds import Deeds
from ringfence.desks.payments.world.flows import Array


@dataclass(frozen=True, slots=True)
class Day:
    """One local day: its number from 0, its midnight (ms UTC), whether it is a Saturday or Sunday."""

    number: int
    midnight: int
    weekend: bool


def days(start: date, count: int, zone: ZoneInfo) -> list[Day]:
    """So many days from ``start``, and the midnight that ends the last of them."""
    made = []
    for number in range(count + 1):
        on = start + timedelta(days=number)
        moment = datetime.combine(on, time(), zone)
        made.append(Day(number, round(moment.timestamp()) * 1000, on.weekday() >= 5))
    return made


def working(rng: np.random.Generator, c: dict[str, Array], day: Day, deeds: Deeds) -> tuple[Array, Array]:
    """How many dealings each row has on this day, and its price factor of the day.

    Rows with a ``period`` work on one day of each, once; those that take turns only when it is theirs.
    """
    n = len(c["account"])
    on = (c["first"] <= day.number) & (day.number <= c["last"])
    on &= (day.number // c["span"]) % c["turns"] == c["turn"]
    on &= (c["period"] == 0) | ((day.number + c["phase"]) % np.maximum(c["period"], 1) == 0)
    on &= rng.random(n) < c["active"]
    rate = c["rate"] * np.exp(c["sigma"] * rng.standard_normal(n))
    if day.weekend:
        rate = rate * c["weekend"]
    count = np.where(on, rng.poisson(np.minimum(rate, 1e6)), 0)
    count = np.where(c["period"] > 0, np.minimum(count, 1), count)
    deeds.mark(c["account"][(count > 0) & (c["deed"] > 0)], day.number)
    factor = np.exp(c.get("daily", np.zeros(n)) * rng.standard_normal(n))
    return count, factor
