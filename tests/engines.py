"""Both engines for tests: an SQLite file of their own, or a database of a real PostgreSQL 15."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from debian import require
from ringfence.core.database import Database

TEMPLATE = "ringfence_head"
BINARIES = Path("/usr/lib/postgresql/15/bin")


class Server:
    """PostgreSQL on loopback, in a folder of its own, under the user `postgres` when we are root. It sorts
    by a language's rules, not by code points: what depends on the order must say so itself."""

    def __init__(self, *, durable: bool = False) -> None:
        self.binaries = Path(require("postgresql-15", str(BINARIES / "postgres"))).parent
        self.user = "postgres" if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="ringfence-postgresql-"))
        if self.user:
            shutil.chown(self.folder, self.user)
        self.durable = durable
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._run("initdb", "-D", str(self.folder / "data"), "-A", "trust", "-U", "owner", "-E", "UTF8",
                  "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--no-sync")  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None
        self._number = 0
        self.start()
        Database(self.create(TEMPLATE, template="template1")).close()

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = {"unix_socket_directories": str(self.folder), "listen_addresses": "127.0.0.1",
                    "max_connections": "100", "autovacuum": "off", "shared_buffers": "32MB",
                    "fsync": "on" if self.durable else "off"}  # fmt: skip
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.folder / "data", "-p", str(self.port), *options],
                stdout=log, stderr=log, user=self.user, cwd="/", start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.plain("postgres")).close()
                return
            time.sleep(0.05)
        pytest.fail("PostgreSQL does not answer: " + (self.folder / "log").read_text()[-2000:])

    def stop(self, how: int = signal.SIGINT) -> None:
        """Stop; with SIGKILL it and all its children at once, as in a crash."""
        if self.process is not None:
            if how == signal.SIGKILL:
                self._kill_children()
            self.process.send_signal(how)
            self.process.wait()
            self.process = None

    def _kill_children(self) -> None:
        # Each has a session of its own, so there is no group to kill. Stopped, the parent starts no new one.
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)

    def close(self) -> None:
        """Stop and forget."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def create(self, name: str | None = None, template: str = TEMPLATE) -> str:
        """A new database at the present schema; its address."""
        self._number += 1
        name = name or f"test{self._number}"
        self.run(f"create database {name} template {template}")
        return self.address(name)

    def drop(self, address: str) -> None:
        """Remove a database, whoever still uses it."""
        self.run(f"drop database if exists {address.rsplit('/', 1)[1]} with (force)")

    def run(self, sql: str) -> None:
        """One statement outside any database of a test."""
        with psycopg.connect(self.plain("postgres"), autocommit=True) as connection:
            connection.execute(sql)

    def address(self, name: str, user: str = "owner") -> str:
        """The address as RINGFENCE_DATABASE takes it."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{name}"

    def plain(self, name: str) -> str:
        """The address as any client takes it."""
        return f"postgresql://owner@127.0.0.1:{self.port}/{name}"

    def _run(self, command: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.binaries / command, *arguments], user=self.user, cwd="/", capture_output=True, text=True,
            check=False, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        if done.returncode:
            pytest.fail(f"{command}: {done.stderr[-2000:]}")


class Refused(Exception):  # noqa: N818 (what happened, not what went wrong)
    """The database refused a statement by a rule of ours or a constraint."""


class Raw:
    """Somebody with the database and plain SQL, none of our settings: on SQLite foreign keys are off and
    check constraints switched off; on PostgreSQL it is the owner's session. Each statement commits."""

    def __init__(self, place: Path | str) -> None:
        self.kind = "sqlite" if isinstance(place, Path) else "postgresql"
        self._connection: Any
        if isinstance(place, Path):
            self._connection = sqlite3.connect(place, isolation_level=None)
            assert self._connection.execute("pragma foreign_keys").fetchone() == (0,)
            self._connection.execute("pragma ignore_check_constraints = on")
        else:
            self._connection = psycopg.connect(place.replace("+psycopg", ""), autocommit=True)

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a statement; its rows. Raises `Refused` where a rule or a constraint stands against it, and
        whatever the driver raises for a mistake in the statement."""
        try:
            cursor = self._connection.execute(sql)
        except (sqlite3.IntegrityError, psycopg.IntegrityError) as error:
            raise Refused(str(error)) from error
        return cursor.fetchall() if cursor.description else []

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """Everything in a table."""
        return sorted(self.execute(f"select * from {table}"), key=repr)

    def triggers(self) -> set[str]:
        """The names of all triggers."""
        asked = {
            "sqlite": "select name from sqlite_master where type = 'trigger'",
            "postgresql": "select tgname from pg_trigger where not tgisinternal and tgenabled = 'A'",
        }
        return {name for (name,) in self.execute(asked[self.kind])}

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Raw:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextlib.contextmanager
def server() -> Iterator[Server]:
    made = Server()
    try:
        yield made
    finally:
        made.close()
