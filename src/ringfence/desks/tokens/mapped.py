"""Mapped: which mappings a slot lies in, and where the same entry stands for somebody else.

The tracer keeps what was hashed, so that a slot leads back to its keys, through structs and mappings of
mappings, whichever of the two words the compiler puts first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ringfence.desks.tokens.bytecode import keccak

_FIELDS: Final = 16  # of a struct, behind its first slot
_DEPTH: Final = 4


def rekeyed(hashes: Mapping[int, bytes], slot: int, old: int, new: int, depth: int = 0) -> int | None:
    """The slot that holds for ``new`` what ``slot`` holds for ``old``; None where ``old`` is no key of it."""
    if depth > _DEPTH:
        return None
    for offset in range(_FIELDS):
        preimage = hashes.get(slot - offset)
        if preimage is None or len(preimage) % 32:
            continue
        words = [int.from_bytes(preimage[at : at + 32], "big") for at in range(0, len(preimage), 32)]
        made = [new if word == old else rekeyed(hashes, word, old, new, depth + 1) for word in words]
        if all(one is None for one in made):
            return None
        there = b"".join(
            (word if one is None else one).to_bytes(32, "big") for word, one in zip(words, made, strict=True)
        )
        return int.from_bytes(keccak(there), "big") + offset & (1 << 256) - 1
    return None


def keys(hashes: Mapping[int, bytes], slot: int, depth: int = 0) -> list[int]:
    """Every word that was hashed on the way to a slot, the outermost first; empty for a slot of its own."""
    if depth > _DEPTH:
        return []
    for offset in range(_FIELDS):
        preimage = hashes.get(slot - offset)
        if preimage is not None:
            words = [int.from_bytes(preimage[at : at + 32], "big") for at in range(0, len(preimage) - 31, 32)]
            return words + [inner for word in words for inner in keys(hashes, word, depth + 1)]
    return []
