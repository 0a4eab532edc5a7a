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
from ringfence.desks.tokens.mapped import keys
from ringfence.desks.tokens.reach import Reached, apply, explore
from ringfence.desks.tokens.synthesis import (
    ACTOR,
    BALANCE,
    HOLDER,
    PART,
    PEOPLE,
    POOL,
    SECOND,
    THIRD,
    TOKEN,
    Token,
    agreed,
    settled,
)
from ringfence.desks.tokens.trace import Call, Setting, Slot, Trace, trace

# What no function answers to, with a word; and money with nothing said.
ELSE: Final = Function(bytes.fromhex("5a1e7e57"), ("uint256",), "nonpayable")
MONEY: Final = Function(b"", (), "payable")
Moves = dict[str, tuple[bool, int]]  # by name: whether it went through, and what arrived
# Who gives, who takes, how much.
SUITE: Final[dict[str, tuple[int, int, int]]] = {
    "plain": (HOLDER, SECOND, PART),
    "other": (THIRD, SECOND, PART),
    "sell": (HOLDER, POOL, PART),
    "other sell": (THIRD, POOL, PART),
    "all": (HOLDER, SECOND, BALANCE // 2),
    "buy": (POOL, HOLDER, PART),
}


Event = tuple[int, tuple[bool, ...]]  # its first topic, and which of the others are not zero


@dataclass(frozen=True)
class Power:
    """One capability shown: by which function, from which setting, with which call. ``authority`` are the
    storage slots that had to name the actor; none where anybody may."""

    id: str
    function: Function | None
    reached: Reached
    authority: frozenset[Slot]
    note: str = ""


@dataclass
class Searched:
    """What was found, and how far the search came."""

    powers: list[Power] = field(default_factory=list)
    tried: int = 0
    runs: int = 0
    steps: int = 0
    complete: bool = True
    proxied: bool = False  # what no function answers to is handed on to other code
    emitted: dict[Event, set[bytes]] = field(default_factory=dict)  # by which functions (selectors)

    def has(self, capability: str) -> bool:
        return any(power.id == capability for power in self.powers)


def suite(token: Token, setting: Setting) -> tuple[Moves, dict[Slot, int]]:
    """How transfers go in a setting, and the storage they looked at."""
    moves: Moves = {}
    reads: dict[Slot, int] = {}
    for name, (giver, taker, amount) in SUITE.items():
        made = trace(setting, Call(giver, TOKEN, call(TRANSFER, taker, amount)))
        reads.update(made.reads)
        arrived = 0
        went = agreed(made)
        if went:
            before = _told(token, setting, taker, None)
            after = _told(token, setting, taker, made)
            arrived = (after or 0) - (before or 0)
        moves[name] = (went and arrived > 0, arrived)
    return moves, reads


def _told(token: Token, setting: Setting, who: int, made: Trace | None) -> int | None:
    slots = token.balance_slots.get(who)
    if slots and len(slots) == 1 and token.base is not None:
        (slot,) = slots
        if made is not None and slot in made.writes:
            return made.writes[slot][1]
        return setting.storage.get(slot, 0)
    return token.balance(settled(setting, made) if made is not None else setting, who)


def search(token: Token, *, runs: int = 24, steps: int = 10_000_000) -> Searched:
    """Try every function that can write. ``runs`` bounds the runs of one function with one filling, ``steps``
    (instructions traced, about a million a second) all of it: by steps and not by the clock, so that a slow
    machine gives the same answer."""
    found = Searched()
    base, reads = suite(token, token.setting) if token.transfers else ({}, {})
    others = variants(token, set(reads)) if token.transfers else []
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
        _try(token, function, base, set(reads), others, runs, found)
    found.proxied = any(power.id == "upgrade" and power.function is ELSE for power in found.powers)
    return found


@dataclass(frozen=True)
class Variant:
    """Another state in which the token is traded, and the storage that its transfers look at there only."""

    change: Change
    setting: Setting
    reads: frozenset[Slot]


def variants(token: Token, known: set[Slot]) -> list[Variant]:
    """States in which transfers go through too, but are asked more: a check that is switched on, a pool
    that is known, a list that is consulted."""
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
            moves, reads = suite(token, run.setting)
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
    token: Token, function: Function, base: Moves, reads: set[Slot], others: list[Variant], runs: int,
    found: Searched,
) -> None:  # fmt: skip
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
                _look(token, function, run, base, reads, others, found)


def _look(
    token: Token, function: Function, run: Reached, base: Moves, reads: set[Slot], others: list[Variant],
    found: Searched,
) -> None:  # fmt: skip
    """Keep what a run showed, where it was made and in other worlds that look at what it wrote."""
    for name, note in _effects(token, function, run, base, reads):
        found.powers.append(Power(name, function, run, authority(run), note))
    touched = {slot for slot, (old, new, _) in run.trace.writes.items() if old != new}
    for variant in others:
        there = _in_variant(variant, run) if touched & variant.reads and not touched & reads else None
        if there is not None:
            for name, note in _transfers(token, there):
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


def events(made: Trace) -> set[Event]:
    """What a run of the contract itself wrote to the log, by kind."""
    return {
        (topics[0], tuple(bool(one) for one in topics[1:]))
        for who, topics, _ in made.logs
        if who == TOKEN and topics
    }


