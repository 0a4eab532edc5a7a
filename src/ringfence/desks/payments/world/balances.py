"""What accounts own as payments pass: no account may pay what it does not have."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.world.draw import stream
from ringfence.desks.payments.world.flows import Array, Flows


class Balances:
    """Running sums from zero, and the lowest that each account came to (minor units)."""

    def __init__(self, accounts: int) -> None:
        self.now = np.zeros(accounts, np.int64)
        self.lowest = np.zeros(accounts, np.int64)

    def pass_by(self, flows: Flows) -> None:
        """Payments in order."""
        n = len(flows)
        if not n:
            return
        place = np.arange(n, dtype=np.int64)
        key = np.concatenate([flows.payer, flows.payee]).astype(np.int64) << 33
        key |= np.concatenate([place << 1, place << 1 | 1])
        key.sort()
        account, place = key >> 33, (key & ((1 << 33) - 1)) >> 1
        change = np.where(key & 1, flows.amount[place], -flows.amount[place])
        run = np.cumsum(change)
        first = np.flatnonzero(np.diff(account, prepend=-1))
        who = account[first]
        before = run[first] - change[first]
        low = self.now[who] + np.minimum.reduceat(run, first) - before
        self.lowest[who] = np.minimum(self.lowest[who], low)
        ends = np.append(first[1:], len(run)) - 1
        self.now[who] += run[ends] - before

    def opening(self, drawn: Array, seed: int) -> Array:
        """Opening balances: as drawn, or more where what was paid needs more."""
        spare = stream(seed, 3).uniform(1.0, 1.3, len(drawn))
        return np.maximum(drawn, np.ceil(-self.lowest * spare)).astype(np.int64)
