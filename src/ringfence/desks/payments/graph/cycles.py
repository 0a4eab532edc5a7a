"""Temporal cycles that a payment closes: money that comes back to whom it left, in two to four payments.

A cycle is a sequence of payments in strictly increasing order, each made by who received the one before, the
last being this one, all within the window and no account twice. Every such sequence counts, also where two
differ only in which of several payments between the same two accounts they use. Definition: Kumar and
Calders, 2SCENT, PVLDB 11(11), 2018. The search meets in the middle: from the payee forwards and from the
payer backwards, over the side that costs less, and pairs of accounts before single payments.

``left`` is how many steps may still be taken; below nought what is returned is a lower bound.
"""

from __future__ import annotations

from ringfence.desks.payments.compiled import Ints, compiled
from ringfence.desks.payments.graph.sides import active, through_first
from ringfence.desks.payments.graph.state import (
    ACCOUNT,
    AMOUNT,
    FIRST,
    FIRST_O,
    IN_HEAD,
    IN_NEXT,
    LAST_O,
    NEXT,
    OUT_HEAD,
    OUT_NEXT,
    PATH_IN,
    PATH_OUT,
    PAYEE,
    PAYER,
    State,
)


@compiled
def within(before: int, after: int, low: int, high: int) -> bool:
    """Whether what is paid on lies between ``low`` and ``high`` thousandths of what came, both included."""
    return after * 1000 >= before * low and after * 1000 <= before * high


@compiled
def of_two(state: State, pair: int, amount: int, low: int, high: int, left: int) -> tuple[int, int]:
    """How many payments of a pair this one returns within the ratio, and the steps left."""
    events = state.events
    mask = events.shape[0] - 1
    kept = 0
    place = state.pairs[pair, FIRST]
    while place >= 0 and left >= 0:
        left -= 1
        kept += within(events[place & mask, AMOUNT], amount, low, high)
        place = events[place & mask, NEXT]
    return kept, left


@compiled
def of_three(
    state: State, one: int, two: int, amount: int, low: int, high: int, left: int
) -> tuple[int, int, int]:
    """Sequences over two pairs: all, those that keep the ratio, and the steps left."""
    events = state.events
    mask = events.shape[0] - 1
    start = state.pairs[one, FIRST]
    ahead, first = 0, start
    count = kept = 0
    second = state.pairs[two, FIRST]
    while second >= 0 and left >= 0:
        left -= 1
        while 0 <= first < second:
            ahead += 1
            left -= 1
            first = events[first & mask, NEXT]
        count += ahead
        now = events[second & mask, AMOUNT]
        if ahead and within(now, amount, low, high):
            place = start
            while 0 <= place < second and left >= 0:
                left -= 1
                kept += within(events[place & mask, AMOUNT], now, low, high)
                place = events[place & mask, NEXT]
        second = events[second & mask, NEXT]
    return count, kept, left


@compiled
def of_four(
    state: State, one: int, two: int, three: int, amount: int, low: int, high: int, left: int
) -> tuple[int, int, int]:
    """Sequences over three pairs: all, those that keep the ratio, and the steps left."""
    events = state.events
    mask = events.shape[0] - 1
    ahead, first = 0, state.pairs[one, FIRST]
    both, second = 0, state.pairs[two, FIRST]
    third = state.pairs[three, FIRST]
    count, fit = 0, False
    while third >= 0 and left >= 0:
        left -= 1
        while 0 <= second < third:
            while 0 <= first < second:
                ahead += 1
                left -= 1
                first = events[first & mask, NEXT]
            both += ahead
            left -= 1
            second = events[second & mask, NEXT]
        count += both
        fit = fit or (both > 0 and within(events[third & mask, AMOUNT], amount, low, high))
        third = events[third & mask, NEXT]
    kept = 0
    if fit:
        second = state.pairs[two, FIRST]
        while second >= 0 and left >= 0:
            now = events[second & mask, AMOUNT]
            after, left = _after(state, three, second, now, amount, low, high, left)
            place = state.pairs[one, FIRST]
            while after and 0 <= place < second and left >= 0:
                left -= 1
                if within(events[place & mask, AMOUNT], now, low, high):
                    kept += after
                place = events[place & mask, NEXT]
            second = events[second & mask, NEXT]
    return count, kept, left


@compiled
def _after(
    state: State, pair: int, place: int, now: int, amount: int, low: int, high: int, left: int
) -> tuple[int, int]:
    events = state.events
    mask = events.shape[0] - 1
    found = 0
    last = state.pairs[pair, FIRST]
    while last >= 0 and left >= 0:
        left -= 1
        paid = events[last & mask, AMOUNT]
        found += last > place and within(now, paid, low, high) and within(paid, amount, low, high)
        last = events[last & mask, NEXT]
    return found, left


