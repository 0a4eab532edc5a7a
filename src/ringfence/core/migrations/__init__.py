"""Migrations: each revision is a script of plain SQL an engine, run by Alembic.

The scripts hold the whole schema, triggers included, so a store is complete whatever rooms the process
that made it had imported. ``make schema`` writes the last, unreleased revision from what the rooms
declare; a test compares what the scripts make with the declarations.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection

KNOWN: Final = ("0001", "0002")  # oldest first
HEAD: Final = KNOWN[-1]
FOLDER: Final = Path(__file__).parent
BETWEEN: Final = "\n--;;\n"


def upgrade(connection: Connection, there: str | None) -> None:
    """Bring a schema to `HEAD` inside the caller's transaction; ``there`` is where it is, None if empty."""
    # Only a store that is new or old pays for the import.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    if there == "0001":
        command.stamp(config, "0001")  # its releases kept no table of revisions
    command.upgrade(config, HEAD)


def statements(revision: str, engine: str) -> list[str]:
    """The statements of a revision on an engine; none where it changes nothing there."""
    path = FOLDER / "sql" / f"{revision}.{engine}.sql"
    if not path.exists():
        return []
    return [part for part in path.read_text("utf-8").strip().split(BETWEEN.strip()) if part.strip()]


def run(connection: Connection, revision: str) -> None:
    """Run a revision's statements."""
    plain = connection.execution_options(no_parameters=True)  # a percent sign is a percent sign
    for statement in statements(revision, connection.dialect.name):
        plain.exec_driver_sql(statement)
