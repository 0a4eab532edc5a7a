"""Honest trade over a counter: many payers, few prices, and often a sweep to the owner at night."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.world.amounts import LOG, MENU, PRICE, TENS, YUAN
from ringfence.desks.payments.world.flows import Array
from ringfence.desks.payments.world.memos import SET
from ringfence.desks.payments.world.people import World
from ringfence.desks.payments.world.pools import POOL
from ringfence.desks.payments.world.rhythm import PROFILE

NIGHTLY = 1440.0  # minutes: one sweep for all of the day


def shops(world: World) -> None:
    """Tea shops, restaurants, stalls and kitchens of the night, grocers, arcades, chains, seasonal trade."""
    tea(world, world.take("tea_shop", world.about(0.004)))
    counter(world, "restaurant", 0.006, (25, 160), (28, 75), "lunch_evening", "meal", 1.25)
    counter(world, "night_stall", 0.003, (40, 180), (12, 40), "night_market", "meal", 1.3)
    counter(world, "night_kitchen", 0.0015, (20, 120), (15, 60), "night", "meal", 1.2)
    counter(world, "grocer", 0.008, (40, 220), (15, 60), "shop", "goods", 1.15)
    counter(world, "arcade", 0.001, (30, 120), (20, 60), "evening", "arcade", 1.8)
    chains(world)
    season(world)


def tea(world: World, shop: Array) -> None:
    """Hundreds of scan receipts of the same few prices, swept to the owner."""
    n, d = len(shop), world.draw.about("tea_shop")
    world.collect.add(
        shop, profile=PROFILE["afternoon"], rate=d.scale("receipts_a_day", 90, 420, n), sigma=0.2,
        weekend=d.uniform("weekend_factor", 0.8, 1.6, n), kind=MENU,
        a1=np.round(d.uniform("lowest_price", 6, 20, n)) * 100, a2=d.whole("prices", 1, 6, n),
        a3=np.round(d.uniform("price_step", 1, 4, n)) * 100, ending=PRICE * (d.rng.random(n) < 0.4),
        **_customers(world, n, 60, 600), scan=d.share("scan_share", 0.85, 1, n), memo=SET["tea"],
        memo_share=d.share("memo_share", 0, 0.3, n), refund=d.share("refund_share", 0, 0.01, n),
        **_sweep(world, shop, n),
    )  # fmt: skip


def counter(
    world: World, role: str, share: float, rate: tuple[float, float], median: tuple[float, float],
    profile: str, memo: str, weekend: float,
) -> None:  # fmt: skip
    """A shop with log-normal sums; ``median`` in major units, ``rate`` receipts a day."""
    shop = world.take(role, world.about(share))
    n, d = len(shop), world.draw.about(role)
    world.collect.add(
        shop, profile=PROFILE[profile], rate=d.scale("receipts_a_day", *rate, n), sigma=0.25,
        weekend=weekend * d.uniform("weekend_factor", 0.8, 1.2, n), kind=LOG,
        a1=d.scale("median_sum", *median, n) * 100, a2=d.uniform("sum_sigma", 0.3, 0.8, n),
        ending=np.where(d.rng.random(n) < 0.5, YUAN, PRICE), **_customers(world, n, 60, 800),
        scan=d.share("scan_share", 0.75, 1, n), memo=SET[memo], memo_share=d.share("memo_share", 0, 0.3, n),
        refund=d.share("refund_share", 0, 0.015, n), **_sweep(world, shop, n),
    )  # fmt: skip


def front(world: World, dealer: Array) -> None:
    """A dealer's shop: real goods, real customers, nothing swept."""
    n, d = len(dealer), world.draw.about("shop_front")
    world.collect.add(
        dealer, profile=PROFILE["shop"], rate=d.scale("receipts_a_day", 8, 60, n), sigma=0.3, kind=LOG,
        a1=d.scale("median_sum", 10, 80, n) * 100, a2=0.6, ending=PRICE, **_customers(world, n, 40, 300),
        scan=0.9, memo=SET["goods"], memo_share=0.2,
    )  # fmt: skip


