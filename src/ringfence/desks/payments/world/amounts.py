"""How much is paid: menus, log-normal sums, round coin quantities, sums just below a limit."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.world.flows import Array
from ringfence.desks.payments.world.prices import Prices

MENU, LOG, COIN, LIMIT, SALARY = range(5)
FEN, YUAN, PRICE, TENS, HUNDREDS = range(5)  # how a sum ends
_ENDS = np.asarray([0, 0, 0, 50, 80, 80, 90, 90])
_UNIT = np.asarray([1, 100, 100, 1_000, 10_000])

# Columns that `drawn` reads; sums in minor units. menu: a1 lowest price, a2 how many prices, a3 step.
# log: a1 median, a2 sigma, a3 highest. coin: a1 median worth of an order, a2 sigma, a3 spread.
# limit: a1 the limit, a2 and a3 lowest and highest fraction of it. salary: a1 months (see `payout`).
COLUMNS: dict[str, float | int] = {
    "kind": LOG, "a1": 2_000.0, "a2": 0.5, "a3": 1e12, "jitter": 0.0, "ending": FEN,
    "asset": 0, "round_share": 1.0,
}  # fmt: skip


def drawn(rng: np.random.Generator, c: dict[str, Array], own: Array, ts: Array, prices: Prices) -> Array:
    """A sum in minor units for each row number ``own`` of the columns ``c``. ``jitter`` is relative."""
    n = len(own)
    kind, a1, a2, a3 = c["kind"][own], c["a1"][own], c["a2"][own], c["a3"][own]
    u = rng.random(n)
    out = np.zeros(n)  # salaries are for `payout` to say
    at = np.flatnonzero(kind == MENU)
    if len(at):
        # The first prices of a menu sell best; one in eight buys two.
        which = np.floor(a2[at] * u[at] ** 1.6)
        out[at] = (a1[at] + a3[at] * which) * np.where(rng.random(len(at)) < 0.125, 2, 1)
    at = np.flatnonzero(kind == LOG)
    if len(at):
        out[at] = np.minimum(a1[at] * np.exp(a2[at] * rng.standard_normal(len(at))), a3[at])
    at = np.flatnonzero(kind == LIMIT)
    if len(at):
        out[at] = a1[at] * (a2[at] + (a3[at] - a2[at]) * u[at])
    at = np.flatnonzero(kind == COIN)
    if len(at):
        out[at] = _coins(rng, c, own[at], ts[at], prices)
    jitter = c["jitter"][own]
    if jitter.any():
        out *= 1 + jitter * rng.uniform(-1, 1, n)
    made: Array = np.maximum(_ended(rng, out, c["ending"][own]), 1)
    return made


def _coins(rng: np.random.Generator, c: dict[str, Array], own: Array, ts: Array, prices: Prices) -> Array:
    """Round quantities at price and spread; where the customer named a sum instead, a round sum."""
    worth = c["a1"][own] * np.exp(c["a2"][own] * np.minimum(rng.standard_normal(len(own)), 2.0))
    price = prices.at(c["asset"][own], ts) * 100 * (1 + c["a3"][own])
    quantity = worth / price
    magnitude = 10.0 ** np.floor(np.log10(quantity))
    step = magnitude / np.where(rng.random(len(own)) < 0.7, 1, 2)
    coins = np.maximum(np.round(quantity / step), 1) * step * price
    magnitude = 10.0 ** np.floor(np.log10(worth))
    plain = np.maximum(np.round(worth / magnitude * 2), 1) * magnitude / 2
    made: Array = np.where(rng.random(len(own)) < c["round_share"][own], coins, plain)
    return made


def _ended(rng: np.random.Generator, sums: Array, ending: Array) -> Array:
    unit = _UNIT[ending]
    whole: Array = np.round(sums / unit).astype(np.int64) * unit
    priced = np.flatnonzero(ending == PRICE)
    if len(priced):
        whole[priced] += _ENDS[rng.integers(0, len(_ENDS), len(priced))] - 100 * (whole[priced] > 100)
    return whole


def parts(
    rng: np.random.Generator, total: Array, pieces: Array, uneven: Array | float = 0.4
) -> tuple[Array, Array]:
    """Each total in so many uneven pieces that sum to it exactly: (number of the total, sum)."""
    of = np.repeat(np.arange(len(total)), pieces)
    first = np.cumsum(pieces) - pieces
    weight = 1 + np.broadcast_to(np.asarray(uneven), len(total))[of] * rng.uniform(-1, 1, len(of))
    weight /= np.add.reduceat(weight, first)[of] if len(of) else 1.0
    out = np.floor(total[of] * weight / 100).astype(np.int64) * 100
    left = total - np.add.reduceat(out, first) if len(of) else total
    out[first] += left
    return of, out
