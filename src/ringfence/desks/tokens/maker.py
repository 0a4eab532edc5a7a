"""Maker: the transaction that made a contract, and who sent it.

When an account came to be is found by halving: the node is asked for states of long ago, which not every
node keeps. The transaction is then looked for in that one block; its receipt has to name the contract. What
another contract made has no such receipt, and is said to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ringfence.desks.tokens.node import JSON, NodeError, Refused, octets, quantity
from ringfence.desks.tokens.state import MissingError, State
from ringfence.desks.tokens.world import address as text

MAX_MADE: Final = 400  # transactions of one block that make contracts
NOT_ASKED: Final = "the transaction that made the contract was not looked for"


@dataclass(frozen=True)
class Maker:
    """``address`` sent ``transaction`` in ``block``; None where that is not known, and ``why`` says why."""

    address: int | None = None
    block: int | None = None
    transaction: str | None = None
    why: str = ""


def maker(state: State, address: int) -> Maker:
    """Who made a contract. Of one that was made more than once, one of the times. Raises `NodeError`."""
    try:
        first = _first(state, address)
        if first == 0:
            return Maker(why="it was there from the first block on", block=0)
        header = state.ask("eth_getBlockByNumber", hex(first), True)
        return _in(state, address, first, header)
    except MissingError:
        return Maker(why=NOT_ASKED)
    except Refused as refused:
        return Maker(why=f"the node does not tell of blocks so old: {refused.said}")


def _first(state: State, address: int) -> int:
    """The first block after which the account was there, as far as halving finds it."""
    # The number of its transactions is a short answer; only contracts of before 2016 may have none.
    counted = bool(state.account(address).nonce)
    if _stood(state, address, 0, counted):
        return 0
    before, there = 0, state.block.number
    while there - before > 1:
        middle = (before + there) // 2
        if _stood(state, address, middle, counted):
            there = middle
        else:
            before = middle
    return there


def _stood(state: State, address: int, block: int, counted: bool) -> bool:
    if counted:
        return quantity(state.ask("eth_getTransactionCount", text(address), hex(block)), 64) > 0
    return bool(octets(state.ask("eth_getCode", text(address), hex(block))))


def _in(state: State, address: int, block: int, header: JSON) -> Maker:
    sent = header.get("transactions") if isinstance(header, dict) else None
    if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
        raise NodeError("the node gave a block without its transactions", hint="name another node")
    makes = [one for one in sent if one.get("to") is None][:MAX_MADE]
    for one in makes:
        name = "0x" + octets(one.get("hash"), 32).hex()
        receipt = state.ask("eth_getTransactionReceipt", name)
        made = receipt.get("contractAddress") if isinstance(receipt, dict) else None
        if made is not None and int.from_bytes(octets(made, 20), "big") == address:
            if quantity(receipt.get("blockNumber"), 63) != block:
                raise NodeError("the node gave a receipt of another block", hint="name another node")
            return Maker(int.from_bytes(octets(one.get("from"), 20), "big"), block, name)
    return Maker(why="another contract made it, or its account was used before it had code", block=block)
