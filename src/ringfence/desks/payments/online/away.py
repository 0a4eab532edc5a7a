"""Away: which books go to files, which are to come back, and what the tables know of those that are there."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import compiled, inner
from ringfence.desks.payments.online.forget import drop_book, drop_last, let_go
from ringfence.desks.payments.online.numbers import T_CURRENCY, T_PAYEE, T_PAYEE_X, T_PAYER, T_PAYER_X
from ringfence.desks.payments.online.record import HEAD, R_KEY, R_LAST, R_SIZE, R_SUM, count_of, summed
from ringfence.desks.payments.online.rows import remove
from ringfence.desks.payments.online.state import (
    AWAY,
    CHAIN,
    HEADS,
    NONE,
    SEEN,
    SLOT_KEY,
    SLOTS,
    SUMS,
    State,
)
from ringfence.desks.payments.online.table import cold_of, mixed


@inner
def row_of(s: State, key: int) -> int:
    """The row of a book that is in the table."""
    mask = len(s.books) - 1
    at = mixed(key, 0, 0, 0) & mask
    while s.books[at, 0] != key:
        at = (at + 1) & mask
    return at


@compiled
def weigh(
    s: State, lengths: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """By row of a book: how many nodes, slots and lasts it has; the first of its slots and of its lasts; and
    by row of these the next one."""
    held = np.zeros((len(s.books), 3), np.int64)
    slot, last = np.full(len(s.books), NONE, np.int64), np.full(len(s.books), NONE, np.int64)
    next_slot, next_last = np.empty(len(s.slots), np.int64), np.empty(len(s.lasts), np.int64)
    for b in range(len(s.books)):
        if s.books[b, 0] != NONE:
            held[b, 0] = count_of(s, b, lengths)
    for at in range(len(s.slots)):
        if s.slots[at, 0] != NONE:
            b = row_of(s, s.slots[at, 1])
            held[b, 0] += s.slots[at, SUMS + 5]
            held[b, 1] += 1
            next_slot[at], slot[b] = slot[b], at
    for at in range(len(s.lasts)):
        if s.lasts[at, 0] != NONE:
            b = row_of(s, s.lasts[at, 1])
            held[b, 2] += 1
            next_last[at], last[b] = last[b], at
    return held, (slot, last), (next_slot, next_last)


@compiled
def clear(
    s: State, blank: State, lengths: np.ndarray, books: np.ndarray, places: np.ndarray,
    first: tuple[np.ndarray, np.ndarray], following: tuple[np.ndarray, np.ndarray],
) -> None:  # fmt: skip
    """Out of the tables go the ``books`` (rows), to their places in files."""
    keys = np.empty(len(books), np.int64)
    for i in range(len(books)):
        b = books[i]
        keys[i] = s.books[b, 0]
        at = first[0][b]
        while at != NONE:  # rows move where one is taken out: first all are marked
            let_go(s, s.slots[at, CHAIN])
            s.slots[at, CHAIN] = AWAY
            at = following[0][at]
        at = first[1][b]
        while at != NONE:
            s.lasts[at, SEEN] = AWAY
            at = following[1][at]
    at = 0
    while at < len(s.slots):
        if s.slots[at, 0] != NONE and s.slots[at, CHAIN] == AWAY:
            remove(s.slots, at, SLOT_KEY, blank.slots[0])
            s.control[SLOTS] -= 1
        else:
            at += 1
    at = 0
    while at < len(s.lasts):
        if s.lasts[at, 0] != NONE and s.lasts[at, SEEN] == AWAY:
            drop_last(s, at, blank)
        else:
            at += 1
    for i in range(len(keys)):
        b = row_of(s, keys[i])
        let_go(s, s.books[b, HEADS + len(lengths) - 1])
        drop_book(s, b, AWAY - places[i], blank)


@compiled
def wanted(s: State, x: np.ndarray, begin: int, found: np.ndarray) -> tuple[int, int]:
    """Books of the events from ``begin`` on that are in files, each once, into ``found`` (row in `cold`,
    place, event) until it is full; how many, and up to which event. They are in the tables from now on."""
    count = 0
    for i in range(begin, len(x)):
        if count + 2 > len(found):
            return count, i
        t = x[i]
        for side in range(2):
            if t[T_PAYEE_X if side else T_PAYER_X]:
                continue
            cold = cold_of(s, t[T_PAYEE if side else T_PAYER] * 256 + t[T_CURRENCY])
            if s.cold[cold, 1] <= AWAY:
                found[count, 0], found[count, 1], found[count, 2] = cold, AWAY - s.cold[cold, 1], i
                s.cold[cold, 1] = NONE
                count += 1
    return count, len(x)


@compiled
def carry(
    s: State, words: np.ndarray, begin: int, before: int, kept: np.ndarray, end: int
) -> tuple[int, int]:
    """Of records at place ``begin``, those that still count into ``kept``, which will be at place ``end``;
    but of a book that rested before an order key only its last leg is known from now on. How many words were
    kept (NONE where a record is damaged), and how many books rested."""
    at, size, rested = 0, 0, 0
    while at < len(words):
        length = words[at + R_SIZE]
        w = words[at : at + length]
        if length < HEAD or at + length > len(words) or w[R_SUM] != summed(w[R_SUM + 1 :]):
            return NONE, rested
        cold = cold_of(s, w[R_KEY])
        if s.cold[cold, 1] == AWAY - (begin + at):
            if w[R_LAST] < before:
                s.cold[cold, 1] = w[R_LAST]
                rested += 1
            else:
                kept[size : size + length] = w
                s.cold[cold, 1] = AWAY - (end + size)
                size += length
        at += length
    return size, rested
