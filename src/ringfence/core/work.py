"""Work that can be interrupted: a run over many items, each done exactly once.

A run is named by its parameters. Begun again with the same parameters it goes on where it was
cut; once it has ended, the same parameters begin a new run.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Column, Connection, ForeignKey, Integer, LargeBinary, String, Table, select

from ringfence.core.canonical import canonical
from ringfence.core.database import Database, metadata
from ringfence.core.errors import StoreError
from ringfence.core.ids import reference
from ringfence.core.time import stamp

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("parameters", String, nullable=False, index=True),
    Column("started", String, nullable=False),
    Column("ended", String),
)
run_items = Table(
    "run_items",
    metadata,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("item", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("result", LargeBinary, nullable=False),
)


class Run:
    """One run; `begin` finds or makes it."""

    def __init__(self, database: Database, run_id: str, resumed: bool) -> None:
        self._database = database
        self.id = run_id
        self.resumed = resumed

    @classmethod
    def begin(cls, database: Database, kind: str, parameters: object) -> Run:
        """The unfinished run of this kind with these parameters, or a new one."""
        named = canonical(parameters).decode("utf-8")
        with database.begin() as connection:
            found = connection.execute(
                select(runs.c.id).where(
                    runs.c.kind == kind, runs.c.parameters == named, runs.c.ended.is_(None)
                )
            ).scalar()
            if found is not None:
                return cls(database, found, resumed=True)
            run_id = reference("RUN")
            connection.execute(runs.insert().values(id=run_id, kind=kind, parameters=named, started=stamp()))
        return cls(database, run_id, resumed=False)

    def result(self, item: str) -> bytes | None:
        """The result of an item that is done, or None."""
        with self._database.read() as connection:
            return connection.execute(
                select(run_items.c.result).where(run_items.c.run == self.id, run_items.c.item == item)
            ).scalar()

    def done(self, connection: Connection, item: str, position: int, result: bytes) -> None:
        """Mark an item done inside the transaction that keeps its records."""
        connection.execute(
            run_items.insert().values(run=self.id, item=item, position=position, result=result)
        )

    def end(self) -> None:
        """Mark the run ended."""
        with self._database.begin() as connection:
            connection.execute(runs.update().where(runs.c.id == self.id).values(ended=stamp()))


@contextmanager
def alone(folder: Path, what: str) -> Iterator[None]:
    """Hold a folder for one process that does ``what``. Raises `StoreError` if another holds it; a lock
    dies with its process, so nothing is left behind by kill -9."""
    path = folder / f"{what}.lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _cannot(folder, error) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(handle, 20).decode("ascii", "replace").strip() or "unknown"
            raise StoreError(
                f"another process ({owner}) is at work on {folder}: {what}",
                hint="wait for it to end, or use another --store",
            ) from None
        try:
            os.ftruncate(handle, 0)
            os.write(handle, str(os.getpid()).encode("ascii"))
        except OSError as error:
            raise _cannot(folder, error) from error
        yield
    finally:
        os.close(handle)


def _cannot(folder: Path, error: OSError) -> StoreError:
    return StoreError(
        f"cannot write in {folder}: {error.strerror}", hint="free some space, or check its permissions"
    )
