"""Payments from Parquet: batches of text cells; numbers as their shortest exact text, never rounded."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet

from ringfence.core.errors import InputError
from ringfence.desks.payments.batch import ROWS, Batch, Batches, columns_of
from ringfence.desks.payments.mapping import Mapping


def batches(path: Path, mapping: Mapping) -> Batches:
    """Raises `InputError` for a file that is empty, cut short, damaged, or without the columns."""
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            taken = columns_of(path, file.schema_arrow.names, mapping)
            number = 0
            for read in file.iter_batches(ROWS, columns=[*{*taken.values()}]):
                rows = np.arange(number + 1, number + 1 + len(read), dtype=np.int64)
                number += len(read)
                columns = {name: _text(read[source]) for name, source in taken.items()}
                yield Batch(pa.table({"row": pa.array(rows), **columns}))
    except (pa.ArrowException, OSError, EOFError) as error:
        reason = str(error).splitlines()[0][:200]
        raise InputError(
            f"{path} is not a whole Parquet file: {reason}", hint="it may be cut short; fetch it again"
        ) from error


def _text(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_string(kind):
        return column
    if pa.types.is_dictionary(kind):
        return _text(column.dictionary_decode())
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_integer(kind):
        return column.cast(pa.string())
    # DuckDB writes the shortest text that names a binary fraction exactly, and a decimal as it is.
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.from_arrow(pa.table({"x": column})).project("x::varchar as x").to_arrow_table()["x"]
