"""A table from keys to places: open addressing, linear probing, deletion by shifting back.

A table is an array (2**bits, 2) of key and value; keys are not negative, and -1 marks an empty row. Deletion
leaves no tombstones, so that a table lives for any number of events at the same cost (Knuth, The Art of
Computer Programming 3, 6.4, algorithm R). The caller keeps it at most half full.
"""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import Ints, compiled


def empty(rows: int) -> Ints:
    """A table with room for ``rows`` keys."""
    return np.full((1 << (2 * rows - 1).bit_length(), 2), -1, np.int64)


@compiled
def home(key: int, mask: int) -> int:
    """Where a key belongs: the finaliser of MurmurHash3, which spreads consecutive numbers."""
    mixed = np.uint64(key)
    mixed ^= mixed >> np.uint64(33)
    mixed *= np.uint64(0xFF51AFD7ED558CCD)
    mixed ^= mixed >> np.uint64(33)
    mixed *= np.uint64(0xC4CEB9FE1A85EC53)
    mixed ^= mixed >> np.uint64(33)
    return np.int64(mixed) & mask  # type: ignore[return-value]


@compiled
def find(table: Ints, key: int) -> int:
    """The value of a key, -1 where it is absent."""
    mask = table.shape[0] - 1
    at = home(key, mask)
    while True:
        held = table[at, 0]
        if held == key:
            return table[at, 1]  # type: ignore[no-any-return]
        if held < 0:
            return -1
        at = (at + 1) & mask


@compiled
def put(table: Ints, key: int, value: int) -> None:
    """Add a key that is absent."""
    mask = table.shape[0] - 1
    at = home(key, mask)
    while table[at, 0] >= 0:
        at = (at + 1) & mask
    table[at, 0] = key
    table[at, 1] = value


@compiled
def drop(table: Ints, key: int) -> None:
    """Remove a key that is present."""
    mask = table.shape[0] - 1
    hole = home(key, mask)
    while table[hole, 0] != key:
        hole = (hole + 1) & mask
    at = hole
    while True:
        at = (at + 1) & mask
        held = table[at, 0]
        if held < 0:
            break
        # A row moves into the hole unless its home lies between the hole and where it stands.
        if (at - home(held, mask)) & mask >= (at - hole) & mask:
            table[hole, 0] = held
            table[hole, 1] = table[at, 1]
            hole = at
    table[hole, 0] = -1
    table[hole, 1] = -1


@compiled
def refill(new: Ints, old: Ints) -> None:
    """Put every key of the old table into the new one, which is empty."""
    for at in range(old.shape[0]):
        if old[at, 0] >= 0:
            put(new, old[at, 0], old[at, 1])
