"""Payments enter the windows and leave them; every count is kept as they do, at a constant cost each."""

from __future__ import annotations

from ringfence.desks.payments.compiled import Ints, compiled
from ringfence.desks.payments.graph.state import (
    ACCOUNT,
    AMOUNT,
    BEFORE,
    DEGREE_IN,
    DEGREE_OUT,
    FAN_IN,
    FAN_N,
    FAN_OUT,
    FAN_TAIL,
    FIRST,
    FIRST_O,
    FREE_ACCOUNTS,
    FREE_PAIRS,
    HEAD,
    IN_HEAD,
    IN_NEXT,
    IN_PREV,
    LAST,
    LAST_O,
    NEEDED,
    NEXT,
    ORDER,
    OUT_HEAD,
    OUT_NEXT,
    OUT_PREV,
    PAIR,
    PATH_IN,
    PATH_N,
    PATH_OUT,
    PATH_TAIL,
    PAYEE,
    PAYER,
    RECEIVED,
    SUM_IN,
    SUM_OUT,
    State,
)
from ringfence.desks.payments.graph.table import drop, find, put

# An amount is kept as two parts in a sum: at most 10**15 each, so that 2**38 payments fit.
PART = 25
LOW_PART = (1 << PART) - 1


@compiled
def pair_key(payer: int, payee: int) -> int:
    """Two slots as one key."""
    return (payer << 32) | payee


@compiled
def expire(state: State, fan_from: int, path_from: int) -> None:
    """Take out what lies before the windows' first order keys."""
    events, numbers = state.events, state.numbers
    mask = events.shape[0] - 1
    head = numbers[HEAD]
    while numbers[PATH_TAIL] < head and events[numbers[PATH_TAIL] & mask, ORDER] < path_from:
        _leave_path(state, events[numbers[PATH_TAIL] & mask])
        numbers[PATH_TAIL] += 1
    while numbers[FAN_TAIL] < head and events[numbers[FAN_TAIL] & mask, ORDER] < fan_from:
        _leave_fan(state, events[numbers[FAN_TAIL] & mask])
        numbers[FAN_TAIL] += 1


@compiled
def _leave_path(state: State, event: Ints) -> None:
    pair = event[PAIR]
    row = state.pairs[pair]
    row[PATH_N] -= 1
    if row[PATH_N]:
        row[FIRST] = event[NEXT]
        row[FIRST_O] = state.events[row[FIRST] & (state.events.shape[0] - 1), ORDER]
        return
    _unlink(
        state.pairs, state.accounts[row[PAYER]], OUT_HEAD, row[OUT_PREV], row[OUT_NEXT], OUT_PREV, OUT_NEXT
    )
    _unlink(state.pairs, state.accounts[row[PAYEE]], IN_HEAD, row[IN_PREV], row[IN_NEXT], IN_PREV, IN_NEXT)
    state.accounts[row[PAYER], PATH_OUT] -= 1
    state.accounts[row[PAYEE], PATH_IN] -= 1
    if not row[FAN_N]:
        _release(state, pair)


@compiled
def _leave_fan(state: State, event: Ints) -> None:
    pair = event[PAIR]
    row = state.pairs[pair]
    payer, payee = state.accounts[row[PAYER]], state.accounts[row[PAYEE]]
    _add(payer, payee, -1, event[AMOUNT])
    row[FAN_N] -= 1
    if row[FAN_N]:
        return
    payer[FAN_OUT] -= 1
    payee[FAN_IN] -= 1
    if not row[PATH_N]:
        _release(state, pair)


@compiled
def _add(payer: Ints, payee: Ints, sign: int, amount: int) -> None:
    payer[DEGREE_OUT] += sign
    payee[DEGREE_IN] += sign
    payer[SUM_OUT] += sign * (amount >> PART)
    payer[SUM_OUT + 1] += sign * (amount & LOW_PART)
    payee[SUM_IN] += sign * (amount >> PART)
    payee[SUM_IN + 1] += sign * (amount & LOW_PART)


