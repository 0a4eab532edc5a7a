"""Move: tables into larger or emptier ones, leaving behind what no window reaches any more."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import compiled, inner
from ringfence.desks.payments.online.state import (
    CHAIN,
    COLD,
    HEADS,
    LAST,
    LASTS,
    NEXT,
    NONE,
    SEEN,
    TAIL,
    O,
    State,
)
from ringfence.desks.payments.online.table import book_of, cold_of, mixed, release, slot_of


@inner
def let_go(s: State, head: int) -> None:
    """Release a chain."""
    while head != NONE:
        following = s.nodes[head, NEXT]
        release(s, head)
        head = following


@compiled
def move_slots(old: State, new: State, reach: np.ndarray, now: int) -> None:
    """Slots that a window may still reach, into other arrays; the nodes of the rest are released."""
    for at in range(len(old.slots)):
        watch = old.slots[at, 0]
        if watch == NONE:
            continue
        tail = old.slots[at, CHAIN + 1]
        if tail == NONE or old.nodes[tail, O] < now - reach[watch]:
            let_go(new, old.slots[at, CHAIN])
            continue
        to = slot_of(new, watch, old.slots[at, 1], old.slots[at, 2])
        new.slots[to, CHAIN:] = old.slots[at, CHAIN:]


@compiled
def move_books(old: State, new: State, lengths: np.ndarray, longest: int, rest: int, now: int) -> None:
    """Books into other arrays. The legs that no window reaches are released; of a book that has rested for
    longer than anything looks back (``rest``) only its last leg is kept: that an account rested is told by
    what it did long ago."""
    for at in range(len(old.books)):
        key, last = old.books[at, 0], old.books[at, LAST]
        if key == NONE:
            continue
        tail = old.books[at, TAIL]
        over = tail == NONE or old.nodes[tail, O] < now - longest
        if over and tail != NONE:
            let_go(new, old.books[at, HEADS + len(lengths) - 1])
        if last < now - rest:
            cold = cold_of(new, key)
            new.control[COLD] += 1 if new.cold[cold, 0] == NONE else 0
            new.cold[cold, 0], new.cold[cold, 1] = key, last
            continue
        to = book_of(new, key)
        if over:
            new.books[to, LAST:HEADS] = old.books[at, LAST:HEADS]
        else:
            new.books[to] = old.books[at]


@compiled
def move_cold(old: State, new: State) -> None:
    """Cold books into other arrays."""
    for at in range(len(old.cold)):
        if old.cold[at, 0] != NONE:
            to = cold_of(new, old.cold[at, 0])
            new.control[COLD] += 1 if new.cold[to, 0] == NONE else 0
            new.cold[to] = old.cold[at]


@compiled
def move_lasts(old: State, new: State, reach: np.ndarray, now: int) -> None:
    """What was seen within a window, into other arrays."""
    mask = len(new.lasts) - 1
    for i in range(len(old.lasts)):
        k = old.lasts[i]
        if k[0] == NONE or k[SEEN] < now - reach[k[0]]:
            continue
        at = mixed(k[0], k[1], k[2], k[3]) & mask
        while new.lasts[at, 0] != NONE:
            at = (at + 1) & mask
        new.lasts[at] = k
        new.control[LASTS] += 1
