"""Books: tests on what an account received and paid in one currency."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import inner
from ringfence.desks.payments.online.chain import at_most, stretch_of, sums_of, wanted, within
from ringfence.desks.payments.online.hit import hit
from ringfence.desks.payments.online.numbers import (
    ALL,
    BACK,
    DEPTH,
    EXCHANGES,
    HOP_AT,
    HOP_HIGH,
    HOP_LOW,
    INTO,
    L_EXCHANGE,
    L_HOP,
    L_NIGHT,
    L_PASS,
    NIGHT_AT,
    NIGHT_LEGS,
    NIGHT_SHARE,
    PASS_HIGH,
    PASS_LOW,
    PASS_PARTS,
    PASSES,
    TOWARDS,
    X_HIGH,
    X_LOW,
    X_PARTS,
)
from ringfence.desks.payments.online.state import AMOUNT, BITS, HEADS, LAST, NEXT, NONE, O, State


@inner
def paid_on(
    s: State, p: np.ndarray, lengths: np.ndarray, at: np.ndarray, least: np.ndarray, b: int, new: int,
    account: int, code: int, out: list[np.ndarray],
) -> None:  # fmt: skip
    """A payment, held against what the book received: pass_through and exchange_match."""
    o = s.nodes[new, O]
    for i in range(p[PASSES]):
        w = at[i]
        sums = sums_of(s, lengths, b, w)
        enough = sums[0] >= p[PASS_PARTS] and sums[2] >= least[code, L_PASS]
        if enough and within(p[PASS_LOW], p[PASS_HIGH], sums[2], sums[3]):
            stretch = stretch_of(s, lengths, b, i)
            hit(
                s, stretch, s.books[b, HEADS + w], new, ALL, i, account, lengths[w], sums[0], sums[2],
                sums[3], out
            )  # fmt: skip
    for i in range(p[EXCHANGES]):
        w = at[p[PASSES] + i]
        if s.books[b, LAST + 5] == NONE or o - s.books[b, LAST + 5] > lengths[w]:
            continue
        counts, got, gave = np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros(2, np.int64)
        seen = s.books[b, HEADS + w]
        while seen != NONE:
            bits, amount = s.nodes[seen, BITS], s.nodes[seen, AMOUNT]
            into = bits & INTO != 0
            back = 0 if wanted(bits, TOWARDS) else 1
            if into:
                got[back] += amount
            else:
                gave[back] += amount
            if into != (back == 1):
                counts[back] += 1
            seen = s.nodes[seen, NEXT]
        # This payment ends a window of its own direction only.
        back = 0 if wanted(s.nodes[new, BITS], TOWARDS) else 1
        enough = counts[back] >= p[X_PARTS] and got[back] >= least[code, L_EXCHANGE]
        if enough and within(p[X_LOW], p[X_HIGH], got[back], gave[back]):
            number = p[PASSES] + 2 * i + back
            stretch = stretch_of(s, lengths, b, number)
            which = BACK if back else TOWARDS
            hit(
                s, stretch, s.books[b, HEADS + w], new, which, number, account, lengths[w], counts[back],
                got[back], gave[back], out,
            )  # fmt: skip


@inner
def passed(
    s: State, p: np.ndarray, lengths: np.ndarray, least: np.ndarray, b: int, new: int, account: int,
    code: int, out: list[np.ndarray],
) -> int:  # fmt: skip
    """How deep a payment is: how many accounts, one after another, passed on what they had received."""
    w = p[HOP_AT]
    sums = sums_of(s, lengths, b, w)
    if sums[0] < 1 or sums[2] < least[code, L_HOP] or not within(p[HOP_LOW], p[HOP_HIGH], sums[2], sums[3]):
        return 0
    before = 0
    seen = s.books[b, HEADS + w]
    while seen != NONE:
        if s.nodes[seen, BITS] & INTO:
            before = max(before, s.nodes[seen, BITS] // DEPTH)
        seen = s.nodes[seen, NEXT]
    depth = min(4, before + 1)
    if depth >= 2:
        number = p[PASSES] + 2 * p[EXCHANGES]
        stretch = stretch_of(s, lengths, b, number)
        hit(
            s, stretch, s.books[b, HEADS + w], new, ALL, number, account, lengths[w], depth, sums[2],
            sums[3], out
        )  # fmt: skip
    return depth


@inner
def at_night(
    s: State, p: np.ndarray, lengths: np.ndarray, least: np.ndarray, b: int, new: int, account: int,
    code: int, out: list[np.ndarray],
) -> None:  # fmt: skip
    """Most of the value at night."""
    w = p[NIGHT_AT]
    sums = sums_of(s, lengths, b, w)
    count, value = sums[0] + sums[1], sums[2] + sums[3]
    enough = count >= p[NIGHT_LEGS] and value >= least[code, L_NIGHT]
    if enough and not at_most(1000, sums[4], p[NIGHT_SHARE], value):
        number = p[PASSES] + 2 * p[EXCHANGES] + 1
        stretch = stretch_of(s, lengths, b, number)
        hit(
            s, stretch, s.books[b, HEADS + w], new, ALL, number, account, lengths[w], count, value, sums[4],
            out,
        )  # fmt: skip
