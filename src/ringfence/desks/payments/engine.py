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
        folder / "batch.duckdb", memory_limit=memory, threads=threads, temp_directory=str(folder / "spill")
    )
    try:
        yield Engine(connection)
    finally:
        connection.disconnect()
