"""`ringfence tokens screen --parquet`: many contracts from one file to another."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.common import emit, note, progress
from ringfence.interfaces.cli.output import written

if TYPE_CHECKING:
    from ringfence.core.parquet import Engine
    from ringfence.desks.tokens.screen import Depth


def bulk(source: Path, target: Path, engine: Engine, depth: Depth) -> int:
    """Screen a file of bytecodes; one line of JSON says how many of which."""
    from ringfence.core import parquet
    from ringfence.desks.tokens.bulk import columns, rows, schema

    if target.resolve() == source.resolve():
        raise InputError("the answers would take the place of the questions", hint="name another --out")
    read = columns(parquet.columns_of(source))
    counts = {"resolved": 0, "bad": 0}
    with progress("contracts", parquet.count(source)) as step, written(target) as stream:

        def done(batch: Any) -> None:  # noqa: ANN401 (pa.RecordBatch)
            counts["resolved"] += sum(batch.column("resolved").to_pylist())
            counts["bad"] += batch.column("code_hash").null_count
            step(batch.num_rows)

        total = parquet.map_file(
            source, stream, partial(rows, depth=depth), schema(read), read,
            engine=engine, folder=target.parent, done=done,
        )  # fmt: skip
    emit({"out": str(target), "rows": total, **counts, "engine": engine, "depth": depth})
    if counts["bad"]:
        note(f"{counts['bad']} of {total} rows hold no code that can be read; each says why")
    return 0 if total > counts["bad"] or not total else 2
