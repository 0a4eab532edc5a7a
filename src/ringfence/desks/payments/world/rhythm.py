"""When in the day people pay: weights an hour, and draws from them."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.world.flows import HOUR, Array

# Weight of each hour, local time, 0 to 23.
HOURS = {
    "shop": (1, 0, 0, 0, 0, 1, 4, 9, 9, 7, 7, 9, 11, 8, 6, 6, 7, 9, 12, 12, 10, 7, 4, 2),
    "lunch_evening": (0, 0, 0, 0, 0, 0, 1, 3, 2, 1, 4, 22, 26, 9, 3, 2, 4, 14, 24, 19, 10, 5, 2, 1),
    "afternoon": (0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 7, 9, 11, 14, 16, 15, 12, 10, 10, 11, 9, 6, 2, 0),
    "night_market": (14, 8, 4, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 4, 10, 16, 20, 22, 22, 18),
    "office": (0, 0, 0, 0, 0, 0, 0, 1, 6, 15, 18, 12, 4, 7, 14, 16, 12, 5, 1, 0, 0, 0, 0, 0),
    "evening": (2, 1, 0, 0, 0, 0, 1, 2, 2, 3, 3, 4, 6, 4, 3, 3, 4, 6, 9, 13, 16, 16, 11, 6),
    "day": (2, 1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 8, 7, 7, 8, 8, 8, 7, 7, 8, 9, 9, 7, 4),
    "late": (9, 6, 4, 2, 1, 0, 0, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 7, 9, 11, 13, 14, 12),
    "night": (24, 26, 25, 22, 16, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 14),
    "early": (0, 0, 0, 0, 1, 6, 18, 20, 12, 7, 6, 6, 5, 3, 2, 2, 3, 4, 3, 2, 0, 0, 0, 0),
}
PROFILE = {name: at for at, name in enumerate(HOURS)}
_STEPS = 4096


def _quantiles() -> Array:
    """Milliseconds since midnight for each of `_STEPS` even shares of the day's payments, a row a profile."""
    shares = (np.arange(_STEPS) + 0.5) / _STEPS
    rows = []
    for weights in HOURS.values():
        total = np.concatenate([[0.0], np.cumsum(np.asarray(weights, float))])
        rows.append(np.interp(shares, total / total[-1], np.arange(25) * float(HOUR)))
    return np.stack(rows)


_TABLE = _quantiles()


def times(rng: np.random.Generator, profile: Array) -> Array:
    """A time for each profile number, milliseconds since local midnight."""
    n = len(profile)
    made = _TABLE[profile, rng.integers(0, _STEPS, n)] + rng.uniform(-60_000, 60_000, n)
    return np.clip(made, 0, 24 * HOUR - 1).astype(np.int64)
