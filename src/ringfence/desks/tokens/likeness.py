"""Likeness: which codes behave alike to the last bit, so that one analysis serves all of them.

Compilers end code with a note (a digest of the source, a version) that differs where nothing else does. It is
left out of the key, but only where nothing can tell: no instruction runs into it, no jump can land in it, and
none reads code. All of that the machine's own rules decide, by decoding from the first byte on, so whoever
hides instructions in the note gets a key of his own.

Immutable values are *not* left out. They stand among the instructions as any constant does, and one may be a
fee, a cap or the place of an implementation. Measured on 437 codes: leaving them out joins not one pair more,
and of 78 that hold an address, one is judged otherwise with other addresses in it.
"""

from __future__ import annotations

import hashlib
from typing import Final

from ringfence.desks.tokens.bytecode import Program

MAX_NOTE: Final = 512
_READS: Final = frozenset({0x39, 0x3C, 0x3F})  # CODECOPY, EXTCODECOPY, EXTCODEHASH
_ENDS: Final = frozenset({0x00, 0x56, 0xF3, 0xFD, 0xFE, 0xFF})


def likeness(code: bytes) -> bytes:
    """32 bytes that are equal only for codes that behave alike."""
    start = note_start(code)
    kept = code if start is None else code[:start] + bytes(len(code) - start)
    return hashlib.sha256(len(kept).to_bytes(4, "big") + kept).digest()


def note_start(code: bytes) -> int | None:
    """Where the compiler's note begins, if nothing in the code can see it; else None."""
    size = int.from_bytes(code[-2:], "big") + 2
    if not 2 < size < min(len(code), MAX_NOTE) or code[-size] & 0xF0 != 0xA0:  # a small CBOR map
        return None
    start = len(code) - size
    ops = Program(code)
    if any(place >= start for place in ops.jumps):
        return None
    pc, last = 0, -1
    while pc < start:
        last = code[pc]
        if last in _READS:
            return None
        pc = ops.after[pc]
    return start if pc == start and last in _ENDS else None
