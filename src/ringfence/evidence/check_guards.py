"""Check guards: the triggers that make tables append-only are there, and say what this version's say.

Whoever owns the file or the database can drop them; what they did then, the rest of fsck finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from sqlalchemy import Connection, MetaData, create_engine, text

from ringfence.core.database import metadata
from ringfence.core.triggers import PRELUDE, SCHEMA, triggers_of
from ringfence.evidence.sealed import Problem

_SQLITE = "select name, sql from sqlite_master where type = 'trigger'"
# Enabled *always*: an ordinary trigger is silent in a session that calls itself a replica.
_POSTGRESQL = f"""
    select t.tgname, lower(pg_get_triggerdef(t.oid)) || ' ' || t.tgenabled::text, p.prosrc,
      coalesce(array_to_string(p.proconfig, ';'), '')
    from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = '{SCHEMA}'::regnamespace
    union all
    select proname, '', prosrc, coalesce(array_to_string(proconfig, ';'), '')
    from pg_proc where pronamespace = '{SCHEMA}'::regnamespace and proname = 'ringfence_record'
"""  # noqa: S608 (ours)
_BODY = re.compile(r"function (\w+)\(.* set (search_path) = (.*?) as \$\$(.*)\$\$", re.DOTALL)


def check_guards(connection: Connection) -> Iterator[Problem]:
    """What is missing or says something else."""
    if connection.dialect.name == "sqlite":
        there = {name: [sql] for name, sql in connection.execute(text(_SQLITE))}
        expected = _sqlite(metadata)
    else:
        there = {name: said for name, *said in connection.execute(text(_POSTGRESQL))}
        for said in there.values():
            said[0] = said[0].replace(f"{SCHEMA}.", "")
        expected = _postgresql(metadata)
    for name, said in expected.items():
        if name not in there:
            yield Problem(f"trigger {name}", "it is missing: rows can be changed without a refusal")
        elif there[name] != said:
            yield Problem(f"trigger {name}", "it says something else than this version's")


@cache
def _sqlite(tables: MetaData) -> dict[str, list[str]]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        tables.create_all(connection)
        found = {name: [sql] for name, sql in connection.execute(text(_SQLITE))}
    engine.dispose()
    return found


def _postgresql(tables: MetaData) -> dict[str, list[str]]:
    expected = {}
    for function, said in (
        *((one, "") for one in PRELUDE),
        *(
            (made.postgresql[0], f"{made.postgresql[1].lower()} A")
            for table in tables.sorted_tables
            for made in triggers_of(table)
            if made.postgresql
        ),
    ):
        found = _BODY.search(function)
        if found is None:
            raise ValueError(function)
        name, setting, value, body = found.groups()
        expected[name] = [said, body, f"{setting}={value}"]
    return expected
