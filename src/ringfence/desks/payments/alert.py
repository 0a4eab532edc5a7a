"""Alert: what a typology saw of one account, said with its transactions, its numbers and its way out.

Engines find windows (`Seen`); everything that is said about them is said here, from whole numbers, so that
the same windows give the same words.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

Severity = Literal["low", "medium", "high"]
# By itself the last three say nothing about a trade in coins, and the others little.
ALONE: Final = frozenset({"pass_through", "exchange_match", "pool_hops", "p2p_ad", "u_turn"})


class Seen(msgspec.Struct, frozen=True, order=True):
    """Windows of one typology and account that overlap, as one. ``first`` tells the first window: (order key
    of its end, its length as a difference of order keys, order key of its first leg, how many, got, gave),
    amounts in minor units; ``rows`` are transactions of the ledger in order. Ordered by end."""

    end: int
    account: int
    typology: str
    start: int
    first: tuple[int, int, int, int, int, int]
    rows: tuple[int, ...]


class Alert(msgspec.Struct, frozen=True):
    """What is handed to the caller. ``score`` in thousandths; ``account`` and ``transactions`` in the
    caller's own names."""

    account: str
    typology: str
    score: int
    severity: Severity
    first_ts: str
    last_ts: str
    transactions: tuple[str, ...]
    parameters: dict[str, Any]
    explanation: str
