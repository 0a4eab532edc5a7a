"""The loop over a stream: windows moved on, features of one payment, the payment put in; and the next."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ringfence.desks.payments.compiled import Ints, compiled
from ringfence.desks.payments.graph import cycles, hops, scatter
from ringfence.desks.payments.graph.sides import active
from ringfence.desks.payments.graph.state import (
    ACCOUNT,
    DEGREE_IN,
    DEGREE_OUT,
    DOUBT,
    FAN_IN,
    FAN_OUT,
    FAN_TAIL,
    FREE_ACCOUNTS,
    FREE_PAIRS,
    HEAD,
    LATEST,
    PATH_IN,
    PATH_N,
    PATH_OUT,
    PATH_TAIL,
    PAYEE,
    PAYER,
    SUM_IN,
    SUM_OUT,
    THREE,
    TWO,
    State,
)
from ringfence.desks.payments.graph.table import find
from ringfence.desks.payments.graph.window import PART, enter, expire

# What is written per payment, in this order. The state's columns follow for payer and payee.
SIDES = ("fan_in", "fan_out", "in_degree", "out_degree", "in_sum", "out_sum")
COLUMNS = (
    *(f"payer_{name}" for name in SIDES),
    *(f"payee_{name}" for name in SIDES),
    "between",
    "scatter_gather",
    "scatter_source",
    "gather_scatter",
    *("cycles_2", "kept_2", "cycles_3", "kept_3", "cycles_4", "kept_4"),
    "hops",
    "cut",
)
BETWEEN, GATHERED, SOURCE, GATHER, CYCLES, HOPS, CUT = 12, 13, 14, 15, 16, 22, 23
# Bits of `cut`: which columns are lower bounds, because a search used up its steps or a sum exceeds 64 bits.
CUTS = {
    "sums": 1,
    "between": 2,
    "scatter_gather": 4,
    "cycles_2": 8,
    "cycles_3": 16,
    "cycles_4": 32,
    "hops": 64,
}
# Accounts of the shortest cycle and of the shortest that keeps the ratio, from payee to payer; -1 beyond it.
MEMBERS = 4


class Limits(NamedTuple):
    """Parameters as the loop takes them: windows in order keys, ratios in thousandths, steps per search."""

    fan: int
    path: int
    kept_low: int
    kept_high: int
    passed_low: int
    passed_high: int
    steps: int


@compiled
def run(
    state: State,
    limits: Limits,
    begin: int,
    orders: Ints,
    payers: Ints,
    payees: Ints,
    amounts: Ints,
    out: Ints,
    shortest: Ints,
) -> int:
    """Payments from ``begin`` until the end or until there is no room; returns the number of the next one.

    ``out`` is (payments, len(COLUMNS)), ``shortest`` (payments, 2, MEMBERS) filled with -1.
    """
    numbers = state.numbers
    latest = np.empty(3, np.int64)
    found = np.empty(6, np.int64)
    rows: int = orders.shape[0]
    for at in range(begin, rows):
        order, amount = orders[at], amounts[at]
        path_from = order - limits.path
        expire(state, order - limits.fan, path_from)
        tail = min(numbers[FAN_TAIL], numbers[PATH_TAIL])
        full = numbers[HEAD] - tail == state.events.shape[0]
        if full or numbers[FREE_PAIRS] < 1 or numbers[FREE_ACCOUNTS] < 2:
            return at
        row = out[at]
        latest[:] = -1
        payer, payee = find(state.account_table, payers[at]), find(state.account_table, payees[at])
        doubt = 0
        if payer >= 0:
            low, high = limits.passed_low, limits.passed_high
            doubt = hops.starts(state, payer, amount, low, high, limits.steps, latest)
            row[GATHER] = _gather(state, payer, payee)
            if payee >= 0:
                _around(state, limits, payer, payee, amount, row, shortest[at], found)
            else:
                row[GATHERED] = state.accounts[payer, PATH_IN] > 0
                row[SOURCE] = -1
        else:
            row[GATHER] = 0
            row[SOURCE] = -1
        row[HOPS] = 1
        for depth in range(3):
            if latest[depth] >= path_from and latest[depth] >= 0:
                row[HOPS] = depth + 2
        row[CUT] |= 64 * (doubt > 0 and row[HOPS] < 4)
        pair = enter(state, order, payers[at], payees[at], amount)
        _chain(state, latest[0], latest[1], doubt)
        numbers[LATEST] = order
        _sides(state, state.pairs[pair, PAYER], row, 0)
        _sides(state, state.pairs[pair, PAYEE], row, 6)
    return rows


@compiled
def refill(state: State, limits: Limits, begin: int, rows: Ints) -> int:
    """Make a state again from the payments that its windows held; returns as `run` does.

    A row is order key, payer, payee, amount and what `_chain` keeps.
    """
    numbers = state.numbers
    count: int = rows.shape[0]
    for at in range(begin, count):
        full = numbers[HEAD] == state.events.shape[0]
        if full or numbers[FREE_PAIRS] < 1 or numbers[FREE_ACCOUNTS] < 2:
            return at
        row = rows[at]
        enter(state, row[0], row[1], row[2], row[3])
        _chain(state, row[4], row[5], row[6])
        numbers[LATEST] = row[0]
    if count:
        expire(state, numbers[LATEST] - limits.fan, numbers[LATEST] - limits.path)
    return count


@compiled
def _chain(state: State, two: int, three: int, doubt: int) -> None:
    """What the payment that entered last keeps of its chains."""
    event = state.events[(state.numbers[HEAD] - 1) & (state.events.shape[0] - 1)]
    event[TWO], event[THREE], event[DOUBT] = two, three, doubt & 3


@compiled
def _gather(state: State, payer: int, payee: int) -> int:
    """The lesser of the payer's distinct payers and payees, this payment's payee among them."""
    known = payee >= 0 and active(state, payer, payee) >= 0
    least: int = min(state.accounts[payer, PATH_IN], state.accounts[payer, PATH_OUT] + (not known))
    return least


@compiled
def _around(
    state: State, limits: Limits, payer: int, payee: int, amount: int, row: Ints, shortest: Ints, found: Ints
) -> None:
    """What needs both ends: intermediaries and cycles."""
    steps, low, high = limits.steps, limits.kept_low, limits.kept_high
    row[BETWEEN], left = scatter.between(state, payer, payee, -1, steps)
    row[CUT] |= 2 * (left < 0)
    row[GATHERED], row[SOURCE], left = scatter.gathered(state, payer, payee, steps)
    row[CUT] |= 4 * (left < 0)
    back = active(state, payee, payer)
    if back >= 0:
        found[:2] = 0
        found[2:] = -1
        found[0] = state.pairs[back, PATH_N]
        found[1], left = cycles.of_two(state, back, amount, low, high, steps)
        _write(state, payer, payee, row, CYCLES, shortest, found, left)
    if state.accounts[payee, PATH_OUT] and state.accounts[payer, PATH_IN]:
        found[:2] = 0
        found[2:] = -1
        left = cycles.three(state, payer, payee, amount, low, high, steps, found)
        _write(state, payer, payee, row, CYCLES + 2, shortest, found, left)
        found[:2] = 0
        found[2:] = -1
        left = cycles.four(state, payer, payee, amount, low, high, steps, found)
        _write(state, payer, payee, row, CYCLES + 4, shortest, found, left)


@compiled
def _write(
    state: State, payer: int, payee: int, row: Ints, column: int, shortest: Ints, found: Ints, left: int
) -> None:
    """Counts of one length, and the accounts of its cycles where there is no shorter one."""
    row[column], row[column + 1] = found[0], found[1]
    row[CUT] |= (8 << ((column - CYCLES) // 2)) * (left < 0)
    for kind in range(2):
        members = shortest[kind]
        if not found[kind] or members[0] >= 0:
            continue
        members[0] = state.accounts[payee, ACCOUNT]
        at = 1
        for middle in range(2):
            number = found[2 + 2 * kind + middle]
            if number >= 0:
                members[at] = number
                at += 1
        members[at] = state.accounts[payer, ACCOUNT]


@compiled
def _sides(state: State, slot: int, row: Ints, column: int) -> None:
    """Counts and sums of one account in the fan window."""
    account = state.accounts[slot]
    row[column] = account[FAN_IN]
    row[column + 1] = account[FAN_OUT]
    row[column + 2] = account[DEGREE_IN]
    row[column + 3] = account[DEGREE_OUT]
    for side in range(2):
        part = SUM_IN if side == 0 else SUM_OUT
        high = account[part] + (account[part + 1] >> PART)
        if high >> (63 - PART):
            row[column + 4 + side] = np.iinfo(np.int64).max
            row[CUT] |= 1
        else:
            row[column + 4 + side] = (account[part] << PART) + account[part + 1]
