"""How guilty accounts hide: each trick is drawn for each account, more often and stronger when hard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ringfence.desks.payments.world.draw import Draw
from ringfence.desks.payments.world.flows import Array

Level = Literal["none", "some", "hard"]
LEVELS: tuple[Level, ...] = ("none", "some", "hard")
_CHANCE = {"none": 0.0, "some": 0.35, "hard": 0.75}  # that an account knows a trick
_STRENGTH = {"none": 0.0, "some": 0.4, "hard": 1.0}


@dataclass(frozen=True, slots=True)
class Tricks:
    """One value an account; 0, 1 or False where it does not use the trick."""

    keep: Array  # share of the money kept back
    delay: Array  # factor on the time before money goes on
    pieces: Array  # further transfers that a payment out is cut into
    jitter: Array  # relative noise on sums
    plain: Array  # share of trades whose sum is not a round number of coins
    volume: Array  # factor on trades a day
    life: Array  # share of ordinary daily spending; wages and rent come with it
    front: Array  # has a shop with real sales
    relative: Array  # uses a relative's card for what goes out


@dataclass(frozen=True, slots=True)
class Evasion:
    """The level of a world."""

    level: Level

    def tricks(self, draw: Draw, n: int) -> Tricks:
        """Which tricks each of ``n`` accounts uses, and how strongly."""
        chance, strong = _CHANCE[self.level], _STRENGTH[self.level]

        def use(values: Array, without: float) -> Array:
            if chance == 0:
                return np.full(n, without)
            return np.where(draw.rng.random(n) < chance, values, without)

        def rarely(share: float) -> Array:
            return draw.rng.random(n) < chance * share

        if chance == 0:
            none = np.zeros(n)
            never = none > 0
            return Tricks(none, none + 1, none.astype(int), none, none, none + 1, none, never, never)
        low, high = 0.03 + 0.02 * strong, 0.08 + 0.12 * strong
        return Tricks(
            keep=use(draw.uniform("evasion_keep", low, high, n, ceiling=0.25), 0.0),
            delay=use(draw.scale("evasion_delay_factor", 1 + 3 * strong, 6 + 54 * strong, n), 1.0),
            pieces=use(draw.whole("evasion_pieces", 1, 2 + round(4 * strong), n), 0).astype(int),
            jitter=use(draw.share("evasion_jitter", 0.001, 0.004 + 0.02 * strong, n), 0.0),
            plain=use(draw.share("evasion_plain", 0.2, 0.4 + 0.5 * strong, n), 0.0),
            volume=use(
                draw.uniform("evasion_volume", 0.8 - 0.5 * strong, 0.9, n, floor=0.15, ceiling=1.0), 1.0
            ),
            life=use(draw.share("evasion_life", 0.2, 1.0, n), 0.0),
            front=rarely(0.25),
            relative=rarely(0.4),
        )