def chains(world: World) -> None:
    """Tills of a chain that pass on every hour or so, over an office, to the bank: an honest pool."""
    d = world.draw.about("chain_till")
    for _ in range(world.about(0.0006)):
        office = world.take("chain_office", 1)
        till = world.take("chain_till", int(d.about("chain_till").whole("tills", 3, 10, 1)[0]))
        n = len(till)
        world.collect.add(
            till, profile=PROFILE[str(d.rng.choice(["shop", "afternoon", "lunch_evening"]))],
            rate=d.scale("receipts_a_day", 15, 120, n), sigma=0.2, kind=MENU,
            a1=np.round(d.uniform("lowest_price", 6, 60, 1)) * 100, a2=d.whole("prices", 1, 5, 1),
            a3=np.round(d.uniform("price_step", 1, 10, 1)) * 100, ending=PRICE,
            **_customers(world, n, 60, 500), scan=d.share("scan_share", 0.7, 1, n), memo=SET["meal"],
            memo_share=d.share("memo_share", 0, 0.3, n),
            every=d.scale("passes_on_every_minutes", 10, 180, 1), keep_low=0.0,
            keep_high=d.share("kept", 0.001, 0.04, n), delay_low=1.0,
            delay_high=d.scale("passes_on_after_minutes", 2, 60, n), targets=1, target=office,
        )  # fmt: skip
        d.about("chain_office")
        world.relay.add(
            office, every=d.scale("passes_on_every_minutes", 30, 1440, 1), keep_low=0.0,
            keep_high=d.share("kept", 0.005, 0.3, 1), delay_low=2.0,
            delay_high=d.scale("passes_on_after_minutes", 5, 120, 1), to_pool=POOL["bank"],
            pieces=d.whole("transfers", 1, 3, 1), onward_memo=SET["trade"], onward_memo_share=0.3,
        )  # fmt: skip


def season(world: World) -> None:
    """New Year goods, moon cakes: months of silence, then some busy days (in a world of 40 days or more
    with a trace of older trade before the silence)."""
    trader = world.take("seasonal_trader", world.about(0.003))
    n, d = len(trader), world.draw.about("seasonal_trader")
    begin = (d.share("begins_at_share_of_world", 0.4, 0.9, n) * world.days).astype(int)
    if world.days >= 40:
        begin = np.maximum(begin, 35)
        world.collect.add(
            trader, rate=1.5, last=2, repeat=1.0, circle=20, begin=_begin(world, n), a1=20_000.0
        )
    world.collect.add(
        trader, profile=PROFILE["day"], first=begin, last=begin + d.whole("days_of_trade", 4, 20, n),
        rate=d.scale("receipts_a_day", 6, 40, n), sigma=0.4, kind=MENU,
        a1=np.round(d.uniform("lowest_price", 58, 298, n) / 10) * 1000, a2=d.whole("prices", 1, 5, n),
        a3=np.round(d.uniform("price_step", 10, 60, n) / 10) * 1000, ending=TENS,
        **_customers(world, n, 30, 200), scan=d.share("scan_share", 0.3, 1, n), memo=SET["group"],
        memo_share=d.share("memo_share", 0.1, 0.7, n), every=NIGHTLY * 1.0,
        keep_low=0.2, keep_high=d.share("margin", 0.25, 0.5, n), delay_low=120.0, delay_high=1440.0, pieces=2,
        to_pool=POOL["wholesalers"], onward_memo=SET["trade"], onward_memo_share=0.5,
    )  # fmt: skip


def _customers(world: World, n: int, low: float, high: float) -> dict[str, Array | float]:
    d = world.draw
    return {
        "pool": POOL["persons"], "circle": d.scale("circle", low, high, n).astype(int),
        "begin": _begin(world, n), "repeat": d.share("regulars_share", 0.2, 0.8, n),
    }  # fmt: skip


def _begin(world: World, n: int) -> Array:
    return world.draw.rng.integers(0, world.size, n)


def _sweep(world: World, shop: Array, n: int) -> dict[str, Array | float]:
    """To the owner every night, or to a supplier; some leave the money where it is."""
    d = world.draw
    owner = world.take("shop_owner", n, person=True)
    sweeps = d.rng.random(n) < 0.7
    return {
        "every": np.where(sweeps, NIGHTLY, 0.0), "keep_low": 0.0, "keep_high": d.share("left", 0.0, 0.4, n),
        "delay_low": 5.0, "delay_high": d.scale("sweep_delay_minutes", 20, 300, n),
        "unit": np.where(d.rng.random(n) < 0.5, 1, 10_000), "targets": 1, "target": owner,
    }  # fmt: skip
