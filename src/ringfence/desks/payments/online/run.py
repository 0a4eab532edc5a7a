"""Run: transactions one after another, by compiled code."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import compiled, inner
from ringfence.desks.payments.online.leg import leg
from ringfence.desks.payments.online.numbers import (
    T_AD,
    T_AMOUNT,
    T_BAND,
    T_COIN,
    T_CURRENCY,
    T_MEMO,
    T_NIGHT,
    T_O,
    T_PAYEE,
    T_PAYEE_X,
    T_PAYER,
    T_PAYER_X,
    T_ROW,
    T_SCAN,
)
from ringfence.desks.payments.online.state import BOOKED, LASTS, NODES, NONE, SLOTS, SPAN, State


@inner
def full(used: int, room: int) -> bool:
    """Whether a table is too full for another event: long searches, or none that ends."""
    return 10 * (used + SPAN) > 7 * room


@compiled
def run(
    s: State, p: np.ndarray, lengths: np.ndarray, at: np.ndarray, least: np.ndarray, begin: int,
    x: np.ndarray, out: list[np.ndarray],
) -> int:  # fmt: skip
    """Transactions from ``begin`` on; where it stopped because a table is nearly full."""
    for i in range(begin, len(x)):
        if len(s.nodes) - s.control[NODES] < SPAN or full(s.control[SLOTS], len(s.slots)):
            return i
        if full(s.control[LASTS], len(s.lasts)) or full(s.control[BOOKED], len(s.books)):
            return i
        t = x[i]
        depth, origin = 0, NONE
        if not t[T_PAYER_X]:
            depth, origin = leg(
                s, p, lengths, at, least, t[T_PAYER], t[T_CURRENCY], t[T_PAYEE], False, t[T_PAYEE_X] != 0,
                t[T_O], t[T_ROW], t[T_AMOUNT], t[T_SCAN] != 0, t[T_NIGHT] != 0, t[T_MEMO], t[T_BAND],
                t[T_COIN], False, 0, NONE, out,
            )  # fmt: skip
        if not t[T_PAYEE_X]:
            leg(
                s, p, lengths, at, least, t[T_PAYEE], t[T_CURRENCY], t[T_PAYER], True, t[T_PAYER_X] != 0,
                t[T_O], t[T_ROW], t[T_AMOUNT], t[T_SCAN] != 0, t[T_NIGHT] != 0, t[T_MEMO], t[T_BAND],
                t[T_COIN], t[T_AD] != 0, depth, origin, out,
            )  # fmt: skip
    return len(x)
