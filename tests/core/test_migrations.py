"""Migrations: an old store comes up to date with all it held; what the scripts make is what is declared."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from engines import Raw, Refused
from ringfence.core import migrations
from ringfence.core.database import Database
from ringfence.core.errors import StoreError
from ringfence.core.migrations.write import plain

OLD = Path(__file__).parents[1] / "assets" / "stores"

# In a process of its own: other tests declare tables besides.
DECLARED = """
import json, sys
from ringfence.interfaces import schema
from ringfence.core.schema import written
print(json.dumps(written(schema.metadata, sys.argv[1])))
"""


@pytest.fixture(params=[1, 2])
def old(request, tmp_path):
    """A store as it was written at an older schema."""
    path = tmp_path / "old.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript((OLD / f"schema-{request.param}.sql").read_text("utf-8"))
    connection.close()
    return path


def contents(path):
    """Every row of every table."""
    connection = sqlite3.connect(path)
    names = [
        name
        for (name,) in connection.execute(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name"
        )
    ]
    held = {}
    for name in names:
        cursor = connection.execute(f"select * from {name}")
        columns = [column[0] for column in cursor.description]
        held[name] = sorted((dict(zip(columns, row, strict=True)) for row in cursor), key=repr)
    connection.close()
    return held


def objects(path):
    connection = sqlite3.connect(path)
    found = connection.execute(
        "select type || ' ' || name, sql from sqlite_master where sql is not null "
        "and name not like 'sqlite_%' and name <> 'alembic_version'"
    ).fetchall()
    connection.close()
    return {name: plain(sql) for name, sql in found}


def declared(engine):
    done = subprocess.run([sys.executable, "-c", DECLARED, engine], capture_output=True, check=True)
    return json.loads(done.stdout)


def test_an_old_store_keeps_every_row_and_gains_todays_rules(old):
    before = contents(old)
    assert len(before["orders"]) == 3 and len(before["leaves"]) >= 38  # it holds something
    Database(old).close()
    after = contents(old)
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]] if rows else after[table]
        assert sorted(kept, key=repr) == sorted(rows, key=repr), table
    with Raw(old) as raw, pytest.raises(Refused, match="append-only"):
        raw.execute("update leaves set id = 'x'")


def test_an_old_store_upgraded_is_a_new_store(old, tmp_path):
    Database(old).close()
    Database(tmp_path / "new.sqlite").close()
    assert objects(old) == objects(tmp_path / "new.sqlite")


def test_an_upgrade_that_is_cut_leaves_the_old_store(old, monkeypatch):
    before = contents(old), objects(old)
    real = migrations.statements
    monkeypatch.setattr(migrations, "statements", lambda *a: [*real(*a)[:-1], "select broken"])
    with pytest.raises(StoreError):
        Database(old)
    assert (contents(old), objects(old)) == before
    monkeypatch.undo()
    Database(old).close()


def test_the_release_before_refuses_an_upgraded_store(old):
    Database(old).close()
    assert sqlite3.connect(old).execute("pragma user_version").fetchone() == (3,)


def test_what_the_scripts_make_is_what_the_rooms_declare_on_sqlite(tmp_path):
    Database(tmp_path / "new.sqlite").close()
    wanted = {name: plain("".join(made)) for name, made in declared("sqlite").items()}
    assert objects(tmp_path / "new.sqlite") == wanted, "run make schema"


CATALOGUE = {
    "columns": """select table_name, column_name, data_type, is_nullable, collation_name,
        regexp_replace(column_default, '::\\w+$', '') from information_schema.columns
        where table_schema = 'public' and table_name <> 'alembic_version'""",
    "constraints": """select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'public'::regnamespace and conrelid::regclass::text <> 'alembic_version'""",
    "indexes": """select indexname, indexdef from pg_indexes
        where schemaname = 'public' and tablename <> 'alembic_version'""",
    "triggers": "select tgname, tgenabled, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal",
    "functions": """select proname, pg_get_functiondef(oid) from pg_proc
        where pronamespace = 'public'::regnamespace""",
}


def catalogue(server, address):
    with psycopg.connect(server.plain(address.rsplit("/", 1)[1])) as connection:
        return {name: set(connection.execute(query).fetchall()) for name, query in CATALOGUE.items()}


def test_what_the_scripts_make_is_what_the_rooms_declare_on_postgresql(postgresql):
    migrated, made = postgresql.create(), postgresql.create(template="template1")
    with psycopg.connect(postgresql.plain(made.rsplit("/", 1)[1])) as connection:
        for statements in declared("postgresql").values():
            for statement in statements:
                connection.execute(statement)
    assert catalogue(postgresql, migrated) == catalogue(postgresql, made), "run make schema"
    assert len(catalogue(postgresql, made)["triggers"]) > 50


def test_two_processes_may_make_the_same_schema_at_once(postgresql):
    address = postgresql.create(template="template1")
    code = "import sys; from ringfence.core.database import Database; Database(sys.argv[1]).close()"
    racing = [
        subprocess.Popen([sys.executable, "-c", code, address], stderr=subprocess.PIPE) for _ in range(3)
    ]
    told = [one.communicate()[1] for one in racing]
    assert [one.returncode for one in racing] == [0, 0, 0], told


def test_somebody_elses_database_is_refused_and_left_alone(postgresql):
    address = postgresql.create(template="template1")
    with Raw(address) as raw:
        raw.execute("create table theirs (x int)")
        with pytest.raises(StoreError, match="none of Ringfence's"):
            Database(address)
        assert raw.execute("select tablename from pg_tables where schemaname = 'public'") == [("theirs",)]


def test_a_store_of_a_newer_release_is_refused(place):
    made = Database(place)
    with made.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    made.close()
    with pytest.raises(StoreError, match="newer"):
        Database(place)
