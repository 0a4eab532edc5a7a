"""Signer: the signs of `signs`, by compiled code, so that one event costs microseconds; the same results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from ringfence.desks.payments.compiled import compiled
from ringfence.desks.payments.online.state import Ints
from ringfence.desks.payments.parameters import SHIFT, SPREADS
from ringfence.desks.payments.rules import Rules
from ringfence.desks.payments.signs import ASSETS, Outside, Signs

# Columns of an event before it is signed
E_ROW, E_O, E_TS, E_PAYER, E_PAYEE, E_AMOUNT, E_CURRENCY, E_CHANNEL, E_MEMO = range(9)
NEVER: Final = 2**63 - 1
_TENS: Final = np.array([10.0**k for k in range(-9, 16)])


class Signer:
    """Signs for the currencies known so far. Raises `InputError` as `Signs` does."""

    def __init__(self, rules: Rules, currencies: Sequence[str], outside: Outside) -> None:
        signs = Signs(rules, currencies, outside)
        self._changes, self._offsets = signs.clock
        self._bands = np.array(signs.bands, np.int64).reshape(len(currencies), -1, 2)
        coin, night = rules["coin_multiple"], rules["night"]
        self._night = (int(night["begins"]), int(night["ends"]))
        spreads = range(-coin["spread"], coin["spread"] + 1, coin["step"])
        self._spreads = np.array([1 + one / 1000 for one in spreads])
        self._leads = np.array([one / 10 for one in (*coin["mantissas"], 100)])
        self._near = coin["tolerance"] / 1000 * self._leads
        self._stale = (rules.window("coin_multiple", "stale") >> SHIFT) * 1000
        times, prices, at = [np.zeros(0, np.int64)], [np.zeros(0)], 0
        self._spans = np.zeros((len(currencies), ASSETS, 2), np.int64)
        for code, name in enumerate(currencies):
            for asset, (_, series) in enumerate(sorted(outside.prices.get(name, {}).items())):
                self._spans[code, asset] = at, at + len(series.times)
                times.append(series.times)
                prices.append(series.prices)
                at += len(series.times)
        self._times, self._prices = np.concatenate(times), np.concatenate(prices)

    def sign(self, events: Ints, exchange: Ints, advertised: Ints) -> Ints:
        """[n, 9] of the columns above to [n, 14] of `scorer.COLUMNS`. By account: ``exchange`` 1 for an
        exchange's own, ``advertised`` since when (µs; NEVER)."""
        made = np.zeros((len(events), 14), np.int64)
        _sign(
            events, made, exchange, advertised, self._changes, self._offsets, self._night, self._bands,
            self._spans, self._times, self._prices, self._spreads, self._leads, self._near, self._stale,
        )  # fmt: skip
        return made


@compiled
def _sign(
    events: np.ndarray, made: np.ndarray, exchange: np.ndarray, advertised: np.ndarray, changes: np.ndarray,
    offsets: np.ndarray, night: tuple[int, int], bands: np.ndarray, spans: np.ndarray, times: np.ndarray,
    prices: np.ndarray, spreads: np.ndarray, leads: np.ndarray, near: np.ndarray, stale: int,
) -> None:  # fmt: skip
    for i in range(len(events)):
        e, x = events[i], made[i]
        ts, amount, code = e[E_TS], e[E_AMOUNT], e[E_CURRENCY]
        x[0], x[1], x[2], x[3], x[4], x[5] = e[E_ROW], e[E_O], e[E_PAYER], e[E_PAYEE], amount, code
        x[6] = 1 if e[E_CHANNEL] == 1 else 0
        hour = (ts + offsets[np.searchsorted(changes, ts, "right")]) // 3_600_000_000 % 24
        if night[0] <= night[1]:
            x[7] = 1 if night[0] <= hour < night[1] else 0
        else:
            x[7] = 1 if hour >= night[0] or hour < night[1] else 0
        x[8] = e[E_MEMO]
        for band in range(bands.shape[1]):
            if bands[code, band, 0] <= amount <= bands[code, band, 1]:
                x[9] = band + 1
        for asset in range(spans.shape[1]):
            begin, end = spans[code, asset, 0], spans[code, asset, 1]
            at = begin + np.searchsorted(times[begin:end], ts, "right") - 1
            if at < begin or ts - times[at] > stale:
                continue
            for bit in range(len(spreads)):
                quantity = amount / (prices[at] * spreads[bit])
                if quantity < _TENS[0]:
                    continue
                power = _TENS[min(np.searchsorted(_TENS, quantity, "right") - 1, len(_TENS) - 1)]
                lead = quantity / power
                for one in range(len(leads)):
                    if abs(lead - leads[one]) <= near[one]:
                        x[10] |= 1 << (SPREADS * asset + bit)
                        break
        x[11], x[12] = exchange[e[E_PAYER]], exchange[e[E_PAYEE]]
        x[13] = 1 if advertised[e[E_PAYEE]] <= ts else 0
