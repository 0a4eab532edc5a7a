"""Layered hops: how many times the money of a payment has been handed on, one account to the next.

A chain is payments in strictly increasing order within the window, each made by who received the one before
and handing on between two ratios of it; an account may stand in it twice (`cycles` tells that). Depth is the
number of payments of the longest chain that ends with this one, at most four. Each payment keeps the latest
start of such a chain of two and of three: a chain lies within the window exactly if its start does, whenever
one asks. Payments received are read latest first, and no further than an earlier one could begin a later
chain.
"""

from __future__ import annotations

from ringfence.desks.payments.compiled import Ints, compiled
from ringfence.desks.payments.graph.cycles import within
from ringfence.desks.payments.graph.state import (
    AMOUNT,
    BEFORE,
    DOUBT,
    ORDER,
    PATH_TAIL,
    RECEIVED,
    THREE,
    TWO,
    State,
)


@compiled
def starts(state: State, payer: int, amount: int, low: int, high: int, left: int, latest: Ints) -> int:
    """Latest starts of chains of two, three, four ending with a payment, into ``latest``.

    Returns bits 1, 2, 4 where the search for two, three, four was cut, here or in a payment that it rests on.
    """
    events, tail = state.events, state.numbers[PATH_TAIL]
    mask = events.shape[0] - 1
    place = state.accounts[payer, RECEIVED]
    doubt = 0
    while place >= tail:
        event = events[place & mask]
        order = event[ORDER]
        # A chain of three holds one of two that starts later, and so on: the last is the least.
        if latest[2] >= order:
            break
        left -= 1
        if left < 0:
            return 7
        if within(event[AMOUNT], amount, low, high):
            latest[0] = max(latest[0], order)
            latest[1] = max(latest[1], event[TWO])
            latest[2] = max(latest[2], event[THREE])
            doubt |= event[DOUBT] << 1
        place = event[BEFORE]
    return doubt & 7
