"""Calls: what traders send to a router, encoded."""

from __future__ import annotations

from typing import Final

BUY: Final = bytes.fromhex("b6f9de95")  # swapExactETHForTokensSupportingFeeOnTransferTokens
SELL: Final = bytes.fromhex("791ac947")  # swapExactTokensForETHSupportingFeeOnTransferTokens
SWAP: Final = bytes.fromhex("022c0d9f")  # swap(uint256,uint256,address,bytes)
SYNC: Final = bytes.fromhex("fff6cae9")
DEPOSIT: Final = bytes.fromhex("d0e30db0")
RUN: Final = bytes.fromhex("7ceba018")  # of our contract wallet: run(address,uint256,bytes)
FOREVER: Final = (1 << 64) - 1


def _words(*words: int) -> bytes:
    return b"".join(word.to_bytes(32, "big") for word in words)


def buy(native: int, token: int, to: int, least: int = 0, between: tuple[int, ...] = ()) -> bytes:
    """Buy for the native coin sent along; works with tokens that take a part on the way. ``between`` are the
    coins that the path leads over."""
    return BUY + _words(least, 128, to, FOREVER, 2 + len(between), native, *between, token)


def sell(
    native: int, token: int, to: int, amount: int, least: int = 0, between: tuple[int, ...] = ()
) -> bytes:
    """Sell ``amount`` for the native coin; the router must have been allowed to move it."""
    return SELL + _words(amount, least, 160, to, FOREVER, 2 + len(between), token, *reversed(between), native)


def swap(out0: int, out1: int, to: int) -> bytes:
    """Ask the pool itself, after paying it."""
    return SWAP + _words(out0, out1, to, 128, 0)


def run(to: int, value: int, data: bytes) -> bytes:
    """A call that a contract wallet makes."""
    return RUN + _words(to, value, 96, len(data)) + data + bytes(-len(data) % 32)
