"""Step: one event after another through every typology, as in `typologies`, by compiled code.

Watches are numbered: 0 … P-1 the windows of pass_through, then those named below. Thresholds by currency and
everything else that the rules say come as arrays (`plan`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from ringfence.desks.payments.online.state import (
    BOOKED,
    HITS,
    LASTS,
    MEMBERS,
    NODES,
    NONE,
    SLOTS,
    SPAN,
    STRETCHES,
    State,
)  # fmt: skip
from ringfence.desks.payments.online.table import book_of, is_fresh, node, release, slot_of

# Bits of a node
INTO: Final = 1
FRESH: Final = 2  # counted
FLAG: Final = 4  # at night, or a neutral word
TAG: Final = 8  # a receipt of what the one in the key had paid to somebody else
EXCHANGE: Final = 16  # the other one is an exchange
DEPTH: Final = 64  # and above

# Which legs of a chain belong to a window
ALL: Final = 0
DIRECT: Final = 1  # none that is tagged
OVER: Final = 2  # tagged, or out
TOWARDS: Final = 3  # in from others, out to an exchange
BACK: Final = 4  # in from an exchange, out to others

# Watches of keys, numbered after those of books
SAME_0, SAME_1, COIN, STRUCTURE, GATHER, DORMANT, AD, WORDS, NEUTRAL, TURN, THIRD = range(11)

# Words of a plan (numbers), see `plan.numbers`
(
    PASS_PARTS, PASS_LOW, PASS_HIGH, X_PARTS, X_LOW, X_HIGH, SAME_PAYERS, SAME_LENGTH, COIN_AMOUNTS,
    COIN_LENGTH, S_TIMES, S_LENGTH, HOP_AT, HOP_LOW, HOP_HIGH, GATHER_LENGTH, COLLECTORS, QUIET, BURST, RECEIPTS,
    NIGHT_AT, NIGHT_LEGS, NIGHT_SHARE, AD_LENGTH, AD_RECEIPTS, MEMO_LENGTH, MEMO_WORDS, MEMO_PAYERS, MEMO_SHARE,
    TURN_LENGTH, TURN_LOW, TURN_HIGH, PASSES, EXCHANGES, NUMBERS,
) = range(35)  # fmt: skip
# Thresholds by currency
L_PASS, L_EXCHANGE, L_TOLERANCE, L_HOP, L_NIGHT, L_TURN = range(6)


@njit(cache=True)
def within(low: int, high: int, got: int, gave: int) -> bool:
    """About as much out as in."""
    return low * got <= 1000 * gave and 1000 * gave <= high * got


@njit(cache=True)
def push(s: State, at: int, length: int, o: int, row: int, amount: int, bits: int) -> None:
    """A leg at the end of a slot's chain; what the window has left goes."""
    chain, sums = s.k_chain[at], s.k_sums[at]
    while chain[0] != NONE and s.n_o[chain[0]] < o - length:
        head = chain[0]
        add(sums, s.n_amount[head], s.n_bits[head], -1)
        chain[0] = s.n_next[head]
        release(s, head)
    new = node(s, o, row, amount, bits)
    if chain[0] == NONE:
        chain[0] = new
    else:
        s.n_next[chain[1]] = new
    chain[1] = new
    add(sums, amount, bits, 1)


@njit(cache=True)
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


@njit(cache=True)
def wanted(bits: int, which: int) -> bool:
    """Whether a leg belongs to a window."""
    if which == ALL:
        return True
    if which == DIRECT:
        return bits & TAG == 0
    if which == OVER:
        return bits & TAG != 0 or bits & INTO == 0
    return ((bits & EXCHANGE != 0) == (bits & INTO == 0)) == (which == TOWARDS)


@njit(cache=True)
def longer(part: np.ndarray) -> np.ndarray:
    """The same rows, with room for twice as many."""
    wide = np.zeros((2 * len(part), part.shape[1]), np.int64)
    wide[: len(part)] = part
    return wide