@compiled
def _unlink(
    pairs: Ints, account: Ints, head: int, before: int, after: int, prev: int, following: int
) -> None:
    if before < 0:
        account[head] = after
    else:
        pairs[before, following] = after
    if after >= 0:
        pairs[after, prev] = before


@compiled
def _link(pairs: Ints, account: Ints, head: int, pair: int, prev: int, following: int) -> None:
    first = account[head]
    pairs[pair, prev] = -1
    pairs[pair, following] = first
    if first >= 0:
        pairs[first, prev] = pair
    account[head] = pair


@compiled
def _release(state: State, pair: int) -> None:
    """Give back a pair that no window holds, and its accounts where it was the last to need them."""
    numbers = state.numbers
    payer, payee = state.pairs[pair, PAYER], state.pairs[pair, PAYEE]
    drop(state.pair_table, pair_key(payer, payee))
    state.free_pairs[numbers[FREE_PAIRS]] = pair
    numbers[FREE_PAIRS] += 1
    for slot in (payer, payee):
        state.accounts[slot, NEEDED] -= 1
        if not state.accounts[slot, NEEDED]:
            drop(state.account_table, state.accounts[slot, ACCOUNT])
            state.free_accounts[numbers[FREE_ACCOUNTS]] = slot
            numbers[FREE_ACCOUNTS] += 1


@compiled
def enter(state: State, order: int, payer: int, payee: int, amount: int) -> int:
    """Put a payment between two account numbers in, where there is room; returns the slot of its pair."""
    events, pairs, numbers = state.events, state.pairs, state.numbers
    mask = events.shape[0] - 1
    paying, paid = _account(state, payer), _account(state, payee)
    key = pair_key(paying, paid)
    pair = find(state.pair_table, key)
    if pair < 0:
        numbers[FREE_PAIRS] -= 1
        pair = state.free_pairs[numbers[FREE_PAIRS]]
        pairs[pair] = 0
        pairs[pair, PAYER] = paying
        pairs[pair, PAYEE] = paid
        put(state.pair_table, key, pair)
        state.accounts[paying, NEEDED] += 1
        state.accounts[paid, NEEDED] += 1
    row, giver, taker = pairs[pair], state.accounts[paying], state.accounts[paid]

    place = numbers[HEAD]
    numbers[HEAD] += 1
    event = events[place & mask]
    event[:] = -1
    event[ORDER] = order
    event[AMOUNT] = amount
    event[PAIR] = pair
    event[BEFORE] = taker[RECEIVED]
    taker[RECEIVED] = place

    if row[PATH_N]:
        events[row[LAST] & mask, NEXT] = place
        _unlink(pairs, giver, OUT_HEAD, row[OUT_PREV], row[OUT_NEXT], OUT_PREV, OUT_NEXT)
        _unlink(pairs, taker, IN_HEAD, row[IN_PREV], row[IN_NEXT], IN_PREV, IN_NEXT)
    else:
        row[FIRST] = place
        row[FIRST_O] = order
        giver[PATH_OUT] += 1
        taker[PATH_IN] += 1
    row[LAST] = place
    row[LAST_O] = order
    row[PATH_N] += 1
    _link(pairs, giver, OUT_HEAD, pair, OUT_PREV, OUT_NEXT)
    _link(pairs, taker, IN_HEAD, pair, IN_PREV, IN_NEXT)

    if not row[FAN_N]:
        giver[FAN_OUT] += 1
        taker[FAN_IN] += 1
    row[FAN_N] += 1
    _add(giver, taker, 1, amount)
    return pair


@compiled
def _account(state: State, number: int) -> int:
    slot = find(state.account_table, number)
    if slot < 0:
        state.numbers[FREE_ACCOUNTS] -= 1
        slot = state.free_accounts[state.numbers[FREE_ACCOUNTS]]
        put(state.account_table, number, slot)
        account = state.accounts[slot]
        account[:] = 0
        account[ACCOUNT] = number
        account[OUT_HEAD] = account[IN_HEAD] = account[RECEIVED] = -1
    return slot
