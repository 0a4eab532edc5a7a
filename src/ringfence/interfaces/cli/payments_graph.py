"""`ringfence payments graph`: what the graph around each payment looked like when it was made."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.apart import apart
from ringfence.interfaces.cli.common import FILE, emit, note


@click.command(name="graph")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--map", "mapping", type=FILE, help="Mapping file (TOML): columns, constants, time, amount.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Parquet file.")
@click.option("--fans", default="6h", show_default=True, help="Window of fans and degrees (s, m, h, d).")
@click.option("--paths", default="1h", show_default=True, help="Window of paths, cycles and hops.")
@click.option("--steps", default=100_000, show_default=True, help="At most so many steps a search.")
def graph(files: tuple[Path, ...], mapping: Path | None, out: Path, fans: str, paths: str, steps: int) -> int:
    """Write a row for each payment in FILEs: its id and the graph features of its moment (fans and degrees of
    both sides, scatter-gather, cycles, hops), exactly within the windows. Where a search was bounded, the
    column `cut` says which features are lower bounds. One line of JSON: {out, rows, cut, quarantined}.

    \b
    Example:
      ringfence payments graph payments.parquet --out features.parquet --fans 24h
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from ringfence.desks.payments.graph.features import Graph
    from ringfence.desks.payments.parameters import SHIFT, span
    from ringfence.desks.payments.read import open_ledger

    apart((*files, mapping), {"--out": out})
    windows = [span(text) >> SHIFT for text in (fans, paths)]
    if steps < 1:
        raise InputError("a search takes a step at least", hint="--steps 100000")
    made = Graph(windows[0], windows[1], steps=steps)
    beside = Path(tempfile.mkdtemp(prefix=".graph-", dir=out.resolve().parent))
    part = beside / out.name
    rows = cut = 0
    writer: pq.ParquetWriter | None = None
    try:
        with open_ledger(list(files), mapping, tell=note) as ledger, pq.ParquetFile(ledger.path) as file:
            for batch in file.iter_batches(1 << 16, columns=["tx_id", "o", "payer", "payee", "amount"]):
                found = made.push(*(batch[name].to_numpy() for name in ("o", "payer", "payee", "amount")))
                columns = {
                    name: pa.FixedSizeListArray.from_arrays(pa.array(value.ravel()), value.shape[1])
                    if value.ndim == 2
                    else value
                    for name, value in found.items()
                }
                table = pa.table({"tx_id": batch["tx_id"], **columns})
                writer = writer or pq.ParquetWriter(part, table.schema, compression="zstd")
                writer.write_table(table)
                rows += len(batch)
                cut += int(np.count_nonzero(found["cut"]))
            left_out = sum(ledger.quarantine.counts.values())
        if writer is None:
            raise InputError("no payment could be read", hint="see the rows that were left out")
        writer.close()
        part.replace(out)
    finally:
        if writer is not None:
            writer.close()
        part.unlink(missing_ok=True)
        beside.rmdir()
    emit({"out": str(out), "rows": rows, "cut": cut, "quarantined": left_out})
    return 0
