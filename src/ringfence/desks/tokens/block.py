"""Block: the one block at which everything is read, and what its header says."""

from __future__ import annotations

import re

import msgspec

from ringfence.core.errors import InputError
from ringfence.desks.tokens.node import JSON, NodeError, octets, quantity
from ringfence.desks.tokens.world import Environment

NEXT_SECONDS = 12  # how much later the next block is taken to come


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A block: chain id, number, hash and state root (``0x`` and 64 hex digits), seconds since 1970, fees in
    wei, the address that is paid, and the header's random word."""

    chain: int
    number: int
    hash: str
    parent: str
    state_root: str
    time: int
    base_fee: int
    gas_limit: int
    coinbase: str
    random: str

    @classmethod
    def from_rpc(cls, chain: int, header: JSON) -> Block:
        """From a node's answer. Raises `NodeError` for one that is no header."""
        if not isinstance(header, dict):
            raise NodeError("the node answered no block", hint="name another node or an earlier block")
        word = "0x" + "00" * 32
        return cls(
            chain=chain,
            number=quantity(header.get("number"), 63),
            hash=_hex(header.get("hash"), 32),
            parent=_hex(header.get("parentHash"), 32),
            state_root=_hex(header.get("stateRoot"), 32),
            time=quantity(header.get("timestamp"), 63),
            base_fee=quantity(header.get("baseFeePerGas") or "0x0", 63),
            gas_limit=quantity(header.get("gasLimit"), 63),
            coinbase=_hex(header.get("miner"), 20),
            random=_hex(header.get("mixHash") or word, 32),
        )

    def environment(self, gas_price: int | None = None) -> Environment:
        """What code sees in the block after this one, taken to come 12 seconds later at the same fee."""
        return Environment(
            chain=self.chain,
            number=self.number + 1,
            time=self.time + NEXT_SECONDS,
            base_fee=self.base_fee,
            gas_price=self.base_fee if gas_price is None else gas_price,
            coinbase=int(self.coinbase, 16),
            gas_limit=self.gas_limit,
            random=int(self.random, 16),
        )


def chain_id(text: str) -> int:
    """The number in ``eip155:N``. Raises `InputError`."""
    space, _, number = text.partition(":")
    if space != "eip155" or not (number.isascii() and number.isdigit()) or not 0 < int(number) < 1 << 63:
        raise InputError(f"not a chain: {text!r}", hint="write eip155:1 (CAIP-2)")
    return int(number)


def block_of(text: str) -> int | str:
    """A block as it is named: a number, a hash, or a word for one near the head. Raises `InputError`."""
    if re.fullmatch("[0-9]{1,18}", text):
        return int(text)
    if text in ("latest", "safe", "finalized") or re.fullmatch("0x[0-9a-fA-F]{64}", text):
        return text
    raise InputError(f"not a block: {text!r}", hint="write a number, a hash, latest, safe or finalized")


def _hex(value: JSON, size: int) -> str:
    return "0x" + octets(value, size).hex()
