"""The embedded engine: one SQLite file, write-ahead log, synchronous=FULL, one writer at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from ringfence.core.errors import StoreError

BUSY_SECONDS = 30
# Kept in the file's header, where stores from before migrations have their version: a program of that time
# refuses what it cannot read.
SCHEMA_VERSION = 3
_BEFORE_ALEMBIC = {1: "0001", 2: "0002"}

_READ_ONLY = "ringfence_read_only"


class SQLite:
    """One file."""

    name = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shown = str(path)

    def engine(self) -> Engine:
        """A pool of connections to the file. Raises `StoreError` for a file that is no database."""
        _refuse_other_files(self.path)
        made = create_engine(
            f"sqlite:///{self.path}",
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        )
        event.listen(made, "connect", _set_pragmas)
        event.listen(made, "begin", _begin_immediate)
        return made

    def lock(self, connection: Connection) -> None:
        """The transaction began as the only writer: see `_begin_immediate`."""

    @contextmanager
    def reading(self, engine: Engine) -> Iterator[Connection]:
        """One state from beginning to end, without waiting for whoever writes."""
        with engine.connect() as plain:
            connection = plain.execution_options(**{_READ_ONLY: True})
            with connection.begin():
                connection.exec_driver_sql("pragma query_only=on")
                try:
                    yield connection
                finally:
                    connection.exec_driver_sql("pragma query_only=off")

    def revision(self, connection: Connection) -> str | None:
        """The migration that the file is at; None for an empty file. Raises `StoreError` for others."""
        version = connection.execute(text("pragma user_version")).scalar_one()
        if version in _BEFORE_ALEMBIC:
            return _BEFORE_ALEMBIC[version]
        if version == 0:
            if connection.execute(text("select 1 from sqlite_master limit 1")).first() is not None:
                raise StoreError(
                    f"{self.path} is a database, but none of Ringfence's",
                    hint="name another folder with --store; nothing was changed",
                )
            return None
        if version != SCHEMA_VERSION:
            raise StoreError(
                f"{self.path} has schema version {version}, this Ringfence reads {SCHEMA_VERSION}",
                hint="use the Ringfence that wrote it, or another --store",
            )
        return str(connection.execute(text("select version_num from alembic_version")).scalar_one())

    def migrated(self, connection: Connection) -> None:
        """Mark the file so that a release before migrations refuses it with words."""
        connection.execute(text(f"pragma user_version = {SCHEMA_VERSION}"))

    def changes(self, connection: Connection) -> str:
        """A text that differs after every commit by another connection."""
        return str(connection.execute(text("pragma data_version")).scalar_one())

    def explain(self, error: DBAPIError) -> StoreError | None:
        """What went wrong, for a person; None for a mistake of ours."""
        if type(error.orig).__name__ == "IntegrityError":
            return None  # a rule that was held: its words ("lawfully") are no sign of anything else
        reason = str(error.orig)
        if "full" in reason:
            return StoreError(
                f"the disk is full: {self.path}", hint="free some space and run the command again"
            )
        if "locked" in reason or "busy" in reason:
            return StoreError(
                f"another process is writing to {self.path}",
                hint="wait for it to end, or use another --store",
            )
        operational = type(error.orig).__name__ == "OperationalError"
        if operational or "not a database" in reason or "malformed" in reason:
            return StoreError(
                f"cannot use the store {self.path}: {reason}", hint="check the path and its permissions"
            )
        return None


def _set_pragmas(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # we begin transactions ourselves
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "recursive_triggers=on"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _refuse_other_files(path: Path) -> None:
    # SQLite takes a very short file for an empty database, and would write over what is left of it.
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        return  # absent, or told by the connection itself
    if head and head != b"SQLite format 3\x00":
        raise StoreError(f"{path} is not a database", hint="restore it, or name another --store")


def _begin_immediate(connection: Connection) -> None:
    if connection.get_execution_options().get(_READ_ONLY):
        connection.exec_driver_sql("begin")
        return
    # A deferred transaction that later wants to write can fail with "busy" at once; an
    # immediate one queues for BUSY_SECONDS.
    connection.exec_driver_sql("begin immediate")
