"""Scorer: events in, alerts out as soon as nothing that is still to come can be part of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numba.typed import List

from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.online import step, table
from ringfence.desks.payments.online.plan import Plan, plan
from ringfence.desks.payments.online.state import (
    BOOKED,
    HITS,
    LASTS,
    MEMBERS,
    NODES,
    SLOTS,
    SPAN,
    Sizes,
    State,
    empty,
    more_nodes,
    nbytes,
    sizes,
)  # fmt: skip
from ringfence.desks.payments.rules import Rules

# One type each, so that there is one compiled form.
COLUMNS: Final = dict.fromkeys(("row", "o", "payer", "payee", "amount", "currency"), np.int64) | {
    "scan": np.bool_, "night": np.bool_, "memo": np.int64, "band": np.int64, "coin": np.int64,
    "payer_exchange": np.bool_, "payee_exchange": np.bool_, "advertised": np.bool_,
}  # fmt: skip


class Open:
    """An alert that may still grow."""

    __slots__ = ("end", "first", "start", "stretches")

    def __init__(self, start: int, end: int, first: tuple[int, ...], stretches: set[int]) -> None:
        self.start, self.end, self.first, self.stretches = start, end, first, stretches


class Scorer:
    """The typologies over a stream in the order of ``o``."""

    def __init__(self, rules: Rules, currencies: Sequence[str]) -> None:
        self._plan: Plan = plan(rules, currencies)
        self._state: State = empty(len(self._plan.lengths), self._plan.books, Sizes())
        self._out = List([np.zeros((1 << 10, 9), np.int64), np.zeros((1 << 12, 2), np.int64)])
        self._open: dict[tuple[int, str], list[Open]] = {}
        self._rows: dict[int, list[int]] = {}  # of a stretch
        self.now = -1  # the last order key

    @property
    def nbytes(self) -> int:
        """Bytes of the tables."""
        return nbytes(self._state)

    def push(self, columns: Mapping[str, Any]) -> list[tuple[int, str]]:
        """Transactions, later than all before; the (account, typology) whose alerts began or grew."""
        arrays = [np.ascontiguousarray(columns[name], kind) for name, kind in COLUMNS.items()]
        p = self._plan
        at, end = 0, len(columns["o"])
        grown: list[tuple[int, str]] = []
        while at < end:
            at = step.run(self._state, p.numbers, p.lengths, p.at, p.least, at, *arrays, self._out)
            if at:
                self.now = int(columns["o"][at - 1])
            grown += self._told()
            if at < end:
                self._make_room()
        return grown

    def ready(self) -> list[Seen]:
        """Alerts that nothing later can be part of; told once."""
        done: list[Seen] = []
        for key, listed in list(self._open.items()):
            before = self.now - self._plan.horizon[key[1]]
            over = [one for one in listed if one.end < before]
            if over:
                done += (self._seen(key, one) for one in over)
                left = [one for one in listed if one.end >= before]
                if left:
                    self._open[key] = left
                else:
                    del self._open[key]
        return sorted(done)

    def rest(self) -> list[Seen]:
        """All that is open, where the stream ends."""
        done = [self._seen(key, one) for key, listed in self._open.items() for one in listed]
        self._open.clear()
        return sorted(done)

    def _seen(self, key: tuple[int, str], one: Open) -> Seen:
        rows = {row for stretch in one.stretches for row in self._rows.pop(stretch)}
        first: Any = one.first
        return Seen(one.end, key[0], key[1], one.start, first, tuple(sorted(rows)))

    def _told(self) -> Iterator[tuple[int, str]]:
        control = self._state.control
        hits, rows = self._out[0][: control[HITS]].tolist(), self._out[1][: control[MEMBERS]].tolist()
        control[HITS] = control[MEMBERS] = 0
        for stretch, row in rows:
            self._rows.setdefault(stretch, []).append(row)
        grown: dict[tuple[int, str], None] = {}
        for stretch, watch, account, start, end, length, *measures in hits:
            key = (account, self._plan.names[watch])
            first = (end, length, start, *measures)
            self._join(key, start, end, first, stretch)
            grown[key] = None
        return iter(grown)

    def _join(self, key: tuple[int, str], start: int, end: int, first: tuple[int, ...], stretch: int) -> None:
        listed = self._open.setdefault(key, [])
        touched = [one for one in listed if one.end >= start]
        if not touched:
            listed.append(Open(start, end, first, {stretch}))
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

    def _make_room(self) -> None:
        """Drop what no window reaches; make larger what is more than half full even so."""
        room = sizes(self._state)
        state = self._rebuilt(self._state, room)
        c = state.control

        def enough(used: int, size: int) -> int:
            while 2 * (used + SPAN) > size:
                size *= 2
            return size

        wide = Sizes(
            enough(int(c[SLOTS]), room.slots), enough(int(c[BOOKED]), room.books),
            enough(int(c[LASTS]), room.lasts), room.nodes,
        )  # fmt: skip
        if wide != room:
            state = self._rebuilt(state, wide)
        while 2 * (int(c[NODES]) + SPAN) > len(state.n_o):
            state = more_nodes(state)
        self._state = state

    def _rebuilt(self, old: State, room: Sizes) -> State:
        blank = empty(len(self._plan.lengths), self._plan.books, room._replace(nodes=0))
        new = blank._replace(
            n_o=old.n_o, n_row=old.n_row, n_amount=old.n_amount, n_bits=old.n_bits, n_next=old.n_next,
            control=old.control,
        )  # fmt: skip
        old.control[SLOTS] = old.control[LASTS] = old.control[BOOKED] = 0
        table.move_slots(old, new, self._plan.reach, self.now)
        table.move_books(old, new, int(self._plan.lengths[-1]), self.now)
        table.move_lasts(old, new, self._plan.reach, self.now)
        return new
