"""The embedded database: one SQLite file, write-ahead log, synchronous=FULL.

Rooms declare their tables on `metadata` and attach their triggers as DDL events, so that
the rules of the house are enforced by the database itself and not by its callers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import DDL, Connection, Engine, MetaData, Table, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from ringfence.core.errors import StoreError

SCHEMA_VERSION = 1
BUSY_SECONDS = 30

metadata = MetaData()


def trigger(table: Table, sql: str) -> None:
    """Attach a SQLite trigger that is created with its table."""
    # DDL() interpolates percent signs; our triggers never use them as placeholders.
    event.listen(table, "after_create", DDL(sql.replace("%", "%%")).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]


def append_only(table: Table, key: str) -> None:
    """Refuse every update, delete and replacement of a row of this table.

    ``REPLACE`` deletes the old row without firing delete triggers, hence the check before
    insert that the key is not there already.
    """
    name = table.name
    for verb in ("update", "delete"):
        trigger(
            table,
            f"create trigger {name}_no_{verb} before {verb} on {name} "
            f"begin select raise(abort, '{name} is append-only'); end",
        )
    trigger(
        table,
        f"create trigger {name}_no_replace before insert on {name} "  # noqa: S608 (names are ours)
        f"when exists (select 1 from {name} where {key} = new.{key}) "
        f"begin select raise(abort, '{name} is append-only: this key exists'); end",
    )


class Database:
    """A connection pool on one SQLite file; created with its schema on first use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine: Engine = create_engine(
            f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}
        )
        event.listen(self.engine, "connect", _set_pragmas)
        event.listen(self.engine, "begin", _begin_immediate)
        self._create()

    def _create(self) -> None:
        with self.begin() as connection:
            version = connection.execute(text("pragma user_version")).scalar_one()
            if version == 0:
                metadata.create_all(connection)
                connection.execute(text(f"pragma user_version = {SCHEMA_VERSION}"))
            elif version != SCHEMA_VERSION:
                raise StoreError(
                    f"{self.path} has schema version {version}, this Ringfence reads {SCHEMA_VERSION}",
                    hint="use the Ringfence that wrote it, or another --store",
                )

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction: all of it is kept, or none. Raises `StoreError` when the disk is full,
        the file is no database, or another process holds the lock for too long."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise _explain(self.path, error) from error
        except DBAPIError as error:
            if "not a database" in str(error.orig) or "malformed" in str(error.orig):
                raise _explain(self.path, error) from error
            raise

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _set_pragmas(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # we begin transactions ourselves
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "recursive_triggers=on"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that later wants to write can fail with "busy" at once; an
    # immediate one queues for BUSY_SECONDS.
    connection.exec_driver_sql("begin immediate")


def _explain(path: Path, error: DBAPIError) -> StoreError:
    reason = str(error.orig)
    if "full" in reason:
        return StoreError(f"the disk is full: {path}", hint="free some space and run the command again")
    if "locked" in reason or "busy" in reason:
        return StoreError(
            f"another process is writing to {path}", hint="wait for it to end, or use another --store"
        )
    return StoreError(f"cannot use the store {path}: {reason}", hint="check the path and its permissions")
