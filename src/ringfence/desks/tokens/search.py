"""Search: every function tried by somebody, and what it changed for the others.

For each function the decisions in its code are turned one after another (`reach`), so that what an owner
may do is found without knowing who the owner is: the storage that had to name the actor is what gives the
power. After each run that went through, balances, transfers and fees are looked at again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ringfence.desks.tokens.expression import Change, Leaf, steer
from ringfence.desks.tokens.functions import (
    SINGLE,
    STANDARD,
    TRANSFER,
    Function,
    call,
    filled,
)
from ringfence.desks.tokens.moves import SUITE, Moves, Watch
from ringfence.desks.tokens.powers import Power, authority, effects, transfers
from ringfence.desks.tokens.reach import Reached, apply, explore
from ringfence.desks.tokens.synthesis import ACTOR, BALANCE, HOLDER, PEOPLE, SECOND, TOKEN, Token, agreed
from ringfence.desks.tokens.trace import Call, Setting, Slot, Trace, trace

# What no function answers to, with a word; and money with nothing said.
ELSE: Final = Function(bytes.fromhex("5a1e7e57"), ("uint256",), "nonpayable")
MONEY: Final = Function(b"", (), "payable")


@dataclass
class Searched:
    """What was found, and how far the search came."""

    powers: list[Power] = field(default_factory=list)
    tried: int = 0
    runs: int = 0
    steps: int = 0
    complete: bool = True
    proxied: bool = False  # what no function answers to is handed on to other code

    def has(self, capability: str) -> bool:
        return any(power.id == capability for power in self.powers)


def search(token: Token, *, runs: int = 24, steps: int = 10_000_000) -> Searched:
    """Try every function that can write. ``runs`` bounds the runs of one function with one filling, ``steps``
    (instructions traced, about a million a second) all of it: by steps and not by the clock, so that a slow
    machine gives the same answer."""
    found = Searched()
    watch = Watch(token)
    base, reads = watch.suite(token.setting) if token.transfers else ({}, {})
    others = variants(watch, set(reads)) if token.transfers else []
    for name in ("all", "sell", "buy"):
        if base and base["plain"][0] and not base[name][0]:
            giver, taker, amount = SUITE[name]
            asked = Call(giver, TOKEN, call(TRANSFER, taker, amount))
            run = Reached(token.setting, asked, trace(token.setting, asked), {})
            found.powers.append(Power("limit_transfers", None, run, frozenset(), f"as it stands: {name}"))
    for function in (*token.functions, ELSE, MONEY):
        if function.reads_only or function.selector in (STANDARD | SINGLE if token.single else STANDARD):
            continue
        if found.steps > steps:
            found.complete = False
            break
        found.tried += 1
        _try(watch, function, base, set(reads), others, runs, found)
    found.proxied = any(power.id == "upgrade" and power.function is ELSE for power in found.powers)
    return found


@dataclass(frozen=True)
class Variant:
    """Another state in which the token is traded, and the storage that its transfers look at there only."""

    change: Change
    setting: Setting
    reads: frozenset[Slot]


def variants(watch: Watch, known: set[Slot]) -> list[Variant]:
    """States in which transfers go through too, but are asked more: a check that is switched on, a pool
    that is known, a list that is consulted."""
    token = watch.token
    made: list[Variant] = []
    seen = set(known)

    def may(leaf: Leaf, value: int, made: Trace) -> bool:
        return leaf[0] == "S" and leaf[1] not in token.pinned

    for name in ("plain", "sell", "buy"):
        giver, taker, amount = SUITE[name]
        asked = Call(giver, TOKEN, call(TRANSFER, taker, amount))
        for run in explore(token.setting, asked, may=may, runs=16):
            new = set(run.trace.reads) - seen
            if not run.change or not new or not agreed(run.trace):
                continue
            moves, reads = watch.suite(run.setting)
            if moves["plain"][0] and moves["other"][0]:
                seen |= new
                made.append(Variant(run.change, run.setting, frozenset(set(reads) - known)))
    return made


def _fillings(function: Function) -> Iterator[bytes]:
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


def _try(
    watch: Watch, function: Function, base: Moves, reads: set[Slot], others: list[Variant], runs: int,
    found: Searched,
) -> None:  # fmt: skip
    token = watch.token
    pinned = token.pinned - token.supply_slots  # under a cap there is room at some time
    # A word that is an address stays one of somebody we know.
    addresses = {4 + 32 * at for at, kind in enumerate(function.types) if kind.startswith("address")}

    def may(leaf: Leaf, value: int, made: Trace) -> bool:
        kind, key = leaf
        if kind == "S":
            return key not in pinned
        if kind == "A":
            return key >= 4 and (key not in addresses or value in PEOPLE) and value < 1 << 128
        return True

    looked: set[tuple[object, ...]] = set()
    ways: list[Change] = []  # under which it went through, whatever was asked
    for data in _fillings(function):
        asked = Call(ACTOR, TOKEN, data)
        tries = explore(token.setting, asked, may=may, pull=_livelier, runs=runs)
        if ways:
            tries = itertools.chain.from_iterable(
                explore(token.setting, asked, may=may, pull=_livelier, runs=4, begin=way) for way in ways[:4]
            )
        for run in tries:
            found.runs += 1
            found.steps += run.trace.steps
            made = run.trace
            if not made.ok or (not made.writes and not made.calls):
                continue
            way = {leaf: value for leaf, value in run.change.items() if leaf[0] != "A"}
            if way not in ways:
                ways.append(way)
            kinds = (
                tuple(sorted((slot, new) for slot, (_, new, _) in made.writes.items())),
                tuple((one.kind, one.to, one.data[:4], bool(one.value)) for one in made.calls),
            )
            if kinds not in looked:
                looked.add(kinds)
                _look(watch, function, run, base, reads, others, found)


def _look(
    watch: Watch, function: Function, run: Reached, base: Moves, reads: set[Slot], others: list[Variant],
    found: Searched,
) -> None:  # fmt: skip
    """Keep what a run showed, where it was made and in other worlds that look at what it wrote."""
    for name, note in effects(watch, run, base, reads):
        found.powers.append(Power(name, function, run, authority(run), note))
    touched = {slot for slot, (old, new, _) in run.trace.writes.items() if old != new}
    for variant in others:
        there = _in_variant(variant, run) if touched & variant.reads and not touched & reads else None
        if there is not None:
            for name, note in transfers(watch, there):
                found.powers.append(Power(name, function, there, authority(run), note))


def _in_variant(variant: Variant, run: Reached) -> Reached | None:
    """The same call in another state, if it goes through there too."""
    setting, asked = apply(variant.setting, run.call, run.change)
    made = trace(setting, asked)
    return Reached(setting, asked, made, {**variant.change, **run.change}) if made.ok else None


def _livelier(made: Trace) -> Iterator[Change]:
    """Changes under which a run that wrote what was there already would write something else: a rate, a
    price or an amount that is zero only because nobody set it."""
    for old, new, node in made.writes.values():
        if old == new and node is not None and node[0] in ("ADD", "SUB", "OR"):
            for side in node[2:]:
                if not isinstance(side, int) and side is not None and side[1] == 0:
                    yield from steer(side, True)
