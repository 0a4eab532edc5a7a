"""Leg: one side of a transaction through every typology, as in `typologies`."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import inner
from ringfence.desks.payments.online.books import at_night, paid_on, passed
from ringfence.desks.payments.online.chain import slide, within
from ringfence.desks.payments.online.hit import counted
from ringfence.desks.payments.online.keys import burst, receipt, turned
from ringfence.desks.payments.online.numbers import (
    DEPTH,
    EXCHANGE,
    EXCHANGES,
    FLAG,
    FRESH,
    INTO,
    PASSES,
    S_LENGTH,
    S_TIMES,
    STRUCTURE,
    TAG,
    TURN_HIGH,
    TURN_LENGTH,
    TURN_LOW,
)
from ringfence.desks.payments.online.state import HEADS, LAST, NONE, State
from ringfence.desks.payments.online.table import book_of, node


@inner
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
    last = s.books[b, LAST:HEADS]
    if exchange:
        last[5] = o
    if not into:
        paid_on(s, p, lengths, at, least, b, new, account, code, out)
        depth = passed(s, p, lengths, least, b, new, account, code, out)
        near = last[2] != NONE and o - last[2] <= p[TURN_LENGTH] and last[4] != other
        if near and within(p[TURN_LOW], p[TURN_HIGH], last[3], amount):
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
            s, p, least, base, key, code, account, other, o, row, amount, scan, memo, coin, advertised,
            depth, out
        )  # fmt: skip
        last[2], last[3], last[4] = o, amount, other
    return depth, origin
