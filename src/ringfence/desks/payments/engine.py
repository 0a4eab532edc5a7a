"""Engine: where a relation is worked out. DuckDB on one machine by default, Spark on many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ibis

from ringfence.core.spark import session

if TYPE_CHECKING:
    from ibis.expr.types import Table


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


@contextmanager
def duckdb(folder: Path, memory: str = "4GB", threads: int = 2) -> Iterator[Engine]:
    """DuckDB in the process, spilling to a folder."""
    connection = ibis.duckdb.connect(
        folder / "sweep.duckdb", memory_limit=memory, threads=threads, temp_directory=str(folder / "spill")
    )
    connection.raw_sql("SET preserve_insertion_order = false")
    try:
        yield Engine(connection)
    finally:
        connection.disconnect()


class Sparked(Engine):
    """Spark: a step's result stays in its memory and on its disks, and the way to it is forgotten."""

    def keep(self, expression: Table, name: str) -> Table:
        unique = f"{name}_{len(self._kept)}"
        self._kept.append(unique)
        session = self.connection._session
        session.sql(self.connection.compile(expression)).localCheckpoint().createOrReplaceTempView(unique)
        return self.connection.table(unique)

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
