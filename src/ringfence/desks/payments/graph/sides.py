"""Which end to search from: two lists of pairs around two accounts, met in the middle at the lesser cost."""

from __future__ import annotations

from ringfence.desks.payments.compiled import compiled
from ringfence.desks.payments.graph.state import IN_NEXT, OUT_NEXT, PATH_N, PAYEE, PAYER, State
from ringfence.desks.payments.graph.table import find
from ringfence.desks.payments.graph.window import pair_key

# More steps than any search may take.
ENDLESS = 1 << 60


@compiled
def active(state: State, payer: int, payee: int) -> int:
    """The slot of a pair with a payment in the path window, or -1."""
    pair = find(state.pair_table, pair_key(payer, payee))
    return pair if pair >= 0 and state.pairs[pair, PATH_N] else -1


@compiled
def steps(state: State, pair: int, payers: bool, beyond: int, most: int, limit: int) -> int:
    """What a search through a list of pairs costs, counted up to ``limit``.

    Each account of the list (the payers of an account, or its payees) costs one step, and one for every
    account next to it (column ``beyond`` of how many there are), or ``most`` where that is less.
    """
    pairs = state.pairs
    end, following = (PAYER, IN_NEXT) if payers else (PAYEE, OUT_NEXT)
    count = 0
    while pair >= 0 and count < limit:
        count += 1 + min(state.accounts[pairs[pair, end], beyond], most)
        pair = pairs[pair, following]
    return count


@compiled
def through_first(
    state: State,
    one: int,
    payers: bool,
    one_beyond: int,
    one_size: int,
    two: int,
    two_beyond: int,
    two_size: int,
) -> bool:
    """Whether to search through the first list rather than the second, a list of payers.

    The shorter list is summed first, and the other no further than it may still cost less.
    """
    if one_size <= two_size:
        cost = steps(state, one, payers, one_beyond, two_size, ENDLESS)
        return cost <= two_size or cost <= steps(state, two, True, two_beyond, one_size, cost)
    cost = steps(state, two, True, two_beyond, one_size, ENDLESS)
    return cost > one_size and cost > steps(state, one, payers, one_beyond, two_size, cost)
