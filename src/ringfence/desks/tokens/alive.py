"""Alive: which instructions of a kind stand where code can come to.

What follows an end is dead until a jump can land; whatever is not listed here is never run, however the code
is called. Data that looks like code counts as code.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from ringfence.desks.tokens.trace import program

SSTORE, CALL, CALLCODE, DELEGATECALL, STATICCALL = 0x55, 0xF1, 0xF2, 0xF4, 0xFA
SELFDESTRUCT: Final = 0xFF
HANDING: Final = frozenset({CALLCODE, DELEGATECALL})  # other code runs as if it were the contract's own
_ENDS: Final = frozenset({0x00, 0x56, 0xF3, 0xFD, 0xFE, 0xFF})
_KINDS: Final = frozenset({SSTORE, CALL, STATICCALL, SELFDESTRUCT}) | HANDING


@lru_cache(1024)
def alive(code: bytes) -> dict[int, frozenset[int]]:
    """The places of each kind of instruction that changes something or calls somebody, by its number."""
    decoded, pc, lives = program(code), 0, True
    found: dict[int, set[int]] = {}
    while pc < len(code):
        op = code[pc]
        lives = lives or op == 0x5B
        if lives and op in _KINDS:
            found.setdefault(op, set()).add(pc)
        lives = lives and op not in _ENDS
        pc = decoded.after[pc]
    return {op: frozenset(places) for op, places in found.items()}


def places(code: bytes, kinds: frozenset[int]) -> frozenset[int]:
    """Where instructions of some kinds stand."""
    found = alive(code)
    return frozenset().union(*(found.get(op, frozenset()) for op in kinds))
