"""The shared engine: a PostgreSQL database of version 15 or later, by psycopg 3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from ringfence.core.errors import InputError, StoreError
from ringfence.core.triggers import SCHEMA

BUSY_SECONDS = 30
# Whoever writes holds this lock to the end of the transaction: one writer at a time, as on SQLite, so
# leaves are numbered without gaps in the order of their commits. ("ringfenc" read as a number.)
WRITER = int.from_bytes(b"ringfenc", "big") >> 1

_DRIVER = "postgresql+psycopg"
_WORDS = {
    "53100": ("the disk of the database is full", "free some space and run the command again"),
    "55P03": ("another process is writing to", "wait for it to end"),
    "25006": ("cannot write (readonly):", "this is a read transaction, or a standby"),
    "42501": ("the role may not do this in", "see docs/guide/postgresql.md for the roles"),
}


class PostgreSQL:
    """One database, named by its address."""

    name = "postgresql"

    def __init__(self, address: str) -> None:
        try:
            url = make_url(address)
        except ArgumentError:
            # The address is not repeated: it may hold a password.
            raise InputError("RINGFENCE_DATABASE is no address", hint=f"{_DRIVER}://user@host/name") from None
        if url.drivername in ("postgresql", "postgres"):
            url = url.set(drivername=_DRIVER)
        if url.drivername != _DRIVER:
            raise InputError(
                f"RINGFENCE_DATABASE names {url.drivername}, which is not supported",
                hint=f"{_DRIVER}://user@host/name",
            )
        self.url = url
        self.shown = url.set(username=None, password=None, query={}).render_as_string()

    def engine(self) -> Engine:
        """A pool of connections. Nothing is opened yet."""
        made = create_engine(self.url, pool_pre_ping=True)
        event.listen(made, "connect", _settle)
        return made

    def lock(self, connection: Connection) -> None:
        """Become the only writer. The statement after this one sees what the writer before has done."""
        connection.execute(text(f"select pg_advisory_xact_lock({WRITER})"))

    @contextmanager
    def reading(self, engine: Engine) -> Iterator[Connection]:
        """One snapshot from beginning to end, without waiting for whoever writes."""
        with engine.connect() as plain:
            connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    def revision(self, connection: Connection) -> str | None:
        """The migration that the database is at; None for an empty one. Raises `StoreError` for others."""
        version = connection.execute(text("show server_version_num")).scalar_one()
        if int(version) < 150000:
            raise StoreError(f"{self.shown} is older than PostgreSQL 15", hint="use a newer server")
        there = f"select to_regclass('{SCHEMA}.alembic_version')"
        if connection.execute(text(there)).scalar() is None:
            named = f"select 1 from pg_tables where schemaname = '{SCHEMA}' limit 1"  # noqa: S608 (ours)
            if connection.execute(text(named)).first() is not None:
                raise StoreError(
                    f"{self.shown} holds tables, but none of Ringfence's",
                    hint="name an empty database; nothing was changed",
                )
            return None
        return str(connection.execute(text(f"select version_num from {SCHEMA}.alembic_version")).scalar_one())  # noqa: S608

    def migrated(self, connection: Connection) -> None:
        """The migration's own table says it all."""

    def changes(self, connection: Connection) -> str:
        """A text that differs after every commit by another connection (and now and then besides)."""
        return str(connection.execute(text("select pg_current_snapshot()::text")).scalar_one())

    def explain(self, error: DBAPIError) -> StoreError | None:
        """What went wrong, for a person; None for a mistake of ours."""
        state = getattr(error.orig, "sqlstate", None)
        if state in _WORDS:
            message, hint = _WORDS[state]
            return StoreError(f"{message} {self.shown}", hint=hint)
        if state is None or state[:2] in ("08", "53", "57", "58"):
            return StoreError(
                f"cannot use the database {self.shown}: {type(error.orig).__name__}",
                hint="check that the server runs, and RINGFENCE_DATABASE",
            )
        return None


def _settle(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for setting in (
        f"search_path = {SCHEMA}",
        f"lock_timeout = '{BUSY_SECONDS}s'",
        "synchronous_commit = on",
        "timezone = 'UTC'",
    ):
        cursor.execute(f"set {setting}")
    cursor.close()
    connection.commit()  # type: ignore[attr-defined]
