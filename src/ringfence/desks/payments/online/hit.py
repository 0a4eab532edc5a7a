"""Hit: a window that passed its test is told, with those of its legs that are new to its stretch."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import inner
from ringfence.desks.payments.online.chain import push, wanted
from ringfence.desks.payments.online.numbers import ALL
from ringfence.desks.payments.online.state import (
    BITS,
    CHAIN,
    HITS,
    MEMBERS,
    NEXT,
    NONE,
    ROW,
    STRETCH,
    STRETCHES,
    SUMS,
    O,
    State,
)
from ringfence.desks.payments.online.table import slot_of


@inner
def longer(part: np.ndarray) -> np.ndarray:
    """The same rows, with room for twice as many."""
    wide = np.zeros((2 * len(part), part.shape[1]), np.int64)
    wide[: len(part)] = part
    return wide


@inner
def hit(
    s: State, stretch: np.ndarray, head: int, tail: int, which: int, watch: int, account: int, length: int,
    count: int, got: int, gave: int, out: list[np.ndarray],
) -> None:  # fmt: skip
    """A window passed its test: tell it, and which of its legs are new to the stretch."""
    while not wanted(s.nodes[head, BITS], which):
        head = s.nodes[head, NEXT]
    start, end = s.nodes[head, O], s.nodes[tail, O]
    if stretch[0] != NONE and start <= stretch[2]:
        first = s.nodes[stretch[3], NEXT]  # after the last one told, which is still there, since start <= end
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
        if wanted(s.nodes[first, BITS], which):
            at = s.control[MEMBERS]
            if at == len(rows):
                out[1] = longer(rows)
                rows = out[1]
            rows[at, 0], rows[at, 1] = stretch[0], s.nodes[first, ROW]
            s.control[MEMBERS] += 1
        first = s.nodes[first, NEXT]


@inner
def counted(
    s: State, watch: int, base: int, key: int, sub: int, account: int, length: int, o: int, row: int,
    amount: int, bits: int, least: int, out: list[np.ndarray],
) -> None:  # fmt: skip
    """A watch that counts fresh legs."""
    at = slot_of(s, watch, key, sub)
    push(s, at, length, o, row, amount, bits)
    count, got = s.slots[at, SUMS], s.slots[at, SUMS + 1]
    if count >= least:
        head, tail = s.slots[at, CHAIN], s.slots[at, CHAIN + 1]
        hit(
            s, s.slots[at, STRETCH : STRETCH + 4], head, tail, ALL, base + watch, account, length, count,
            got, 0, out,
        )  # fmt: skip
