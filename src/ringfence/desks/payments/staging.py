"""The stage: typed rows in a database of this run, outside memory, until they are in order."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.desks.payments.batch import Batch
from ringfence.desks.payments.decimals import exponent_of, plain
from ringfence.desks.payments.mapping import Mapping
from ringfence.desks.payments.memo import classes
from ringfence.desks.payments.quarantine import FIRST, BadRow, Quarantine
from ringfence.desks.payments.typed import statement, trimmed

_TABLES = """
create table staged (file int, row bigint, tx_id varchar, ts bigint, seq bigint, payer varchar, payee varchar,
    amount bigint, currency varchar, channel tinyint, memo tinyint, why varchar);
create table lost (file int, row bigint, why varchar);
create table files (file int, name varchar);
"""
_SPOILED = """
create table twice as select hash(tx_id) as h from staged where why is null group by h having count(*) > 1;
create table spoiled as
    with alike as (
        select file, row, tx_id, hash(ts, payer, payee, amount, currency, channel, memo, {seq}) as content
        from staged semi join twice on hash(tx_id) = h where why is null
    ), placed as (
        select *, row_number() over w as nth, first_value(content) over w as before
        from alike window w as (partition by tx_id order by file, row)
    )
    select file, row, case when content = before then 'duplicate' else 'conflict' end as why
    from placed where nth > 1;
"""
_SORTED = """
select ts, p.code as payer, q.code as payee, amount, c.code as currency, channel, memo, tx_id
from staged s join names p on s.payer = p.name join names q on s.payee = q.name
    join currencies c on s.currency = c.name
    anti join spoiled x on s.file = x.file and s.row = x.row
where why is null order by ts, seq, tx_id, s.file, s.row
"""


class Stage:
    """A database in memory, or ``on_disk`` in a file under ``folder``; ``memory`` in MB is what it may use
    before it spills there. Identifiers are in it: the folder is its owner's alone, and goes with the run."""

    def __init__(self, folder: Path, memory: int, threads: int, *, on_disk: bool) -> None:
        self._folder = folder
        self._connection = duckdb.connect(
            str(folder / "stage.duckdb") if on_disk else ":memory:",
            config={"memory_limit": f"{memory}MB", "temp_directory": str(folder / "spill"),
                    "threads": threads},
        )  # fmt: skip
        self._connection.execute("set TimeZone = 'UTC'")
        self._connection.execute(_TABLES)
        self._names: list[str] = []
        self.rows = 0
        self._numbered = False
        self._unnamed = False

    def close(self) -> None:
        self._connection.close()

    def add(self, name: str, batches: Iterable[Batch], mapping: Mapping) -> int:
        """Type and keep the rows of one file; how many rows it had."""
        file, rows, seq_from = len(self._names), 0, self.rows
        self._names.append(name)
        self._connection.execute("insert into files values (?, ?)", [file, name])
        for batch in batches:
            if batch.bad:
                self._lose(file, batch.bad)
                rows += len(batch.bad)
            if batch.table is not None and len(batch.table):
                rows += len(batch.table)
                self._keep(file, batch.table, mapping, seq_from)
        self.rows += rows
        return rows

    def _keep(self, file: int, table: pa.Table, mapping: Mapping, seq_from: int) -> None:
        exact = mapping.scale if exponent_of(mapping.scale) is None else None
        for name, scale in (("amount_minor", exact), ("ts", None)):
            if name in table.column_names and (name != "ts" or mapping.format != "iso"):
                changed = plain(table[name], scale)
                table = table.set_column(table.column_names.index(name), name, changed)
        if "memo" in table.column_names:
            table = table.set_column(table.column_names.index("memo"), "memo", classes(table["memo"]))
        present = set(table.column_names)
        self._numbered = self._numbered or "seq" not in present
        self._unnamed = self._unnamed or "tx_id" not in present
        self._connection.register("batch", trimmed(table))
        self._connection.execute(
            f"insert into staged select {file}, * from ({statement(mapping, present, seq_from)})"  # noqa: S608
        )
        self._connection.unregister("batch")

    def _lose(self, file: int, bad: Iterable[BadRow]) -> None:
        rows = pa.table({"row": [one.row for one in bad], "why": [one.why for one in bad]})
        self._connection.register("bad", rows)
        self._connection.execute("insert into lost select ?, row, why from bad", [file])
        self._connection.unregister("bad")

    def settle(self) -> None:
        """Put aside transactions that come again, and code accounts and currencies."""
        run = self._connection.execute
        run(_SPOILED.format(seq=0 if self._numbered else "seq"))
        run(
            """create table names as select name, (row_number() over () - 1)::int as code from (
                select payer as name from staged where why is null
                union select payee from staged where why is null)"""
        )
        run(
            """create table currencies as select currency as name, (row_number() over (order by currency) - 1)
                ::smallint as code from (select distinct currency from staged where why is null)"""
        )

    def sort(self) -> Path:
        """Write the good rows in order, with codes for accounts and currencies, to a file of the run.

        A result that is fetched is held in memory whole; a file is written as the sort merges."""
        path = self._folder / "sorted.parquet"
        self._connection.execute(
            f"copy ({_SORTED}) to '{_quoted(path)}' (format parquet, compression lz4_raw)"
        )
        return path

    def names(self) -> pa.ChunkedArray:
        """The accounts' identifiers by provisional code, an Arrow array."""
        table = self._connection.sql("select name from names order by code").to_arrow_table()
        return table["name"]

    def currencies(self) -> tuple[str, ...]:
        rows = self._connection.execute("select name from currencies order by code").fetchall()
        return tuple(name for (name,) in rows)

    def notes(self, mapping: Mapping) -> list[str]:
        """What was assumed of the input."""
        said = [f"times without an offset are read as {mapping.zone}"] if mapping.format == "iso" else []
        if self._numbered:
            said.append("no seq: payments of one time keep the order of the input")
        if self._unnamed:
            said.append("no transaction ids: rows are numbered, and a payment given twice is not seen")
        return said

    def quarantine(self, path: Path) -> Quarantine:
        """Count what was left out, and write every such row to a Parquet file."""
        run = self._connection.execute
        run(
            """create view bad as select name as file, b.file as n, row, why from (
                select file, row, why from staged where why is not null
                union all select file, row, why from spoiled
                union all select file, row, why from lost) b join files using (file)"""
        )
        table = self._connection.sql("select file, row, why from bad order by n, row").to_arrow_table()
        pq.write_table(table, path)
        counts = dict(run("select why, count(*) from bad group by why order by why").fetchall())
        first = run(
            """select file, row, why from bad
            qualify row_number() over (partition by why order by n, row) <= ? order by n, row""",
            [FIRST],
        ).fetchall()
        return Quarantine(counts, tuple(BadRow(*row) for row in first))


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
