"""Those who are paid by many: shops, billers, collectors of a pool, dealers who sell coins."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ringfence.desks.payments.world.amounts import drawn
from ringfence.desks.payments.world.calendar import Day, working
from ringfence.desks.payments.world.deeds import Deeds
from ringfence.desks.payments.world.flows import HOUR, MINUTE, SCAN, TRANSFER, Array, Flows
from ringfence.desks.payments.world.memos import written
from ringfence.desks.payments.world.onward import onward
from ringfence.desks.payments.world.pools import Pools
from ringfence.desks.payments.world.prices import Prices
from ringfence.desks.payments.world.rhythm import times

_BLOCK = 400_000  # receipts made at once: memory stays the same however large the world is


def collected(
    rng: np.random.Generator, c: dict[str, Array], day: Day, pools: Pools, prices: Prices, deeds: Deeds
) -> Iterator[tuple[Flows, Flows]]:
    """(receipts and refunds, what is passed on) of one day, in blocks of rows."""
    count, scale = working(rng, c, day, deeds)
    edges = np.searchsorted(np.cumsum(count), np.arange(_BLOCK, count.sum(), _BLOCK))
    for rows in np.split(np.arange(len(count)), edges):
        own = np.repeat(rows, count[rows])
        if len(own):
            yield _block(rng, c, own, day, scale, pools, prices)


def _block(
    rng: np.random.Generator, c: dict[str, Array], own: Array, day: Day, scale: Array, pools: Pools,
    prices: Prices,
) -> tuple[Flows, Flows]:  # fmt: skip
    profile, window = c["profile"][own], c["window"][own]
    ts = times(rng, profile)
    narrow = np.flatnonzero(window > 0)
    if len(narrow):
        # A shift or a rush: one start a row and day, then all within the window.
        begin = times(rng, c["profile"])
        ts[narrow] = begin[own[narrow]] + (rng.random(len(narrow)) * window[narrow] * MINUTE).astype(np.int64)
    ts += day.midnight
    amount = drawn(rng, c, own, ts, prices)
    daily = c["daily"][own]
    if daily.any():
        unit = np.where(daily > 0, 100, 1)
        amount = np.maximum((amount * scale[own] / unit).astype(np.int64) * unit, unit)
    payer = pools.pick(rng, c, own)
    channel = np.where(rng.random(len(own)) < c["scan"][own], SCAN, TRANSFER)
    memo = written(rng, c["memo"][own], c["memo_share"][own])
    receipts = Flows.of(ts, payer, c["account"][own], amount, channel, memo)
    kept = payer != c["account"][own]
    out = onward(rng, c, own[kept], ts[kept], amount[kept], day.midnight, pools)
    back = np.flatnonzero(kept & (rng.random(len(own)) < c["refund"][own]))
    if len(back):
        late = (rng.exponential(5.0, len(back)) * HOUR).astype(np.int64) + MINUTE
        refunds = Flows.of(
            ts[back] + late, c["account"][own[back]], payer[back], amount[back], channel[back], 0
        )
        receipts = Flows.join([receipts, refunds])
    return receipts, out
