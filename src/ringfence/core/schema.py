"""The schema as the rooms declare it, written out for one engine: what a migration is made from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Constraint, Dialect, Integer, MetaData, String, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.util import set_creation_order

from ringfence.core.triggers import PRELUDE, triggers_of

metadata = MetaData()

# A serial of 32 unsigned bits, or milliseconds, is more than PostgreSQL's integer holds.
Wide: Integer = Integer().with_variant(BigInteger(), "postgresql")

ENGINES = ("sqlite", "postgresql")


def written(declared: MetaData, engine: str) -> dict[str, tuple[str, ...]]:
    """Every object of the schema by kind and name (``table orders``, ``index …``, ``trigger …``) with the
    statements that create it, in an order in which they can be run."""
    dialects: dict[str, Any] = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}
    dialect: Dialect = dialects[engine]()
    objects: dict[str, tuple[str, ...]] = {}
    if engine == "postgresql":
        objects["function ringfence_record"] = PRELUDE
    for table in declared.sorted_tables:
        shown = table if engine == "sqlite" else _in_c(table)
        objects[f"table {table.name}"] = (str(CreateTable(shown).compile(dialect=dialect)).strip(),)
        for index in sorted(shown.indexes, key=lambda index: str(index.name)):
            objects[f"index {index.name}"] = (str(CreateIndex(index).compile(dialect=dialect)).strip(),)
    for table in declared.sorted_tables:
        for made in triggers_of(table):
            if made.statements(engine):
                objects[f"trigger {made.name}"] = made.statements(engine)
    return objects


def _in_c(table: Table) -> Table:
    """The table with its texts ordered by code point, as SQLite orders them, whatever the database's
    own collation: ids, stamps and pages of results come in one order on both engines."""
    copies = MetaData()
    for other in table.metadata.sorted_tables:
        other.to_metadata(copies)
    copy = copies.tables[table.name]
    for column in copy.columns:
        _order_by_code_point(column)
    # Copied in the order of a set: the same declaration must give the same text each time.
    for constraint in sorted(copy.constraints, key=_shown):
        set_creation_order(constraint)
    return copy


def _shown(constraint: Constraint) -> str:
    said = getattr(constraint, "sqltext", None)
    columns = [column.name for column in getattr(constraint, "columns", ())]
    return f"{type(constraint).__name__} {columns} {said}"


def _order_by_code_point(column: Column[Any]) -> None:
    if isinstance(column.type, String):
        column.type = type(column.type)(length=column.type.length, collation="C")
