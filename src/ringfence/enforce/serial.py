"""Zone serial numbers: 32 bits that wrap (RFC 1982)."""

from __future__ import annotations

_MODULUS = 1 << 32
_HALF = 1 << 31


def add(serial: int, by: int = 1) -> int:
    """The serial ``by`` steps later. Raises `ValueError` outside 0 <= by < 2^31 (RFC 1982 §3.1)."""
    if not 0 <= serial < _MODULUS or not 0 <= by < _HALF:
        raise ValueError(f"serial {serial} + {by} is not defined (RFC 1982)")
    following = (serial + by) % _MODULUS
    # Zero is legal but some servers take it for "unset", so we step over it.
    return following or 1


def newer(one: int, other: int) -> bool:
    """Whether ``one`` is later than ``other`` (RFC 1982 §3.2); False too where that is not defined."""
    return 0 < (one - other) % _MODULUS < _HALF
