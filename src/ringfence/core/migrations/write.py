"""Write the scripts of the last revision: from the revision before it to what the rooms declare."""

from __future__ import annotations

import re
import sqlite3

from sqlalchemy import MetaData

from ringfence.core.migrations import BETWEEN, FOLDER, HEAD, KNOWN, statements
from ringfence.core.schema import ENGINES, written

_CREATES = re.compile(r'create\s+(?:unique\s+)?(table|index|trigger)\s+"?(\w+)"?', re.IGNORECASE)


def write(declared: MetaData) -> None:
    """Write ``sql/HEAD.ENGINE.sql``. A released revision is never written again: add one to `KNOWN`
    first. From the second PostgreSQL revision on, its tables are altered by hand."""
    for engine in ENGINES:
        script = _changes(_before(engine), written(declared, engine), declared) if engine == "sqlite" else [
            statement for made in written(declared, engine).values() for statement in made
        ]  # fmt: skip
        (FOLDER / "sql" / f"{HEAD}.{engine}.sql").write_text(BETWEEN.join(script) + "\n", "utf-8")


def _before(engine: str) -> dict[str, str]:
    """The objects that the revisions before the last leave behind, by kind and name. Each was made by a
    script, so running the scripts in memory tells."""
    memory = sqlite3.connect(":memory:")
    for revision in KNOWN[:-1]:
        for statement in statements(revision, engine):
            memory.execute(statement)
    rows = memory.execute(
        "select type, name, sql from sqlite_master where sql is not null and name not like 'sqlite_%'"
    ).fetchall()
    memory.close()
    return {f"{kind} {name}": sql for kind, name, sql in rows}


def _changes(before: dict[str, str], after: dict[str, tuple[str, ...]], declared: MetaData) -> list[str]:
    """The statements that lead from one schema to the other on SQLite, which alters no table in place: one
    that changed is made anew, its rows carried over, and every trigger is made again after that. What a
    new column says of an old row stands in its ``info`` as ``carried``, an SQL expression."""
    wanted = {name: "".join(made) for name, made in after.items()}
    script = [f"drop trigger {name.split()[1]}" for name in before if name.startswith("trigger ")]
    for name, sql in wanted.items():
        kind, short = name.split()
        if kind != "table" or same(before.get(name, ""), sql):
            continue
        if name not in before:
            script.append(sql)
            continue
        common = [column for column in _columns(before[name]) if column in _columns(sql)]
        said = {name: name for name in common}
        said |= {
            column.name: column.info["carried"]
            for column in declared.tables[short].columns
            if column.name not in said and "carried" in column.info
        }
        script += [
            "pragma defer_foreign_keys = on",
            _CREATES.sub(f"create table {short}_new", sql, count=1),
            f"insert into {short}_new ({', '.join(said)}) select {', '.join(said.values())} "  # noqa: S608
            f"from {short}",
            f"drop table {short}",
            f"alter table {short}_new rename to {short}",
        ]
    rebuilt = {line.split()[-1] for line in script if line.startswith("alter table")}
    for name, sql in wanted.items():
        if name.startswith("index ") and (name not in before or _table_of(sql) in rebuilt):
            script.append(sql)
    script += [
        f"drop {name.replace(' ', ' if exists ', 1)}"
        for name in before
        if name not in wanted and not name.startswith("trigger ")
    ]
    return script + [sql for name, sql in wanted.items() if name.startswith("trigger ")]


def same(one: str, other: str) -> bool:
    """Whether two statements say the same, white space and quotes aside."""
    return plain(one) == plain(other)


def plain(sql: str) -> str:
    """A statement without what does not matter."""
    return re.sub(r"\s+", " ", sql.replace('"', "")).strip().lower()


def _columns(table: str) -> list[str]:
    memory = sqlite3.connect(":memory:")
    memory.execute(table)
    name = _CREATES.match(table)
    rows = memory.execute(f"pragma table_info({name.group(2) if name else ''})").fetchall()
    memory.close()
    return [row[1] for row in rows]


def _table_of(index: str) -> str:
    found = re.search(r"\bon\s+(\w+)", index, re.IGNORECASE)
    return found.group(1) if found else ""
