"""Arithmetic: what the machine computes from two words, by instruction: its name and the function.

Those that nearly every step of a contract is made of stand in `machine` itself, for speed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ringfence.desks.tokens.expression import MASK, SIGN, WORD


def _signed(a: int) -> int:
    return a - WORD if a & SIGN else a


def _sdiv(a: int, b: int) -> int:
    one, two = _signed(a), _signed(b)
    quotient = abs(one) // abs(two) if two else 0
    return (quotient if (one < 0) == (two < 0) else -quotient) & MASK


def _smod(a: int, b: int) -> int:
    one, two = _signed(a), _signed(b)
    rest = abs(one) % abs(two) if two else 0
    return (-rest if one < 0 else rest) & MASK


def _signextend(a: int, b: int) -> int:
    if a >= 31:
        return b
    bit = 8 * a + 7
    return b | MASK ^ (1 << bit) - 1 if b >> bit & 1 else b & (1 << bit) - 1


BINARY: Final[dict[int, tuple[str, Callable[[int, int], int]]]] = {
    0x02: ("MUL", lambda a, b: a * b & MASK),
    0x04: ("DIV", lambda a, b: a // b if b else 0),
    0x05: ("SDIV", _sdiv),
    0x06: ("MOD", lambda a, b: a % b if b else 0),
    0x07: ("SMOD", _smod),
    0x0A: ("EXP", lambda a, b: pow(a, b, WORD)),
    0x0B: ("SIGNEXTEND", _signextend),
    0x12: ("SLT", lambda a, b: int(_signed(a) < _signed(b))),
    0x13: ("SGT", lambda a, b: int(_signed(a) > _signed(b))),
    0x17: ("OR", lambda a, b: a | b),
    0x18: ("XOR", lambda a, b: a ^ b),
    0x1A: ("BYTE", lambda a, b: b >> 8 * (31 - a) & 255 if a < 32 else 0),
    0x1B: ("SHL", lambda a, b: b << a & MASK if a < 256 else 0),
    0x1D: ("SAR", lambda a, b: _signed(b) >> min(a, 255) & MASK),
}
TERNARY: Final[dict[int, Callable[[int, int, int], int]]] = {
    0x08: lambda a, b, c: (a + b) % c if c else 0,
    0x09: lambda a, b, c: a * b % c if c else 0,
}