@compiled
def note(shortest: Ints, one: int, two: int) -> None:
    """Keep the accounts in between that come first by number (``two`` is -1 in a cycle of three)."""
    if shortest[0] < 0 or one < shortest[0] or (one == shortest[0] and two < shortest[1]):
        shortest[0] = one
        shortest[1] = two


@compiled
def three(
    state: State, payer: int, payee: int, amount: int, low: int, high: int, left: int, found: Ints
) -> int:
    """Cycles of three: ``found`` gets count, kept, and accounts in between for each; returns steps left."""
    pairs, accounts = state.pairs, state.accounts
    forward = accounts[payee, PATH_OUT] <= accounts[payer, PATH_IN]
    pair = accounts[payee, OUT_HEAD] if forward else accounts[payer, IN_HEAD]
    while pair >= 0 and left >= 0:
        left -= 1
        if forward:
            middle = pairs[pair, PAYEE]
            one, two = pair, active(state, middle, payer)
            pair = pairs[pair, OUT_NEXT]
        else:
            middle = pairs[pair, PAYER]
            one, two = active(state, payee, middle), pair
            pair = pairs[pair, IN_NEXT]
        if one >= 0 and two >= 0 and pairs[one, FIRST_O] < pairs[two, LAST_O]:
            count, kept, left = of_three(state, one, two, amount, low, high, left)
            found[0] += count
            found[1] += kept
            if count:
                note(found[2:4], accounts[middle, ACCOUNT], -1)
            if kept:
                note(found[4:6], accounts[middle, ACCOUNT], -1)
    return left


@compiled
def four(
    state: State, payer: int, payee: int, amount: int, low: int, high: int, left: int, found: Ints
) -> int:
    """Cycles of four, as `three`."""
    pairs, accounts = state.pairs, state.accounts
    outs, ins = accounts[payee, PATH_OUT], accounts[payer, PATH_IN]
    if not outs or not ins:
        return left
    forward = through_first(
        state, accounts[payee, OUT_HEAD], False, PATH_OUT, outs, accounts[payer, IN_HEAD], PATH_IN, ins
    )
    outer = accounts[payee, OUT_HEAD] if forward else accounts[payer, IN_HEAD]
    while outer >= 0 and left >= 0:
        left -= 1
        # Forwards: payee -> near -> far -> payer with `near` fixed here; backwards `far` is.
        if forward:
            fixed = pairs[outer, PAYEE]
            probe = accounts[fixed, PATH_OUT] > ins
            inner = accounts[payer, IN_HEAD] if probe else accounts[fixed, OUT_HEAD]
            own = fixed == payer
        else:
            fixed = pairs[outer, PAYER]
            probe = accounts[fixed, PATH_IN] > outs
            inner = accounts[payee, OUT_HEAD] if probe else accounts[fixed, IN_HEAD]
            own = fixed == payee
        while inner >= 0 and left >= 0 and not own:
            left -= 1
            here = inner
            # `here` is the middle pair, or with `probe` the pair at the other end.
            if forward == probe:
                other = pairs[here, PAYER]
                inner = pairs[here, IN_NEXT]
            else:
                other = pairs[here, PAYEE]
                inner = pairs[here, OUT_NEXT]
            if other in (payer, payee, fixed):
                continue
            if forward:
                one = outer
                two = active(state, fixed, other) if probe else here
                last = here if probe else (active(state, other, payer) if _first(pairs, one, two) else -1)
            else:
                last = outer
                two = active(state, other, fixed) if probe else here
                one = here if probe else (active(state, payee, other) if _first(pairs, two, last) else -1)
            if one < 0 or two < 0 or last < 0:
                continue
            if not _first(pairs, one, two) or not _first(pairs, two, last):
                continue
            count, kept, left = of_four(state, one, two, last, amount, low, high, left)
            found[0] += count
            found[1] += kept
            near, far = (fixed, other) if forward else (other, fixed)
            if count:
                note(found[2:4], accounts[near, ACCOUNT], accounts[far, ACCOUNT])
            if kept:
                note(found[4:6], accounts[near, ACCOUNT], accounts[far, ACCOUNT])
        outer = pairs[outer, OUT_NEXT if forward else IN_NEXT]
    return left


@compiled
def _first(pairs: Ints, one: int, two: int) -> bool:
    return bool(pairs[one, FIRST_O] < pairs[two, LAST_O])
