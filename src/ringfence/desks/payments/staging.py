"""The stage: typed rows in a database of this run, outside memory, until they are in order."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ringfence.desks.payments.batch import Batch
from ringfence.desks.payments.currencies import exponent
from ringfence.desks.payments.decimals import exponent_of, plain
from ringfence.desks.payments.mapping import Mapping
from ringfence.desks.payments.memo import classes
from ringfence.desks.payments.quarantine import FIRST, BadRow, Quarantine
from ringfence.desks.payments.typed import NO_OFFSET, statement, trimmed

CURRENCIES: Final = 256  # that a book's number has room for
_TABLES = """
create table staged (file int, row bigint, nth bigint, tx_id varchar, ts bigint, seq bigint, payer varchar,
    payee varchar, amount bigint, currency varchar, channel tinyint, memo tinyint, why varchar);
create table lost (file int, row bigint, why varchar);
create table files (file int, name varchar);
"""
_TOO_MANY = f"""
update staged set why = 'currencies' where why is null and currency not in (
    select currency from staged where why is null group by currency
    order by count(*) desc, currency limit {CURRENCIES})
"""  # noqa: S608 (a number of ours)
_SPOILED = """
create table twice as select hash(tx_id) as h from staged where why is null group by h having count(*) > 1;
create table spoiled as
    with alike as (
        select nth, file, row, tx_id,
            hash(ts, payer, payee, amount, currency, channel, memo, {seq}) as content
        from staged semi join twice on hash(tx_id) = h where why is null
    ), placed as (
        select *, row_number() over w as other, first_value(content) over w as before
        from alike window w as (partition by tx_id order by nth)
    )
    select nth, file, row, case when content = before then 'duplicate' else 'conflict' end as why
    from placed where other > 1;
"""
_SORTED = """
select ts, p.code as payer, q.code as payee, amount, c.code as currency, channel, memo, tx_id
from staged s join names p on s.payer = p.name join names q on s.payee = q.name
    join currencies c on s.currency = c.name
    anti join spoiled x on s.nth = x.nth
