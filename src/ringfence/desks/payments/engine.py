"""Engine: where a relation is worked out. DuckDB on one machine by default, Spark on many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis

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


@contextmanager
def spark(folder: Path, master: str = "local[2]") -> Iterator[Engine]:
    """Spark, on this machine or wherever ``master`` says. Raises `OutsideError` without Java."""
    import shutil

    from ringfence.core.errors import OutsideError

    if shutil.which("java") is None:
        raise OutsideError("Spark needs Java, and none was found", hint="install a JRE of 17 or 21")
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master(master)
        .appName("ringfence payments")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.local.dir", str(folder / "spark"))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.memory", "4g")
        .config("spark.driver.extraJavaOptions", f"-Dderby.system.home={folder}")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield Engine(ibis.pyspark.connect(session))
    finally:
        session.stop()
