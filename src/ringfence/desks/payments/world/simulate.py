"""Make a world and write it, day by day, in memory that does not grow with the number of days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from ringfence.core.errors import InputError
from ringfence.desks.payments.world.balances import Balances
from ringfence.desks.payments.world.calendar import Day, days
from ringfence.desks.payments.world.collect import collected
from ringfence.desks.payments.world.dealers import dealers, exchanges
from ringfence.desks.payments.world.deeds import Deeds
from ringfence.desks.payments.world.draw import Draw, family_of, stream
from ringfence.desks.payments.world.evasion import Evasion, Level
from ringfence.desks.payments.world.flows import HOUR, Flows
from ringfence.desks.payments.world.give_back import given_back
from ringfence.desks.payments.world.households import households
from ringfence.desks.payments.world.laundering import scan_pools, structurers, wash_traders
from ringfence.desks.payments.world.onward import Relay
from ringfence.desks.payments.world.payout import paid_out
from ringfence.desks.payments.world.people import World
from ringfence.desks.payments.world.pools import Pools
from ringfence.desks.payments.world.prices import LEVELS, Prices
from ringfence.desks.payments.world.readme import readme
from ringfence.desks.payments.world.services import services
from ringfence.desks.payments.world.shops import shops
from ringfence.desks.payments.world.table import Format, Table
from ringfence.desks.payments.world.truth import write_truth

LEAST = 100  # accounts; below about 800 some designs do not occur
MOST_GUILTY = 0.2  # of all accounts: beyond this it is no world


@dataclass(frozen=True, slots=True)
class Asked:
    """What a world is asked to be. ``guilty`` below 1 is a share of the accounts, else their number; the
    settlement accounts of exchanges come on top."""

    seed: int
    accounts: int = 5000
    days: int = 14
    guilty: float = 0.01
    format: Format = "parquet"
    currency: str = "CNY"
    start: date = date(2026, 3, 2)
    evasion: Level = "some"
    tz: str = "Asia/Shanghai"

    @property
    def quota(self) -> int:
        """The number of guilty accounts without those of exchanges. Raises `InputError`."""
        wanted = self.guilty * self.accounts if self.guilty < 1 else self.guilty
        if not 0 <= wanted <= MOST_GUILTY * self.accounts or (self.guilty >= 1 and wanted % 1):
            raise InputError(
                f"--guilty {self.guilty:g}: no such part of {self.accounts} accounts",
                hint="a whole number or a share below 1; at most 20 % of the accounts",
            )
        return round(wanted)


@dataclass(frozen=True, slots=True)
class Made:
    """What was written."""

    transactions: int
    accounts: int
    guilty: int
    exchanges: int
    family: str


def simulate(asked: Asked, folder: Path, tick: Callable[[int], None] = lambda _: None) -> Made:
    """Write the world to ``folder``, which must be new or empty. ``tick`` is called after each day.

    The same values give the same bytes (with the same numpy and pyarrow). Raises `InputError`.
    """
    zone = _checked(asked)
    draw = Draw(asked.seed, family_of(asked.seed))
    calendar = days(asked.start, asked.days, zone)
    first = calendar[0].midnight // HOUR * HOUR
    prices = Prices.made(draw, asked.currency, first, asked.days * 24 + 2)
    world = populated(asked, draw)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError(f"{folder} is not empty", hint="name a new folder with --out")
        rows = _written(asked, folder, world, calendar, prices, tick)
    except OSError as error:
        raise InputError(
            f"cannot write {folder}: {error.strerror or error}", hint="name a new folder with --out"
        ) from error
    exchange = int((world.role == world.roles.index("exchange")).sum())
    return Made(rows, world.size, int(world.guilty.sum()), exchange, draw.family)


def _written(
    asked: Asked, folder: Path, world: World, calendar: list[Day], prices: Prices, tick: Callable[[int], None]
) -> int:
    """Write every file; the number of payments."""
    names = world.names()
    balances, deeds = Balances(world.size), Deeds(world.size)
    with Table(folder, asked.format, names, asked.currency) as table:
        for flows in passing(world, asked.seed, calendar, prices, deeds):
            balances.pass_by(flows)
            table.add(flows)
            tick(1)
    world.settle_labels(deeds.first)
    opening = balances.opening(world.opening, asked.seed)
    write_truth(folder, world, names, opening, prices, asked.start, asked.currency)
    text = readme(world, {**asdict(asked), "guilty": asked.quota}, table.rows)
    (folder / "README.md").write_text(text, "utf-8")
    return table.rows


def populated(asked: Asked, draw: Draw) -> World:
    """Every account with its role and its ways of trading. Raises `InputError` if there are too few."""
    quota = asked.quota
    world = World(asked.accounts, asked.days, draw, Evasion(asked.evasion))
    services(world)
    exchange = exchanges(world, max(3, quota // 20))
    left = quota - scan_pools(world, int(quota * 0.42), exchange)
    if left >= 8:
        few = max(1, left // 8)
        structurers(world, few, exchange)
        wash_traders(world, max(2, few))
        left -= few + max(2, few)
    dealers(world, left, exchange)
    shops(world)
    households(world)
    return world


def passing(world: World, seed: int, calendar: list[Day], prices: Prices, deeds: Deeds) -> Iterator[Flows]:
    """The payments of each day, in order; what is due later waits. ``deeds`` takes down who acted."""
    pools = Pools(world.pool_members(), world.weight, seed)
    collect, payout, returns = world.collect.done(), world.payout.done(), world.returns.done()
    relay = Relay(world.relay.done(), world.size)
    waiting = Flows.none()
    for day, after in pairwise(calendar):
        made = [waiting]
        moved = []  # what relays may pass on: not what they get as neighbours and shopkeepers
        rng = stream(seed, 1, day.number, 1)
        for receipts, out in collected(rng, collect, day, pools, prices, deeds):
            made.append(receipts)
            moved.append(out)
        rng = stream(seed, 1, day.number, 2)
        funds, paid = paid_out(rng, payout, day, pools, prices, deeds, world.income)
        made.append(funds)
        moved.append(paid)
        made.append(given_back(stream(seed, 1, day.number, 3), returns, day, pools, prices, deeds))
        rng = stream(seed, 1, day.number, 4)
        for flows in moved:
            made.append(flows)
            for hop in relay.after(rng, flows, day.midnight, pools):
                made.append(hop)
                payer = hop.payer[hop.ts < calendar[-1].midnight]
                deeds.mark(payer[world.guilty[payer]], day.number)
        flows = Flows.join(made)
        del made, moved
        due = flows.ts < after.midnight
        waiting = flows[(~due) & (flows.ts < calendar[-1].midnight)]
        yield flows[due].in_order()


def _checked(asked: Asked) -> ZoneInfo:
    family_of(asked.seed)
    if asked.accounts < LEAST:
        raise InputError(f"{asked.accounts} accounts are too few", hint=f"at least {LEAST}")
    if not 1 <= asked.days <= 3660:
        raise InputError(f"{asked.days} days make no world", hint="1 to 3660")
    if not 1971 <= asked.start.year <= 2200:
        raise InputError(f"no world begins on {asked.start}", hint="a date from 1971 to 2200")
    if asked.currency not in LEVELS:
        raise InputError(f"no price level for {asked.currency!r}", hint=f"known: {', '.join(LEVELS)}")
    if not (np.isfinite(asked.guilty) and asked.guilty >= 0):
        raise InputError(f"--guilty {asked.guilty} is no number of accounts", hint="a number or a share")
    try:
        return ZoneInfo(asked.tz)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"no time zone {asked.tz!r}", hint="such as Asia/Shanghai or UTC") from error
