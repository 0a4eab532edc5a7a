"""Formula: the constant product x * y = k with 0.3 % kept (Adams, Zinsmeister, Robinson: Uniswap v2 Core,
2020, section 3.2.1), in whole units and rounded in the pool's favour."""

from __future__ import annotations


def amount_out(amount: int, here: int, there: int) -> int:
    """What a pool gives out of ``there`` for ``amount`` more on top of ``here``; 0 for an empty pool."""
    if amount <= 0 or here <= 0 or there <= 0:
        return 0
    kept = amount * 997
    return kept * there // (here * 1000 + kept)