where why is null order by ts, seq, tx_id, s.nth
"""


class Stage:
    """A database in memory, or ``on_disk`` in a file under ``folder``; ``memory`` in MB is what it may use
    before it spills there. Identifiers are in it: the folder is its owner's alone, and goes with the run."""

    def __init__(self, folder: Path, memory: int, threads: int, *, on_disk: bool) -> None:
        self._folder = folder
        self.connection = duckdb.connect(
            str(folder / "stage.duckdb") if on_disk else ":memory:",
            config={"memory_limit": f"{memory}MB", "temp_directory": str(folder / "spill"),
                    "threads": threads},
        )  # fmt: skip
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute(_TABLES)
        self._files = 0
        self.place = 0  # after every row of tables so far
        self._numbered = False
        self._unnamed = False
        self._zones: set[str] = set()  # that were assumed of times without an offset

    def close(self) -> None:
        self.connection.close()

    def file(self, name: str) -> int:
        """The number of a file that is read now."""
        self.connection.execute("insert into files values (?, ?)", [self._files, name])
        self._files += 1
        return self._files - 1

    def add(self, name: str, batches: Iterable[Batch], mapping: Mapping) -> None:
        """Type and keep the rows of one file."""
        file, last = self.file(name), 0
        for batch in batches:
            if batch.bad:
                self.lose((file, one.row, one.why) for one in batch.bad)
                last = max(last, *(one.row for one in batch.bad))
            if batch.table is not None and len(batch.table):
                last = max(last, batch.table["row"][-1].as_py())
                self._keep(file, batch.table, mapping)
        self.place += last

    def rows(self) -> int:
        """How many came in, good and bad."""
        counts = "select (select count(*) from staged) + (select count(*) from lost)"
        found: int = (self.connection.execute(counts).fetchone() or (0,))[0]
        return found

    def _keep(self, file: int, table: pa.Table, mapping: Mapping) -> None:
        exact = mapping.scale if exponent_of(mapping.scale) is None else None
        for name, scale in (("amount_minor", exact), ("ts", None)):
            if name in table.column_names and (name != "ts" or mapping.format != "iso"):
                changed = plain(table[name], scale)
                table = table.set_column(table.column_names.index(name), name, changed)
        if "memo" in table.column_names:
            table = table.set_column(table.column_names.index("memo"), "memo", classes(table["memo"]))
        present = set(table.column_names)
        self._unnamed = self._unnamed or "tx_id" not in present
        asked = mapping.format == "iso" and "ts" in present and mapping.zone not in self._zones
        if asked and pc.any(pc.match_substring_regex(table["ts"], f"^{NO_OFFSET}$")).as_py():
            self._zones.add(mapping.zone)
        self.connection.register("batch", trimmed(table))
        self.insert(present, mapping, file, trim=False)
        self.connection.unregister("batch")

    def insert(self, present: set[str], mapping: Mapping, file: int = 0, *, trim: bool = True) -> None:
        """Type and keep the rows of what is called ``batch``; with the columns ``file`` and ``nth`` rows of
        several files, in an order of their own."""
        self._numbered = self._numbered or "seq" not in present
        typed = statement(mapping, present, file, self.place, trim=trim)
        self.connection.execute(f"insert into staged {typed}")

    def lose(self, bad: Iterable[tuple[int, int, str]]) -> None:
        """Rows that cannot be kept: file, row, why."""
        listed = list(bad)
        rows = pa.table(
            [pa.array([one[at] for one in listed], kind)
             for at, kind in enumerate((pa.int32(), pa.int64(), pa.string()))],
            ["file", "row", "why"],
        )  # fmt: skip
        self.connection.register("bad_rows", rows)
        self.connection.execute("insert into lost select file, row, why from bad_rows")
        self.connection.unregister("bad_rows")

    def assume(self, zone: str) -> None:
        """Some time had no offset, and was read as one of this zone."""
        self._zones.add(zone)

    def settle(self) -> None:
        """Put aside transactions that come again, and code accounts and currencies."""
        run = self.connection.execute
        many = run("select count(distinct currency) > ? from staged where why is null", [CURRENCIES])
        if (many.fetchone() or (False,))[0]:
            run(_TOO_MANY)
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
        self.connection.execute(
            f"copy ({_SORTED}) to '{_quoted(path)}' (format parquet, compression lz4_raw)"
        )
        return path

    def names(self) -> pa.ChunkedArray:
        """The accounts' identifiers by provisional code, an Arrow array."""
        table = self.connection.sql("select name from names order by code").to_arrow_table()
        return table["name"]

    def currencies(self) -> tuple[str, ...]:
        rows = self.connection.execute("select name from currencies order by code").fetchall()
        return tuple(name for (name,) in rows)

    def notes(self) -> list[str]:
        """What was assumed of the input."""
        said = [f"times without an offset are read as {zone}" for zone in sorted(self._zones)]
        if self._numbered:
            said.append("no seq: payments of one time keep the order of the input")
        if self._unnamed:
            said.append("no transaction ids: rows are numbered, and a payment given twice is not seen")
        if unknown := [one for one in self.currencies() if exponent(one) is None]:
            shown = ", ".join(unknown[:10]) + (", …" if unknown[10:] else "")
            said.append(
                f"not in ISO 4217: {shown}; thresholds, which are in CNY, are roughly those of "
                "other currencies with two decimals"
            )
        return said

    def quarantine(self, path: Path) -> Quarantine:
        """Count what was left out, and write every such row to a Parquet file."""
        run = self.connection.execute
        run(
            """create view bad as select name as file, b.file as n, row, why from (
                select file, row, why from staged where why is not null
                union all select file, row, why from spoiled
                union all select file, row, why from lost) b join files using (file)"""
        )
        _stream(self.connection, "select file, row, why from bad order by n, row, why", path)
        counts = dict(run("select why, count(*) from bad group by why order by why").fetchall())
        first = run(
            """select file, row, why from bad
            qualify row_number() over (partition by why order by n, row) <= ? order by n, row""",
            [FIRST],
        ).fetchall()
        return Quarantine(counts, tuple(BadRow(*row) for row in first))


def _stream(connection: Any, query: str, path: Path) -> None:  # noqa: ANN401 (a DuckDB connection)
    reader = connection.sql(query).to_arrow_reader(1 << 16)
    with pq.ParquetWriter(path, reader.schema) as out:
        for batch in reader:
            out.write_batch(batch)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
