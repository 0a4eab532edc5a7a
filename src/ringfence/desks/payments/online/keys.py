"""Keys: tests on the legs of an account that have something in common."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import inner
from ringfence.desks.payments.online.chain import push, within
from ringfence.desks.payments.online.hit import counted, hit
from ringfence.desks.payments.online.numbers import (
    AD,
    AD_LENGTH,
    AD_RECEIPTS,
    ALL,
    BURST,
    COIN,
    COIN_AMOUNTS,
    COIN_LENGTH,
    COLLECTORS,
    DIRECT,
    DORMANT,
    FLAG,
    FRESH,
    GATHER,
    GATHER_LENGTH,
    INTO,
    L_TOLERANCE,
    L_TURN,
    MEMO_LENGTH,
    MEMO_PAYERS,
    MEMO_SHARE,
    MEMO_WORDS,
    NEUTRAL,
    OVER,
    QUIET,
    RECEIPTS,
    SAME_0,
    SAME_LENGTH,
    SAME_PAYERS,
    TAG,
    THIRD,
    TURN,
    TURN_HIGH,
    TURN_LENGTH,
    TURN_LOW,
    WORDS,
)
from ringfence.desks.payments.online.state import CHAIN, HEADS, LAST, NONE, STRETCH, SUMS, State
from ringfence.desks.payments.online.table import is_fresh, slot_of


@inner
def turned(
    s: State, p: np.ndarray, least: np.ndarray, base: int, key: int, far: int, bits: int, account: int,
    code: int, o: int, row: int, amount: int, out: list[np.ndarray],
) -> None:  # fmt: skip
    """What went to somebody who had paid it, directly or over another account: one chain for both."""
    at = slot_of(s, TURN, key, far)
    push(s, at, p[TURN_LENGTH], o, row, amount, bits)
    if bits & (INTO | TAG):
        return
    sums = s.slots[at, SUMS:STRETCH]
    head, tail = s.slots[at, CHAIN], s.slots[at, CHAIN + 1]
    for third in range(2):
        count, got, gave = (sums[3], sums[4], sums[2]) if third else (sums[0], sums[1], sums[2])
        if count >= 1 and got >= least[code, L_TURN] and within(p[TURN_LOW], p[TURN_HIGH], got, gave):
            stretch = s.slots[at, STRETCH + 4 * third : STRETCH + 4 * third + 4]
            which, watch = (OVER, THIRD) if third else (DIRECT, TURN)
            hit(s, stretch, head, tail, which, base + watch, account, p[TURN_LENGTH], count, got, gave, out)


@inner
def burst(
    s: State, p: np.ndarray, base: int, b: int, key: int, into: bool, account: int, o: int, row: int,
    amount: int, out: list[np.ndarray],
) -> None:  # fmt: skip
    """Receipts after a long rest."""
    last = s.books[b, LAST:HEADS]
    if last[0] != NONE and o - last[0] >= p[QUIET]:
        last[1] = o
    last[0] = o
    if into and last[1] != NONE and o - last[1] <= p[BURST]:
        # A chain of its own for each burst: the rest between two may be shorter than a burst is long.
        counted(
            s, DORMANT, base, key, last[1], account, p[BURST], o, row, amount, INTO | FRESH, p[RECEIPTS], out
        )  # fmt: skip


@inner
def receipt(
    s: State, p: np.ndarray, least: np.ndarray, base: int, key: int, code: int, account: int, other: int,
    o: int, row: int, amount: int, scan: bool, memo: int, coin: int, advertised: bool, depth: int,
    out: list[np.ndarray],
) -> None:  # fmt: skip
    """What only receipts show."""
    if scan:
        width, length = least[code, L_TOLERANCE], p[SAME_LENGTH]
        for phase in range(2):
            bucket = (amount + phase * width) // (2 * width)
            bits = INTO | (FRESH if is_fresh(s, SAME_0 + phase, key, bucket, other, o, length) else 0)
            counted(
                s, SAME_0 + phase, base, key, bucket, account, length, o, row, amount, bits, p[SAME_PAYERS],
                out
            )  # fmt: skip
    bit = 0
    while coin >> bit:
        if coin >> bit & 1:
            bits = INTO | (FRESH if is_fresh(s, COIN, key, bit, amount, o, p[COIN_LENGTH]) else 0)
            counted(
                s, COIN, base, key, bit, account, p[COIN_LENGTH], o, row, amount, bits, p[COIN_AMOUNTS], out
            )  # fmt: skip
        bit += 1
    if depth >= 1:
        length = p[GATHER_LENGTH]
        bits = INTO | (FRESH if is_fresh(s, GATHER, key, other, 0, o, length) else 0)
        counted(s, GATHER, base, key, 0, account, length, o, row, amount, bits, p[COLLECTORS], out)
    if advertised:
        bits = INTO | FRESH
        counted(s, AD, base, key, 0, account, p[AD_LENGTH], o, row, amount, bits, p[AD_RECEIPTS], out)
    length = p[MEMO_LENGTH]
    if memo == 3:
        counted(s, WORDS, base, key, 0, account, length, o, row, amount, INTO | FRESH, p[MEMO_WORDS], out)
    if memo > 0:
        bits = INTO | (FRESH if is_fresh(s, NEUTRAL, key, other, 0, o, length) else 0)
        at = slot_of(s, NEUTRAL, key, 0)
        push(s, at, length, o, row, amount, bits | (FLAG if memo == 2 else 0))
        sums = s.slots[at, SUMS:STRETCH]
        if sums[0] >= p[MEMO_PAYERS] and 1000 * sums[3] >= p[MEMO_SHARE] * sums[5]:
            head, tail = s.slots[at, CHAIN], s.slots[at, CHAIN + 1]
            count, got, neutral = sums[0], sums[1], sums[3]
            stretch = s.slots[at, STRETCH : STRETCH + 4]
            hit(s, stretch, head, tail, ALL, base + NEUTRAL, account, length, count, got, neutral, out)
