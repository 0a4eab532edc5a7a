"""Plans: the trades that are tried, over sizes, times, holders and routes."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from ringfence.desks.tokens.trial import Plan
from ringfence.desks.tokens.world import Environment

HOUR, DAY, WEEK = 3_600, 86_400, 604_800
PLAIN: Final = Plan("plain")
SIZES: Final = tuple(Plan(f"sell {part} %", part=Fraction(part, 100)) for part in (1, 10, 50))
STAKES: Final = (Plan("buy 0.01 %", stake=10**17), Plan("buy 10 %", stake=10**20))
TIMES: Final = (
    Plan("same block", seconds=0, blocks=0),
    Plan("after a minute", seconds=60),
    Plan("after an hour", seconds=HOUR),
    Plan("after a day", seconds=DAY),
    Plan("after a week", seconds=WEEK),
)
HOLDERS: Final = (
    Plan("contract", holder="contract"),
    Plan("moved", holder="moved"),
    Plan("crowd", holder="crowd", stake=12 * 10**18),
)
ROUTES: Final = (Plan("second router", route="second router"), Plan("pool", route="pool"))
CURVE: Final = (0, 60, 600, HOUR, 6 * HOUR, DAY, 3 * DAY, WEEK)  # seconds before the purchase
HEAVY: Final = 3_000_000  # gas of a sale; a plain one takes about a tenth of a million
# Where trials are usually run: what code that wants to tell them from the chain looks at.
LABORATORY: Final = Environment(
    chain=31_337, number=40_000_000, base_fee=0, gas_price=0, coinbase=0, gas_limit=1 << 40, random=0
)