def authority(run: Reached) -> frozenset[Slot]:
    """The storage that had to name the caller."""
    who = run.call.caller
    slots = set()
    for (kind, key), value in run.change.items():
        if kind != "S":
            continue
        named = any(value >> shift & (1 << 160) - 1 == who for shift in range(0, 97, 8))
        if named or who in keys(run.trace.hashes, key[1]):
            slots.add(key)
    return frozenset(slots)


def _effects(
    token: Token, function: Function, run: Reached, base: Moves, reads: set[Slot]
) -> Iterator[tuple[str, str]]:
    """What a run did to others: ids of capabilities, each with a note."""
    made = run.trace
    if made.how == "selfdestruct" or any(one.kind == "selfdestruct" for one in made.calls):
        yield "selfdestruct", ""
    for one in made.calls:
        drawn = one.kind == "call" and one.sender == TOKEN and one.to != TOKEN and not authority(run)
        # What an owner takes out of a sale's proceeds or rescues is theirs by the token's rules; so is what a
        # record of the caller's own says (a deposit, a share).
        if drawn and run.call.value < one.value <= run.setting.balances.get(TOKEN, 0):
            if not any(abs(new - old) == one.value for old, new, _ in made.writes.values()):
                yield "leak", "money"
        elif drawn and one.data[:4] == TRANSFER and not made.writes:
            yield "leak", "tokens"
        if one.kind in ("delegate", "callcode") and one.to_node is not None:
            yield "upgrade", "delegates to what a caller or the state names"
    taken = list(_balances(token, run))
    yield from taken
    if any(name in ("seize", "burn_others") for name, _ in taken):
        return  # who has nothing left cannot give it: that is no freeze
    touched = {slot for slot, (old, new, _) in made.writes.items() if old != new}
    if base and touched - token.pinned:
        changed = [slot for slot in run.change if slot[0] == "S" and slot[1] in reads]
        if touched & reads or changed:
            yield from _transfers(token, run, None if changed else base)


def _balances(token: Token, run: Reached) -> Iterator[tuple[str, str]]:
    made = run.trace
    delta: dict[int, int] = {}
    if token.base is not None:
        for slot, (old, new, _) in made.writes.items():
            preimage = made.hashes.get(slot[1], b"")
            if len(preimage) == 64 and int.from_bytes(preimage[32:], "big") == token.base:
                delta[int.from_bytes(preimage[:32], "big")] = new - old
    else:
        touched = set(made.writes)
        if any(touched & slots for slots in token.balance_slots.values()):
            after = settled(run.setting, made)
            for who in PEOPLE:
                was, now = token.balance(run.setting, who), token.balance(after, who)
                if was is not None and now is not None:
                    delta[who] = now - was
    delta = {who: change for who, change in delta.items() if change}
    if not delta:
        return
    changes = list(delta.values())
    up = sum(change for change in changes if change > 0)
    down = -sum(change for change in changes if change < 0)
    # A fall written down elsewhere (a lock, a claim, the contract's own store) is a fall all the same.
    elsewhere = {
        old - new
        for slot, (old, new, _) in made.writes.items()
        if old > new and slot not in token.supply_slots
    }
    bought = run.call.value > 0
    if up > down and not bought and up - down not in elsewhere:
        yield "mint", ""
    # Only of somebody whom the caller named: a wallet that the state names may be the caller's own.
    words = run.call.data[4:]
    # What is put aside for the same holder is locked, not taken.
    locked = {
        new - old
        for slot, (old, new, _) in made.writes.items()
        if new > old and slot not in token.supply_slots and not _held(token, made, slot)
    }
    named = {int.from_bytes(words[at : at + 32], "big") for at in range(0, len(words), 32)} & set(PEOPLE)
    fell = [change for who, change in delta.items() if change < 0 and who != ACTOR and who in named]
    if any(-change not in locked for change in fell) and not token.single:
        if up:
            yield "seize", ""
        else:
            yield "burn_others", ""


def _held(token: Token, made: Trace, slot: Slot) -> bool:
    """Whether a slot is part of somebody's balance."""
    preimage = made.hashes.get(slot[1], b"")
    plain = len(preimage) == 64 and int.from_bytes(preimage[32:], "big") == token.base
    return plain or slot in token.pinned or token.base is None


def _transfers(token: Token, run: Reached, base: Moves | None = None) -> Iterator[tuple[str, str]]:
    before = base or suite(token, run.setting)[0]
    after, _ = suite(token, settled(run.setting, run.trace))
    for first, second in ((before, after), (after, before)):
        lost = {name for name in SUITE if first[name][0] and not second[name][0]}
        if not lost:
            continue
        how = "" if first is before else "lifted"
        if {"plain", "other"} <= lost:
            yield "pause_transfers", how
        elif {"plain", "sell"} <= lost and not lost & {"other", "other sell"}:
            # The one who was named, and nobody else: also where the others were stopped all along.
            yield "freeze_account", how
        else:
            yield "limit_transfers", how + " " + ",".join(sorted(lost))
    for name in SUITE:
        if before[name][0] and after[name][0] and after[name][1] != before[name][1]:
            yield "set_fee", name
            break
