"""Small lists beside the payments: prices, exchanges' accounts, contacts seen in advertisements."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from ringfence.core.errors import InputError
from ringfence.core.words import counted
from ringfence.desks.payments.currencies import exponent
from ringfence.desks.payments.ledger import Ledger
from ringfence.desks.payments.quarantine import FIRST, REASONS, BadRow, Quarantine
from ringfence.register.csvtext import Problem, encoding_of, records

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO: Final = timedelta(microseconds=1)
_MOST: Final = Decimal(10) ** 12


@dataclass(frozen=True)
class Prices:
    """Prices by (quote currency, asset): times in µs, increasing, and exact prices in major units.

    ``bad`` are rows that were left out."""

    series: dict[tuple[str, str], tuple[list[int], list[Decimal]]] = field(default_factory=dict)
    bad: tuple[BadRow, ...] = ()

    def at(self, quote: str, asset: str, ts: int) -> Decimal | None:
        """The last price at or before a time (µs), or None before the first."""
        times, prices = self.series.get((quote, asset), ([], []))
        place = bisect_right(times, ts)
        return prices[place - 1] if place else None

    def lines(self) -> list[str]:
        """What to tell a person: the rows that were left out, by reason."""
        counts = Counter(one.why for one in self.bad)
        first = [one for why in counts for one in [row for row in self.bad if row.why == why][:FIRST]]
        return Quarantine(dict(counts), tuple(first)).lines()

    def scaled(
        self, quote: str, asset: str, digits: int = 6
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Times (µs) and the price of one coin in minor units of the quote × 10**digits, half to even.

        Raises `InputError` for a quote without minor unit, or a price that has no room."""
        decimals = exponent(quote)
        if decimals is None:
            raise InputError(f"no minor unit is known for {quote}", hint="prices are in ISO 4217 currencies")
        times, prices = self.series.get((quote, asset), ([], []))
        whole = [int(one.scaleb(decimals + digits).to_integral_value(ROUND_HALF_EVEN)) for one in prices]
        if whole and max(whole) >= 2**62:
            raise InputError(f"a price of {asset} is too large", hint="give it per smaller unit")
        return np.array(times, np.int64), np.array(whole, np.int64)


def read_prices(path: Path) -> Prices:
    """``ts,asset,quote,price``: a time, codes and a decimal. Of several at one time the last row stands.
    Raises `InputError`, also where no row can be read."""
    found: dict[tuple[str, str], dict[int, Decimal]] = {}
    bad: list[BadRow] = []
    for row, cells in _rows(path, ("ts", "asset", "quote", "price"), bad):
        ts, price = micros(cells["ts"]), _price(cells["price"])
        if ts is None or price is None or not cells["asset"] or not cells["quote"]:
            why = "bad_time" if ts is None else "bad_price" if price is None else "no_currency"
            bad.append(BadRow(path.name, row, why))
            continue
        found.setdefault((cells["quote"].upper(), cells["asset"].upper()), {})[ts] = price
    if bad and not found:
        raise InputError(
            f"{path}: no price can be read ({bad[0].file} row {bad[0].row}: {REASONS[bad[0].why]})",
            hint="rows such as 2026-03-01T00:00:00Z,USDT,CNY,7.1625",
        )
    series = {}
    for key, points in sorted(found.items()):
        times = sorted(points)
        series[key] = (times, [points[at] for at in times])
    return Prices(series, tuple(sorted(bad)))


def read_exchange_accounts(path: Path, ledger: Ledger) -> set[int]:
    """``account,name`` or ``account,subject``: numbers of the accounts that appear in the ledger. Such a
    list is never complete. Raises `InputError`, for a row that cannot be read too."""
    bad: list[BadRow] = []
    numbers = set()
    for row, cells in _rows(path, ("account",), bad):
        if not cells["account"]:
            bad.append(BadRow(path.name, row, "no_account"))
        numbers.add(ledger.number_of(cells["account"]))
    _all_read(path, bad)
    return {number for number in numbers if number is not None}


def read_contacts(path: Path, ledger: Ledger) -> dict[int, int]:
    """``account,source,first_seen``: number → when it was first advertised (µs; the earliest of several).

    A row may name an account or the phone or handle that messages give for one. Raises `InputError`, for a
    time that cannot be read too: without it nothing can be said of what came before."""
    bad: list[BadRow] = []
    seen: dict[int, int] = {}
    for row, cells in _rows(path, ("account", "first_seen"), bad):
        ts = micros(cells["first_seen"])
        if ts is None:
            raise InputError(f"{path} row {row}: first_seen is not a time", hint="write 2026-03-01T00:00:00Z")
        for number in ledger.numbers_of_contact(cells["account"]):
            seen[number] = min(ts, seen.get(number, ts))
    _all_read(path, bad)
    return seen


def _all_read(path: Path, bad: list[BadRow]) -> None:
    if bad:
        rows = ", ".join(str(one.row) for one in bad[:5])
        raise InputError(
            f"{path}: {counted(len(bad), 'row')} cannot be read (row {rows})", hint="mend or remove them"
        )


def micros(text: str) -> int | None:
    """µs since 1970 of an ISO 8601 time or date (UTC where it names no offset), or None."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MICRO


def _price(text: str) -> Decimal | None:
    try:
        price = Decimal(text)
    except InvalidOperation:
        return None
    return price if price.is_finite() and 0 < price < _MOST else None


def _rows(path: Path, needed: tuple[str, ...], bad: list[BadRow]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding=encoding_of(path), newline="") as stream:
        sample = stream.readline()
        stream.seek(0)
        delimiter = max(",;\t", key=sample.count)
        names: list[str] = []
        for number, one in enumerate(records(stream, delimiter), 1):
            if isinstance(one, Problem):
                bad.append(BadRow(path.name, number, "unreadable"))
            elif not names:
                names = [name.strip().lstrip("\ufeff").lower() for name in one.cells]
                missing = [name for name in needed if name not in names]
                if missing:
                    said = f"{path}: no column {', '.join(missing)} (row 1)"
                    raise InputError(said, hint=f"it has: {', '.join(names)}")
            elif len(one.cells) != len(names):
                bad.append(BadRow(path.name, number, "cells"))
            else:
                yield number, dict(zip(names, (cell.strip() for cell in one.cells), strict=True))
    if not names:
        raise InputError(f"{path} is empty", hint=f"it needs a row with {', '.join(needed)}")
