"""Chain: legs of one key in order, and the sums over the windows that end at the last one."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import inner
from ringfence.desks.payments.online.numbers import (
    ALL,
    DIRECT,
    EXCHANGE,
    FLAG,
    FRESH,
    INTO,
    OVER,
    TAG,
    TOWARDS,
)
from ringfence.desks.payments.online.state import (
    AMOUNT,
    BEYOND,
    BITS,
    CHAIN,
    HEADS,
    NEXT,
    NONE,
    STRETCH,
    SUMS,
    TAIL,
    O,
    State,
)
from ringfence.desks.payments.online.table import node, release

_LOW = (1 << 32) - 1


@inner
def within(low: int, high: int, got: int, gave: int) -> bool:
    """About as much out as in."""
    return at_most(low, got, 1000, gave) and at_most(1000, gave, high, got)


@inner
def at_most(a: int, x: int, b: int, y: int) -> bool:
    """Whether a x ≤ b y, where a product has no room in 64 bits too (a, b below 2**30)."""
    x_low, y_low = a * (x & _LOW), b * (y & _LOW)
    x_high, y_high = a * (x >> 32) + (x_low >> 32), b * (y >> 32) + (y_low >> 32)
    return x_high < y_high or (x_high == y_high and x_low & _LOW <= y_low & _LOW)


@inner
def wanted(bits: int, which: int) -> bool:
    """Whether a leg belongs to a window."""
    if which == ALL:
        return True
    if which == DIRECT:
        return bits & TAG == 0
    if which == OVER:
        return bits & TAG != 0 or bits & INTO == 0
    return ((bits & EXCHANGE != 0) == (bits & INTO == 0)) == (which == TOWARDS)


@inner
def add(sums: np.ndarray, amount: int, bits: int, sign: int) -> None:
    """Count a leg in a slot's sums, or take it out of them."""
    if bits & TAG:
        sums[3] += sign
        sums[4] += sign * amount
    else:
        if bits & FRESH:
            sums[0] += sign
        if bits & FLAG:
            sums[3] += sign
        sums[1 if bits & INTO else 2] += sign * amount
    sums[5] += sign


@inner
def push(s: State, at: int, length: int, o: int, row: int, amount: int, bits: int) -> None:
    """A leg at the end of a slot's chain; what the window has left goes."""
    chain, sums = s.slots[at, CHAIN:SUMS], s.slots[at, SUMS:STRETCH]
    while chain[0] != NONE and s.nodes[chain[0], O] < o - length:
        head = chain[0]
        add(sums, s.nodes[head, AMOUNT], s.nodes[head, BITS], -1)
        chain[0] = s.nodes[head, NEXT]
        release(s, head)
    new = node(s, o, row, amount, bits)
    if chain[0] == NONE:
        chain[0] = new
    else:
        s.nodes[chain[1], NEXT] = new
    chain[1] = new
    add(sums, amount, bits, 1)
    if min(sums[1], sums[2], sums[4]) < 0:
        s.control[BEYOND] = 1


@inner
def sums_of(s: State, lengths: np.ndarray, b: int, window: int) -> np.ndarray:
    """Receipts, payments, got, gave and value at night in a window of a book."""
    at = HEADS + len(lengths) + 5 * window
    return s.books[b, at : at + 5]


@inner
def stretch_of(s: State, lengths: np.ndarray, b: int, watch: int) -> np.ndarray:
    """The stretch of a watch over a book."""
    at = HEADS + 6 * len(lengths) + 4 * watch
    return s.books[b, at : at + 4]


@inner
def slide(s: State, b: int, new: int, lengths: np.ndarray) -> None:
    """A leg at the end of a book's chain, and its windows up to it, the longest last."""
    o, bits, amount = s.nodes[new, O], s.nodes[new, BITS], s.nodes[new, AMOUNT]
    if s.books[b, TAIL] != NONE:
        s.nodes[s.books[b, TAIL], NEXT] = new
    s.books[b, TAIL] = new
    for i in range(len(lengths)):
        sums = sums_of(s, lengths, b, i)
        head = s.books[b, HEADS + i]
        if head == NONE:
            head = new
        while s.nodes[head, O] < o - lengths[i]:
            into = s.nodes[head, BITS] & INTO != 0
            sums[0 if into else 1] -= 1
            sums[2 if into else 3] -= s.nodes[head, AMOUNT]
            if s.nodes[head, BITS] & FLAG:
                sums[4] -= s.nodes[head, AMOUNT]
            following = s.nodes[head, NEXT]
            if i == len(lengths) - 1:
                release(s, head)
            head = following
        s.books[b, HEADS + i] = head
        into = bits & INTO != 0
        sums[0 if into else 1] += 1
        sums[2 if into else 3] += amount
        if bits & FLAG:
            sums[4] += amount
        if sums[2] + sums[3] < 0 or sums[2 if into else 3] < 0:  # at night no more than both
            s.control[BEYOND] = 1
