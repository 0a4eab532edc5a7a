"""Guilty: scan-code pools (paofen), sums cut below limits, and trades with oneself."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.world.amounts import HUNDREDS, LIMIT, LOG, MENU, TENS, YUAN
from ringfence.desks.payments.world.dealers import live
from ringfence.desks.payments.world.flows import Array
from ringfence.desks.payments.world.memos import SET
from ringfence.desks.payments.world.people import World
from ringfence.desks.payments.world.pools import POOL
from ringfence.desks.payments.world.rhythm import PROFILE
from ringfence.desks.payments.world.services import LIMITS, begin

LEAST = 7  # accounts of the smallest pool


def scan_pools(world: World, quota: int, exchange: Array) -> int:
    """Pools of together at most ``quota`` accounts. Returns how many were taken."""
    used = 0
    while quota - used >= LEAST:
        d = world.draw.about("pool")
        size = min(int(d.whole("pool_accounts", 8, 40, 1)[0]), quota - used)
        if size < LEAST:
            break
        _pool(world, size, exchange)
        used += size
    return used


def _pool(world: World, size: int, exchange: Array) -> None:
    d = world.draw
    layers = int(np.clip(d.whole("layers", 2, 4, 1)[0], 2, 4))  # transfers from a collector to the apex
    apex = world.take("pool_apex", int(d.rng.integers(1, 3)) if size > 10 else 1, guilty=True)
    levels = [apex]
    for _ in range(layers - 1):
        if size - sum(map(len, levels)) < 5:
            break
        wide = int(d.rng.integers(1, 4)) if size > 16 else 1
        levels.insert(0, world.take("pool_hop", wide, guilty=True))
    collector = world.take("pool_collector", size - sum(map(len, levels)), guilty=True)
    world.band(np.concatenate([collector, *levels]))
    _collectors(world, collector, levels[0])
    for below, above in zip(levels, [*levels[1:], exchange], strict=True):
        last = above is exchange
        n, d = len(below), world.draw.about("pool_apex" if last else "pool_hop")
        tricks = world.evasion.tricks(d, n)
        world.relay.add(
            below, every=d.scale("forwards_every_minutes", *((30, 480) if last else (4, 45)), n),
            keep_low=0.005, keep_high=d.share("kept", 0.006, 0.05, n) + tricks.keep / 2, delay_low=1.0,
            delay_high=d.scale("forwards_after_minutes", *((5, 120) if last else (2, 45)), n) * tricks.delay,
            pieces=d.whole("transfers", 1, 2, n) + tricks.pieces, gap=d.scale("gap_minutes", 1, 10, n),
            targets=min(len(above), 3), target=d.rng.choice(above, (n, 4)),
            onward_memo=SET["neutral"], onward_memo_share=d.share("memo_share", 0, 0.5, n),
        )  # fmt: skip
        live(world, below, tricks)


def _collectors(world: World, at: Array, above: Array) -> None:
    """Personal codes used in shifts, new or long silent before."""
    n, d = len(at), world.draw.about("pool_collector")
    tricks = world.evasion.tricks(d, n)
    first = (d.share("begins_at_share_of_world", 0.0, 0.6, n) * world.days).astype(int)
    if world.days >= 40:
        # Some are old accounts: a trace of ordinary use, then a month of silence.
        old = at[d.rng.random(n) < 0.5]
        first = np.where(np.isin(at, old), np.maximum(first, 34), first)
        world.collect.add(old, rate=1.0, last=2, repeat=1.0, circle=9, begin=begin(world, len(old)), a1=5e3)
    turns = int(d.rng.integers(1, 4))
    base = d.rng.choice([100, 200, 300, 500, 800, 1000, 2000, 3000])
    world.collect.add(
        at, profile=PROFILE[str(d.rng.choice(["day", "late", "evening"]))], first=first, turns=turns,
        turn=d.rng.integers(0, turns, n), span=int(d.rng.integers(1, 3)),
        active=d.share("active_share", 0.6, 1, n), rate=d.scale("receipts_a_shift", 8, 60, n) * tricks.volume,
        deed=1, sigma=0.3, window=d.scale("shift_minutes", 60, 420, n), kind=MENU,
        a1=base * 100 * d.uniform("sum_factor", 0.9, 1.1, n, floor=0.5), a2=d.whole("sums", 1, 4, n),
        a3=base * 10 * d.uniform("step_factor", 0.1, 5, n).round(), ending=d.rng.choice([YUAN, TENS], n),
        jitter=d.share("sum_jitter", 0, 0.02, n) + tricks.jitter * 3, pool=POOL["punters"],
        circle=d.scale("circle", 5, 60, n).astype(int), begin=begin(world, n),
        repeat=d.share("regulars_share", 0, 0.25, n), scan=d.share("scan_share", 0.7, 1, n),
        memo=SET[str(d.rng.choice(["none", "neutral", "goods"]))],
        memo_share=d.share("memo_share", 0, 0.8, n),
        every=d.scale("forwards_every_minutes", 4, 60, n), keep_low=0.005,
        keep_high=d.share("kept", 0.006, 0.05, n) + tricks.keep, delay_low=1.0,
        delay_high=d.scale("forwards_after_minutes", 2, 45, n) * tricks.delay, pieces=1 + tricks.pieces,
        targets=min(len(above), 3), target=d.rng.choice(above, (n, 4)),
    )  # fmt: skip
    live(world, at, tricks)


def structurers(world: World, n: int, exchange: Array) -> None:
    """Large sums for coins, cut just below a limit: half of them pay out so, half are paid so."""
    at = world.take("structurer", n, guilty=True)
    d = world.draw.about("structurer")
    tricks = world.evasion.tricks(d, n)
    limit = d.rng.choice(LIMITS, n, p=[0.4, 0.3, 0.2, 0.1])
    common: dict[str, Array | float] = {
        "profile": PROFILE["day"], "deed": 1, "active": d.share("active_share", 0.3, 1, n), "kind": LIMIT,
        "a1": limit, "a2": d.share("limit_low", 0.88, 0.97, n),
        "a3": d.share("limit_high", 0.98, 0.9999, n), "ending": d.rng.choice([YUAN, TENS, HUNDREDS], n),
        "pool": POOL["coin_people"], "circle": d.whole("circle", 20, 120, n), "begin": begin(world, n),
        "repeat": d.share("regulars_share", 0.2, 0.9, n), "memo": SET["neutral"],
        "memo_share": d.share("memo_share", 0, 0.8, n),
    }  # fmt: skip
    out = np.arange(n) % 2 == 0
    count = d.scale("transfers_a_burst", 3, 12, n) * tricks.volume
    target = d.rng.choice(exchange, (n, 4))
    world.payout.add(
        at, rate=np.where(out, d.scale("bursts_a_day", 0.4, 2, n), 0.0), count=np.maximum(count, 1.5),
        **common,
        lead_low=5.0, lead_high=d.scale("funded_minutes_before", 15, 240, n) * tricks.delay,
        spread=d.scale("spread_minutes", 20, 600, n) * np.sqrt(tricks.delay),
        margin=d.share("margin", 0, 0.03, n) + tricks.keep, fund_pieces=1 + tricks.pieces, targets=2,
        target=target,
    )  # fmt: skip
    world.collect.add(
        at, rate=np.where(out, 0.0, count), window=d.scale("window_minutes", 60, 900, n), **common,
        every=d.scale("forwards_every_minutes", 120, 1440, n), keep_low=0.0,
        keep_high=d.share("kept", 0.0, 0.03, n) + tricks.keep, delay_low=5.0,
        delay_high=d.scale("forwards_after_minutes", 15, 240, n) * tricks.delay, targets=2, target=target,
        chop=(limit * 0.99).astype(int), gap=d.scale("gap_minutes", 2, 40, n),
    )  # fmt: skip
    live(world, at, tricks)


def wash_traders(world: World, quota: int) -> None:
    """Money that goes out and comes back, between two accounts or around three."""
    left = quota
    while left >= 2:
        size = 3 if left == 3 or (left > 4 and world.draw.rng.random() < 0.5) else 2
        ring = world.take("wash_trader", size, guilty=True)
        world.band(ring)
        left -= size
        d = world.draw.about("wash_trader")
        tricks = world.evasion.tricks(d, size)
        first = ring[:1]
        world.returns.add(
            first, deed=1, profile=PROFILE[str(d.rng.choice(["day", "late", "office"]))],
            rate=d.scale("trades_a_day", 1, 8, 1) * tricks.volume[0], kind=LOG,
            a1=d.scale("median_sum", 3e3, 5e4, 1) * 100, a2=0.4, a3=2e7, ending=d.rng.choice([YUAN, TENS,
            HUNDREDS]),
            targets=1, target=ring[1], via=ring[2] if size == 3 else -1,
            back_low=np.maximum(d.share("back_low", 0.8, 0.97, 1) - tricks.keep[0] / 2, 0.75),
            back_high=d.share("back_high", 0.97, 1.0, 1), delay_low=10.0,
            delay_high=d.scale("back_after_minutes", 30, 1000, 1) * np.minimum(tricks.delay[0], 6),
            memo=SET["neutral"], memo_share=d.share("memo_share", 0, 0.7, 1),
        )  # fmt: skip
        live(world, ring, tricks)
