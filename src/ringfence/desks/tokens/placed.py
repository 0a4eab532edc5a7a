"""Placed: a power shown again where it is: at the token's own address, in the state of its chain.

The account that holds it makes the call, on holders that are there, and the effect is looked for again. Only
what that needs beyond the chain's state is assumed: nothing at all, then what the run asked of storage, then
the authority itself (where nobody has it any more, or nobody knows who), then the whole state of the search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ringfence.desks.tokens.capability import OF_BALANCES, OF_TRANSFERS, Holder
from ringfence.desks.tokens.cast import Cast
from ringfence.desks.tokens.functions import BALANCE_OF, TRANSFER, call
from ringfence.desks.tokens.mapped import rekeyed
from ringfence.desks.tokens.run import Machine, settle
from ringfence.desks.tokens.search import SUITE, Power
from ringfence.desks.tokens.state import State
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
)
from ringfence.desks.tokens.trace import Slot
from ringfence.desks.tokens.world import RICH, Environment

ASKER: Final = 0xA5CE12 << 128
GAS: Final = 12_000_000
_HOLDS: Final = frozenset({"address", "contract", "multisig", "timelock"})

Storage = dict[int, int]


@dataclass(frozen=True)
class Placed:
    """The transactions, and what had to be assumed of the token's storage for them."""

    proof: tuple[dict[str, Any], ...]
    state: dict[str, str]


@dataclass(frozen=True)
class _Scene:
    """One way to show it: who plays, with what in the call, in which assumed storage."""

    cast: Cast
    amounts: Mapping[int, int]
    assumed: Storage
    buys: bool = False  # the pool gives too, made to act without its code


def placed(
    state: State, address: int, token: Token, power: Power, holder: Holder, people: Cast
) -> Placed | None:
    """The first way that comes out as the power says; None where none does."""
    for scene in _scenes(token, power, holder, people):
        got = _shown(state, address, power, scene)
        if got is not None:
            laid = {f"0x{slot:064x}": f"0x{value:064x}" for slot, value in sorted(scene.assumed.items())}
            return Placed(got, laid)
    return None


