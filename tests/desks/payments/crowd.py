"""Crowd: small random ledgers in which every typology occurs, with ties, two currencies and long rests."""

from __future__ import annotations

from typing import Any

import numpy as np

from ringfence.desks.payments.rules import Rules
from ringfence.desks.payments.signs import Outside, Series, Signs

CURRENCIES = ("CNY", "USD")
BEGIN = 1_760_000_000_000_000  # µs
HOUR = 3_600_000_000


def crowd(seed: int, rules: Rules, *, accounts: int = 12, rows: int = 400) -> dict[str, Any]:
    """Columns of a ledger with its signs, in the order of time; account 0 is an exchange, 1 is advertised."""
    random = np.random.default_rng(seed)
    ledger = _ledger(random, accounts, rows)
    times = BEGIN + np.arange(-48, 24 * 90, 1) * HOUR
    walk = 720 + np.cumsum(random.normal(0, 0.4, len(times)))
    outside = Outside(
        exchanges=frozenset({0}),
        advertised={1: int(BEGIN + 3 * HOUR)},
        prices={"CNY": {"USDT": Series(times, walk), "BTC": Series(times, walk * 90_000)}},
    )
    # Some receipts are a round quantity at the price of their time, with the payee's own spread.
    at = np.searchsorted(times, ledger["ts"], "right") - 1
    coins = (random.random(rows) < 0.25) & (ledger["payee"] != 2)
    quantity = random.choice([100, 200, 300, 500, 1000, 1500], rows)
    spread = 1 + (ledger["payee"] % 5 - 2) * 0.005
    ledger["amount"] = np.where(coins, np.rint(quantity * walk[at] * spread), ledger["amount"]).astype(
        np.int64
    )
    made = Signs(rules, CURRENCIES, outside).of(
        *(ledger[name] for name in ("ts", "payer", "payee", "amount", "currency", "channel", "memo"))
    )
    return ledger | made


def _ledger(random: np.random.Generator, accounts: int, rows: int) -> dict[str, Any]:
    # Bursts of minutes, hours between them, and now and then a rest of weeks; many at the same instant.
    gaps = np.where(random.random(rows) < 0.04, random.integers(1, 20, rows) * HOUR, 0)
    gaps += np.where(random.random(rows) < 0.006, 31 * 24 * HOUR, 0)
    gaps += np.where(random.random(rows) < 0.5, random.integers(0, 9, rows) * 60_000_000, 0)
    ts = BEGIN + np.cumsum(gaps)
    order = (ts // 1000) << 20
    same = np.arange(rows) - np.searchsorted(ts // 1000, ts // 1000, "left")
    payer = random.integers(0, accounts, rows)
    payee = (payer + 1 + random.integers(0, accounts - 1, rows)) % accounts
    amount = random.choice([1_800, 1_850, 100_000, 480_000, 495_000, 930_000, 999_000, 1_990_000], rows)
    amount = amount + np.where(random.random(rows) < 0.3, random.integers(0, 150, rows), 0)
    channel = random.choice([0, 1, 1, 1, 2], rows)
    currency = random.random(rows) < 0.15
    for at in range(1, rows):
        # Often what somebody received is passed on, whole or nearly, to somebody else or back.
        before = random.integers(max(0, at - 6), at)
        if random.random() < 0.4 and payee[before] != payer[at]:
            payer[at] = payee[before]
            amount[at] = amount[before] * int(random.integers(940, 1001)) // 1000
            if random.random() < 0.3 and payer[before] != payer[at]:
                payee[at] = payer[before]
            if payee[at] == payer[at]:
                payee[at] = (payer[at] + 1) % accounts
        elif at % 50 < 14 and payer[at] > 2:  # a shop with one price, at lunch
            payee[at], amount[at], channel[at], currency[at] = 2, 1_800 + random.integers(0, 100), 1, False
        elif random.random() < 0.15:
            giver = int(payee[at - 1])
            got = [amount[one] for one in range(max(0, at - 12), at) if payee[one] == giver]
            if giver and got:
                payer[at], payee[at], amount[at] = (
                    giver,
                    0,
                    sum(got) * int(random.integers(970, 1001)) // 1000,
                )
    return {
        "row": np.arange(rows, dtype=np.int64),
        "o": order + same,
        "ts": ts,
        "payer": payer.astype(np.int32),
        "payee": payee.astype(np.int32),
        "amount": np.maximum(amount, 1).astype(np.int64),
        "currency": currency.astype(np.int16),
        "channel": channel.astype(np.int8),
        "memo": random.choice([0, 1, 2, 3], rows, p=[0.05, 0.03, 0.9, 0.02]).astype(np.int8),
    }
