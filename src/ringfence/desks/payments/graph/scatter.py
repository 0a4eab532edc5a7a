"""Scatter and gather: one account pays several, who pay on to one.

An intermediary of (source, target) received from the source and then, later, paid the target, both within
the window. `between` counts those of a payment's own payer and payee; `gathered` takes the payment as the leg
that gathers and finds the source with the most intermediaries to its payee, its payer among them.

``left`` is how many steps may still be taken; below nought what is returned is a lower bound.
"""

from __future__ import annotations

from ringfence.desks.payments.compiled import compiled
from ringfence.desks.payments.graph.sides import active, through_first
from ringfence.desks.payments.graph.state import (
    ACCOUNT,
    FIRST_O,
    IN_HEAD,
    IN_NEXT,
    LAST_O,
    OUT_HEAD,
    OUT_NEXT,
    PATH_IN,
    PATH_OUT,
    PAYEE,
    PAYER,
    STAMP,
    State,
)


@compiled
def between(state: State, source: int, target: int, besides: int, left: int) -> tuple[int, int]:
    """Distinct intermediaries of a source and a target, but for one account; and the steps left."""
    pairs, accounts = state.pairs, state.accounts
    outwards = accounts[source, PATH_OUT] <= accounts[target, PATH_IN]
    pair = accounts[source, OUT_HEAD] if outwards else accounts[target, IN_HEAD]
    count = 0
    while pair >= 0 and left >= 0:
        left -= 1
        if outwards:
            middle = pairs[pair, PAYEE]
            one, two = pair, -1
            if middle != target and middle != besides:
                two = active(state, middle, target)
            pair = pairs[pair, OUT_NEXT]
        else:
            middle = pairs[pair, PAYER]
            one, two = -1, pair
            if middle != source and middle != besides:
                one = active(state, source, middle)
            pair = pairs[pair, IN_NEXT]
        count += one >= 0 and two >= 0 and pairs[one, FIRST_O] < pairs[two, LAST_O]
    return count, left


@compiled
def gathered(state: State, payer: int, payee: int, left: int) -> tuple[int, int, int]:
    """The most intermediaries from one source to the payee, with this payment; the source's number where
    there are two or more (the least number of several such), else -1; and the steps left."""
    accounts = state.accounts
    sources = accounts[payer, PATH_IN] - (active(state, payee, payer) >= 0)
    if not sources:
        return 0, -1, left
    others = accounts[payee, PATH_IN] - (active(state, payer, payee) >= 0)
    if not others:
        return 1, -1, left
    by_source = through_first(
        state,
        accounts[payer, IN_HEAD],
        True,
        PATH_OUT,
        accounts[payer, PATH_IN],
        accounts[payee, IN_HEAD],
        PATH_IN,
        accounts[payee, PATH_IN],
    )
    if by_source:
        return _by_source(state, payer, payee, others, left)
    return _by_intermediary(state, payer, payee, left)


@compiled
def _by_source(state: State, payer: int, payee: int, others: int, left: int) -> tuple[int, int, int]:
    pairs, accounts = state.pairs, state.accounts
    best, number = 1, -1
    pair = accounts[payer, IN_HEAD]
    while pair >= 0 and left >= 0:
        left -= 1
        source = pairs[pair, PAYER]
        most = 1 + min(accounts[source, PATH_OUT] - 1, others)
        known = accounts[source, ACCOUNT]
        if source != payee and (most > best or (most == best and best > 1 and known < number)):
            count, left = between(state, source, payee, payer, left)
            if count + 1 > best or (count + 1 == best and best > 1 and known < number):
                best, number = count + 1, known
        pair = pairs[pair, IN_NEXT]
    return best, number, left


@compiled
def _by_intermediary(state: State, payer: int, payee: int, left: int) -> tuple[int, int, int]:
    """Every payer of the payee adds one to each source of this payment that paid it before."""
    pairs, accounts, scratch = state.pairs, state.accounts, state.scratch
    state.numbers[STAMP] += 1
    stamp = state.numbers[STAMP]
    pair = accounts[payer, IN_HEAD]
    while pair >= 0:
        source = pairs[pair, PAYER]
        if source != payee:
            scratch[source, 0] = stamp
            scratch[source, 1] = 1
        pair = pairs[pair, IN_NEXT]
    sources = accounts[payer, PATH_IN]
    best, number = 1, -1
    outer = accounts[payee, IN_HEAD]
    while outer >= 0 and left >= 0:
        left -= 1
        middle, latest = pairs[outer, PAYER], pairs[outer, LAST_O]
        outer = pairs[outer, IN_NEXT]
        if middle == payer:
            continue
        probe = accounts[middle, PATH_IN] > sources
        pair = accounts[payer, IN_HEAD] if probe else accounts[middle, IN_HEAD]
        while pair >= 0 and left >= 0:
            left -= 1
            source, leg = pairs[pair, PAYER], pair
            pair = pairs[pair, IN_NEXT]
            if scratch[source, 0] != stamp:
                continue
            if probe:
                leg = active(state, source, middle) if source != middle else -1
            if leg < 0 or pairs[leg, FIRST_O] >= latest:
                continue
            scratch[source, 1] += 1
            count, known = scratch[source, 1], accounts[source, ACCOUNT]
            if count > best or (count == best and known < number):
                best, number = count, known
    return best, number, left
