"""Hourly prices of two coins: a stable coin that reverts to its mean, and one that walks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfence.desks.payments.world.draw import Draw
from ringfence.desks.payments.world.flows import HOUR, Array

ASSETS = ("USDT", "BTC")
# Units of the currency for one US dollar: only the level that a world's prices start from.
LEVELS = {"CNY": 7.2, "USD": 1.0, "EUR": 0.92, "HKD": 7.8, "SGD": 1.34}


@dataclass(frozen=True, slots=True)
class Prices:
    """``of[asset, hour]``: price of one coin in the currency; hour 0 begins at ``start`` (ms UTC)."""

    start: int
    of: Array

    def at(self, asset: Array, ts: Array) -> Array:
        """The price of each asset number in the hour of each time."""
        hour = np.clip((ts - self.start) // HOUR, 0, self.of.shape[1] - 1)
        found: Array = self.of[asset, hour]
        return found

    @classmethod
    def made(cls, draw: Draw, currency: str, start: int, hours: int) -> Prices:
        """Prices for so many hours from ``start``, rounded as they are published."""
        draw.about("prices")
        level = LEVELS[currency]
        mean = level * draw.uniform("usdt_mean_over_parity", 0.985, 1.02, 1)[0]
        pull = draw.scale("usdt_reversion_per_hour", 0.01, 0.08, 1)[0]
        noise = draw.scale("usdt_sigma_per_hour", 0.0004, 0.0015, 1)[0]
        first = level * draw.scale("btc_first_usd", 20_000, 110_000, 1)[0]
        sigma = draw.scale("btc_sigma_per_hour", 0.003, 0.008, 1)[0]
        steps = draw.rng.standard_normal((2, hours))
        stable, apart = np.empty(hours), 0.0
        for hour in range(hours):
            apart += -pull * apart + noise * steps[0, hour]
            stable[hour] = mean * (1 + apart)
        walk = first * np.exp(np.cumsum(sigma * steps[1]))
        return cls(start, np.stack([np.round(stable, 4), np.round(walk, 2)]))
