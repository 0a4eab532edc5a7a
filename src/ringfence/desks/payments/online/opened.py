"""Opened: alerts that may still grow, each until no window of its typology can reach it."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ringfence.desks.payments.alert import Seen

Key = tuple[int, str]  # account, typology
First = tuple[int, int, int, int, int, int]


class Open:
    """Windows that overlap, and the stretches that hold their rows."""

    __slots__ = ("end", "first", "start", "stretches")

    def __init__(self, start: int, end: int, first: First, stretches: set[int]) -> None:
        self.start, self.end, self.first, self.stretches = start, end, first, stretches


class Opened:
    """By account and typology; ``horizon`` tells how far later windows reach back."""

    def __init__(self, horizon: Mapping[str, int]) -> None:
        self._horizon = horizon
        self._by: dict[Key, list[Open]] = {}
        self._rows: dict[int, list[int]] = {}  # of a stretch
        self._due: list[tuple[int, int, str]] = []  # when one of them may be final; that it grew is seen then

    def rows(self, told: Iterable[tuple[int, int]]) -> None:
        """Rows new to stretches."""
        for stretch, row in told:
            self._rows.setdefault(stretch, []).append(row)

    def join(self, key: Key, start: int, end: int, first: First, stretch: int) -> None:
        """A window that ends later than all before."""
        listed = self._by.setdefault(key, [])
        touched = [one for one in listed if one.end >= start]
        if not touched:
            listed.append(Open(start, end, first, {stretch}))
            if len(listed) == 1:  # one entry for each key that has any
                heapq.heappush(self._due, (end + self._horizon[key[1]], *key))
            return
        kept = touched[0]
        for one in touched[1:]:
            kept.stretches |= one.stretches
            kept.first = min(kept.first, one.first)
            kept.start = min(kept.start, one.start)
            listed.remove(one)
        kept.start, kept.end = min(kept.start, start), end
        kept.first = min(kept.first, first)
        kept.stretches.add(stretch)

    def before(self, now: int) -> Iterator[Seen]:
        """Those that are final now, in the order in which they became so."""
        due = self._due
        while due and due[0][0] < now:
            at, account, typology = heapq.heappop(due)
            key, reach = (account, typology), self._horizon[typology]
            listed = self._by.get(key, [])
            for one in [one for one in listed if one.end + reach <= at]:
                yield self._seen(key, one)
                listed.remove(one)
            if listed:
                # What grew in between is due later.
                again = min(one.end for one in listed) + reach
                heapq.heappush(due, (again, account, typology))
            else:
                self._by.pop(key, None)

    def all(self) -> list[Seen]:
        """All of them, where the stream ends."""
        done = sorted(self._seen(key, one) for key, listed in self._by.items() for one in listed)
        self._by.clear()
        self._due.clear()
        return done

    def accounts(self) -> set[int]:
        """Those that have any."""
        return {account for account, _ in self._by}

    def least_row(self) -> int | None:
        """The first row that one of them has, or None."""
        return min((row for rows in self._rows.values() for row in rows), default=None)

    def _seen(self, key: Key, one: Open) -> Seen:
        rows = {row for stretch in one.stretches for row in self._rows.pop(stretch)}
        return Seen(one.end, key[0], key[1], one.start, one.first, tuple(sorted(rows)))

    def to_dict(self) -> dict[str, Any]:
        """For a file."""
        return {
            "open": [
                [*key, [[one.start, one.end, one.first, sorted(one.stretches)] for one in listed]]
                for key, listed in self._by.items()
            ],
            "rows": list(self._rows.items()),
        }

    def load(self, told: Mapping[str, Any]) -> None:
        """From `to_dict`."""
        self._rows = {stretch: list(rows) for stretch, rows in told["rows"]}
        for account, typology, listed in told["open"]:
            made = [Open(start, end, tuple(first), set(held)) for start, end, first, held in listed]
            self._by[account, typology] = made
            due = min(one.end for one in made) + self._horizon[typology]
            self._due.append((due, account, typology))
        heapq.heapify(self._due)
