"""The interval of a share that was counted: a figure without one says more than it knows."""

from __future__ import annotations

import math


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of ``hits`` out of ``of`` (Wilson 1927); all there is where nothing was counted."""
    if not of:
        return 0.0, 1.0
    z, share = 1.959964, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - reach), min(1.0, middle + reach)
