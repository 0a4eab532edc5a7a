"""The state: the payments inside the longest window, the pairs and the accounts that they touch.

Three arrays of 64-bit integers, a row per payment, pair or account. Payments stand in a ring in the order of
the stream and are named by their place in it, a number that only grows; pairs and accounts stand in slots
that are used again once no payment in a window needs them. Nothing else grows with the stream.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ringfence.desks.payments.compiled import Ints
from ringfence.desks.payments.graph import table

# Payments: order key, minor units, slot of the pair, next payment of the pair (-1 none), the payment the
# payee received before (-1 none); the latest starts of chains of two and three that end here, and bits 1, 2
# where the search for them was cut.
ORDER, AMOUNT, PAIR, NEXT, BEFORE, TWO, THREE, DOUBT = range(8)
# Pairs: slots of both accounts; order keys of the first and last payment in the path window; neighbours in
# the payer's list of pairs and in the payee's, latest payment first; payments in the path window; their ends.
PAYER, PAYEE, FIRST_O, LAST_O, OUT_NEXT, IN_NEXT, PATH_N, FIRST, LAST, OUT_PREV, IN_PREV, FAN_N = range(12)
# Accounts: number; pairs that need it; distinct payers, payees in the path window; heads of both lists; the
# payment received last; then of the fan window: distinct payers, payees, payments in, out, and sums in, out
# in two parts each (a sum of large amounts may exceed 64 bits).
ACCOUNT, NEEDED, PATH_IN, PATH_OUT, OUT_HEAD, IN_HEAD, RECEIVED, FAN_IN, FAN_OUT, DEGREE_IN, DEGREE_OUT = (
    range(11)
)
SUM_IN, SUM_OUT = 11, 13
WIDTHS = (8, 12, 15)
# Numbers of the state: payments so far, the first inside each window, the last order key, free slots, marks.
HEAD, FAN_TAIL, PATH_TAIL, LATEST, FREE_PAIRS, FREE_ACCOUNTS, STAMP = range(7)


class State(NamedTuple):
    """What is kept between payments."""

    events: Ints
    pairs: Ints
    accounts: Ints
    pair_table: Ints
    account_table: Ints
    free_pairs: Ints
    free_accounts: Ints
    scratch: Ints  # per account: a mark and a count
    numbers: Ints

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(part.nbytes for part in self)


def fresh(rows: int = 1024) -> State:
    """An empty state with room for ``rows`` (a power of two) payments, pairs and accounts."""
    numbers = np.zeros(7, np.int64)
    numbers[LATEST] = -1
    numbers[FREE_PAIRS] = numbers[FREE_ACCOUNTS] = rows
    events, pairs, accounts = (np.zeros((rows, width), np.int64) for width in WIDTHS)
    free = np.arange(rows, dtype=np.int64)[::-1]
    return State(
        events, pairs, accounts, table.empty(rows), table.empty(rows),
        free.copy(), free.copy(), np.zeros((rows, 2), np.int64), numbers,
    )  # fmt: skip


def widened(state: State) -> State:
    """The same with twice the room, wherever less than the next payment needs is left."""
    numbers = state.numbers
    head, tail = int(numbers[HEAD]), int(min(numbers[FAN_TAIL], numbers[PATH_TAIL]))
    if head - tail == len(state.events):
        events = np.zeros((2 * len(state.events), WIDTHS[0]), np.int64)
        live = np.arange(tail, head)
        events[live & (len(events) - 1)] = state.events[live & (len(state.events) - 1)]
        state = state._replace(events=events)
    if numbers[FREE_PAIRS] < 1:
        pairs, free, numbers[FREE_PAIRS] = _doubled(state.pairs)
        rehashed = table.empty(len(pairs))
        table.refill(rehashed, state.pair_table)
        state = state._replace(pairs=pairs, free_pairs=free, pair_table=rehashed)
    if numbers[FREE_ACCOUNTS] < 2:
        kept = state.free_accounts[: numbers[FREE_ACCOUNTS]]
        accounts, free, added = _doubled(state.accounts)
        free[added : added + len(kept)] = kept
        numbers[FREE_ACCOUNTS] = added + len(kept)
        rehashed = table.empty(len(accounts))
        table.refill(rehashed, state.account_table)
        scratch = np.zeros((len(accounts), 2), np.int64)
        state = state._replace(accounts=accounts, free_accounts=free, account_table=rehashed, scratch=scratch)
        numbers[STAMP] = 0
    return state


def _doubled(rows: Ints) -> tuple[Ints, Ints, int]:
    more = np.concatenate([rows, np.zeros_like(rows)])
    free = np.zeros(len(more), np.int64)
    free[: len(rows)] = np.arange(len(rows), len(more))[::-1]
    return more, free, len(rows)
