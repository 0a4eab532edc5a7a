"""Those who pay many: payroll, platforms that pay their people, dealers who buy coins."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.world.amounts import SALARY, drawn, parts
from ringfence.desks.payments.world.calendar import Day, working
from ringfence.desks.payments.world.deeds import Deeds
from ringfence.desks.payments.world.flows import MINUTE, SCAN, TRANSFER, Array, Flows
from ringfence.desks.payments.world.memos import written
from ringfence.desks.payments.world.onward import delays
from ringfence.desks.payments.world.pools import Pools, targets
from ringfence.desks.payments.world.prices import Prices
from ringfence.desks.payments.world.rhythm import times


def paid_out(
    rng: np.random.Generator, c: dict[str, Array], day: Day, pools: Pools, prices: Prices, deeds: Deeds,
    income: Array,
) -> tuple[Flows, Flows]:  # fmt: skip
    """(payments to the row, payments by it) of one day. A run is funded first, with its sum and a margin,
    where the row names who funds it; a batch bears one time."""
    runs, _ = working(rng, c, day, deeds)
    own = np.repeat(np.arange(len(runs)), runs)
    if not len(own):
        return Flows.none(), Flows.none()
    start = day.midnight + times(rng, c["profile"][own])
    size = np.exp(np.log(c["count"][own]) + c["count_sigma"][own] * rng.standard_normal(len(own)))
    size = np.where(c["all"][own] > 0, c["circle"][own], np.maximum(1, np.round(size))).astype(np.int64)
    lead = delays(rng, c["lead_low"][own], c["lead_high"][own])
    run = np.repeat(np.arange(len(own)), size)
    row = own[run]
    place = np.arange(len(run)) - (np.cumsum(size) - size)[run]
    late = rng.random(len(run)) * c["spread"][row] * MINUTE
    ts = (start + lead)[run] + np.where(c["batch"][row] > 0, 0, late).astype(np.int64)
    payee = pools.pick(rng, c, row)
    for number in np.unique(c["pool"][row]):
        members = pools.members[number]
        at = np.flatnonzero((c["all"][row] > 0) & (c["pool"][row] == number))
        payee[at] = members[(c["begin"][row[at]] + place[at]) % len(members)]
    amount = drawn(rng, c, row, ts, prices)
    wage = c["kind"][row] == SALARY
    amount[wage] = np.round(income[payee[wage]] * c["a1"][row[wage]] / 100).astype(np.int64) * 100
    channel = np.where(rng.random(len(row)) < c["scan"][row], SCAN, TRANSFER)
    memo = written(rng, c["memo"][row], c["memo_share"][row])
    account = c["account"][row]
    out = Flows.of(ts, account, payee, amount, channel, memo)
    total = np.bincount(run, np.where(payee != account, amount, 0), len(own)).astype(np.int64)
    total = np.round(total * (1 + c["margin"][own])).astype(np.int64)
    funded = np.flatnonzero(((c["targets"][own] > 0) | (c["fund_pool"][own] >= 0)) & (total > 0))
    if not len(funded):
        return Flows.none(), out
    pieces = 1 + (rng.random(len(funded)) * c["fund_pieces"][own[funded]]).astype(np.int64)
    of, sums = parts(rng, total[funded], pieces)
    # All money is there before the first payment goes out.
    at = funded[of]
    early = start[at] + (rng.random(len(of)) * 0.9 * lead[at]).astype(np.int64)
    row = own[at]
    payer = targets(rng, c, row, pools, "fund_pool")
    memo = written(rng, c["fund_memo"][row], c["fund_memo_share"][row])
    return Flows.of(early, payer, c["account"][row], sums, TRANSFER, memo), out
