"""Beyond: what the fast engine cannot run as the chain does, noticed before anything is said.

The engine ends at Cancun. Instructions and precompiled contracts of later rules, delegated accounts
(EIP-7702) and hashes of earlier blocks, which it does not have, are left to a node.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from ringfence.desks.tokens.bytecode import Program

INSTRUCTIONS: Final = {
    0x1E: "CLZ (EIP-7939)",
    0x40: "BLOCKHASH",
    0x4A: "BLOBBASEFEE",
    0x4B: "SLOTNUM (EIP-7843)",
    0xE6: "DUPN (EIP-8024)",
    0xE7: "SWAPN (EIP-8024)",
    0xE8: "EXCHANGE (EIP-8024)",
}
PRECOMPILED: Final = frozenset({*range(0x0B, 0x12), 0x100})  # BLS12-381 (EIP-2537), P-256 (EIP-7951)
DELEGATED: Final = b"\xef\x01\x00"  # and the address whose code stands for the account's (EIP-7702)
_ENDS: Final = frozenset({0x00, 0x56, 0xF3, 0xFD, 0xFE, 0xFF})


@lru_cache(4096)
def instructions(code: bytes) -> frozenset[int]:
    """The instructions of `INSTRUCTIONS` that code can come to, as far as its bytes say: what follows an end
    is dead until a jump can land. Data that looks like code counts as code."""
    if not any(op in code for op in INSTRUCTIONS):
        return frozenset()
    code = _without_metadata(code)
    ops = Program(code)
    found: set[int] = set()
    alive, pc = True, 0
    while pc < len(code):
        op = code[pc]
        alive = alive or op == 0x5B
        if alive and op in INSTRUCTIONS:
            found.add(op)
        if op in _ENDS:
            alive = False
        pc = ops.after[pc]
    return frozenset(found)


def beyond(codes: Mapping[int, bytes], touched: Iterable[int]) -> str:
    """Why the accounts that a call touches are beyond the engine; empty where they are not."""
    for who in sorted(touched):
        if who in PRECOMPILED:
            return f"the precompiled contract {who:#x} is newer than the engine"
        code = codes.get(who, b"")
        if code[:3] == DELEGATED:
            return f"the account 0x{who:040x} is delegated (EIP-7702)"
        for op in sorted(instructions(code)):
            return f"0x{who:040x} uses {INSTRUCTIONS[op]}"
    return ""


def _without_metadata(code: bytes) -> bytes:
    """Code without the compiler's metadata, whose size its last two bytes tell."""
    size = int.from_bytes(code[-2:], "big") + 2
    if 2 < size < min(len(code), 512) and code[-size] & 0xF0 == 0xA0:  # a small CBOR map
        return code[:-size]
    return code