@njit(cache=True)
def hit(
    s: State, stretch: np.ndarray, head: int, tail: int, which: int, watch: int, account: int, length: int,
    count: int, got: int, gave: int, out: list[np.ndarray],
) -> None:  # fmt: skip
    """A window passed its test: tell it, and which of its legs are new to the stretch."""
    while not wanted(s.n_bits[head], which):
        head = s.n_next[head]
    start, end = s.n_o[head], s.n_o[tail]
    if stretch[0] != NONE and start <= stretch[2]:
        first = s.n_next[stretch[3]]  # after the last one told, which is still there, since start <= end
    else:
        stretch[0] = s.control[STRETCHES]
        s.control[STRETCHES] += 1
        stretch[1] = start
        first = head
    stretch[2] = end
    stretch[3] = tail
    if s.control[HITS] == len(out[0]):
        out[0] = longer(out[0])
    told = out[0][s.control[HITS]]
    s.control[HITS] += 1
    told[0], told[1], told[2], told[3], told[4] = stretch[0], watch, account, start, end
    told[5], told[6], told[7], told[8] = length, count, got, gave
    rows = out[1]
    while first != NONE:
        if wanted(s.n_bits[first], which):
            at = s.control[MEMBERS]
            if at == len(rows):
                out[1] = longer(rows)
                rows = out[1]
            rows[at, 0], rows[at, 1] = stretch[0], s.n_row[first]
            s.control[MEMBERS] += 1
        first = s.n_next[first]


@njit(cache=True)
def counted(
    s: State, watch: int, base: int, key: int, sub: int, account: int, length: int, o: int, row: int, amount: int,
    bits: int, least: int, out: list[np.ndarray],
) -> None:  # fmt: skip
    """A watch that counts fresh legs."""
    at = slot_of(s, watch, key, sub)
    push(s, at, length, o, row, amount, bits)
    count, got = s.k_sums[at, 0], s.k_sums[at, 1]
    if count >= least:
        head, tail = s.k_chain[at, 0], s.k_chain[at, 1]
        hit(s, s.k_stretch[at, :4], head, tail, ALL, base + watch, account, length, count, got, 0, out)


@njit(cache=True)
def slide(s: State, b: int, new: int, lengths: np.ndarray) -> None:
    """A leg at the end of a book's chain, and its windows up to it, the longest last."""
    o, bits, amount = s.n_o[new], s.n_bits[new], s.n_amount[new]
    if s.b_tail[b] != NONE:
        s.n_next[s.b_tail[b]] = new
    s.b_tail[b] = new
    for i in range(len(lengths)):
        sums = s.b_sums[b, 5 * i : 5 * i + 5]
        head = s.b_heads[b, i]
        if head == NONE:
            head = new
        while s.n_o[head] < o - lengths[i]:
            into = s.n_bits[head] & INTO != 0
            sums[0 if into else 1] -= 1
            sums[2 if into else 3] -= s.n_amount[head]
            if s.n_bits[head] & FLAG:
                sums[4] -= s.n_amount[head]
            following = s.n_next[head]
            if i == len(lengths) - 1:
                release(s, head)
            head = following
        s.b_heads[b, i] = head
        into = bits & INTO != 0
        sums[0 if into else 1] += 1
        sums[2 if into else 3] += amount
        if bits & FLAG:
            sums[4] += amount


@njit(cache=True)
def paid_on(
    s: State, p: np.ndarray, lengths: np.ndarray, at: np.ndarray, least: np.ndarray, b: int, new: int,
    account: int, code: int, out: list[np.ndarray],
) -> None:  # fmt: skip
    """A payment, held against what the book received: pass_through and exchange_match."""
    o = s.n_o[new]
    for i in range(p[PASSES]):
        w = at[i]
        sums = s.b_sums[b, 5 * w : 5 * w + 5]
        enough = sums[0] >= p[PASS_PARTS] and sums[2] >= least[code, L_PASS]
        if enough and within(p[PASS_LOW], p[PASS_HIGH], sums[2], sums[3]):
            stretch = s.b_stretch[b, 4 * i : 4 * i + 4]
            hit(
                s, stretch, s.b_heads[b, w], new, ALL, i, account, lengths[w], sums[0], sums[2], sums[3], out
            )  # fmt: skip
    for i in range(p[EXCHANGES]):
        w = at[p[PASSES] + i]
        if s.b_last[b, 5] == NONE or o - s.b_last[b, 5] > lengths[w]:
            continue
        counts, got, gave = np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros(2, np.int64)
        seen = s.b_heads[b, w]
        while seen != NONE:
            bits, amount = s.n_bits[seen], s.n_amount[seen]
            into = bits & INTO != 0
            back = 0 if wanted(bits, TOWARDS) else 1
            if into:
                got[back] += amount
            else:
                gave[back] += amount
            if into != (back == 1):
                counts[back] += 1
            seen = s.n_next[seen]
        # This payment ends a window of its own direction only.
        back = 0 if wanted(s.n_bits[new], TOWARDS) else 1
        enough = counts[back] >= p[X_PARTS] and got[back] >= least[code, L_EXCHANGE]
        if enough and within(p[X_LOW], p[X_HIGH], got[back], gave[back]):
            number = p[PASSES] + 2 * i + back
            stretch = s.b_stretch[b, 4 * number : 4 * number + 4]
            which = BACK if back else TOWARDS
            hit(
                s, stretch, s.b_heads[b, w], new, which, number, account, lengths[w], counts[back], got[back],
                gave[back], out,
            )  # fmt: skip


