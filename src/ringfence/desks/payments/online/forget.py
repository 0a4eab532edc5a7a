"""Forget: what no window reaches any more, in place."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import compiled, inner
from ringfence.desks.payments.online.rows import remove
from ringfence.desks.payments.online.state import (
    BOOK_KEY,
    BOOKED,
    CHAIN,
    COLD,
    HEADS,
    LAST,
    LAST_KEY,
    LASTS,
    NEXT,
    NONE,
    SEEN,
    SLOT_KEY,
    SLOTS,
    TAIL,
    O,
    State,
)
from ringfence.desks.payments.online.table import cold_of, release


@inner
def let_go(s: State, head: int) -> None:
    """Release a chain."""
    while head != NONE:
        following = s.nodes[head, NEXT]
        release(s, head)
        head = following


@inner
def drop_slot(s: State, at: int, blank: State) -> None:
    """A slot and its chain."""
    let_go(s, s.slots[at, CHAIN])
    remove(s.slots, at, SLOT_KEY, blank.slots[0])
    s.control[SLOTS] -= 1


@inner
def drop_last(s: State, at: int, blank: State) -> None:
    """When a key was last seen."""
    remove(s.lasts, at, LAST_KEY, blank.lasts[0])
    s.control[LASTS] -= 1


@inner
def drop_book(s: State, at: int, value: int, blank: State) -> None:
    """A book, whose chain is released; ``value`` is what `cold` tells of it from now on."""
    key = s.books[at, 0]
    cold = cold_of(s, key)
    if s.cold[cold, 0] == NONE:
        s.cold[cold, 0] = key
        s.control[COLD] += 1
    s.cold[cold, 1] = value
    remove(s.books, at, BOOK_KEY, blank.books[0])
    s.control[BOOKED] -= 1


@compiled
def forget(s: State, blank: State, lengths: np.ndarray, reach: np.ndarray, rest: int, now: int) -> None:
    """Slots and lasts that no window reaches, chains of books likewise. Of a book that has rested for longer
    than anything looks back (``rest``) only its last leg is kept: that an account rested is told by what it
    did long ago. ``blank`` has an empty row of each table."""
    at = 0
    while at < len(s.slots):
        watch, tail = s.slots[at, 0], s.slots[at, CHAIN + 1]
        if watch != NONE and (tail == NONE or s.nodes[tail, O] < now - reach[watch]):
            drop_slot(s, at, blank)  # another one may stand here now
        else:
            at += 1
    at = 0
    while at < len(s.lasts):
        if s.lasts[at, 0] != NONE and s.lasts[at, SEEN] < now - reach[s.lasts[at, 0]]:
            drop_last(s, at, blank)
        else:
            at += 1
    at, longest = 0, len(lengths) - 1
    while at < len(s.books):
        tail, last = s.books[at, TAIL], s.books[at, LAST]
        if s.books[at, 0] == NONE:
            at += 1
            continue
        if tail != NONE and s.nodes[tail, O] < now - lengths[longest]:
            let_go(s, s.books[at, HEADS + longest])
            s.books[at, TAIL] = NONE
            s.books[at, HEADS:] = blank.books[0, HEADS:]
        if last < now - rest:
            drop_book(s, at, last, blank)
        else:
            at += 1
