"""Signs: what a transaction shows by itself, worked out once for every engine.

Everything that needs a clock, a calendar, a price or a list is settled here, so that the typologies are
arithmetic on whole numbers. Arrays go in and out; one transaction is an array of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from ringfence.core.errors import InputError
from ringfence.desks.payments.parameters import SHIFT, SPREADS
from ringfence.desks.payments.rules import Rules

Ints = npt.NDArray[np.int64]
ASSETS: Final = 4  # that fit
COLUMNS: Final = ("scan", "night", "memo", "band", "coin", "payer_exchange", "payee_exchange", "advertised")
SCAN: Final = 1  # of a ledger's channels
_TENS: Final = np.array([10.0**k for k in range(-9, 16)])


@dataclass(frozen=True)
class Series:
    """Prices of one asset in one currency: times (µs, increasing) and minor units for one coin."""

    times: Ints
    prices: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outside:
    """What is known from outside the ledger: ``exchanges`` are account numbers of exchanges (a list is
    never complete), ``advertised`` account numbers and since when (µs), ``prices`` by currency and asset."""

    exchanges: frozenset[int] = frozenset()
    advertised: Mapping[int, int] = field(default_factory=dict)
    prices: Mapping[str, Mapping[str, Series]] = field(default_factory=dict)


class Signs:
    """Works signs out for transactions of a ledger. Raises `InputError` for a zone that does not exist or
    more assets in one currency than there is room for."""

    def __init__(self, rules: Rules, currencies: Sequence[str], outside: Outside) -> None:
        self._rules = rules
        self._currencies = tuple(currencies)
        self._outside = outside
        self._exchanges = np.array(sorted(outside.exchanges), np.int64)
        listed = sorted(outside.advertised.items())
        self._ad_accounts = np.array([number for number, _ in listed], np.int64)
        self._ad_since = np.array([since for _, since in listed], np.int64)
        self.clock = _offsets(rules["night"]["zone"])
        bands = rules["structuring"]
        self.bands = [  # by currency and limit
            [_band(rules.minor(limit, name), bands["low"], bands["high"]) for limit in bands["limits"]]
            for name in currencies
        ]
        for name in currencies:
            if len(outside.prices.get(name, {})) > ASSETS:
                raise InputError(
                    f"more than {ASSETS} assets have prices in {name}", hint="keep the main ones"
                )

    def of(
        self, ts: Ints, payer: Ints, payee: Ints, amount: Ints, currency: Ints, channel: Ints, memo: Ints
    ) -> dict[str, npt.NDArray[Any]]:
        """The columns of `COLUMNS`: ``band`` is 1 + the index of the limit that the amount lies just below,
        0 for none; ``coin`` has a bit for each spread of each asset at which it is a round quantity."""
        band = np.zeros(len(ts), np.int8)
        coin = np.zeros(len(ts), np.int64)
        for code, name in enumerate(self._currencies):
            mine = currency == code
            if not mine.any():
                continue
            for at, (least, most) in enumerate(self.bands[code]):
                band[mine & (amount >= least) & (amount <= most)] = at + 1
            for at, series in enumerate(one for _, one in sorted(self._outside.prices.get(name, {}).items())):
                bits = self._coin(ts[mine], amount[mine], series)
                coin[mine] |= bits << (SPREADS * at)
        return {
            "scan": channel == SCAN,
            "night": self._night(ts),
            "memo": memo.astype(np.int8),
            "band": band,
            "coin": coin,
            "payer_exchange": np.isin(payer, self._exchanges),
            "payee_exchange": np.isin(payee, self._exchanges),
            "advertised": self._advertised(ts, payee),
        }

    def _night(self, ts: Ints) -> npt.NDArray[np.bool_]:
        offset = self.clock[1][np.searchsorted(self.clock[0], ts, "right")]
        hour = (ts + offset) // 3_600_000_000 % 24
        begins, ends = self._rules.number("night", "begins"), self._rules.number("night", "ends")
        if begins <= ends:
            return (hour >= begins) & (hour < ends)
        return (hour >= begins) | (hour < ends)

    def _advertised(self, ts: Ints, payee: Ints) -> npt.NDArray[np.bool_]:
        if not len(self._ad_accounts):
            return np.zeros(len(ts), np.bool_)
        at = np.minimum(np.searchsorted(self._ad_accounts, payee), len(self._ad_accounts) - 1)
        advertised: npt.NDArray[np.bool_] = (self._ad_accounts[at] == payee) & (self._ad_since[at] <= ts)
        return advertised

    def _coin(self, ts: Ints, amount: Ints, series: Series) -> Ints:
        """Only sums, products, quotients and comparisons, which are the same on every processor."""
        rules = self._rules["coin_multiple"]
        bits = np.zeros(len(ts), np.int64)
        if not len(series.times):
            return bits
        at = np.searchsorted(series.times, ts, "right") - 1
        stale = (self._rules.window("coin_multiple", "stale") >> SHIFT) * 1000
        known = (at >= 0) & (ts - series.times[np.maximum(at, 0)] <= stale)
        price = series.prices[np.maximum(at, 0)]
        tolerance = rules["tolerance"] / 1000
        for bit, spread in enumerate(range(-rules["spread"], rules["spread"] + 1, rules["step"])):
            quantity = amount / (price * (1 + spread / 1000))
            power = _TENS[np.clip(np.searchsorted(_TENS, quantity, "right") - 1, 0, len(_TENS) - 1)]
            lead = quantity / power
            near = np.zeros(len(ts), np.bool_)
            for mantissa in (*rules["mantissas"], 100):
                near |= np.abs(lead - mantissa / 10) <= tolerance * (mantissa / 10)
            bits[known & near & (quantity >= _TENS[0])] |= 1 << bit
        return bits


def _band(limit: int, low: float, high: float) -> tuple[int, int]:
    """The amounts just below a limit, from and to."""
    return -int(-limit * low // 1000), min(limit - 1, int(limit * high // 1000))


def _offsets(zone: str) -> tuple[Ints, Ints]:
    """When a zone's clocks are changed (µs), and its offsets before, between and after (µs)."""
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InputError(f"no such time zone: {zone}", hint="a name such as Asia/Shanghai") from error
    now = datetime(1970, 1, 1, tzinfo=UTC)
    hour = timedelta(hours=1)
    changes: list[int] = []
    offsets = [_offset(place, now)]
    while now.year < 2100:
        later = now + timedelta(days=14)
        if _offset(place, later) != offsets[-1]:
            while _offset(place, now) == offsets[-1]:
                now += hour / 4
            changes.append(int(now.timestamp()) * 1_000_000)
            offsets.append(_offset(place, now))
        now = max(now, later) if _offset(place, later) == offsets[-1] else now
    return np.array(changes, np.int64), np.array(offsets, np.int64)


def _offset(place: ZoneInfo, at: datetime) -> int:
    moved = at.astimezone(place).utcoffset() or timedelta(0)
    return int(moved.total_seconds()) * 1_000_000
