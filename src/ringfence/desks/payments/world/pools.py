"""Whom one may meet: pools of accounts, some of them met more often than others."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.world.draw import stream
from ringfence.desks.payments.world.flows import Array

NAMES = (
    "persons", "coin_people", "punters", "workers", "students", "firms", "sellers", "wholesalers",
    "exchanges", "bank", "gig_workers", "makers", "houses",
)  # fmt: skip
POOL = {name: at for at, name in enumerate(NAMES)}
_FINE = 4  # places in the table for each member


class Pools:
    """Members of each pool in a drawn order, and tables in which the sociable stand several times."""

    def __init__(self, members: dict[str, Array], weight: Array, seed: int) -> None:
        self.members: list[Array] = []
        self._tables: list[Array] = []
        for at, name in enumerate(NAMES):
            rng = stream(seed, 2, at)
            found = rng.permutation(members[name])
            self.members.append(found)
            share = np.cumsum(np.where(weight[found] > 0, weight[found], 1.0))
            places = (np.arange(_FINE * len(found)) + 0.5) / (_FINE * len(found)) * share[-1]
            self._tables.append(found[np.searchsorted(share, places)])

    def pick(self, rng: np.random.Generator, c: dict[str, Array], own: Array) -> Array:
        """An account for each row number: a regular of its circle, or anybody in its pool."""
        pool = c["pool"][own]
        u = rng.random(len(own))
        regular = rng.random(len(own)) < c["repeat"][own]
        # Within a circle the first are met most, so one has both regulars and acquaintances.
        place = c["begin"][own] + (c["circle"][own] * u**1.7).astype(np.int64)
        out = np.empty(len(own), np.int64)
        for number in np.unique(pool):
            at = np.flatnonzero(pool == number)
            members, table = self.members[number], self._tables[number]
            anybody = table[(u[at] * len(table)).astype(np.int64)]
            out[at] = np.where(regular[at], members[place[at] % len(members)], anybody)
        return out

    def anybody(self, rng: np.random.Generator, number: Array) -> Array:
        """A random member of each pool number."""
        out = np.empty(len(number), np.int64)
        for one in np.unique(number):
            at = np.flatnonzero(number == one)
            table = self._tables[one]
            out[at] = table[rng.integers(0, len(table), len(at))]
        return out


def targets(rng: np.random.Generator, c: dict[str, Array], own: Array, pools: Pools, pool: str) -> Array:
    """Who is paid for each row number: one of the row's own targets, or somebody of its pool."""
    count = np.maximum(c["targets"][own], 1)
    out = c["target"][own, (rng.random(len(own)) * count).astype(np.int64)]
    number = c[pool][own]
    at = np.flatnonzero((number >= 0) & (c["targets"][own] == 0))
    if len(at):
        out[at] = pools.anybody(rng, number[at])
    return out
