"""Order and numbers: staged rows sorted outside memory, accounts numbered by first appearance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.core.errors import InputError

Numbers = npt.NDArray[np.int32]
_BATCH = 1 << 19
SHIFT = 20  # bits for the index within a millisecond
SCHEMA = pa.schema(
    [("row", pa.int64()), ("o", pa.int64()), ("ts", pa.int64()), ("payer", pa.int32()), ("payee", pa.int32()),
     ("amount", pa.int64()), ("currency", pa.int16()), ("channel", pa.int8()), ("memo", pa.int8()),
     ("tx_id", pa.string())]
)  # fmt: skip


def write(sorted_rows: Iterable[pa.RecordBatch], accounts: int, path: Path) -> tuple[int, Numbers]:
    """Write the transactions from batches of sorted rows whose payer and payee are provisional codes
    0…``accounts``-1. Returns the count of rows and the final number of every code.

    Raises `InputError` where more than 2**20 payments fall into one millisecond.
    """
    numbers = np.full(accounts, -1, np.int32)
    given, row, last_ms, within = 0, 0, -1, 0
    with pq.ParquetWriter(path, SCHEMA, compression="zstd", compression_level=1) as out:
        for batch in sorted_rows:
            ts = batch["ts"].to_numpy()
            codes = np.stack([batch["payer"].to_numpy(), batch["payee"].to_numpy()], axis=1).ravel()
            given = _number(numbers, codes, given)
            ms = ts // 1000
            if len(ts) and (ms[0] < last_ms or np.any(np.diff(ts) < 0)):
                raise AssertionError("the rows are not in order")
            index = _index(ms, last_ms, within)
            if len(index) and int(index.max()) >> SHIFT:
                raise InputError(
                    "more than 1,048,576 payments in one millisecond",
                    hint="the time is too coarse for so many payments: give finer times",
                )
            rows = np.arange(row, row + len(ts), dtype=np.int64)
            ends = numbers[codes].reshape(-1, 2)
            columns = [rows, (ms << SHIFT) | index, ts, ends[:, 0], ends[:, 1]]
            columns += [batch[name] for name in ("amount", "currency", "channel", "memo", "tx_id")]
            out.write_table(pa.table(columns, schema=SCHEMA))
            row += len(ts)
            if len(ts):
                last_ms, within = int(ms[-1]), int(index[-1]) + 1
    return row, numbers


def _number(numbers: Numbers, codes: Numbers, given: int) -> int:
    """Number the codes that have no number yet, in the order they appear; how many have one then."""
    fresh, first = np.unique(codes[numbers[codes] < 0], return_index=True)
    order = np.argsort(first)
    numbers[fresh[order]] = np.arange(given, given + len(fresh), dtype=np.int32)
    return given + len(fresh)


def _index(ms: npt.NDArray[np.int64], last: int, within: int) -> npt.NDArray[np.int64]:
    """The place of each row within its millisecond; the batch before ended in ``last`` with ``within``."""
    place = np.arange(len(ms), dtype=np.int64)
    starts = np.flatnonzero(np.diff(ms, prepend=ms[:1] - 1))
    index = place - np.repeat(starts, np.diff(starts, append=len(ms)))
    if len(ms) and ms[0] == last:
        index[: starts[1] if len(starts) > 1 else len(ms)] += within
    return index


def batches(path: Path, rows: int) -> Iterator[pa.RecordBatch]:
    """The rows of a sorted file, some at a time."""
    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(rows)


def in_number_order(names: pa.ChunkedArray, numbers: Numbers) -> pa.Array:
    """The identifiers of codes 0… rearranged by number; codes without a number are left out (they appear
    only in rows that were put aside)."""
    place = np.empty(int(numbers.max(initial=-1)) + 1, np.int64)
    seen = numbers >= 0
    place[numbers[seen]] = np.flatnonzero(seen)
    ordered = names.cast(pa.large_string()).take(pa.array(place))
    return ordered.combine_chunks() if ordered.num_chunks else pa.array([], pa.large_string())
