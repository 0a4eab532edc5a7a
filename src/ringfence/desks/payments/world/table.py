"""`transactions.parquet` or `.csv`, written day by day."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from ringfence.desks.payments.world.flows import CHANNELS, DAY, Array, Flows
from ringfence.desks.payments.world.memos import TEXTS

Format = Literal["csv", "parquet"]
COLUMNS = ("tx_id", "ts", "seq", "payer", "payee", "amount_minor", "currency", "channel", "memo")
_BLOCK = 500_000  # rows a row group


class Table:
    """The file of payments; ``rows`` counts what was written. ``seq`` and ``tx_id`` follow that order."""

    def __init__(self, folder: Path, kind: Format, names: Array, currency: str) -> None:
        self.path = folder / f"transactions.{kind}"
        self.rows = 0
        self._names = pa.array(names, pa.string())
        self._currency = currency
        self._csv = kind == "csv"
        at = pa.string() if self._csv else pa.timestamp("ms", tz="UTC")
        kinds = {"ts": at, "seq": pa.int64(), "amount_minor": pa.int64()}
        self._schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
        self._close: Callable[[], None]
        self._write: Callable[[Any], None]
        if self._csv:
            file = self.path.open("wb")
            file.write((",".join(COLUMNS) + "\n").encode())
            options = pa.csv.WriteOptions(include_header=False, quoting_style="needed")
            out = pa.csv.CSVWriter(file, self._schema, write_options=options)

            def close() -> None:
                out.close()
                file.close()

            self._close, self._write = close, out.write_table
        else:
            kept = pa.parquet.ParquetWriter(
                self.path, self._schema, compression="zstd",
                use_dictionary=["payer", "payee", "currency", "channel", "memo"],
            )  # fmt: skip
            self._close, self._write = kept.close, kept.write_table

    def __enter__(self) -> Table:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def add(self, flows: Flows) -> None:
        """Payments in order."""
        for begin in range(0, len(flows), _BLOCK):
            self._block(flows[slice(begin, begin + _BLOCK)])

    def _block(self, flows: Flows) -> None:
        n = len(flows)
        seq = np.arange(self.rows, self.rows + n, dtype=np.int64)
        letters = np.empty((n, 13), np.uint8)
        letters[:, 0] = ord("T")
        _digits(letters[:, 1:], seq)
        ts = _text(_iso(flows.ts)) if self._csv else pa.array(flows.ts, self._schema.field("ts").type)
        self._write(
            pa.table(
                [
                    _text(letters), ts, pa.array(seq), self._names.take(pa.array(flows.payer)),
                    self._names.take(pa.array(flows.payee)), pa.array(flows.amount),
                    pa.repeat(pa.scalar(self._currency, pa.string()), n),
                    pa.array(CHANNELS, pa.string()).take(pa.array(flows.channel)),
                    pa.array(TEXTS, pa.string()).take(pa.array(flows.memo)),
                ],
                schema=self._schema,
            )
        )  # fmt: skip
        self.rows += n


def _digits(into: Array, numbers: Array) -> None:
    """Each number as decimal digits with leading zeros, one column a digit."""
    for place in range(into.shape[1] - 1, -1, -1):
        numbers, digit = np.divmod(numbers, 10)
        into[:, place] = digit + ord("0")


def _iso(ts: Array) -> Array:
    """2024-03-01T04:05:06.789Z, a row of 24 letters a time."""
    out = np.empty((len(ts), 24), np.uint8)
    day, rest = np.divmod(ts, DAY)
    known, which = np.unique(day, return_inverse=True)
    dates = [np.frombuffer(str(np.datetime64(int(one), "D")).encode(), np.uint8) for one in known]
    out[:, :10] = np.stack(dates)[which]
    for at, letter in ((10, "T"), (13, ":"), (16, ":"), (19, "."), (23, "Z")):
        out[:, at] = ord(letter)
    for at, wide, unit, most in (
        (11, 2, 3_600_000, 24),
        (14, 2, 60_000, 60),
        (17, 2, 1000, 60),
        (20, 3, 1, 1000),
    ):
        _digits(out[:, at : at + wide], rest // unit % most)
    return out


def _text(letters: Array) -> Any:  # noqa: ANN401 (pyarrow has no types)
    n, wide = letters.shape
    offsets = np.arange(0, (n + 1) * wide, wide, dtype=np.int32)
    return pa.StringArray.from_buffers(n, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters)))
