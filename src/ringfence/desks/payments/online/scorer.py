"""Scorer: events in, alerts out as soon as nothing that is still to come can be part of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numba.typed import List

from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.online.opened import Opened
from ringfence.desks.payments.online.plan import Plan, plan
from ringfence.desks.payments.online.room import NOTHING, make_room
from ringfence.desks.payments.online.run import run
from ringfence.desks.payments.online.spill import Spill
from ringfence.desks.payments.online.state import BEYOND, HITS, MEMBERS, Ints, Sizes, State, empty, nbytes
from ringfence.desks.payments.rules import Rules
from ringfence.desks.payments.signed import too_much

# Columns of a transaction, as `numbers.T_ROW` and following.
COLUMNS: Final = (
    "row", "o", "payer", "payee", "amount", "currency", "scan", "night", "memo", "band", "coin",
    "payer_exchange", "payee_exchange", "advertised",
)  # fmt: skip


class Hit(NamedTuple):
    """An alert began or grew with the event of order key ``o``."""

    o: int
    account: int
    typology: str
    legs: int
    got: int
    gave: int


class Scorer:
    """The typologies over a stream in the order of ``o``. ``memory`` in bytes bounds the tables, 0: not; what
    does not fit goes to the files of ``spill`` (None: such as go with the process)."""

    def __init__(
        self, rules: Rules, currencies: Sequence[str], room: Sizes | None = None, memory: int = 0,
        spill: Spill | None = None,
    ) -> None:  # fmt: skip
        self._rules = rules
        self.plan: Plan = plan(rules, currencies)
        self.state: State = empty(len(self.plan.lengths), self.plan.books, room or Sizes())
        self._out = List([np.zeros((1 << 10, 9), np.int64), np.zeros((1 << 12, 2), np.int64)])
        self.open = Opened(self.plan.horizon)
        self._memory = memory
        self.spill = Spill() if spill is None else spill
        self._done: list[Seen] = []
        self.now = -1  # the last order key

    @property
    def nbytes(self) -> int:
        """Bytes of the tables."""
        return nbytes(self.state)

    def know(self, currencies: Sequence[str]) -> None:
        """The currencies there are now: those before, and more."""
        self.plan = plan(self._rules, currencies)

    def push(self, columns: Mapping[str, Any]) -> list[tuple[int, str]]:
        """Transactions, later than all before; the (account, typology) whose alerts began or grew."""
        grown: dict[tuple[int, str], None] = {}
        for one in self.take(np.stack([np.asarray(columns[name], np.int64) for name in COLUMNS], axis=1)):
            if isinstance(one, Seen):
                self._done.append(one)
            else:
                grown[one.account, one.typology] = None
        return list(grown)

    def ready(self) -> list[Seen]:
        """Alerts that nothing later can be part of; told once."""
        done, self._done = sorted(self._done), []
        return done

    def rest(self) -> list[Seen]:
        """All that is open, where the stream ends."""
        return sorted([*self.ready(), *self.open.all()])

    def take(self, events: Ints) -> Iterator[Hit | Seen]:
        """Transactions ([n, 14] of `COLUMNS`), later than all before; hits, and alerts that nothing later
        can be part of. What is told, and in which order, does not depend on how events are divided.

        Raises `StoreError` where windows cannot be written to a file or read back, `InputError` for amounts
        whose sum has no room.
        """
        p, at = self.plan, 0
        while at < len(events):
            upto, more = self.spill.bring(self.state, p, events, at)
            at = run(self.state, p.numbers, p.lengths, p.at, p.least, at, events[:upto], self._out)
            if self.state.control[BEYOND]:
                raise too_much()
            if at:
                self.now = int(events[at - 1, 1])
            yield from self._told()
            if at < upto or more != NOTHING:
                self.state = make_room(self.state, p, self.now, self.spill, self._memory, more)

    def _told(self) -> Iterator[Hit | Seen]:
        control = self.state.control
        hits, rows = self._out[0][: control[HITS]].tolist(), self._out[1][: control[MEMBERS]].tolist()
        control[HITS] = control[MEMBERS] = 0
        opened = self.open
        opened.rows(rows)
        told: tuple[int, int, str] | None = None
        for stretch, watch, account, start, end, length, count, got, gave in hits:
            yield from opened.before(end)
            typology = self.plan.names[watch]
            opened.join((account, typology), start, end, (end, length, start, count, got, gave), stretch)
            if told != (end, account, typology):  # several windows of one length are one hit
                told = (end, account, typology)
                yield Hit(end, account, typology, count, got, gave)
        yield from opened.before(self.now)