@njit(cache=True)
def passed(
    s: State, p: np.ndarray, lengths: np.ndarray, least: np.ndarray, b: int, new: int, account: int, code: int,
    out: list[np.ndarray],
) -> int:  # fmt: skip
    """How deep a payment is: how many accounts, one after another, passed on what they had received."""
    w = p[HOP_AT]
    sums = s.b_sums[b, 5 * w : 5 * w + 5]
    if sums[0] < 1 or sums[2] < least[code, L_HOP] or not within(p[HOP_LOW], p[HOP_HIGH], sums[2], sums[3]):
        return 0
    before = 0
    seen = s.b_heads[b, w]
    while seen != NONE:
        if s.n_bits[seen] & INTO:
            before = max(before, s.n_bits[seen] // DEPTH)
        seen = s.n_next[seen]
    depth = min(4, before + 1)
    if depth >= 2:
        number = p[PASSES] + 2 * p[EXCHANGES]
        stretch = s.b_stretch[b, 4 * number : 4 * number + 4]
        hit(
            s, stretch, s.b_heads[b, w], new, ALL, number, account, lengths[w], depth, sums[2], sums[3], out
        )  # fmt: skip
    return depth


@njit(cache=True)
def at_night(
    s: State, p: np.ndarray, lengths: np.ndarray, least: np.ndarray, b: int, new: int, account: int, code: int,
    out: list[np.ndarray],
) -> None:  # fmt: skip
    """Most of the value at night."""
    w = p[NIGHT_AT]
    sums = s.b_sums[b, 5 * w : 5 * w + 5]
    count, value = sums[0] + sums[1], sums[2] + sums[3]
    if count >= p[NIGHT_LEGS] and value >= least[code, L_NIGHT] and 1000 * sums[4] > p[NIGHT_SHARE] * value:
        number = p[PASSES] + 2 * p[EXCHANGES] + 1
        stretch = s.b_stretch[b, 4 * number : 4 * number + 4]
        hit(s, stretch, s.b_heads[b, w], new, ALL, number, account, lengths[w], count, value, sums[4], out)


@njit(cache=True)
def turned(
    s: State, p: np.ndarray, least: np.ndarray, base: int, key: int, far: int, bits: int, account: int, code: int,
    o: int, row: int, amount: int, out: list[np.ndarray],
) -> None:  # fmt: skip
    """What went to somebody who had paid it, directly or over another account: one chain for both."""
    at = slot_of(s, TURN, key, far)
    push(s, at, p[TURN_LENGTH], o, row, amount, bits)
    if bits & (INTO | TAG):
        return
    sums = s.k_sums[at]
    head, tail = s.k_chain[at, 0], s.k_chain[at, 1]
    for third in range(2):
        count, got, gave = (sums[3], sums[4], sums[2]) if third else (sums[0], sums[1], sums[2])
        if count >= 1 and got >= least[code, L_TURN] and within(p[TURN_LOW], p[TURN_HIGH], got, gave):
            stretch = s.k_stretch[at, 4 * third : 4 * third + 4]
            which, watch = (OVER, THIRD) if third else (DIRECT, TURN)
            hit(s, stretch, head, tail, which, base + watch, account, p[TURN_LENGTH], count, got, gave, out)


@njit(cache=True)
def burst(
    s: State, p: np.ndarray, base: int, b: int, key: int, into: bool, account: int, o: int, row: int, amount: int,
    out: list[np.ndarray],
) -> None:  # fmt: skip
    """Receipts after a long rest."""
    last = s.b_last[b]
    if last[0] != NONE and o - last[0] >= p[QUIET]:
        last[1] = o
    last[0] = o
    if into and last[1] != NONE and o - last[1] <= p[BURST]:
        # What is left of an earlier burst is further back than a burst is long.
        counted(
            s, DORMANT, base, key, 0, account, p[BURST], o, row, amount, INTO | FRESH, p[RECEIPTS], out
        )  # fmt: skip


@njit(cache=True)
def receipt(
    s: State, p: np.ndarray, least: np.ndarray, base: int, key: int, code: int, account: int, other: int, o: int,
    row: int, amount: int, scan: bool, memo: int, coin: int, advertised: bool, depth: int, out: list[np.ndarray],
) -> None:  # fmt: skip
    """What only receipts show."""
    if scan:
        width, length = least[code, L_TOLERANCE], p[SAME_LENGTH]
        for phase in range(2):
            bucket = (amount + phase * width) // (2 * width)
            bits = INTO | (FRESH if is_fresh(s, SAME_0 + phase, key, bucket, other, o, length) else 0)
            counted(
                s, SAME_0 + phase, base, key, bucket, account, length, o, row, amount, bits, p[SAME_PAYERS], out
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
        sums = s.k_sums[at]
        if sums[0] >= p[MEMO_PAYERS] and 1000 * sums[3] >= p[MEMO_SHARE] * sums[5]:
            head, tail, count, got, neutral = s.k_chain[at, 0], s.k_chain[at, 1], sums[0], sums[1], sums[3]
            stretch = s.k_stretch[at, :4]
            hit(s, stretch, head, tail, ALL, base + NEUTRAL, account, length, count, got, neutral, out)


@njit(cache=True)
def leg(
    s: State, p: np.ndarray, lengths: np.ndarray, at: np.ndarray, least: np.ndarray, account: int, code: int,
    other: int, into: bool, exchange: bool, o: int, row: int, amount: int, scan: bool, night: bool, memo: int,
    band: int, coin: int, advertised: bool, depth: int, origin: int, out: list[np.ndarray],
) -> tuple[int, int]:  # fmt: skip
    """One side of a transaction. A payment answers how deep it is and from whom; a receipt is told."""
    key = account * 256 + code
    b = book_of(s, key)
    base = p[PASSES] + 2 * p[EXCHANGES] + 2
    bits = (INTO if into else 0) | (FLAG if night else 0) | (EXCHANGE if exchange else 0) | depth * DEPTH
    new = node(s, o, row, amount, bits)
    slide(s, b, new, lengths)
    last = s.b_last[b]
    if exchange:
        last[5] = o
    if not into:
        paid_on(s, p, lengths, at, least, b, new, account, code, out)
        depth = passed(s, p, lengths, least, b, new, account, code, out)
        if last[2] != NONE and o - last[2] <= p[TURN_LENGTH] and last[4] != other:
            if within(p[TURN_LOW], p[TURN_HIGH], last[3], amount):
                origin = last[4]
    at_night(s, p, lengths, least, b, new, account, code, out)
    if band > 0:
        sub = band * 2 + (1 if into else 0)
        counted(
            s, STRUCTURE, base, key, sub, account, p[S_LENGTH], o, row, amount, INTO | FRESH, p[S_TIMES], out
        )  # fmt: skip
    burst(s, p, base, b, key, into, account, o, row, amount, out)
    side = (INTO | FRESH) if into else 0
    turned(s, p, least, base, key, other, side, account, code, o, row, amount, out)
    if into:
        if origin != NONE:
            turned(s, p, least, base, key, origin, TAG, account, code, o, row, amount, out)
        receipt(
            s, p, least, base, key, code, account, other, o, row, amount, scan, memo, coin, advertised, depth, out
        )  # fmt: skip
        last[2], last[3], last[4] = o, amount, other
    return depth, origin


@njit(cache=True)
def full(used: int, room: int) -> bool:
    """Whether a table is too full for another event: long searches, or none that ends."""
    return 10 * (used + SPAN) > 7 * room


@njit(cache=True)
def run(
    s: State, p: np.ndarray, lengths: np.ndarray, at: np.ndarray, least: np.ndarray, begin: int, row: np.ndarray,
    o: np.ndarray, payer: np.ndarray, payee: np.ndarray, amount: np.ndarray, currency: np.ndarray,
    scan: np.ndarray, night: np.ndarray, memo: np.ndarray, band: np.ndarray, coin: np.ndarray,
    payer_exchange: np.ndarray, payee_exchange: np.ndarray, advertised: np.ndarray, out: list[np.ndarray],
) -> int:  # fmt: skip
    """Transactions from ``begin`` on; where it stopped because a table is nearly full."""
    for i in range(begin, len(o)):
        free = len(s.n_o) - s.control[NODES]
        if free < SPAN or full(s.control[SLOTS], len(s.k_key)):
            return i
        if full(s.control[LASTS], len(s.f_key)) or full(s.control[BOOKED], len(s.b_key)):
            return i
        depth, origin = 0, NONE
        if not payer_exchange[i]:
            depth, origin = leg(
                s, p, lengths, at, least, payer[i], currency[i], payee[i], False, payee_exchange[i], o[i], row[i],
                amount[i], scan[i], night[i], memo[i], band[i], coin[i], False, 0, NONE, out,
            )  # fmt: skip
        if not payee_exchange[i]:
            leg(
                s, p, lengths, at, least, payee[i], currency[i], payer[i], True, payer_exchange[i], o[i], row[i],
                amount[i], scan[i], night[i], memo[i], band[i], coin[i], advertised[i], depth, origin, out,
            )  # fmt: skip
    return len(o)
