"""Gates: which storage a trade asks for, and in which states a sale goes through.

A token's constructor leaves switches, caps and the pool's address in storage. From code alone they are not
known, so they are looked for (`reach`): a state that names no particular person, such as an open switch, is
one that trading can be in; one that has to name the seller is an allow-list.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ringfence.desks.tokens.expression import Change, Leaf, Node, equal, leaves, value_of
from ringfence.desks.tokens.functions import (
    ALLOWANCE,
    BALANCE_OF,
    OWNERS,
    TOTAL_SUPPLY,
    TRANSFER,
    TRANSFER_FROM,
    call,
)
from ringfence.desks.tokens.pool import calls, market
from ringfence.desks.tokens.reach import explore
from ringfence.desks.tokens.synthesis import PEOPLE, ROUTER, agreed, settled
from ringfence.desks.tokens.trace import Call, Setting, Slot, Trace, program, trace
from ringfence.desks.tokens.trial import ROUTERS, Plan, Stand, Step, Trial, attempt
from ringfence.desks.tokens.world import RICH

STAGES: Final = ("open", "buy", "move", "approve", "sell", "")
_ADDRESS: Final = (1 << 160) - 1
_WIDE: Final = 10**30  # a cap that stops nobody
_UNARY: Final = ("ISZERO", "NOT")
RUNS: Final = 40
STEPS: Final = 250_000  # of the tracer, for one search: about a second, and the same on every machine


@dataclass(frozen=True)
class Roles:
    """What a token's transfers compare with the market. ``pools``: one change for each slot that may hold
    the pool's or the router's address; ``flags``: for each mapping that may list the pool; ``constants``:
    addresses in the code that the recipient or the sender is compared with; ``times``: slots that the time
    or the block number is measured against, each with whether it is the number; ``rated``: whether what
    arrives depends on storage that nobody set, besides balances."""

    pools: tuple[Change, ...] = ()
    flags: tuple[Change, ...] = ()
    constants: tuple[int, ...] = ()
    times: tuple[tuple[Slot, bool], ...] = ()
    rated: bool = False


def setting(stand: Stand, steps: Iterable[Step] = ()) -> Setting:
    """The stand for the tracer, after some transactions."""
    environment = stand.environment
    world = Setting(
        {who: program(code) for who, code in stand.codes().items()},
        stand.everything(),
        # The tracer moves no native coin: whoever passes some on must have it beforehand.
        {**dict.fromkeys(stand.codes(), RICH), **stand.balances()},
        frozenset({*PEOPLE, *stand.buyers(), stand.person("opener")} - {stand.pair, *ROUTERS}),
        time=environment.time,
        number=environment.number,
        chain=environment.chain,
        base_fee=environment.base_fee,
        coinbase=environment.coinbase,
    )
    opened = trace(world, Call(stand.person("opener"), stand.pair, calls.SYNC))
    world = settled(world, opened)
    for step in steps:
        world = _at(stand, world, step.time)
        world = settled(world, trace(world, Call(step.sender, step.to, step.data, step.value)))
    return world


def _at(stand: Stand, world: Setting, time: int) -> Setting:
    later = stand.environment.later(time - stand.environment.time)
    return replace(world, time=time, number=later.number)


def owners(made: Trace, slot: Slot) -> set[int]:
    """The keys of the mappings that a slot lies in (also of a struct's field)."""
    found: set[int] = set()
    todo, seen = [slot[1]], 0
    while todo and seen < 6:
        seen += 1
        at = todo.pop()
        for offset in range(8):
            preimage = made.hashes.get(at - offset)
            if preimage is not None:
                found.add(int.from_bytes(preimage[:32], "big"))
                todo += [int.from_bytes(preimage[k : k + 32], "big") for k in range(0, len(preimage), 32)]
                break
    return found


def root(made: Trace, slot: Slot) -> tuple[int, int] | None:
    """(contract, base slot) of the mapping that a slot lies in; None for one that lies in none."""
    at, steps = slot[1], 0
    while steps < 4 and (preimage := made.hashes.get(at)) is not None and len(preimage) == 64:
        at, steps = int.from_bytes(preimage[32:], "big"), steps + 1
    return (slot[0], at) if steps else None


def names(value: int) -> set[int]:
    """The addresses that a word may hold, whatever it is packed with."""
    return {value >> shift & _ADDRESS for shift in range(0, 97, 8)}


def pinned(stand: Stand, world: Setting) -> tuple[frozenset[Slot], frozenset[tuple[int, int]]]:
    """Storage that says who owns what and who may move it, which no search may choose: slots, and the bases
    of the mappings they lie in."""
    who = stand.buyers()[0]
    asked = [call(BALANCE_OF, one) for one in (who, stand.pair, stand.person("contract"))]
    asked += [call(ALLOWANCE, who, one) for one in ROUTERS]
    asked.append(call(TOTAL_SUPPLY))
    found: set[Slot] = set()
    bases: set[tuple[int, int]] = set()
    for data in asked:
        made = trace(world, Call(stand.person("asker"), stand.token, data))
        slots = {key for kind, key in leaves(made.nodes.get(0, 0)) if kind == "S"}
        found |= slots
        if len(slots) == 1:  # an answer of several slots may stand on lists of other things too
            bases |= {base for slot in slots if (base := root(made, slot)) is not None}
    return frozenset(found), frozenset(bases)


class _May:
    """Which leaves a search may choose: never money, nor the market's own storage, nor the time."""

    def __init__(self, stand: Stand, world: Setting, locked: Iterable[Slot], personal: bool) -> None:
        slots, self.bases = pinned(stand, world)
        self.fixed = slots | frozenset(locked)
        self.market = {*market.codes(stand.pair, ROUTERS), stand.person("contract")}
        self.people = {*stand.buyers(), stand.person("contract")}
        self.personal = personal
        self.token = stand.token
        # Whoever is named as pool or router stays so: a sale to somebody else is no sale.
        named = {stand.pair, *ROUTERS}
        self.named = {slot: found for slot, value in stand.storage.items() if (found := names(value) & named)}

    def __call__(self, leaf: Leaf, value: int, made: Trace) -> bool:
        kind, key = leaf
        if kind == "R":
            return True
        if kind != "S" or key in self.fixed or key[0] in self.market:
            return False
        if root(made, key) in self.bases:
            return False
        if not self.named.get(key, set()) <= names(value):
            return False
        return self.personal or not (names(value) | owners(made, key)) & self.people


def stubs(made: Trace, world: Setting) -> dict[int, bytes]:
    """Contracts that answer as the tracer assumed, for those that a run called and nobody has."""
    found: dict[int, bytes] = {}
    outward = [one for one in made.calls if one.kind in ("call", "callcode", "delegate", "static")]
    for number, one in enumerate(outward):
        if one.to in world.codes or one.to in world.people or one.to <= 0xFFFF or not one.data:
            continue
        word = world.answers.get(("R", (number, 0)), 1)
        code = b"\x7f" + word.to_bytes(32, "big")
        stored = b"".join(b"\x80\x60" + bytes([32 * k]) + b"\x52" for k in range(7))
        found[one.to] = code + stored + bytes.fromhex("60e06000f3")
    return found


def ways(
    stand: Stand, stopped: Trial, *, personal: bool, locked: Iterable[Slot] = (), runs: int = RUNS
) -> Iterator[tuple[Stand, dict[Slot, int]]]:
    """States in which the transaction that stopped a trial goes through in the tracer, each with what was
    set. They are still to be tried in the engine."""
    if not stopped.steps:
        return
    world = setting(stand, stopped.steps[:-1])
    last = stopped.steps[-1]
    world = _at(stand, world, last.time)
    may = _May(stand, world, locked, personal)
    asked = Call(last.sender, last.to, last.data, last.value)
    steps = 0
    for run in explore(world, asked, may=may, runs=runs):
        steps += run.trace.steps
        if steps > STEPS:
            return
        if not run.trace.ok or not run.change:
            continue
        change = {key: value for (kind, key), value in run.change.items() if kind == "S"}
        made = stand.with_storage(change)
        missing = stubs(run.trace, run.setting)
        if missing:
            made = replace(made, others={**missing, **made.others})
        yield made, change


@dataclass(frozen=True)
class Opened:
    """A stand, the trial in it, and what was set so that it came that far."""

    stand: Stand
    trial: Trial
    change: Mapping[Slot, int]


def far(trial: Trial) -> int:
    """How far a trial came."""
    return STAGES.index(trial.stage) - (1 if trial.ok and taken(trial) else 0)


def taken(trial: Trial) -> bool:
    """Whether nearly all is taken on the way: a sale in name only."""
    taxes = (trial.buy_tax, trial.sell_tax)
    return any(tax is not None and 100 * tax >= 99 for tax in taxes)


def passes(trial: Trial) -> bool:
    """Whether somebody bought, sold and was paid for it."""
    return trial.ok and not taken(trial)


def open_up(
    stand: Stand, plan: Plan, *, personal: bool = False, locked: Iterable[Slot] = (), rounds: int = 5
) -> Opened:
    """The stand with as little set as is needed for a plan to pass; or as far as it came."""
    locked = frozenset(locked)
    best = Opened(stand, attempt(stand, plan), {})
    for _ in range(rounds):
        if passes(best.trial) or best.trial.stage in ("open", "approve"):
            break  # an allowance that nobody may give is no matter of state
        further: Opened | None = None
        found = ways(best.stand, best.trial, personal=personal, locked=locked)
        for made, change in itertools.islice(found, 8):
            trial = attempt(made, plan)
            if far(trial) > far(best.trial) or len(trial.steps) > len(best.trial.steps):
                further = Opened(made, trial, {**best.change, **change})
                break
        if further is None:
            break
        best = further
    return _widened(best, plan)


def _widened(found: Opened, plan: Plan) -> Opened:
    """Caps that the search set just high enough are set out of the way, where nothing else changes."""
    for slot, value in found.change.items():
        if 1 < value < 1 << 96 or 1 << 96 < value < _WIDE:
            wide = found.stand.with_storage({slot: _WIDE})
            trial = attempt(wide, plan)
            if passes(trial) and passes(found.trial) and trial.sell_tax == found.trial.sell_tax:
                found = Opened(wide, trial, {**found.change, slot: _WIDE})
    return found


def _parts(node: Node, seen: set[int]) -> Iterator[Node]:
    """The parts of an expression that were not seen yet: those of one run share most of them."""
    todo: list[object] = [node]
    until = len(seen) + 300
    while todo and len(seen) < until:
        one = todo.pop()
        if not isinstance(one, tuple) or id(one) in seen or len(one) != 4:
            continue
        seen.add(id(one))
        yield one
        if one[3] is not None or one[0] in _UNARY:
            todo += [one[2], one[3]]


def roles(stand: Stand, bought: Trial, *, runs: int = 14) -> Roles:
    """What transfers from and to the pool look at, after a purchase."""
    who = stand.buyers()[0]
    world = setting(stand, bought.steps)
    may = _May(stand, world, (), False)
    amount = max(1, bought.bought // 2)
    allowed = settled(
        world, trace(world, Call(who, stand.token, call(bytes.fromhex("095ea7b3"), ROUTER, amount)))
    )
    sale = Call(ROUTER, stand.token, call(TRANSFER_FROM, who, stand.pair, amount))
    purchase = Call(stand.pair, stand.token, call(TRANSFER, who, amount))
    owned: set[Slot] = set()
    for selector in OWNERS:
        asked = trace(world, Call(who, stand.token, selector))
        owned |= {key for kind, key in leaves(asked.nodes.get(0, 0)) if kind == "S"}
    pools: dict[str, Change] = {}
    flags: dict[str, Change] = {}
    times: dict[Slot, bool] = {}
    constants: list[int] = []
    rated, arrivals = False, set()
    market_names = {stand.pair: "pool", ROUTER: "router"}
    steps = 0
    for asked_call in (sale, purchase):
        for run in explore(allowed, asked_call, may=may, runs=runs):
            made = run.trace
            steps += made.steps
            if steps > STEPS:
                break
            # Of a decision in a loop, the last.
            last = {branch.pc: branch.condition for branch in made.branches if branch.contract == stand.token}
            nodes = list(last.values())
            written = [node for slot, (_, _, node) in made.writes.items() if slot in may.fixed and node]
            if agreed(made):
                arrivals.add((asked_call is sale, _arrival(made, may.fixed)))
                for node in written:
                    rated |= any(k == "S" and key not in may.fixed for k, key in leaves(node))
            seen: set[int] = set()
            for node in nodes:
                for one in _parts(node, seen):
                    _look(one, made, may, owned, market_names, pools, constants)
            for number, node in enumerate((*nodes, *written)):
                found = leaves(node)
                for listed in () if number >= len(nodes) else _listed(found, made, may, stand.pair):
                    flags[repr(listed)] = listed
                kinds = {kind for kind, _ in found}
                if kinds & {"TIME", "NUMBER"}:
                    for kind, key in found:
                        if kind == "S" and key not in may.fixed and not owners(made, key) & may.people:
                            times[key] = "TIME" not in kinds
    rated |= len({got for one, got in arrivals if one}) > 1 or len({g for one, g in arrivals if not one}) > 1
    return Roles(
        tuple(pools.values()), tuple(flags.values()), tuple(dict.fromkeys(constants)), tuple(times.items()),
        rated,
    )  # fmt: skip


def _arrival(made: Trace, money: frozenset[Slot]) -> tuple[int, ...]:
    return tuple(sorted(new - old for slot, (old, new, _) in made.writes.items() if slot in money))


def _look(
    node: Node, made: Trace, may: _May, owned: set[Slot], names_: Mapping[int, str],
    pools: dict[str, Change], constants: list[int],
) -> None:  # fmt: skip
    """A comparison of somebody with a slot or with a constant."""
    op, _, one, two = node
    if op not in ("EQ", "SUB", "XOR") or one is None or two is None:
        return
    for mine, other in ((one, two), (two, one)):
        who = value_of(other)
        if who not in names_:
            continue
        if isinstance(mine, int):
            if (
                mine >> 80
                and mine <= _ADDRESS
                and mine not in names_
                and mine not in may.market | {may.token}
            ):
                constants.append(mine)
            continue
        slots = {key for kind, key in leaves(mine) if kind == "S"}
        if len(slots) != 1 or slots & (owned | may.fixed) or next(iter(slots))[0] != may.token:
            continue
        if owners(made, next(iter(slots))):
            continue
        for change in equal(mine, who):
            if change and all(kind == "S" for kind, _ in change):
                pools[repr(sorted(change, key=repr))] = change
            break


def _listed(found: set[Leaf], made: Trace, may: _May, pair: int) -> Iterator[Change]:
    """A decision on a mapping's entry for the pool, alone."""
    if len(found) != 1:
        return
    ((kind, key),) = found
    if kind == "S" and key not in may.fixed and key[0] == may.token and owners(made, key) & {pair}:
        before = made.reads.get(key, 0)
        if not before & 0xFF:
            yield {("S", key): before | 1}


def as_storage(change: Change) -> dict[Slot, int]:
    """A change of leaves as storage."""
    return {key: value for (kind, key), value in change.items() if kind == "S"}
