"""Migrations: each revision is a script of plain SQL an engine, run by Alembic.

The scripts hold the whole schema, triggers included, so a store is complete whatever rooms the process
that made it had imported. ``make schema`` writes the last, unreleased revision from what the rooms
declare; a test compares what the scripts make with the declarations.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

KNOWN: Final = ("0001", "0002", "0003")  # oldest first
BEFORE_ALEMBIC: Final = KNOWN[:2]  # their stores kept no table of revisions
HEAD: Final = KNOWN[-1]
FOLDER: Final = Path(__file__).parent
BETWEEN: Final = "\n--;;\n"


def upgrade(
    connection: Connection, there: str | None, filled: Callable[[Connection], None] | None = None
) -> None:
    """Bring a schema to `HEAD` inside the caller's transaction; ``there`` is where it is, None if empty.
    ``filled`` puts the rows of a backup into an empty one, before its rules are made."""
    # Only a store that is new or old pays for the import.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER / "steps"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    if there in BEFORE_ALEMBIC:
        command.stamp(config, there)
    if filled is None:
        command.upgrade(config, HEAD)
        return
    tables, rules = split(connection.dialect.name)
    plain = connection.execution_options(no_parameters=True)
    for statement in tables:
        plain.exec_driver_sql(statement)
    filled(connection)
    for statement in rules:
        plain.exec_driver_sql(statement)
    command.stamp(config, HEAD)


def statements(revision: str, engine: str) -> list[str]:
    """The statements of a revision on an engine; none where it changes nothing there."""
    path = FOLDER / "sql" / f"{revision}.{engine}.sql"
    if not path.exists():
        return []
    return [part for part in path.read_text("utf-8").strip().split(BETWEEN.strip()) if part.strip()]


def split(engine: str) -> tuple[list[str], list[str]]:
    """The whole schema at `HEAD` in two parts: tables with their indexes, and the rules on their rows.
    Rows of a backup go in between: a rule on how an order begins refuses one that has begun."""
    memory = sqlite3.connect(":memory:")
    if engine == "sqlite":
        for revision in KNOWN:
            for statement in statements(revision, engine):
                memory.execute(statement)
        rows = memory.execute(
            "select type, sql from sqlite_master where sql is not null and name not like 'sqlite_%'"
        ).fetchall()
        memory.close()
        return [s for kind, s in rows if kind != "trigger"], [s for kind, s in rows if kind == "trigger"]
    memory.close()
    every = [statement for revision in KNOWN for statement in statements(revision, engine)]
    first = next(at for at, statement in enumerate(every) if "returns trigger" in statement)
    return every[:first], every[first:]


def run(connection: Connection, revision: str) -> None:
    """Run a revision's statements."""
    plain = connection.execution_options(no_parameters=True)  # a percent sign is a percent sign
    for statement in statements(revision, connection.dialect.name):
        plain.exec_driver_sql(statement)
