"""Money that comes back: loans among friends, deposits, own money at an exchange, wash trades."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.world.amounts import drawn
from ringfence.desks.payments.world.calendar import Day, working
from ringfence.desks.payments.world.deeds import Deeds
from ringfence.desks.payments.world.flows import SCAN, TRANSFER, Array, Flows
from ringfence.desks.payments.world.memos import written
from ringfence.desks.payments.world.onward import delays
from ringfence.desks.payments.world.pools import Pools, targets
from ringfence.desks.payments.world.prices import Prices
from ringfence.desks.payments.world.rhythm import times


def given_back(
    rng: np.random.Generator, c: dict[str, Array], day: Day, pools: Pools, prices: Prices, deeds: Deeds
) -> Flows:
    """Payments of one day and their returns, at once or over the account ``via``."""
    count, _ = working(rng, c, day, deeds)
    own = np.repeat(np.arange(len(count)), count)
    if not len(own):
        return Flows.none()
    ts = day.midnight + times(rng, c["profile"][own])
    amount = drawn(rng, c, own, ts, prices)
    payee = targets(rng, c, own, pools, "to_pool")
    account = c["account"][own]
    guilty = c["deed"][own] > 0
    for rest in (payee, c["via"][own]):
        deeds.mark(rest[guilty & (rest >= 0)].astype(np.int64), day.number)
    channel = np.where(rng.random(len(own)) < c["scan"][own], SCAN, TRANSFER)
    out = [Flows.of(ts, account, payee, amount, channel, written(rng, c["memo"][own], c["memo_share"][own]))]
    at = np.flatnonzero((rng.random(len(own)) < c["chance"][own]) & (payee != account))
    own, ts, payee, account = own[at], ts[at], payee[at], account[at]
    most = c["back_high"][own]  # drawn apart from the least, and now and then below it
    back = np.floor(amount[at] * rng.uniform(np.minimum(c["back_low"][own], most), most) / 100) * 100
    late = delays(rng, c["delay_low"][own], c["delay_high"][own])
    memo = written(rng, c["memo"][own], c["memo_share"][own])
    over = np.flatnonzero(c["via"][own] >= 0)
    if len(over):
        third = c["via"][own[over]]
        half = ts[over] + late[over] // 2
        out.append(Flows.of(half, payee[over], third, back[over], TRANSFER, memo[over]))
        payee[over] = third
    out.append(Flows.of(ts + late, payee, account, back, channel[at], memo))
    return Flows.join(out)
