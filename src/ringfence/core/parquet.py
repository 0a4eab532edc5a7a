"""Parquet: one function over the rows of a file, on local processes or on Spark, with the same bytes out.

The function is given Arrow batches and gives back as many rows. Batches are made anew on the way out (rows in
the order of the input, groups of one size, one writer), so that where it ran does not show.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.core.bulk import map_batches, workers
from ringfence.core.errors import InputError

Engine = Literal["local", "spark"]
Work = Callable[[Any], Any]  # a record batch to one with as many rows

ROWS: Final = 64  # of a batch that is handed out
GROUP: Final = 1_024  # rows of a group that is written
_HINT: Final = "name a Parquet file that is whole"


def columns_of(source: Path) -> Any:  # noqa: ANN401 (pa.Schema)
    """The schema of a file. Raises `InputError`."""
    return _file(source).schema_arrow


def count(source: Path) -> int:
    """How many rows a file has. Raises `InputError`."""
    return int(_file(source).metadata.num_rows)


def map_file(
    source: Path, stream: BinaryIO, work: Work, schema: Any, columns: list[str],  # noqa: ANN401
    *, engine: Engine = "local", folder: Path = Path(), most: int | None = None, rows: int = ROWS,
    done: Callable[[Any], None] = lambda batch: None,
) -> int:  # fmt: skip
    """Apply ``work`` to ``columns`` of a file and write what comes back, which has ``schema``; returns the
    number of rows. ``done`` is given each batch that is written; ``folder`` is where Spark may leave files
    meanwhile. ``work`` must be a function of a module, or a `functools.partial` of one.
    Raises `InputError`, and `OutsideError` where Spark failed."""
    most = most or os.cpu_count() or 1
    if engine == "spark":
        from ringfence.core.spark import map_on_spark

        with map_on_spark(source, folder, work, schema, columns, most, rows) as batches:
            return _write(batches, stream, schema, done)
    with workers(_ready, (), most) as pool:
        made = map_batches(pool, partial(_checked, work), _read(source, columns, rows), ahead=4 * most)
        return _write(made, stream, schema, done)


def _ready() -> None:
    """The processes need nothing beforehand."""


def _checked(work: Work, batch: Any) -> Any:  # noqa: ANN401
    made = work(batch)
    if made.num_rows != batch.num_rows:
        raise ValueError(f"{batch.num_rows} rows became {made.num_rows}")
    return made


def _file(source: Path) -> Any:  # noqa: ANN401
    try:
        return pq.ParquetFile(source)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{source} cannot be read: {_first(error)}", hint=_HINT) from error


def _read(source: Path, columns: list[str], rows: int) -> Iterator[Any]:
    with _file(source) as file:
        try:
            yield from file.iter_batches(rows, columns=columns)
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{source} is broken: {_first(error)}", hint=_HINT) from error


def _write(batches: Iterable[Any], stream: BinaryIO, schema: Any, done: Callable[[Any], None]) -> int:  # noqa: ANN401
    total, waiting = 0, 0
    held: list[Any] = []
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:

        def write(size: int) -> None:
            nonlocal held, waiting
            table = pa.Table.from_batches(held, schema).combine_chunks()  # pages by rows, not by batches
            writer.write_table(table.slice(0, size).combine_chunks(), row_group_size=GROUP)
            held, waiting = table.slice(size).to_batches(), waiting - size

        for batch in batches:
            held.append(
                pa.RecordBatch.from_arrays([batch.column(name) for name in schema.names], schema=schema)
            )
            total, waiting = total + batch.num_rows, waiting + batch.num_rows
            done(batch)
            while waiting >= GROUP:
                write(GROUP)
        if waiting:
            write(waiting)
    return total


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
