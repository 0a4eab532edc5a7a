"""Table: keys in open addressing, by compiled code; the full key is compared, so that no two are mixed up."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import inner
from ringfence.desks.payments.online.state import (
    AMOUNT,
    BITS,
    BOOKED,
    CHAIN,
    COLD,
    FREE,
    LAST,
    LASTS,
    NEXT,
    NODES,
    NONE,
    ROW,
    SEEN,
    SLOTS,
    STRETCH,
    SUMS,
    O,
    State,
)


@inner
def mixed(a: int, b: int, c: int, d: int) -> int:
    """A hash of four words."""
    h = np.uint64(a) * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(b) * np.uint64(0xC2B2AE3D27D4EB4F)
    h ^= np.uint64(c) * np.uint64(0x165667B19E3779F9) ^ np.uint64(d) * np.uint64(0x27D4EB2F165667C5)
    h ^= h >> np.uint64(29)
    h *= np.uint64(0xBF58476D1CE4E5B9)
    h ^= h >> np.uint64(32)
    return np.int64(h & np.uint64(0x7FFFFFFFFFFFFFFF))  # type: ignore[return-value]


@inner
def slot_of(s: State, watch: int, book: int, sub: int) -> int:
    """The slot of a key, made if there is none."""
    mask = len(s.slots) - 1
    at = mixed(watch, book, sub, 0) & mask
    while s.slots[at, 0] != NONE:
        if s.slots[at, 0] == watch and s.slots[at, 1] == book and s.slots[at, 2] == sub:
            return at
        at = (at + 1) & mask
    s.slots[at, 0] = watch
    s.slots[at, 1] = book
    s.slots[at, 2] = sub
    s.slots[at, CHAIN:] = NONE
    s.slots[at, SUMS:STRETCH] = 0
    s.control[SLOTS] += 1
    return at


@inner
def book_of(s: State, key: int) -> int:
    """The row of a book, made if there is none; what is known of a cold one comes with it."""
    mask = len(s.books) - 1
    at = mixed(key, 0, 0, 0) & mask
    while s.books[at, 0] != NONE:
        if s.books[at, 0] == key:
            return at
        at = (at + 1) & mask
    s.books[at, 0] = key
    s.books[at, LAST] = s.cold[cold_of(s, key), 1] if s.control[COLD] else NONE
    s.control[BOOKED] += 1
    return at


@inner
def cold_of(s: State, key: int) -> int:
    """The row of a cold book, or the empty one (whose last leg is NONE) where it would stand."""
    mask = len(s.cold) - 1
    at = mixed(key, 0, 0, 0) & mask
    while s.cold[at, 0] != NONE and s.cold[at, 0] != key:
        at = (at + 1) & mask
    return at


@inner
def is_fresh(s: State, watch: int, book: int, a: int, b: int, o: int, length: int) -> int:
    """1 where the key was not seen for longer than a window, else 0; seen now."""
    mask = len(s.lasts) - 1
    at = mixed(watch, book, a, b) & mask
    while s.lasts[at, 0] != NONE:
        k = s.lasts[at, :SEEN]
        if k[0] == watch and k[1] == book and k[2] == a and k[3] == b:
            last = s.lasts[at, SEEN]
            s.lasts[at, SEEN] = o
            return 1 if o - last > length else 0
        at = (at + 1) & mask
    s.lasts[at, 0] = watch
    s.lasts[at, 1] = book
    s.lasts[at, 2] = a
    s.lasts[at, 3] = b
    s.lasts[at, SEEN] = o
    s.control[LASTS] += 1
    return 1


@inner
def node(s: State, o: int, row: int, amount: int, bits: int) -> int:
    """A new leg in a window, at the end of no chain yet."""
    at: int = s.control[FREE]
    s.control[FREE] = s.nodes[at, NEXT]
    s.control[NODES] += 1
    s.nodes[at, O] = o
    s.nodes[at, ROW] = row
    s.nodes[at, AMOUNT] = amount
    s.nodes[at, BITS] = bits
    s.nodes[at, NEXT] = NONE
    return at


@inner
def release(s: State, at: int) -> None:
    """A leg that no window reaches any more."""
    s.nodes[at, NEXT] = s.control[FREE]
    s.control[FREE] = at
    s.control[NODES] -= 1
