"""The database: one SQLite file, or a PostgreSQL database that several machines share.

Rooms declare their tables on `metadata` and attach their rules as triggers, so that the rules of the
house are enforced by the database itself and not by its callers; both engines are written from the same
declarations. After a change of tables or rules, ``make schema`` writes the migration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from ringfence.core import migrations
from ringfence.core.dialect import Sql, any_of, both
from ringfence.core.errors import StoreError
from ringfence.core.postgresql import PostgreSQL
from ringfence.core.schema import Wide, metadata
from ringfence.core.sqlite import SCHEMA_VERSION, SQLite
from ringfence.core.triggers import agrees, append_only, fixed, kept, refuse, trigger

__all__ = [
    "SCHEMA_VERSION",
    "Database",
    "Sql",
    "Wide",
    "agrees",
    "any_of",
    "append_only",
    "both",
    "fixed",
    "kept",
    "metadata",
    "refuse",
    "said",
    "trigger",
    "upsert",
]


class Database:
    """A connection pool; the schema is made on first use, and an older one brought up to date.

    ``place`` is the path of a SQLite file, or the address of a PostgreSQL database. ``filled`` is for
    restoring: it puts rows into an empty database before its rules are made.
    """

    def __init__(self, place: Path | str, *, filled: Callable[[Connection], None] | None = None) -> None:
        self.place = SQLite(place) if isinstance(place, Path) else PostgreSQL(place)
        self.engine: Engine = self.place.engine()
        try:
            self._create(filled)
        except BaseException:
            self.engine.dispose()
            raise

    @property
    def kind(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.place.name

    @property
    def path(self) -> Path | None:
        """The file, or None where there is none."""
        return self.place.path if isinstance(self.place, SQLite) else None

    def _create(self, filled: Callable[[Connection], None] | None) -> None:
        # Looked at under the writer's lock: of two processes that find it empty, one makes it.
        with self.begin() as connection:
            there = self.place.revision(connection)
            if filled is not None and there is not None:
                raise StoreError(f"{self.place.shown} is not empty", hint="name an empty database")
            if there == migrations.HEAD:
                return
            if there is not None and there not in migrations.KNOWN:
                raise StoreError(
                    f"{self.place.shown} was written by a newer Ringfence (its schema is {there})",
                    hint="use the Ringfence that wrote it, or another --store",
                )
            migrations.upgrade(connection, there, filled)
            self.place.migrated(connection)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction: all of it is kept, or none; one at a time, whoever else writes waits.
        Raises `StoreError` when the disk is full, the database cannot be used, or another process holds
        the lock for too long."""
        with self._explained(), self.engine.begin() as connection:
            self.place.lock(connection)
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: one state of the database from beginning to end, without waiting for whoever
        writes and without making them wait. Writing in it is refused. Raises `StoreError` as `begin`."""
        with self._explained(), self.place.reading(self.engine) as connection:
            yield connection

    def changes(self, connection: Connection) -> str:
        """A short text that differs once another connection has committed something. Ask it of one
        connection that is kept, each time in a new transaction."""
        return self.place.changes(connection)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            explained = self.place.explain(error)
            if explained is None:
                raise
            raise explained from error

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def said(error: DBAPIError) -> str:
    """The text of a refusal, the same on both engines."""
    found = getattr(getattr(error.orig, "diag", None), "message_primary", None)
    return str(error.orig) if found is None else str(found)


def upsert(connection: Connection, table: Table) -> Any:  # noqa: ANN401 (two classes of one interface)
    """An insert with ``on_conflict_do_update`` and ``on_conflict_do_nothing``, in the engine's words."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
