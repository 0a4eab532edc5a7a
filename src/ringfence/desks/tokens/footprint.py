"""Footprint: what an answer stood on (code and storage, as it was read), and whether it still stands.

An answer is stale when one of these changed, and only then. What a node was asked besides (logs) has no place
that could be read again, and what code does with the time is not in it: answers have an age limit for that.
"""

from __future__ import annotations

import hashlib

import msgspec

from ringfence.core.canonical import canonical
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.trace import Slot


class Footprint(msgspec.Struct, frozen=True):
    """``codes``: the hash of the code by address; ``slots``: the word by ``address:slot``. All hexadecimal
    with ``0x``."""

    codes: dict[str, str]
    slots: dict[str, str]

    @classmethod
    def of(cls, state: State) -> Footprint:
        """All that a state has read."""
        return cls(
            {f"0x{who:040x}": _code(one.code) for who, one in sorted(state.accounts.items())},
            {_place(slot): hex(value) for slot, value in sorted(state.slots.items())},
        )

    def again(self, state: State) -> Footprint:
        """The same places in another state, read in one request. Raises `NodeError` and `MissingError`."""
        who = [int(one, 16) for one in self.codes]
        where = [_slot(one) for one in self.slots]
        state.fetch(who, where)
        return Footprint(
            {f"0x{one:040x}": _code(state.code(one)) for one in who},
            {_place(one): hex(state.slot(*one)) for one in where},
        )

    def digest(self) -> bytes:
        """32 bytes."""
        return hashlib.sha256(canonical(self)).digest()


def _code(code: bytes) -> str:
    return "0x" + keccak(code).hex()


def _place(slot: Slot) -> str:
    return f"0x{slot[0]:040x}:{slot[1]:#x}"


def _slot(text: str) -> Slot:
    who, _, slot = text.partition(":")
    return int(who, 16), int(slot, 16)
