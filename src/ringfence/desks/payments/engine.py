"""Engine: where a relation is worked out. DuckDB on one machine by default, Spark on many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ibis
import pyarrow as pa

from ringfence.core.spark import session

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from ringfence.desks.payments.windows import Windows


class Engine:
    """A connection, and how results of a step are made lasting."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 (a backend)
        self.connection = connection
        self._kept: list[str] = []

    def read(self, path: Path) -> Table:
        """A Parquet file as a relation."""
        return self.connection.read_parquet(str(path))

    def keep(self, expression: Table, name: str) -> Table:
        """The same relation, worked out once."""
        unique = f"{name}_{len(self._kept)}"
        self._kept.append(unique)
        return self.connection.create_table(unique, expression)

    def mark(self) -> int:
        """For `forget`: what is kept so far."""
        return len(self._kept)

    def forget(self, mark: int) -> None:
        """Drop what was kept since a mark."""
        for name in self._kept[mark:]:
            if name:
                self.connection.drop_table(name)
        self._kept[mark:] = [""] * (len(self._kept) - mark)  # names are never used twice

    def arrow(self, expression: Table) -> Any:  # noqa: ANN401 (an Arrow table)
        """A relation's rows."""
        return self.connection.to_pyarrow(expression)

    def split(self, relation: Table, column: str, parts: int) -> list[Table]:
        """The rows by the remainder of a column."""
        if parts == 1:
            return [relation]
        return [relation.filter(relation[column] % parts == part) for part in range(parts)]

    def windows(self, of: Windows, then: Callable[[Table, int], Table], name: str) -> Table:
        """What ``then`` makes of the windows of each length (given too), together."""
        made = [then(one, length) for one, length in zip(of.related(), of.lengths, strict=True)]
        return made[0] if len(made) == 1 else made[0].union(*made[1:])


class Local(Engine):
    """DuckDB in the process; ``folder`` is for what is too large for it."""

    def __init__(self, connection: Any, folder: Path) -> None:  # noqa: ANN401 (a backend)
        super().__init__(connection)
        self._folder = folder

    def split(self, relation: Table, column: str, parts: int) -> list[Table]:
        """Written once, not filtered again for every part."""
        if parts == 1:
            return [relation]
        place = self._folder / f"parts_{len(self._kept)}"
        self._kept.append("")
        query = self.connection.compile(relation.mutate(part=relation[column] % parts))
        quoted = str(place).replace("'", "''")
        how = "(format parquet, partition_by (part), compression lz4_raw)"
        self.connection.raw_sql(f"copy ({query}) to '{quoted}' {how}")
        empty = relation.limit(0)
        return [
            self.connection.read_parquet(f"{found}/*.parquet", hive_partitioning=False)
            if (found := place / f"part={part}").is_dir()
            else empty
            for part in range(parts)
        ]

    def windows(self, of: Windows, then: Callable[[Table, int], Table], name: str) -> Table:
        from ringfence.desks.payments.windows import passes

        fetched = self.arrow(of.sorted())
        columns = {}
        for one in fetched.column_names:
            columns[one] = fetched[one].to_numpy()
            fetched = fetched.drop_columns([one])
        made = passes(of, columns)
        if made is None:
            return super().windows(of, then, name)
        kept = []
        for at, length in enumerate(of.lengths):
            table = pa.table({one: pa.array(values) for one, values in next(made).items()})
            self.connection.con.register("passed_over", table)
            # Sums are multiplied by shares: in 128 bits, as DuckDB's own would be.
            wide = ", ".join(f"{one}::hugeint as {one}" for one in of.sums)
            view = f"create temp view windows as select * replace ({wide}) from passed_over"  # noqa: S608
            self.connection.raw_sql(view)
            kept.append(self.keep(then(self.connection.table("windows"), length), f"{name}_{at}"))
            self.connection.raw_sql("drop view windows")
            self.connection.con.unregister("passed_over")
        return kept[0] if len(kept) == 1 else kept[0].union(*kept[1:])


@contextmanager
def duckdb(folder: Path, memory: int = 3 * 10**9, threads: int = 2) -> Iterator[Engine]:
    """DuckDB in the process, spilling to a folder."""
    connection = ibis.duckdb.connect(
        folder / "sweep.duckdb",
        memory_limit=f"{memory // 10**6}MB",
        threads=threads,
        temp_directory=str(folder / "spill"),
    )
    connection.raw_sql("SET preserve_insertion_order = false")
    connection.raw_sql("SET partitioned_write_flush_threshold = 131072")  # rows held for each part and thread
    try:
        yield Local(connection, folder)
    finally:
        connection.disconnect()


class Sparked(Engine):
    """Spark: a step's result stays in its memory and on its disks, and the way to it is forgotten."""

    def keep(self, expression: Table, name: str) -> Table:
        unique = f"{name}_{len(self._kept)}"
        self._kept.append(unique)
        session = self.connection._session
        made = session.sql(self.connection.compile(expression)).localCheckpoint()
        # Under new names inside: of a union of such results Spark mixes up columns with what they came from.
        made.toDF(*made.columns).createOrReplaceTempView(unique)
        return self.connection.table(unique)

    def windows(self, of: Windows, then: Callable[[Table, int], Table], name: str) -> Table:
        # Sums are multiplied by shares, which in 64 bits Spark refuses where it has no room.
        made = [
            then(one.mutate(**{name: one[name].cast("decimal(20,0)") for name in of.sums}), length)
            for one, length in zip(of.related(), of.lengths, strict=True)
        ]
        return made[0] if len(made) == 1 else made[0].union(*made[1:])

    def forget(self, mark: int) -> None:
        for name in self._kept[mark:]:
            if name:
                self.connection._session.catalog.dropTempView(name)
        self._kept[mark:] = [""] * (len(self._kept) - mark)


SPARK: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "4g",
    "spark.sql.shuffle.partitions": "4",
}


@contextmanager
def spark(
    folder: Path, master: str | None = None, options: Mapping[str, str] | None = None
) -> Iterator[Engine]:
    """Spark where its own configuration says (``spark.master``), else on this machine (``local[2]``). Raises
    `OutsideError` as `core.spark.session` does."""
    own = {
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "spark"),
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={folder}",
    }
    with session(
        "ringfence payments", {**SPARK, **own, **(options or {})}, local="local[2]", master=master,
        without="--engine duckdb",
    ) as opened:  # fmt: skip
        yield Sparked(ibis.pyspark.connect(opened))
