"""Synthesis: a state in which a contract works as a token, made from its code alone.

Balances, supply and whatever else a transfer asks for are found by looking which storage the views stand
on, and filled in. It is one state in which the code trades, not the state of any chain.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.expression import Change, Leaf, equal, leaves, steer
from ringfence.desks.tokens.functions import (
    ALLOWANCE,
    BALANCE_OF,
    OWNER_OF,
    OWNERS,
    TOTAL_SUPPLY,
    TRANSFER,
    Function,
    call,
    functions,
)
from ringfence.desks.tokens.meter import SpentError
from ringfence.desks.tokens.reach import Reached, explore, least, reach
from ringfence.desks.tokens.trace import Call, Setting, Slot, Trace, program, trace


def _person(name: str) -> int:
    return int.from_bytes(keccak(b"ringfence tokens " + name.encode())[:20], "big")


TOKEN: Final = _person("token")
HOLDER: Final = _person("holder")  # whose balance others may or may not touch
SECOND: Final = _person("second")
THIRD: Final = _person("third")
ACTOR: Final = _person("actor")  # who tries every function
POOL: Final = _person("pool")
ROUTER: Final = _person("router")
PEOPLE: Final = (HOLDER, SECOND, THIRD, ACTOR, POOL)
NAMES: Final = {
    HOLDER: "holder",
    SECOND: "second",
    THIRD: "third",
    ACTOR: "actor",
    POOL: "pool",
    ROUTER: "router",
}
SUPPLY: Final = 10**27
BALANCE: Final = 10**26  # a tenth of the supply: above what caps on a transfer leave
PART: Final = 10**21  # what is moved


@dataclass(frozen=True)
class Token:
    """A contract and a state in which it works. ``why`` says why there is none (then ``setting`` is as far
    as it came); ``pinned`` slots hold balances, allowances and supply, which nobody may choose afterwards;
    ``gates`` is what a transfer asked for besides."""

    code: bytes
    functions: tuple[Function, ...]
    setting: Setting
    why: str = ""
    pinned: frozenset[Slot] = frozenset()
    balance_slots: dict[int, frozenset[Slot]] = field(default_factory=dict)
    base: int | None = None  # of the balances, where they are a plain mapping
    supply_slots: frozenset[Slot] = frozenset()
    gates: Change = field(default_factory=dict)
    owner_slots: frozenset[Slot] = frozenset()
    transfers: bool = False
    still: str = "no state was found in which it transfers"  # why it does not
    single: bool = False  # each token is a thing of its own (ERC-721)

    @property
    def resolved(self) -> bool:
        """Whether the code could be read as a token."""
        return not self.why

    def balance(self, setting: Setting, who: int) -> int | None:
        """What balanceOf answers."""
        return trace(setting, Call(SECOND, TOKEN, call(BALANCE_OF, who))).word()


def synthesise(code: bytes) -> Token:
    """The contract in a state in which it works as a token, if one is found."""
    found = functions(code)
    try:
        return _synthesised(code, found)
    except SpentError as spent:
        why = f"the search for a state in which balanceOf answers was stopped {spent}"
        return Token(code, found, _empty(code), why)


def _empty(code: bytes) -> Setting:
    money = dict.fromkeys(PEOPLE, 10**24) | {TOKEN: 10**20}
    return Setting({TOKEN: program(code)}, balances=money, people=frozenset(NAMES))


def _synthesised(code: bytes, found: tuple[Function, ...]) -> Token:
    setting = _empty(code)
    if not code:
        return Token(code, (), setting, "no code")
    selectors = {one.selector for one in found}
    if BALANCE_OF not in selectors:
        return Token(code, found, setting, "no balanceOf in the dispatcher")
    pinned: set[Slot] = set()
    slots: dict[int, frozenset[Slot]] = {}
    base: int | None = None
    for who in PEOPLE:
        got = _filled(setting, Call(SECOND, TOKEN, call(BALANCE_OF, who)), BALANCE, frozenset(pinned))
        if got is None:
            return Token(code, found, setting, "no storage was found that balanceOf answers from")
        setting = got.setting
        node = got.trace.nodes.get(0)
        mine = frozenset(key for kind, key in (leaves(node) if node else ()) if kind == "S") | frozenset(
            key for (kind, key) in got.change if kind == "S" and _keyed(got.trace, key, who)
        )
        keyed = {slot for slot in mine if _keyed(got.trace, slot, who)}
        if len(keyed) == 1 and keyed == mine and who == HOLDER:
            preimage = got.trace.hashes[next(iter(keyed))[1]]
            base = int.from_bytes(preimage[32:64], "big") if len(preimage) == 64 else None
        slots[who] = mine
        pinned |= mine
    supply: frozenset[Slot] = frozenset()
    if TOTAL_SUPPLY in selectors:
        got = _filled(setting, Call(SECOND, TOKEN, call(TOTAL_SUPPLY)), SUPPLY, frozenset(pinned))
        if got is not None:
            setting = got.setting
            supply = frozenset(key for kind, key in leaves(got.trace.nodes.get(0, 0)) if kind == "S")
            pinned |= supply
    if ALLOWANCE in selectors:
        for owner in PEOPLE[:3]:
            for spender in (ACTOR, ROUTER):
                asked = trace(setting, Call(SECOND, TOKEN, call(ALLOWANCE, owner, spender)))
                pinned |= {key for kind, key in leaves(asked.nodes.get(0, 0)) if kind == "S"}
    owner_slots: set[Slot] = set()
    for selector in OWNERS:
        if selector in selectors:
            asked = trace(setting, Call(SECOND, TOKEN, selector))
            owner_slots |= {key for kind, key in leaves(asked.nodes.get(0, 0)) if kind == "S"}
    token = Token(
        code, found, setting, "", frozenset(pinned), slots, base, supply, {}, frozenset(owner_slots),
        single=OWNER_OF in selectors,
    )  # fmt: skip
    if TRANSFER not in selectors or token.single:
        return token
    try:
        return _trading(token)
    except SpentError as spent:
        return replace(token, still=f"the search for a state in which it transfers was stopped {spent}")


def _keyed(made: Trace, slot: Slot, who: int) -> bool:
    # Wherever in what was hashed: some libraries put the key and a number of their own into one word.
    return who.to_bytes(20, "big") in made.hashes.get(slot[1], b"")


def _filled(setting: Setting, asked: Call, wanted: int, pinned: frozenset[Slot]) -> Reached | None:
    """Storage under which a view answers about as much as wanted."""

    def pull(made: Trace) -> list[Change]:
        node = made.nodes.get(0)
        return list(equal(node, wanted)) if node else []

    def may(leaf: Leaf, value: int, made: Trace) -> bool:
        return leaf[0] in ("S", "TIME", "NUMBER") and leaf[1] not in pinned

    return reach(setting, asked, lambda made: (made.word() or 0) >= wanted // 2, may=may, pull=pull, runs=60)


def moved(token: Token, setting: Setting, made: Trace, giver: int, taker: int) -> tuple[int, int] | None:
    """What a run took from one and gave to another by their balances; None where a balance is not told."""
    after = settled(setting, made)
    told = [token.balance(world, who) for world in (setting, after) for who in (giver, taker)]
    if None in told:
        return None
    return told[0] - told[2], told[3] - told[1]  # type: ignore[operator]


def settled(setting: Setting, made: Trace) -> Setting:
    """The setting after a run."""
    if not made.writes:
        return setting
    storage = setting.storage.copy()  # one that reads on stays one
    for slot, (_, value, _) in made.writes.items():
        storage[slot] = value
    return replace(setting, storage=storage)


def agreed(made: Trace) -> bool:
    """Whether a call went through and did not answer no."""
    return made.ok and made.word() != 0


def _trading(token: Token) -> Token:
    """A state in which holders transfer to one another."""
    asked = Call(HOLDER, TOKEN, call(TRANSFER, SECOND, PART))

    def may(leaf: Leaf, value: int, made: Trace) -> bool:
        # Not by an address that is somebody's: that would make the holder an owner or exempt.
        return leaf[0] in ("S", "TIME", "NUMBER", "R") and leaf[1] not in token.pinned and value not in PEOPLE

    def for_everybody(leaf: Leaf, value: int, made: Trace) -> bool:
        # Neither of the two: it is no state in which others transfer.
        named = leaf[0] == "S" and (_keyed(made, leaf[1], HOLDER) or _keyed(made, leaf[1], SECOND))
        return may(leaf, value, made) and not named

    for allowed in (for_everybody, may):
        for run in explore(token.setting, asked, may=allowed, runs=60):
            if _gives(token, run):
                run = least(token.setting, asked, run, lambda one: _gives(token, one))
                return _with_pool(replace(token, setting=run.setting, gates=run.change, transfers=True))
    return token


def _gives(token: Token, run: Reached) -> bool:
    got = moved(token, run.setting, run.trace, HOLDER, SECOND) if agreed(run.trace) else None
    return got is not None and got[0] > 0 and got[1] > 0


def _with_pool(token: Token) -> Token:
    """The same with the pool known to the token as its pool, where its transfers ask who that is: by a slot
    that holds its address, or a mark of its own under which more is asked of a transfer."""
    asked = Call(HOLDER, TOKEN, call(TRANSFER, POOL, PART))
    plain = trace(token.setting, asked)
    for branch in plain.branches:
        named = leaves(branch.condition)
        if not any(kind == "A" and key == 4 for kind, key in named):
            continue
        for slot in [key for kind, key in named if kind == "S"]:
            if slot not in token.pinned and slot not in token.owner_slots:
                for change in steer(branch.condition, not branch.taken):
                    if set(change) == {("S", slot)}:
                        better = _still_sells(token, asked, change)
                        token = better or token
                        break
    for slot in plain.reads:
        if _keyed(plain, slot, POOL) and slot not in token.pinned and token.setting.storage.get(slot, 0) == 0:
            storage = token.setting.storage | {slot: 1}
            marked = trace(replace(token.setting, storage=storage), asked)
            if len(marked.branches) > len(plain.branches):
                token = _still_buys(token, _still_sells(token, asked, {("S", slot): 1})) or token
    return token


def _still_buys(token: Token, better: Token | None) -> Token | None:
    """What was made, if it still gives to holders, or can be made to: else the mark was no mark of a pool."""
    asked = Call(POOL, TOKEN, call(TRANSFER, HOLDER, PART))
    if better is None or agreed(trace(better.setting, asked)) or not agreed(trace(token.setting, asked)):
        return better

    def may(leaf: Leaf, value: int, made: Trace) -> bool:
        return leaf[0] in ("S", "R") and leaf[1] not in token.pinned | {key for _, key in better.gates}

    for run in explore(better.setting, asked, may=may, runs=12):
        sale = Call(HOLDER, TOKEN, call(TRANSFER, POOL, PART))
        if agreed(run.trace) and agreed(trace(run.setting, sale)):
            return replace(better, setting=run.setting, gates={**better.gates, **run.change})
    return None


def _still_sells(token: Token, asked: Call, change: Change) -> Token | None:
    """The token with storage changed, if a transfer to the pool then goes through or can be made to."""
    fixed_slots = {key for _, key in change}

    def may(leaf: Leaf, value: int, made: Trace) -> bool:
        return (
            leaf[0] in ("S", "R")
            and leaf[1] not in token.pinned
            and leaf[1] not in fixed_slots
            and value not in PEOPLE
            and not (leaf[0] == "S" and (_keyed(made, leaf[1], HOLDER) or _keyed(made, leaf[1], POOL)))
        )

    for run in explore(token.setting, asked, may=may, runs=24, begin=change):
        if agreed(run.trace) and (moved(token, run.setting, run.trace, HOLDER, POOL) or (0, 0))[1] > 0:
            again = trace(run.setting, Call(HOLDER, TOKEN, call(TRANSFER, SECOND, PART)))
            if agreed(again):
                return replace(token, setting=run.setting, gates={**token.gates, **run.change})
    return None
