"""Spill: books that were quiet for longest go to files, and come back whole when an event names them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from ringfence.desks.payments.online.away import carry, clear, wanted, weigh
from ringfence.desks.payments.online.log import FILE, Log, damaged
from ringfence.desks.payments.online.plan import Plan
from ringfence.desks.payments.online.record import HEAD, LEG, pack, sound, unpack
from ringfence.desks.payments.online.state import (
    AWAY,
    BOOKED,
    LAST,
    LASTS,
    NODES,
    NONE,
    SEEN,
    SLOT,
    SLOTS,
    SPAN,
    Ints,
    Sizes,
    State,
    sizes,
)  # fmt: skip

_PART: Final = 1 << 21  # words (16 MiB) that are put together before they are written
_MOST: Final = 1 << 12  # books that are brought back at once
_GROWTH: Final = np.array([6, 4, 2, 1])  # nodes, slots, lasts, books that an event adds, about


class Spill:
    """``folder`` keeps the files for a checkpoint; without it they go with the process. Raises `StoreError`
    as `Log` does. ``out`` and ``back`` count books, ``written`` words; over all starts of a stream."""

    def __init__(self, folder: Path | None = None, file: int = FILE) -> None:
        self.log = Log(folder, file)
        self.books = self.out = self.back = self.written = 0
        self.forgot = -1  # when the tables were last rid of what no window reaches
        self._found = np.zeros((_MOST, 3), np.int64)

    def put(self, s: State, plan: Plan, blank: State, most: Sizes) -> None:
        """Into files, so that not more than ``most`` is left; those that were quiet for longest first."""
        rows = np.flatnonzero(s.books[:, 0] != NONE)
        rows = rows[np.argsort(-s.books[rows, LAST], kind="stable")]  # the last to be quiet first
        weights, first, following = weigh(s, plan.lengths)
        held = weights[rows]  # nodes, slots, lasts
        fits = np.arange(1, len(rows) + 1) <= most.books
        for column, limit in enumerate((most.nodes, most.slots, most.lasts)):
            fits &= np.cumsum(held[:, column]) <= limit
        kept = len(rows) if fits.all() else int(np.argmin(fits))
        rows, held = rows[kept:], held[kept:]
        if not len(rows):
            return
        words = HEAD + s.books.shape[1] + held @ np.array([LEG, SLOT, SEEN + 1])
        each = np.column_stack([words, held])
        starts, at = np.zeros(len(rows), np.int64), 0
        room = np.empty(max(int(words.max()), min(_PART, int(words.sum()))), np.int64)
        while at < len(rows):
            upto, size = pack(s, plan.lengths, rows, each, first, following, at, room, starts)
            starts[at:upto] += self.log.add(room[:size], int(s.books[rows[at], LAST]))
            self.written += size
            at = upto
        clear(s, blank, plan.lengths, rows, starts, first, following)
        self.books += len(rows)
        self.out += len(rows)

    def bring(self, s: State, plan: Plan, events: Ints, at: int) -> tuple[int, Sizes]:
        """Books of events from ``at`` on, as many as the tables have room for: up to which event all are
        there, and what the first one that is not needs."""
        nothing = Sizes(0, 0, 0, 0, 0)
        if not self.books:
            return len(events), nothing
        c, room = s.control, sizes(s)
        used = np.array([c[NODES], c[SLOTS], c[LASTS], c[BOOKED]])
        free = np.array([room.nodes, *(size * 7 // 10 for size in (room.slots, room.lasts, room.books))])
        free -= used + SPAN
        # Not for later events than there is likely to be room for: they would only be written again.
        ahead = max(1, int((free // _GROWTH).min()))
        count, upto = wanted(s, events[: at + ahead], at, self._found)
        if not count:
            return upto, nothing
        found = self._found[:count]
        places = found[:, 1].tolist()
        words, starts = self.log.records(places)
        needs = np.ones((count, 4), np.int64)
        if (wrong := sound(words, starts, s.cold[found[:, 0], 0], needs)) != NONE:
            raise damaged(self.log.file_of(places[wrong]))
        fits = (needs.cumsum(axis=0) + _GROWTH * (found[:, 2:] - at) <= free).all(axis=1)
        fit = count if fits.all() else int(np.argmin(fits))
        lengths = np.diff(np.append(starts, len(words)))
        unpack(s, plan.lengths, words, starts, fit)
        self.log.spend(places[:fit], lengths[:fit].tolist())
        self.books -= fit
        self.back += fit
        if fit == count:
            return upto, nothing
        s.cold[found[fit:, 0], 1] = AWAY - found[fit:, 1]  # they stay where they are
        event = int(found[fit, 2])
        nodes, slots, lasts, books = needs[fit:][found[fit:, 2] == event].sum(axis=0).tolist()
        return event, Sizes(slots=slots, books=books, lasts=lasts, cold=0, nodes=nodes)

    def tidy(self, s: State, before: int) -> None:
        """Of files of which less than half counts, or whose books all rested before an order key, keep what
        counts, and give them up."""
        for file in self.log.files[:-1]:
            if 2 * file.live >= file.end - file.begin and file.latest >= before:
                continue
            begin = file.begin
            for end in file.parts if file.live else ():
                words = self.log.part(file, begin, end)
                kept = np.empty(len(words), np.int64)
                size, rested = carry(s, words, begin, before, kept, self.log.end)
                if size < 0:
                    raise damaged(file)
                if size:
                    self.log.add(kept[:size], file.latest)
                self.books -= rested
                begin = end
            self.log.drop(file)

    def to_dict(self) -> dict[str, Any]:
        """For a file."""
        counts = {"books": self.books, "out": self.out, "back": self.back, "written": self.written}
        return counts | self.log.to_dict()

    def load(self, told: dict[str, Any]) -> None:
        """From `to_dict`."""
        self.books, self.out, self.back = told["books"], told["out"], told["back"]
        self.written = told["written"]
        self.log.load(told)
