"""The embedded database: one SQLite file, write-ahead log, synchronous=FULL.

Rooms declare their tables on `metadata` and attach their triggers as DDL events, so that
the rules of the house are enforced by the database itself and not by its callers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import (
    DDL,
    Connection,
    Engine,
    MetaData,
    Table,
    UniqueConstraint,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError

from ringfence.core.errors import StoreError

SCHEMA_VERSION = 3
BUSY_SECONDS = 30

_READ_ONLY = "ringfence_read_only"

metadata = MetaData()


def trigger(table: Table, sql: str) -> None:
    """Attach a SQLite trigger that is created with its table."""
    # DDL() interpolates percent signs; our triggers never use them as placeholders.
    event.listen(table, "after_create", DDL(sql.replace("%", "%%")).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]


def refuse(table: Table, name: str, when: str, message: str, condition: str) -> None:
    """Attach a trigger that refuses: ``when`` such as ``before insert``; SQL ``condition`` true refuses."""
    trigger(
        table,
        f"create trigger {table.name}_{name} {when} on {table.name} when {condition} "
        f"begin select raise(abort, '{message}'); end",
    )


def kept(table: Table, *keys: str) -> None:
    """No row is deleted, and none displaced by ``replace``, which deletes the old row without firing
    delete triggers: every key of the table must be new, its hidden row number included.

    The primary key and every unique constraint or index of the table are such keys; ``keys`` (columns
    joined by ``,``) adds what the schema does not say.
    """
    every = dict.fromkeys([*_unique_keys(table), *keys])
    taken = " or ".join(
        f"exists (select 1 from {table.name} where {_same(key)})"  # noqa: S608 (names are ours)
        for key in every
    )
    refuse(table, "no_replace", "before insert", f"{table.name}: this key exists", taken)
    refuse(table, "no_delete", "before delete", f"{table.name}: nothing is deleted", "1")
    if "rowid" in every:
        moved = "new.rowid is not old.rowid"
        refuse(table, "no_move", "before update", f"{table.name}: a row keeps its number", moved)


def append_only(table: Table, *keys: str) -> None:
    """Rows are added and nothing else; see `kept` for the keys."""
    kept(table, *keys)
    refuse(table, "no_update", "before update", f"{table.name} is append-only", "1")


def _unique_keys(table: Table) -> list[str]:
    keys = [[column.name for column in table.primary_key.columns]]
    keys += [
        [column.name for column in constraint.columns]
        for constraint in sorted(
            (c for c in table.constraints if isinstance(c, UniqueConstraint)),
            key=lambda c: [column.name for column in c.columns],
        )
    ]
    keys += [
        [column.name for column in index.columns]
        for index in sorted(table.indexes, key=lambda i: str(i.name))
        # A partial index is a rule of its own: the table's author writes the trigger for it.
        if index.unique and index.dialect_options["sqlite"]["where"] is None
    ]
    keys += [[column.name] for column in table.columns if column.unique]
    if table.dialect_options["sqlite"]["with_rowid"] is not False:
        keys.append(["rowid"])
    return [",".join(key) for key in keys if key]


def _same(key: str) -> str:
    return " and ".join(f"{column} is new.{column}" for column in key.split(","))


class Database:
    """A connection pool on one SQLite file; created with its schema on first use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        _refuse_other_files(path)
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
                if connection.execute(text("select 1 from sqlite_master limit 1")).first() is not None:
                    raise StoreError(
                        f"{self.path} is a database, but none of Ringfence's",
                        hint="name another folder with --store; nothing was changed",
                    )
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
        with self._explained(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: one state of the database from beginning to end, without waiting for whoever
        writes and without making them wait. Writing in it is refused. Raises `StoreError` as `begin`."""
        with self._explained(), self.engine.connect() as plain:
            connection = plain.execution_options(**{_READ_ONLY: True})
            with connection.begin():
                connection.exec_driver_sql("pragma query_only=on")
                try:
                    yield connection
                finally:
                    connection.exec_driver_sql("pragma query_only=off")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
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


def _explain(path: Path, error: DBAPIError) -> StoreError:
    reason = str(error.orig)
    if "full" in reason:
        return StoreError(f"the disk is full: {path}", hint="free some space and run the command again")
    if "locked" in reason or "busy" in reason:
        return StoreError(
            f"another process is writing to {path}", hint="wait for it to end, or use another --store"
        )
    return StoreError(f"cannot use the store {path}: {reason}", hint="check the path and its permissions")
