"""Passing on: what an account received in a stretch of time leaves it again, less what it keeps."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.world.amounts import parts
from ringfence.desks.payments.world.flows import MINUTE, SCAN, TRANSFER, Array, Flows
from ringfence.desks.payments.world.memos import written
from ringfence.desks.payments.world.pools import Pools, targets


def onward(
    rng: np.random.Generator, c: dict[str, Array], own: Array, ts: Array, amount: Array, midnight: int,
    pools: Pools,
) -> Flows:  # fmt: skip
    """Transfers out of the rows ``own`` that received ``amount`` at ``ts``; each after the last receipt
    that it passes on, and never more than these together."""
    at = np.flatnonzero(c["every"][own] > 0)
    if not len(at):
        return Flows.none()
    own, ts, amount = own[at], ts[at], amount[at]
    bucket = ((ts - midnight) / (c["every"][own] * MINUTE)).astype(np.int64)
    key = own * (1 << 24) + bucket
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    own = own[order[first]]
    total = np.add.reduceat(amount[order], first)
    start = np.maximum.reduceat(ts[order], first)
    kept = rng.uniform(c["keep_low"][own], np.maximum(c["keep_low"][own], c["keep_high"][own]))
    unit = c["unit"][own]
    total = np.floor(total * (1 - kept) / unit).astype(np.int64) * unit
    own, total, start = own[total > 0], total[total > 0], start[total > 0]
    if not len(own):
        return Flows.none()
    start = start + delays(rng, c["delay_low"][own], c["delay_high"][own])
    pieces = 1 + (rng.random(len(own)) * c["pieces"][own]).astype(np.int64)
    chop = c["chop"][own]
    pieces = np.where(chop > 0, -(-total // np.maximum(chop, 1)), pieces)
    of, sums = parts(rng, total, pieces, np.where(chop > 0, 0.01, 0.4))
    own = own[of]
    step = np.arange(len(of)) - (np.cumsum(pieces) - pieces)[of]
    late = step * c["gap"][own] * rng.uniform(0.6, 1.4, len(of)) * MINUTE
    channel = np.where(rng.random(len(of)) < c["onward_scan"][own], SCAN, TRANSFER)
    memo = written(rng, c["onward_memo"][own], c["onward_memo_share"][own])
    payee = targets(rng, c, own, pools, "to_pool")
    return Flows.of(start[of] + late, c["account"][own], payee, sums, channel, memo)


def delays(rng: np.random.Generator, low: Array, high: Array) -> Array:
    """Milliseconds between two numbers of minutes, even over the logarithm."""
    return (np.exp(rng.uniform(np.log(low), np.log(np.maximum(low, high)))) * MINUTE).astype(np.int64)


class Relay:
    """Accounts that pass on what they are sent: hops, relatives' cards, people who send their wages home."""

    def __init__(self, columns: dict[str, Array], accounts: int) -> None:
        self._c = columns
        self._row = np.full(accounts, -1, np.int64)
        self._row[columns["account"].astype(np.int64)] = np.arange(len(columns["account"]))

    def after(self, rng: np.random.Generator, flows: Flows, midnight: int, pools: Pools) -> list[Flows]:
        """What follows from these payments, hop by hop."""
        out: list[Flows] = []
        for _ in range(6):  # the longest chain has five hops: it ends by itself before
            row = self._row[flows.payee]
            at = np.flatnonzero(row >= 0)
            at = at[rng.random(len(at)) < self._c["chance"][row[at]]]
            if not len(at):
                break
            flows = onward(rng, self._c, row[at], flows.ts[at], flows.amount[at], midnight, pools)
            out.append(flows)
        return out
