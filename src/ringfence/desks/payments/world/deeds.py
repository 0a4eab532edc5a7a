"""Who of those meant to be guilty acted within the world, and since when."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.world.flows import Array


class Deeds:
    """``first[account]``: the first day that it did what makes it guilty; -1 for none so far."""

    def __init__(self, accounts: int) -> None:
        self.first = np.full(accounts, -1, np.int32)

    def mark(self, accounts: Array, day: int) -> None:
        """These accounts acted on this day."""
        fresh = accounts[self.first[accounts] < 0]
        self.first[fresh] = day
