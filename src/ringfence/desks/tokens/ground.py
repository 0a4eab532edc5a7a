"""Ground: a stand on the state of a chain: the token as it is, in its own pool, read as trades ask for it.

Nothing is assumed but wallets with money that nobody has met. Where no pool is known, ours is put there, and
some of the token into it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from ringfence.desks.tokens.pool import calls, market
from ringfence.desks.tokens.pool.code import runtime
from ringfence.desks.tokens.run import Machine, settle, words
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.synthesis import ROUTER
from ringfence.desks.tokens.trace import Slot
from ringfence.desks.tokens.trial import ROUTERS, SECOND_ROUTER, Stand
from ringfence.desks.tokens.venue import RESERVES, Venue
from ringfence.desks.tokens.world import RICH, Environment, Outcome, World

T = TypeVar("T")


class Lazy(World):
    """A world whose calls note what they looked at, for it to be read."""

    def __init__(self, machine: Machine, *, thorough: bool) -> None:
        self.machine = machine
        self.thorough = thorough
        self.environment = machine.world.environment
        self._evm = machine.world._evm

    def call(self, sender: int, to: int, data: bytes, value: int = 0, gas: int = 12_000_000) -> Outcome:
        """See `World.call`."""
        self.machine.world.environment = self.environment
        return self.machine.call(sender, to, data, value, gas, thorough=self.thorough)


@dataclass(frozen=True)
class Ground(Stand):
    """A stand over ``state``; ``venue`` None: in a pool of ours. ``scale`` makes stakes a part of what the
    pool holds; ``thorough`` looks into frames that are undone as well."""

    state: State = field(kw_only=True)
    venue: Venue | None = field(default=None, kw_only=True)
    scale: Fraction = field(default=Fraction(1), kw_only=True)
    thorough: bool = field(default=False, kw_only=True)

    @property
    def routers(self) -> tuple[int, int]:
        """The market's own router, and another one."""
        return (self.venue.router or ROUTER) if self.venue else ROUTER, SECOND_ROUTER

    def buy(self, to: int) -> bytes:
        """Calldata of a purchase."""
        path = self.venue.path if self.venue else (market.NATIVE, self.token)
        return calls.buy(path[0], self.token, to, between=path[1:-1])

    def sell(self, to: int, amount: int) -> bytes:
        """Calldata of a sale."""
        path = self.venue.path if self.venue else (market.NATIVE, self.token)
        return calls.sell(path[0], self.token, to, amount, between=path[1:-1])

    def stake(self, wei: int) -> int:
        """As much of this pool as ``wei`` is of ours."""
        depth = self.venue.depth if self.venue and self.venue.depth else market.LIQUIDITY
        return max(1, int(wei * depth * self.scale) // market.LIQUIDITY)

    @property
    def coin(self) -> int:
        """What the pool holds besides the token."""
        return self.venue.path[-2] if self.venue else market.NATIVE

    def reserves(self, world: World) -> tuple[int, int]:
        """(token, coin) as the pool last wrote them."""
        got = list(words(world.call(self.person("asker"), self.pair, RESERVES).data))
        if len(got) < 2:
            return 0, 0
        return (got[0], got[1]) if self.token < self.coin else (got[1], got[0])

    def laid(self) -> dict[Slot, int]:
        """Storage of ours that is put over the chain's."""
        if self.venue is None:
            made = market.storage(self.token, self.pair, ROUTERS)
        else:
            ours = [one for one in self.routers if one in ROUTERS]
            made = {(one, 0): self.venue.factory for one in ours}
            made |= {(one, 1): self.venue.path[0] for one in ours}
        return {**made, **self.storage}

    def over(self) -> dict[int, bytes]:
        """Code of ours that is put over the chain's; accounts of ours without any."""
        people = (*self.buyers(), *map(self.person, ("opener", "asker")))
        made: dict[int, bytes] = dict.fromkeys(people, b"") | {self.person("contract"): runtime("Wallet")}
        if self.venue is None:
            return made | market.codes(self.pair, ROUTERS)
        return made | {one: runtime("Router") for one in self.routers if one in ROUTERS}

    def money(self) -> dict[int, int]:
        """Native coin of wallets, and of what ours is backed with."""
        made = dict.fromkeys(self.over(), RICH)
        return made | ({market.NATIVE: market.LIQUIDITY} if self.venue is None else {})

    # --- as the tracer wants it: what was read so far

    def codes(self) -> dict[int, bytes]:
        """Runtime code of every contract read so far."""
        return {who: one.code for who, one in self.state.accounts.items() if one.code} | self.over()

    def everything(self) -> dict[Slot, int]:
        """Storage read so far."""
        return {**self.state.slots, **self.laid()}

    def balances(self) -> dict[int, int]:
        """Native coin read so far."""
        return {who: one.balance for who, one in self.state.accounts.items()} | self.money()

    def world(self, environment: Environment | None = None) -> World:
        """A machine over what was read so far."""
        return self._opened(
            Machine(self.state, environment or self.environment, self.money(), self.over(), self.laid())
        )

    def carry_out(self, doing: Callable[[World], T], environment: Environment | None = None) -> T:
        """Do something, again and again until all that it looks at was read."""
        return settle(
            self.state, environment or self.environment, lambda make: doing(self._opened(make())),
            self.money(), self.over(), self.laid(),
        )  # fmt: skip

    def _opened(self, machine: Machine) -> Lazy:
        world = Lazy(machine, thorough=self.thorough)
        if self.venue is None:
            world.call(self.person("opener"), self.pair, calls.SYNC)
        return world
