"""Table: keys in open addressing, by compiled code; the full key is compared, so that no two are mixed up."""

from __future__ import annotations

import numpy as np
from numba import njit

from ringfence.desks.payments.online.state import BOOKED, FREE, LASTS, NODES, NONE, SLOTS, State


@njit(cache=True)
def mixed(a: int, b: int, c: int, d: int) -> int:
    """A hash of four words."""
    h = np.uint64(a) * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(b) * np.uint64(0xC2B2AE3D27D4EB4F)
    h ^= np.uint64(c) * np.uint64(0x165667B19E3779F9) ^ np.uint64(d) * np.uint64(0x27D4EB2F165667C5)
    h ^= h >> np.uint64(29)
    h *= np.uint64(0xBF58476D1CE4E5B9)
    h ^= h >> np.uint64(32)
    return np.int64(h & np.uint64(0x7FFFFFFFFFFFFFFF))


@njit(cache=True)
def slot_of(s: State, watch: int, book: int, sub: int) -> int:
    """The slot of a key, made if there is none."""
    mask = len(s.k_key) - 1
    at = mixed(watch, book, sub, 0) & mask
    while s.k_key[at, 0] != NONE:
        if s.k_key[at, 0] == watch and s.k_key[at, 1] == book and s.k_key[at, 2] == sub:
            return at
        at = (at + 1) & mask
    s.k_key[at, 0] = watch
    s.k_key[at, 1] = book
    s.k_key[at, 2] = sub
    s.k_chain[at, :] = NONE
    s.k_sums[at, :] = 0
    s.k_stretch[at, :] = NONE
    s.control[SLOTS] += 1
    return at


@njit(cache=True)
def book_of(s: State, key: int) -> int:
    """The row of a book, made if there is none."""
    mask = len(s.b_key) - 1
    at = mixed(key, 0, 0, 0) & mask
    while s.b_key[at] != NONE:
        if s.b_key[at] == key:
            return at
        at = (at + 1) & mask
    s.b_key[at] = key
    s.control[BOOKED] += 1
    return at


@njit(cache=True)
def is_fresh(s: State, watch: int, book: int, a: int, b: int, o: int, length: int) -> int:
    """1 where the key was not seen for longer than a window, else 0; seen now."""
    mask = len(s.f_key) - 1
    at = mixed(watch, book, a, b) & mask
    while s.f_key[at, 0] != NONE:
        k = s.f_key[at]
        if k[0] == watch and k[1] == book and k[2] == a and k[3] == b:
            last = s.f_o[at]
            s.f_o[at] = o
            return 1 if o - last > length else 0
        at = (at + 1) & mask
    s.f_key[at, 0] = watch
    s.f_key[at, 1] = book
    s.f_key[at, 2] = a
    s.f_key[at, 3] = b
    s.f_o[at] = o
    s.control[LASTS] += 1
    return 1


@njit(cache=True)
def node(s: State, o: int, row: int, amount: int, bits: int) -> int:
    """A new leg in a window, at the end of no chain yet."""
    at = s.control[FREE]
    s.control[FREE] = s.n_next[at]
    s.control[NODES] += 1
    s.n_o[at] = o
    s.n_row[at] = row
    s.n_amount[at] = amount
    s.n_bits[at] = bits
    s.n_next[at] = NONE
    return at


@njit(cache=True)
def release(s: State, at: int) -> None:
    """A leg that no window reaches any more."""
    s.n_next[at] = s.control[FREE]
    s.control[FREE] = at
    s.control[NODES] -= 1


@njit(cache=True)
def move_slots(old: State, new: State, reach: np.ndarray, now: int) -> None:
    """Slots that a window may still reach, into other arrays; the nodes of the rest are released."""
    for at in range(len(old.k_key)):
        watch = old.k_key[at, 0]
        if watch == NONE:
            continue
        tail = old.k_chain[at, 1]
        if tail == NONE or old.n_o[tail] < now - reach[watch]:
            head = old.k_chain[at, 0]
            while head != NONE:
                following = old.n_next[head]
                release(new, head)
                head = following
            continue
        to = slot_of(new, watch, old.k_key[at, 1], old.k_key[at, 2])
        new.k_chain[to] = old.k_chain[at]
        new.k_sums[to] = old.k_sums[at]
        new.k_stretch[to] = old.k_stretch[at]


@njit(cache=True)
def move_books(old: State, new: State, longest: int, now: int) -> None:
    """Books into other arrays, their legs released that no window reaches. That an account rested is told by
    what it did long ago, so none is dropped."""
    for at in range(len(old.b_key)):
        if old.b_key[at] == NONE:
            continue
        to = book_of(new, old.b_key[at])
        new.b_last[to] = old.b_last[at]
        tail = old.b_tail[at]
        if tail != NONE and old.n_o[tail] < now - longest:
            head = old.b_heads[at, old.b_heads.shape[1] - 1]
            while head != NONE:
                following = old.n_next[head]
                release(new, head)
                head = following
            continue
        new.b_tail[to] = tail
        new.b_heads[to] = old.b_heads[at]
        new.b_sums[to] = old.b_sums[at]
        new.b_stretch[to] = old.b_stretch[at]


@njit(cache=True)
def move_lasts(old: State, new: State, reach: np.ndarray, now: int) -> None:
    """What was seen within a window, into other arrays."""
    mask = len(new.f_key) - 1
    for i in range(len(old.f_key)):
        watch = old.f_key[i, 0]
        if watch == NONE or old.f_o[i] < now - reach[watch]:
            continue
        k = old.f_key[i]
        at = mixed(k[0], k[1], k[2], k[3]) & mask
        while new.f_key[at, 0] != NONE:
            at = (at + 1) & mask
        new.f_key[at] = k
        new.f_o[at] = old.f_o[i]
        new.control[LASTS] += 1
