"""Trial: buy and sell once in a private market, and say where it stopped and what the pool saw.

Quotes are on the net amount: what the pool received, not what was sent, for the fee a token takes enters the
pool's quote too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Final, TypeVar

from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.functions import APPROVE, BALANCE_OF, TRANSFER, call
from ringfence.desks.tokens.likeness import likeness
from ringfence.desks.tokens.pool import calls, market
from ringfence.desks.tokens.pool.code import runtime
from ringfence.desks.tokens.pool.formula import amount_out
from ringfence.desks.tokens.synthesis import POOL, ROUTER, TOKEN
from ringfence.desks.tokens.trace import Slot
from ringfence.desks.tokens.world import RICH, Environment, Log, Outcome, World

SWAP_EVENT: Final = bytes.fromhex("d78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822")
SECOND_ROUTER: Final = int.from_bytes(keccak(b"ringfence tokens second router")[:20], "big")
ROUTERS: Final = (ROUTER, SECOND_ROUTER)
STAKE: Final = 10**19  # what a buyer spends: one part in a hundred of the pool
WALLETS: Final = 12
T = TypeVar("T")
EVER: Final = (1 << 256) - 1  # the allowance that wallets ask for


@dataclass(frozen=True)
class Step:
    """One transaction of a proof."""

    sender: int
    to: int
    value: int
    data: bytes
    time: int

    def to_dict(self) -> dict[str, object]:
        """As the interface writes it: addresses and data in hex, value in wei, time in seconds."""
        return {
            "from": f"0x{self.sender:040x}",
            "to": f"0x{self.to:040x}",
            "value": self.value,
            "data": "0x" + self.data.hex(),
            "time": self.time,
        }


@dataclass(frozen=True)
class Stand:
    """A token at the address ``token`` and the market around it. ``storage`` is by (contract, slot);
    ``others`` are further contracts that the token needs, by address."""

    code: bytes
    storage: Mapping[Slot, int]
    others: Mapping[int, bytes] = field(default_factory=dict)
    pair: int = POOL
    token: int = TOKEN
    environment: Environment = field(default_factory=Environment)
    salt: bytes = b""

    @cached_property
    def _seed(self) -> bytes:
        return keccak(likeness(self.code) + self.salt)

    def person(self, name: str) -> int:
        """An account that nobody has met before: another for every code and every name."""
        return int.from_bytes(keccak(self._seed + name.encode())[:20], "big")

    def buyers(self) -> tuple[int, ...]:
        """All wallets that trials use."""
        return tuple(self.person(f"wallet {number}") for number in range(WALLETS))

    def codes(self) -> dict[int, bytes]:
        """Runtime code of every contract by address."""
        return {
            **self.others,
            **market.codes(self.pair, ROUTERS),
            self.token: self.code,
            self.person("contract"): runtime("Wallet"),
        }

    def everything(self) -> dict[Slot, int]:
        """Storage of the token and of the market."""
        return {**market.storage(self.token, self.pair, ROUTERS), **self.storage}

    def balances(self) -> dict[int, int]:
        """Native coin: every wallet is rich, and the wrapped coin is backed."""
        made = dict.fromkeys((*self.buyers(), *map(self.person, ("contract", "opener", "asker"))), RICH)
        return made | {market.NATIVE: market.LIQUIDITY, self.token: 10**20}

    def world(self, environment: Environment | None = None) -> World:
        """A fresh machine with the pool's reserves written."""
        world = World(environment or self.environment, self.codes(), self.everything(), self.balances())
        world.call(self.person("opener"), self.pair, calls.SYNC)
        return world

    def carry_out(self, doing: Callable[[World], T], environment: Environment | None = None) -> T:
        """Do something in a fresh machine."""
        return doing(self.world(environment))

    @property
    def routers(self) -> tuple[int, int]:
        """The market's own router, and another one."""
        return ROUTERS

    @property
    def coin(self) -> int:
        """What the pool holds besides the token."""
        return market.NATIVE

    def buy(self, to: int) -> bytes:
        """Calldata of a purchase."""
        return calls.buy(market.NATIVE, self.token, to)

    def sell(self, to: int, amount: int) -> bytes:
        """Calldata of a sale."""
        return calls.sell(market.NATIVE, self.token, to, amount)

    def stake(self, wei: int) -> int:
        """What is spent where a plan says ``wei``."""
        return wei

    def reserves(self, world: World) -> tuple[int, int]:
        """(token, coin) as the pool last wrote them."""
        one, two = market.reserves(world.slot(self.pair, 6))
        return (one, two) if self.token < market.NATIVE else (two, one)

    def with_storage(self, more: Mapping[Slot, int]) -> Stand:
        """The same with some slots set."""
        return replace(self, storage={**self.storage, **more})


