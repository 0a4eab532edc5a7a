"""Search: every function tried by somebody, and what it changed for the others.

For each function the decisions in its code are turned one after another (`reach`), so that what an owner
may do is found without knowing who the owner is: the storage that had to name the actor is what gives the
power. After each run that went through, balances, transfers and fees are looked at again.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from ringfence.desks.tokens.asking import Turning, bending, choosing, fillings, for_elsewhere, turning, wide
from ringfence.desks.tokens.expression import Change
from ringfence.desks.tokens.functions import (
    MANY,
    SINGLE,
    STANDARD,
    TRANSFER,
    TRANSFER_FROM,
    Function,
    call,
)
from ringfence.desks.tokens.grants import free, granted
from ringfence.desks.tokens.meter import SpentError
from ringfence.desks.tokens.moves import SUITE, Moves, Watch
from ringfence.desks.tokens.powers import CLAIM, Power, authority, effects, transfers
from ringfence.desks.tokens.reach import Reached, explore
from ringfence.desks.tokens.synthesis import ACTOR, TOKEN, Token
from ringfence.desks.tokens.trace import MAX_STEPS, Call, Slot, Trace, trace
from ringfence.desks.tokens.unturned import behind, beside
from ringfence.desks.tokens.variants import Variant, in_variant, variants
from ringfence.desks.tokens.waits import AGAIN, waits

# What no function answers to, with a word; and money with nothing said.
ELSE: Final = Function(bytes.fromhex("5a1e7e57"), ("uint256",), "nonpayable")
MONEY: Final = Function(b"", (), "payable")
CLOCK: Final = "by the clock"
MOVE: Final = Function(TRANSFER_FROM, ("address", "address", "uint256"), "nonpayable")


_PASSED: Final = 3  # runs of a function, the first apart, whose decisions are looked at again
Event = tuple[int, tuple[bool, ...]]  # its first topic, and which of the others are not zero


@dataclass
class Searched:
    """What was found, and how far the search came."""

    powers: list[Power] = field(default_factory=list)
    tried: int = 0
    runs: int = 0
    steps: int = 0
    complete: bool = True
    calling: list[Reached] = field(default_factory=list)  # transfers that call another contract
    claims: list[Power] = field(default_factory=list)  # balances that rose as a record of somebody's fell
    grants: set[int] = field(default_factory=set)  # the mappings that a call raised while no balance fell
    proxied: bool = False  # what no function answers to is handed on to other code
    emitted: dict[Event, set[bytes]] = field(default_factory=dict)  # by which functions (selectors)
    why: str = ""  # it was stopped
    looks: dict[Function, set[Slot]] = field(default_factory=dict)  # the storage that a function looked at
    went: dict[Function, list[Reached]] = field(default_factory=dict)  # runs that went through
    asked: bool = False  # transfers were looked at in every state
    met: set[int] = field(default_factory=set)  # the places of calls that were come to
    # What would be had behind a decision that nothing turned, and in which function (`unturned`).
    behind: dict[str, Function] = field(default_factory=dict)

    def stop(self, why: str) -> None:
        """It did not come to its end."""
        self.complete = False
        self.why = why if why == CLOCK else self.why or why

    def has(self, capability: str) -> bool:
        return any(power.id == capability for power in self.powers)


def search(
    token: Token,
    *,
    runs: int = 24,
    until: float | None = None,
    watch: Watch | None = None,
) -> Searched:
    """Try every function that can write. ``runs`` bounds the runs of one function with one filling, the
    `Meter` all of it. ``until`` (of `time.monotonic`) is for a machine that is so slow that nobody would
    wait."""
    found = Searched()
    if len(token.functions) > MANY:
        found.stop(f"before what more than {MANY} functions take was read")
    try:
        _search(watch or Watch(token), runs, until, found)
    except SpentError as spent:
        found.stop(str(spent))
    # A record that anybody's balance pays for is a lock; one that is granted is a right to mint.
    found.powers += [one for one in found.claims if granted(token, one.reached.trace, -1) & found.grants]
    found.proxied = any(power.id == "upgrade" and power.function is ELSE for power in found.powers)
    return found


def _search(watch: Watch, runs: int, until: float | None, found: Searched) -> None:
    token = watch.token
    base, reads = watch.suite(token.setting) if token.transfers else ({}, {})
    others, found.calling = variants(watch, set(reads)) if token.transfers else ([], [])
    found.asked = True
    for name in ("all", "sell", "buy"):
        if base and base["plain"][0] and not base[name][0]:
            giver, taker, amount = SUITE[name]
            asked = Call(giver, TOKEN, call(TRANSFER, taker, amount))
            run = Reached(token.setting, asked, trace(token.setting, asked), {})
            found.powers.append(Power("limit_transfers", None, run, frozenset(), f"as it stands: {name}"))
    if base and base["plain"][0]:
        for run in waits(watch):
            found.powers.append(Power("limit_transfers", None, run, frozenset(), f"as it stands: {AGAIN}"))
    turns = turning(watch) if token.transfers else {}
    spared = STANDARD | SINGLE if token.single else STANDARD
    todo = [one for one in token.functions if not one.reads_only and one.selector not in spared]
    if token.transfers and any(one.selector == TRANSFER_FROM for one in token.functions):
        todo.append(MOVE)  # with no allowance given
    failed: dict[Function, Reached] = {}
    passed: dict[Function, list[Reached]] = {}
    for function in (*todo, ELSE, MONEY):
        if until is not None and monotonic() > until:
            found.stop(CLOCK)
            return
        bad, good = _try(watch, function, base, set(reads), others, runs, found, turns)
        found.tried += 1
        if good:
            passed[function] = good
        elif any(run.trace.how == "limit" for run in bad):
            found.stop(f"in functions that take more than {MAX_STEPS} instructions")
        elif bad and function not in (ELSE, MONEY):
            failed[function] = max(bad, key=lambda run: run.trace.steps)
    if not token.resolved:
        return  # then nothing is said to be absent anyway
    for function, run in failed.items():
        may = choosing(function, token.pinned - token.supply_slots, token.supply_slots)
        for name in behind(watch, run, may, base, set(reads)):
            found.behind.setdefault(name, function)
    for function, good in passed.items():
        for name in beside(watch, good, base, set(reads)):
            found.behind.setdefault(name, function)


def _try(
    watch: Watch, function: Function, base: Moves, reads: set[Slot], others: list[Variant], runs: int,
    found: Searched, turning: Turning,
) -> tuple[list[Reached], list[Reached]]:  # fmt: skip
    """Keep what the runs of a function showed. The runs that failed, and a few that went through."""
    token = watch.token
    failed: list[Reached] = []
    passed: list[Reached] = []
    # Under a cap there is room at some time.
    may = choosing(function, token.pinned - token.supply_slots, token.supply_slots)
    pull = bending(turning)
    looks = found.looks.setdefault(function, set())
    went = found.went.setdefault(function, [])
    looked: set[tuple[object, ...]] = set()
    ways: list[Change] = []  # under which it went through, whatever was asked
    for data in fillings(function, elsewhere=True):
        if ways and for_elsewhere(data):
            break  # somebody known will do
        asked = Call(ACTOR, TOKEN, data)
        tries = explore(token.setting, asked, may=may, pull=pull, runs=runs)
        if ways:
            # A number as large as the first filling asked for may not be needed by the next.
            begins = [{}, *ways[:4]] if any(map(wide, ways)) else ways[:4]
            tries = itertools.chain.from_iterable(
                explore(token.setting, asked, may=may, pull=pull, runs=4, begin=way) for way in begins
            )
        for run in tries:
            found.runs += 1
            found.steps += run.trace.steps
            made = run.trace
            looks.update(made.reads)
            if not made.ok:
                failed.append(run)
            elif not passed:
                passed.append(run)
            for one in made.calls:
                if made.ok or one.to_node is None:
                    found.met.add(one.pc)
            if not made.ok or (not made.writes and not made.calls):
                continue
            for event in events(made):
                found.emitted.setdefault(event, set()).add(function.selector)
            way = {leaf: value for leaf, value in run.change.items() if leaf[0] != "A"}
            if way not in ways:
                ways.append(way)
            kinds = (
                tuple(sorted((slot, new) for slot, (_, new, _) in made.writes.items())),
                tuple((one.kind, one.to, one.data[:4], bool(one.value)) for one in made.calls),
            )
            if kinds not in looked:
                looked.add(kinds)
                went.append(run)
                if free(token, run):
                    found.grants |= granted(token, made, 1)
                _look(watch, function, run, base, reads, others, found)
    return failed, [*passed, *went[:_PASSED]]


def _look(
    watch: Watch, function: Function, run: Reached, base: Moves, reads: set[Slot], others: list[Variant],
    found: Searched,
) -> None:  # fmt: skip
    """Keep what a run showed, where it was made and in other worlds that look at what it wrote."""
    for name, note in effects(watch, run, base, reads):
        if function == MOVE and name not in ("seize", "burn_others"):
            continue  # what holders may do with one another's leave
        if name == CLAIM:
            found.claims.append(Power("mint", function, run, authority(run), "out of a grant"))
            continue
        found.powers.append(Power(name, function, run, authority(run), note))
    touched = {slot for slot, (old, new, _) in run.trace.writes.items() if old != new}
    same = set(run.trace.writes) - touched
    for variant in others:
        asked_more = touched & variant.reads and not touched & reads
        # What is written is what was there already, but not in the other state: a switch turned off.
        back = not asked_more and any(("S", slot) in variant.change for slot in same)
        there = in_variant(watch.token, variant, run) if asked_more or back else None
        if there is not None:
            for name, note in transfers(watch, there):
                found.powers.append(Power(name, function, there, authority(run), note))


def events(made: Trace) -> set[Event]:
    """What a run of the contract itself wrote to the log, by kind."""
    return {
        (topics[0], tuple(bool(one) for one in topics[1:]))
        for who, topics, _ in made.logs
        if who == TOKEN and topics
    }
