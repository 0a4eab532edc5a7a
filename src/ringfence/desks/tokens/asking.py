"""Asking: what a function is called with to begin with, and what a search may choose otherwise."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterator

from ringfence.desks.tokens.expression import Change, Leaf, steer
from ringfence.desks.tokens.functions import TRANSFER_FROM, Function, filled
from ringfence.desks.tokens.synthesis import ACTOR, BALANCE, HOLDER, PEOPLE, SECOND
from ringfence.desks.tokens.trace import Slot, Trace


def fillings(function: Function) -> Iterator[bytes]:
    """Calls to begin with: who is meant, how much, yes or no."""
    truths = (1, 0) if any("bool" in kind for kind in function.types) else (1,)
    # As much as anybody has, which a lock or a burn must reach; and next to nothing, for caps.
    # Where there are two, they may be the ends of a span.
    many = sum("int" in kind for kind in function.types)
    numbers = ((BALANCE,), (3,), (3, BALANCE))[: min(many, 2) + 1 if many else 1]
    orders = [[HOLDER, ACTOR, SECOND]]
    if sum("address" in kind for kind in function.types) > 1:
        orders.append([ACTOR, HOLDER, SECOND])
    made = set()
    for people, truth, amount in itertools.product(orders, truths, numbers):
        data = filled(function, people, amount, truth)
        if data not in made:
            made.add(data)
            yield data


def choosing(function: Function, fixed: Container[Slot]) -> Callable[[Leaf, int, Trace], bool]:
    """Whether a leaf may be given a value in a call of a function: not ``fixed`` storage, nor what one
    account allowed another, and a word that is an address stays one of somebody we know."""
    addresses = {4 + 32 * at for at, kind in enumerate(function.types) if kind.startswith("address")}

    def may(leaf: Leaf, value: int, made: Trace) -> bool:
        kind, key = leaf
        if kind == "S":
            return key not in fixed and not _approval(made, key)
        if kind == "A":
            if function.selector == TRANSFER_FROM:
                return False  # nothing moved is nothing taken
            return key >= 4 and (key not in addresses or value in PEOPLE) and value < 1 << 128
        return True

    return may


def _approval(made: Trace, slot: Slot) -> bool:
    """Whether a slot lies in a mapping by an account and then by the actor, or the other way about: what the
    one allowed the other, as an allowance is. Who else can write it is shown by `pairs`."""
    named, at = set(), slot[1]
    while (preimage := made.hashes.get(at)) is not None and len(preimage) == 64:
        named.add(int.from_bytes(preimage[:32], "big"))
        at = int.from_bytes(preimage[32:], "big")
    return ACTOR in named and len(named & set(PEOPLE)) > 1


def livelier(made: Trace) -> Iterator[Change]:
    """Changes under which a run that wrote what was there already would write something else: a rate, a
    price or an amount that is zero only because nobody set it."""
    for old, new, node in made.writes.values():
        if old == new and node is not None and node[0] in ("ADD", "SUB", "OR"):
            for side in node[2:]:
                if not isinstance(side, int) and side is not None and side[1] == 0:
                    yield from steer(side, True)
