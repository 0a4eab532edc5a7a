"""Ran: what one way of running a transaction came to, and what to ask before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ringfence.desks.tokens import effects
from ringfence.desks.tokens.functions import ALLOWANCE, BALANCE_OF, OWNER_OF, TOTAL_SUPPLY, call
from ringfence.desks.tokens.run import GAS
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.transaction import Transaction
from ringfence.desks.tokens.world import Log

BALANCE_1155: Final = bytes.fromhex("00fdd58e")  # balanceOf(address,uint256)
ASKER: Final = 0xA5CE12 << 128  # who asks for balances; nobody's address
MAX_VIEWS: Final = 400
VIEW_GAS: Final = 1_000_000

View = tuple[int, bytes]  # who is asked, and what


@dataclass
class Ran:
    """What one way of running came to. ``native`` is by address; ``views`` by question (before, after)."""

    by: str
    reverted: bool | None
    why: str | None = None
    gas: int | None = None
    logs: Sequence[Log] = ()
    native: dict[int, int] | None = None
    views: dict[View, tuple[int | None, int | None]] = field(default_factory=dict)
    touched: frozenset[int] = frozenset()
    wrote: frozenset[int] = frozenset()
    cut: bool = False


def gas_of(tx: Transaction, state: State) -> int:
    """How much a transaction may use."""
    return min(tx.gas or GAS, GAS, state.block.gas_limit)


def views_of(tx: Transaction, ran: Ran) -> list[View]:
    """What to ask before and after: the balances that events name, and those of the two parties wherever
    storage was written, since a token may move them and say nothing."""
    asked: dict[View, None] = {}
    for one in effects.transfers(ran.logs):
        for who in (one.giver, one.taker):
            if one.kind == "erc20":
                asked[one.token, call(BALANCE_OF, who)] = None
            elif one.kind == "erc1155":
                asked[one.token, call(BALANCE_1155, who, one.id)] = None
        if one.kind == "erc721":
            asked[one.token, call(OWNER_OF, one.id)] = None
        if one.kind == "erc20" and not one.giver:
            asked[one.token, TOTAL_SUPPLY] = None
    for leave in effects.approvals(ran.logs):
        if leave.id is None and not leave.all and leave.by is None:
            asked[leave.token, call(ALLOWANCE, leave.owner, leave.spender)] = None
    for token in sorted(ran.wrote):
        for party in (tx.sender, tx.to):
            if party is not None:
                asked[token, call(BALANCE_OF, party)] = None
    return list(asked)
