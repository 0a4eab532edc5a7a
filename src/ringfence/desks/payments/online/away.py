"""Away: which books go to files, which are to come back, and what the tables know of those that are there."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import compiled, inner
from ringfence.desks.payments.online.forget import drop_book, drop_last, drop_slot, let_go
from ringfence.desks.payments.online.numbers import T_CURRENCY, T_PAYEE, T_PAYEE_X, T_PAYER, T_PAYER_X
from ringfence.desks.payments.online.record import HEAD, R_KEY, R_LAST, R_SIZE, R_SUM, count_of, summed
from ringfence.desks.payments.online.state import AWAY, HEADS, NONE, SUMS, State
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
def weigh(s: State, lengths: np.ndarray) -> np.ndarray:
    """Nodes, slots and lasts of each book, by its row."""
    held = np.zeros((len(s.books), 3), np.int64)
    for b in range(len(s.books)):
        if s.books[b, 0] != NONE:
            held[b, 0] = count_of(s, b, lengths)
    for at in range(len(s.slots)):
        if s.slots[at, 0] != NONE:
            b = row_of(s, s.slots[at, 1])
            held[b, 0] += s.slots[at, SUMS + 5]
            held[b, 1] += 1
    for at in range(len(s.lasts)):
        if s.lasts[at, 0] != NONE:
            held[row_of(s, s.lasts[at, 1]), 2] += 1
    return held


@inner
def chained(s: State, table: np.ndarray, number: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a table by the number of their book: the first of each book, and the next of each row."""
    first, following = np.full(count, NONE, np.int64), np.full(len(table), NONE, np.int64)
    for at in range(len(table)):
        if table[at, 0] != NONE:
            i = number[row_of(s, table[at, 1])]
            if i != NONE:
                following[at] = first[i]
                first[i] = at
    return first, following


@compiled
def gather(
    s: State, number: np.ndarray, count: int
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Slots and lasts of the books that have a number (by row; NONE: not): the first of each book, and the
    next of each slot and last."""
    slots, lasts = chained(s, s.slots, number, count), chained(s, s.lasts, number, count)
    return (slots[0], lasts[0]), (slots[1], lasts[1])


@compiled
def clear(s: State, blank: State, lengths: np.ndarray, number: np.ndarray, places: np.ndarray) -> None:
    """Out of the tables go the books that have a number (by row), to their places in files."""
    at = 0
    while at < len(s.slots):
        if s.slots[at, 0] != NONE and number[row_of(s, s.slots[at, 1])] != NONE:
            drop_slot(s, at, blank)
        else:
            at += 1
    at = 0
    while at < len(s.lasts):
        if s.lasts[at, 0] != NONE and number[row_of(s, s.lasts[at, 1])] != NONE:
            drop_last(s, at, blank)
        else:
            at += 1
    keys = np.full(len(places), NONE, np.int64)
    for b in range(len(number)):
        if number[b] != NONE:
            keys[number[b]] = s.books[b, 0]
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