@dataclass(frozen=True)
class Plan:
    """What to try. ``stake`` wei are spent; after ``seconds`` and ``blocks`` the ``part`` of what was bought
    is sold; ``holder`` is wallet, contract, moved (bought by one, sold by another) or crowd; ``route`` is
    router, second router or pool (paid directly)."""

    name: str
    stake: int = STAKE
    part: Fraction = Fraction(1)
    seconds: int = 12
    blocks: int | None = None
    holder: str = "wallet"
    route: str = "router"
    environment: Environment | None = None
    before: int = 0  # seconds that pass before the purchase


@dataclass(frozen=True)
class Trial:
    """What came of it. ``stage`` is where it stopped: open, buy, move, approve, sell, or empty. Amounts are
    in units of the token, ``paid`` in wei; taxes are exact, None where nothing can be said."""

    plan: Plan
    stage: str = ""
    why: str = ""
    given: int = 0  # by the pool
    bought: int = 0  # by the buyer
    sold: int = 0  # by the seller
    arrived: int = 0  # at the pool
    paid: int = 0
    quoted: int = 0  # wei for what was sold, had all of it arrived
    gas: int = 0  # of the sale
    vanished: int = 0  # of the balance between purchase and sale, by nobody's call
    steps: tuple[Step, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether a sale went through and paid something."""
        return not self.stage

    @property
    def buy_tax(self) -> Fraction | None:
        """The part of what the pool gave that did not reach the buyer; negative where more did."""
        return _part(self.given - self.bought, self.given) if self.given and self.stage != "buy" else None

    @property
    def sell_tax(self) -> Fraction | None:
        """The part of what was sold that did not reach the pool."""
        return _part(self.sold - self.arrived, self.sold) if self.ok and self.sold else None


def _part(taken: int, whole: int) -> Fraction:
    """The rate behind a fee that was rounded to whole units: the simplest within two units, else as it is."""
    exact = Fraction(taken, whole)
    simple = exact.limit_denominator(100_000)
    return simple if abs(simple * whole - taken) <= 2 else exact


class _Run:
    """Calls made in a world, kept as steps."""

    def __init__(self, stand: Stand, world: World) -> None:
        self.stand = stand
        self.world = world
        self.steps: list[Step] = []
        self.mark = 0

    def send(self, sender: int, to: int, data: bytes, value: int = 0, through: int | None = None) -> Outcome:
        """A call, or one that a contract wallet makes for its owner."""
        if through is not None:
            data = calls.run(to, value, data)
            to, value = through, 0
        self.steps.append(Step(sender, to, value, data, self.world.environment.time))
        return self.world.call(sender, to, data, value)

    def balance(self, who: int) -> int:
        # Asked by an account of its own: what a stranger is told, and a view may look who asks.
        return (
            self.world.call(self.stand.person("asker"), self.stand.token, call(BALANCE_OF, who)).word() or 0
        )

    def reserves(self) -> tuple[int, int]:
        """(token, coin) as the pool last wrote them."""
        return self.stand.reserves(self.world)

    def swapped(self, logs: tuple[Log, ...]) -> tuple[int, int]:
        """(token in, token out) of the pool's last swap."""
        shift = 0 if self.stand.token < self.stand.coin else 32
        for log in reversed(logs):
            if log.address == self.stand.pair and log.topics and log.topics[0] == SWAP_EVENT:
                into = int.from_bytes(log.data[shift : shift + 32], "big")
                out = int.from_bytes(log.data[64 + shift : 96 + shift], "big")
                return into, out
        return 0, 0


def attempt(stand: Stand, plan: Plan, world: World | None = None) -> Trial:
    """Carry a plan out in a fresh world, or in ``world``, which is left as it was found."""
    if world is None or plan.environment is not None:
        return stand.carry_out(lambda fresh: _attempt(stand, plan, fresh), plan.environment)
    return _attempt(stand, plan, world)


def _attempt(stand: Stand, plan: Plan, world: World) -> Trial:
    with world.trial():
        run = _Run(stand, world)
        if plan.before:
            world.wait(plan.before)
        if run.reserves()[0] == 0:
            return Trial(plan, "open", "the pool has no tokens")
        if plan.holder == "crowd":
            return _crowd(run, plan)
        buyer = stand.buyers()[0]
        through = stand.person("contract") if plan.holder == "contract" else None
        made = _buy(run, plan, buyer, through)
        return _sell(run, made, buyer, through) if made.ok else made


def _buy(run: _Run, plan: Plan, buyer: int, through: int | None) -> Trial:
    who = through or buyer
    before = run.balance(who)
    router = run.stand.routers[plan.route == "second router"]
    done = run.send(buyer, router, run.stand.buy(who), run.stand.stake(plan.stake), through)
    if not done.ok:
        return Trial(plan, "buy", done.why, gas=done.gas, steps=tuple(run.steps))
    given = run.swapped(done.logs)[1]
    bought = run.balance(who) - before
    made = Trial(plan, given=given, bought=bought, gas=done.gas, steps=tuple(run.steps))
    return made if bought > 0 else replace(made, stage="buy", why="nothing arrived")


def _sell(run: _Run, made: Trial, buyer: int, through: int | None) -> Trial:
    plan, world = made.plan, run.world
    who = through or buyer

    def stopped(stage: str, why: str, gas: int = 0) -> Trial:
        return replace(made, stage=stage, why=why, gas=gas, steps=tuple(run.steps))

    if plan.holder == "moved":
        buyer = who = run.stand.buyers()[1]
        done = run.send(run.stand.buyers()[0], run.stand.token, call(TRANSFER, who, made.bought))
        if not done.ok or not run.balance(who):
            return stopped("move", done.why or "nothing arrived", done.gas)
    held = run.balance(who)
    if plan.seconds or plan.blocks:
        world.wait(plan.seconds, plan.blocks)
    left = run.balance(who)
    made = replace(made, vanished=held - left)
    amount = int(min(held, left) * plan.part)
    if not amount:
        return stopped("sell", "the balance is gone")
    token, native = run.reserves()
    made = replace(made, sold=amount, quoted=amount_out(amount, token, native))
    if plan.route == "pool":
        return _sell_to_pool(run, made, who, amount)
    router = run.stand.routers[plan.route == "second router"]
    done = run.send(buyer, run.stand.token, call(APPROVE, router, EVER), 0, through)
    if not done.ok:  # some take no more than is held
        run.steps.pop()
        done = run.send(buyer, run.stand.token, call(APPROVE, router, amount), 0, through)
    if not done.ok:
        return stopped("approve", done.why, done.gas)
    had = world.balance(who)
    done = run.send(buyer, router, run.stand.sell(who, amount), 0, through)
    paid = world.balance(who) - had
    if not done.ok or paid <= 0:
        return stopped("sell", done.why or "nothing was paid", done.gas)
    arrived = run.swapped(done.logs)[0]
    return replace(made, arrived=arrived, paid=paid, gas=done.gas, steps=tuple(run.steps))


def _sell_to_pool(run: _Run, made: Trial, who: int, amount: int) -> Trial:
    pair = run.stand.pair
    done = run.send(who, run.stand.token, call(TRANSFER, pair, amount))
    token, native = run.reserves()
    arrived = run.balance(pair) - token
    out = amount_out(arrived, token, native)
    if done.ok and out:
        outs = (0, out) if run.stand.token < run.stand.coin else (out, 0)
        done = run.send(who, pair, calls.swap(*outs, who))
    if not done.ok or not out:
        why = done.why or "nothing arrived"
        return replace(made, stage="sell", why=why, gas=done.gas, steps=tuple(run.steps))
    return replace(made, arrived=arrived, paid=out, gas=done.gas, steps=tuple(run.steps))


def _crowd(run: _Run, plan: Plan) -> Trial:
    """Many wallets buy, one a block, and then all of them sell; the first that cannot is the answer."""
    buys = []
    for buyer in run.stand.buyers():
        made = _buy(run, replace(plan, stake=plan.stake // WALLETS), buyer, None)
        if not made.ok:
            return made
        buys.append((buyer, made))
        run.world.wait(12)
    for buyer, made in buys:
        made = _sell(run, replace(made, plan=replace(plan, seconds=12, blocks=1)), buyer, None)
        if not made.ok:
            return replace(made, plan=plan)
    return replace(made, plan=plan)
