"""Asking: what a function is called with to begin with, and what a search may choose otherwise."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Final

from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.expression import Change, Leaf, equal, leaves, steer
from ringfence.desks.tokens.functions import TRANSFER, TRANSFER_FROM, Function, call, filled
from ringfence.desks.tokens.moves import SUITE, Watch
from ringfence.desks.tokens.synthesis import ACTOR, BALANCE, HOLDER, PEOPLE, SECOND, TOKEN
from ringfence.desks.tokens.trace import Call, Slot, Trace

ELSEWHERE: Final = int.from_bytes(keccak(b"ringfence tokens elsewhere")[:20], "big")  # some contract
Turning = Mapping[Slot, set[int]]
_LEAST: Final = 10**6  # of a supply


def fillings(function: Function, *, elsewhere: bool = False) -> Iterator[bytes]:
    """Calls to begin with: who is meant, how much, yes or no; ``elsewhere`` some contract as well."""
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
    names = function.selector != TRANSFER_FROM and any(kind.startswith("address") for kind in function.types)
    if elsewhere and names:
        yield filled(function, [ELSEWHERE, HOLDER, SECOND], (BALANCE,), 1)


def for_elsewhere(data: bytes) -> bool:
    """Whether a call names some contract where somebody is meant."""
    return ELSEWHERE.to_bytes(32, "big") in data


def turning(watch: Watch) -> Turning:
    """Values of storage at which a transfer would be decided otherwise."""
    token, found = watch.token, dict[Slot, set[int]]()
    for name in ("plain", "sell"):
        giver, taker, amount = SUITE[name]
        made = watch.recall.trace(token.setting, Call(giver, TOKEN, call(TRANSFER, taker, amount)))
        for branch in made.branches:
            if sum(kind == "S" for kind, _ in leaves(branch.condition)) == 1:
                for change, _ in zip(steer(branch.condition, not branch.taken), range(2), strict=False):
                    for (kind, key), value in change.items():
                        if kind == "S" and key not in token.pinned:
                            found.setdefault(key, set()).add(value)
    return found


def bending(turns: Turning) -> Callable[[Trace], Iterator[Change]]:
    """Changes of a run to try besides its decisions: what was written out of the call is chosen so that
    transfers are decided otherwise."""

    def pull(made: Trace) -> Iterator[Change]:
        yield from livelier(made)
        for slot, (_, new, node) in made.writes.items():
            for value in turns.get(slot, ()):
                if value != new and node is not None:
                    for change in itertools.islice(equal(node, value), 1):
                        if change and all(kind == "A" for kind, _ in change):
                            yield change

    return pull


def wide(way: Change) -> bool:
    """Whether some number that storage was given is as large as an amount, and no name."""
    return any(kind == "S" and BALANCE - 1 <= value <= 1 << 128 for (kind, _), value in way.items())


def choosing(
    function: Function, fixed: Container[Slot], supply: Container[Slot] = ()
) -> Callable[[Leaf, int, Trace], bool]:
    """Whether a leaf may be given a value in a call of a function: not ``fixed`` storage, nor what one
    account allowed another, and a word that is an address stays one of somebody we know."""
    addresses = {4 + 32 * at for at, kind in enumerate(function.types) if kind.startswith("address")}

    def may(leaf: Leaf, value: int, made: Trace) -> bool:
        kind, key = leaf
        if kind == "S":
            # With no supply at all, a bound that is a part of it is none.
            return key not in fixed and not _approval(made, key) and (key not in supply or value >= _LEAST)
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
