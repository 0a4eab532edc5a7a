"""Signed: a ledger with its signs, in one Parquet file that every engine reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.core.errors import InputError
from ringfence.desks.payments.ledger import Ledger
from ringfence.desks.payments.lists import Prices
from ringfence.desks.payments.rules import Rules
from ringfence.desks.payments.signs import Outside, Series, Signs

_DIGITS: Final = 6
_LEDGER: Final = ("row", "o", "payer", "payee", "amount", "currency")
_NEEDED: Final = (*_LEDGER, "ts", "channel", "memo")
_ROWS: Final = 1 << 18
_ROOM: Final = 2.0**62  # minor units


@dataclass(frozen=True)
class Signed:
    """``path`` holds row, o, payer, payee, amount, currency and the columns of `signs.COLUMNS`."""

    path: Path
    rows: int
    currencies: tuple[str, ...]

    def batches(self, rows: int = _ROWS) -> Iterator[dict[str, Any]]:
        """Arrays by column, some rows at a time, in order."""
        with pq.ParquetFile(self.path) as file:
            for batch in file.iter_batches(rows):
                yield {name: batch[name].to_numpy(zero_copy_only=False) for name in batch.schema.names}


def outside_of(
    exchanges: set[int] | None = None, contacts: dict[int, int] | None = None, prices: Prices | None = None
) -> Outside:
    """What is known beside a ledger, as `signs` wants it. Raises `InputError` for prices in no currency."""
    series: dict[str, dict[str, Series]] = {}
    for quote, asset in prices.series if prices else {}:
        times, scaled = prices.scaled(quote, asset, _DIGITS)  # type: ignore[union-attr]
        series.setdefault(quote, {})[asset] = Series(times, scaled / float(10**_DIGITS))
    return Outside(frozenset(exchanges or ()), dict(contacts or {}), series)


def sign(ledger: Ledger, rules: Rules, outside: Outside, folder: Path) -> Signed:
    """Work out the signs of every transaction and write them down. Raises `InputError` for amounts whose sum
    has no room."""
    signs = Signs(rules, ledger.currencies, outside)
    path = folder / "signed.parquet"
    writer: pq.ParquetWriter | None = None
    total = 0.0
    with pq.ParquetFile(ledger.path) as file:
        for batch in file.iter_batches(_ROWS, columns=list(_NEEDED)):
            total += float(batch["amount"].to_numpy().sum(dtype=np.float64))
            if total > _ROOM:
                raise too_much()
            made = signed_columns(signs, {name: batch[name].to_numpy() for name in _NEEDED})
            table = pa.table(made)
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=1)
            writer.write_table(table)
        if writer is None:
            empty = {name: np.zeros(0, np.int64) for name in _NEEDED}
            table = pa.table(signed_columns(signs, empty))
            writer = pq.ParquetWriter(path, table.schema)
    writer.close()
    return Signed(path, ledger.rows, ledger.currencies)


def too_much() -> InputError:
    """The error for amounts that engines could not add up exactly."""
    return InputError(
        "the amounts add up to more than there is room for in 64 bits",
        hint="are they in minor units? look at the largest, or give them in larger units",
    )


def signed_columns(signs: Signs, columns: dict[str, Any]) -> dict[str, Any]:
    """A ledger's columns with their signs."""
    made = signs.of(
        *(columns[name] for name in ("ts", "payer", "payee", "amount", "currency", "channel", "memo"))
    )
    return {name: columns[name] for name in _LEDGER} | made