def _scenes(token: Token, power: Power, holder: Holder, people: Cast) -> Iterator[_Scene]:
    who = _actor(holder)
    people = people.acted_by(ACTOR if who is None else who)
    run = power.reached
    asked: Storage = {key[1]: value for (kind, key), value in run.change.items() if kind == "S"}
    given = {slot for _, slot in power.authority}
    if power.id == "reclaim_ownership":  # what it is about: the owner is nobody
        asked |= {slot: 0 for _, slot in token.owner_slots}
    rights = {slot: value for slot, value in asked.items() if slot in given}
    rest = {slot: value for slot, value in asked.items() if slot not in given}
    gates = {key[1]: value for (kind, key), value in token.gates.items() if kind == "S"}
    levels = [rights, asked] if who is None else [{}, rest, {**gates, **rest}]
    levels.append({**gates, **asked})
    levels.append({slot: value for (at, slot), value in run.setting.storage.items() if at == TOKEN})
    if power.id == "reclaim_ownership":
        levels = levels[1:]
    pooled = power.id in OF_TRANSFERS and bool(people.held.get(people.of(POOL)))
    ways = [(people, buys) for buys in (False, True)[: 1 + pooled]]
    if HOLDER in people.parts:
        ways.append((people.without_holders(), False))
    done: list[tuple[Storage, bytes, bool]] = []
    for played, buys, level in [(one, buys, level) for one, buys in ways for level in levels]:
        funds = {} if HOLDER in played.parts else _funds(token)
        assumed = _recast(run.trace.hashes, {**funds, **level}, played)
        has = played.held.get(played.of(HOLDER), BALANCE)
        for amounts in ({}, {BALANCE: has, PART: max(1, has // 1000)}, {BALANCE: 1, PART: 1}):
            key = (assumed, played.recast(run.call.data, amounts), buys)
            if key not in done:
                done.append(key)
                yield _Scene(played, amounts, assumed, buys)


def _actor(holder: Holder) -> int | None:
    """The real account that makes the call; None where there is none."""
    if holder["kind"] in _HOLDS and holder.get("address"):
        return int(holder["address"], 16)
    if holder["kind"] == "list":
        return int(holder["addresses"][0], 16)
    return ACTOR if holder["kind"] == "anyone" else None


def _funds(token: Token) -> Storage:
    """Storage in which the made-up holders have something; none where that is no plain matter."""
    if token.base is None:
        return {}
    return {slot: BALANCE for who in (HOLDER, THIRD) for _, slot in token.balance_slots.get(who, frozenset())}


def _recast(hashes: Mapping[int, bytes], assumed: Storage, people: Cast) -> Storage:
    """Assumed storage of made-up people as that of those who play them."""
    made = {}
    for slot, value in assumed.items():
        for person, who in people.parts.items():
            if person != TOKEN and who != person:
                there = rekeyed(hashes, slot, person, who)
                slot = slot if there is None else there
        made[slot] = people.parts.get(value, value)
    return made


def _shown(state: State, address: int, power: Power, scene: _Scene) -> tuple[dict[str, Any], ...] | None:
    run, people = power.reached, scene.cast
    environment = _environment(state, run.change)
    actor = people.of(run.call.caller)
    senders = {actor, people.of(HOLDER), people.of(THIRD), people.of(POOL), people.of(SECOND), ASKER}
    accounts = [one for one in senders if one not in (*PEOPLE, ASKER)]
    state.fetch([address, *accounts])
    # The engine takes calls of plain accounts only; a contract that acts does so without its code.
    codes = {one: b"" for one in senders if one in (*PEOPLE, ASKER, actor)}
    codes |= {people.of(POOL): b""} if scene.buys else {}
    money = dict.fromkeys(senders, RICH)
    laid: dict[Slot, int] = {(address, slot): value for slot, value in scene.assumed.items()}
    data = people.recast(run.call.data, scene.amounts)

    def doing(make: Callable[[], Machine]) -> tuple[dict[str, Any], ...] | None:
        machine = make()
        stage = _Stage(machine, address, scene, actor)
        before = stage.look(power)
        steps: list[dict[str, Any]] = []
        if power.function is not None:
            steps.append(_step(actor, address, data, run.call.value, environment))
            if not machine.call(actor, address, data, run.call.value, GAS, thorough=True).ok:
                return None
        seen = stage.differs(power, before)
        if seen is None:
            return None
        for giver, taker, amount in seen:
            steps.append(_step(giver, address, call(TRANSFER, taker, amount), 0, environment))
        return tuple(steps)

    return settle(state, environment, doing, money, codes, laid)


Moves = list[tuple[int, int, int]]


class _Stage:
    """What a power is to change, looked at before and after."""

    def __init__(self, machine: Machine, address: int, scene: _Scene, actor: int) -> None:
        self.machine, self.address, self.scene, self.actor = machine, address, scene, actor
        cast = scene.cast
        self.seen = [cast.of(one) for one in PEOPLE]

    def balances(self) -> dict[int, int]:
        asked = ((who, call(BALANCE_OF, who)) for who in self.seen)
        return {who: self.machine.call(ASKER, self.address, data).word() or 0 for who, data in asked}

    def moves(self) -> dict[str, tuple[bool, int]]:
        made = {}
        for name, (giver, taker, amount) in self.suite().items():
            with self.machine.world.trial():
                had = self.machine.call(ASKER, self.address, call(BALANCE_OF, taker)).word() or 0
                done = self.machine.call(giver, self.address, call(TRANSFER, taker, amount))
                has = self.machine.call(ASKER, self.address, call(BALANCE_OF, taker)).word() or 0
                went = done.ok and (done.word() != 0) and has > had
                made[name] = (went, has - had if went else 0)
        return made

    def suite(self) -> dict[str, tuple[int, int, int]]:
        """The transfers that are tried, of what their givers have."""
        cast = self.scene.cast
        made = {}
        for name, (giver, taker, amount) in SUITE.items():
            who = cast.of(giver)
            if giver == POOL and not self.scene.buys:
                continue
            has = cast.held.get(who, BALANCE)
            part = max(1, has // 2) if amount > PART else min(PART, max(1, has // 1000))
            made[name] = (who, cast.of(taker), part)
        return made

    def look(self, power: Power) -> Any:  # noqa: ANN401
        if power.id in OF_BALANCES:
            return self.balances()
        return self.moves() if power.id in OF_TRANSFERS else None

    def differs(self, power: Power, before: Any) -> Moves | None:  # noqa: ANN401
        """The transfers that show it (none, where the call itself does); None where it is not to be seen."""
        if power.id in OF_BALANCES:
            held = self.balances()
            changed = {who: held[who] - before[who] for who in before if held[who] != before[who]}
            up = sum(change for change in changed.values() if change > 0)
            down = sum(-change for who, change in changed.items() if change < 0 and who != self.actor)
            good = up > 0 if power.id == "mint" else down > 0 and (up > 0) == (power.id == "seize")
            return [] if good else None
        if power.id not in OF_TRANSFERS:
            return []
        suite = self.suite()
        if power.function is None:
            name = power.note.rpartition(" ")[2]
            stopped = name in before and before["plain"][0] and not before[name][0]
            return [suite[name]] if stopped else None
        after = self.moves()
        other = [name for name in suite if before[name] != after[name]]
        return [suite[other[0]]] if other else None


def meeting(state: State, address: int, people: Cast, other: int) -> tuple[dict[str, Any], ...]:
    """A transfer of a real holder in which another contract is called; none where none is found."""
    environment = state.block.environment()
    cast = people.acted_by(ACTOR)
    who = cast.of(HOLDER)
    if who == HOLDER:
        return ()
    for taker in (SECOND, cast.of(POOL)):
        data = call(TRANSFER, taker, max(1, cast.held[who] // 1000))

        def doing(make: Callable[[], Machine], data: bytes = data) -> bool:
            machine = make()
            done = machine.call(who, address, data, 0, GAS, thorough=True)
            return done.ok and other in machine.touched()

        if settle(state, environment, doing, {who: RICH}, {SECOND: b""}):
            return (_step(who, address, data, 0, environment),)
    return ()


def _environment(state: State, change: Mapping[Any, int]) -> Environment:
    """The next block, or a later one where the run asked for another time."""
    here = state.block.environment()
    time = max(here.time, change.get(("TIME", 0), 0))
    number = max(here.number, change.get(("NUMBER", 0), 0))
    return replace(here, time=min(time, 1 << 40), number=min(number, 1 << 40))


def _step(sender: int, to: int, data: bytes, value: int, environment: Environment) -> dict[str, Any]:
    return {
        "from": f"0x{sender:040x}",
        "to": f"0x{to:040x}",
        "value": value,
        "data": "0x" + data.hex(),
        "time": environment.time,
    }
