"""The embedded database: append-only against plain SQL, whole or nothing, readers beside a writer."""

import sqlite3
import subprocess
import sys

import pytest
from sqlalchemy import Column, Index, Integer, MetaData, String, Table, UniqueConstraint, text
from sqlalchemy.exc import OperationalError

from ringfence.core import sqlite as module
from ringfence.core.database import SCHEMA_VERSION, Database, append_only
from ringfence.core.errors import StoreError
from ringfence.evidence.log import leaves
from ringfence.evidence.store import observations
from ringfence.rulebook.records import assessments, findings

proofs = MetaData()  # not among the tables of the house, which others compare with a store


def table(name, *columns, **options):
    made = Table(name, proofs, *columns, **options)
    append_only(made)
    return made


def text_key():
    return Column("id", String, primary_key=True)


def body(**options):
    return Column("body", String, **options)


# Every kind of key that SQLite's REPLACE may displace a row by.
kept = [
    table("proof_by_text", text_key(), body()),
    table("proof_by_number", Column("id", Integer, primary_key=True, autoincrement=False), body()),
    table("proof_twice", text_key(), body(unique=True)),
    table("proof_pair", text_key(), body(), Column("more", String), UniqueConstraint("body", "more")),
    table("proof_index", text_key(), body(), Index("proof_index_body", "body", unique=True)),
    table("proof_no_rowid", text_key(), body(), sqlite_with_rowid=False),
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.sqlite"


@pytest.fixture
def database(path):
    made = Database(path)
    with made.begin() as connection:
        proofs.create_all(connection)
    yield made
    made.close()


@pytest.fixture
def stranger(database, path):
    """Another client of the file, with SQLite's own defaults: nothing that our pragmas would add."""
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


def rows(stranger, name):
    return stranger.execute(f"select * from {name}").fetchall()


@pytest.mark.parametrize("name", [one.name for one in kept])
@pytest.mark.parametrize(
    "attack",
    [
        "update {t} set body = 'changed'",
        "update or replace {t} set body = 'changed'",
        "update or ignore {t} set body = 'changed'",
        "delete from {t}",
        "replace into {t} (id, body) values ({same}, 'changed')",
        "insert or replace into {t} (id, body) values ({same}, 'changed')",
        "insert into {t} (id, body) values ({same}, 'x') on conflict do update set body = 'changed'",
        "insert into {t} (id, body) values ({same}, 'x') on conflict (id) do update set body = 'changed'",
    ],
)
def test_a_row_is_never_changed_deleted_or_replaced(stranger, name, attack):
    same = "1" if name == "proof_by_number" else "'a'"
    stranger.execute(f"insert into {name} (id, body) values ({same}, 'truth')")
    before = rows(stranger, name)
    with pytest.raises(sqlite3.IntegrityError, match=name):
        stranger.execute(attack.format(t=name, same=same))
    assert rows(stranger, name) == before


@pytest.mark.parametrize(
    "name", [one.name for one in kept if one.name not in ("proof_by_number", "proof_no_rowid")]
)
@pytest.mark.parametrize("alias", ["rowid", "oid", "_rowid_"])
def test_a_row_is_not_displaced_through_its_hidden_number(stranger, name, alias):
    stranger.execute(f"insert into {name} (id, body) values ('a', 'truth')")
    before = rows(stranger, name)
    with pytest.raises(sqlite3.IntegrityError):
        stranger.execute(f"replace into {name} ({alias}, id, body) select {alias}, 'b', 'other' from {name}")
    assert rows(stranger, name) == before


@pytest.mark.parametrize("name", ["proof_twice", "proof_pair", "proof_index"])
def test_a_row_is_not_displaced_through_its_second_key(stranger, name):
    more = ", more" if name == "proof_pair" else ""
    value = ", 'm'" if more else ""
    stranger.execute(f"insert into {name} (id, body{more}) values ('a', 'truth'{value})")
    before = rows(stranger, name)
    with pytest.raises(sqlite3.IntegrityError):
        stranger.execute(f"replace into {name} (id, body{more}) values ('b', 'truth'{value})")
    assert rows(stranger, name) == before


@pytest.mark.parametrize("name", [one.name for one in kept])
def test_new_rows_are_always_welcome(stranger, name):
    for key in range(3):
        stranger.execute(f"insert into {name} (id, body) values ({key + 1}, 'body {key}')")
    assert len(rows(stranger, name)) == 3


@pytest.mark.parametrize("one", [leaves, observations, findings, assessments], ids=lambda one: one.name)
def test_what_was_seen_and_found_is_append_only_in_the_real_schema(stranger, one):
    known = {name for (name,) in stranger.execute("select name from sqlite_master where type = 'trigger'")}
    assert {f"{one.name}_no_{verb}" for verb in ("update", "delete", "replace")} <= known
    columns = [column.name for column in one.columns]
    values = ",".join("0" if name == "idx" else "1" for name in columns)  # the first leaf is number 0
    stranger.execute(f"insert into {one.name} ({','.join(columns)}) values ({values})")
    ((row,),) = stranger.execute(f"select rowid from {one.name}").fetchall()
    before = rows(stranger, one.name)
    columns = [name for name in columns if name != "idx"]  # it *is* the row number
    with pytest.raises(sqlite3.IntegrityError):
        stranger.execute(
            f"replace into {one.name} (rowid, {','.join(columns)}) values ({row}{', 2' * len(columns)})"
        )
    assert rows(stranger, one.name) == before


def test_two_processes_may_make_the_same_store_at_once(path):
    code = (
        "import sys; from pathlib import Path; from ringfence.evidence.store import Database;"
        "Database(Path(sys.argv[1])).close()"
    )
    racing = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stderr=subprocess.PIPE) for _ in range(4)
    ]
    said = [one.communicate()[1] for one in racing]
    assert [one.returncode for one in racing] == [0, 0, 0, 0], said


def test_another_process_that_holds_the_store_too_long_is_named_as_the_reason(database, path, monkeypatch):
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("begin immediate")
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.1)
    try:
        with pytest.raises(StoreError, match="another process") as refusal, Database(path).begin():
            pass
        assert refusal.value.hint
    finally:
        holder.close()


@pytest.mark.parametrize(
    "content", [b"this is no database at all, but a letter\n" * 50, b"SQLite format 3\0" + b"x" * 4096]
)
def test_a_file_that_is_no_database_is_named_and_left_as_it_is(path, content):
    path.write_bytes(content)
    with pytest.raises(StoreError) as refusal:
        Database(path)
    assert str(path) in refusal.value.message and refusal.value.hint
    assert path.read_bytes() == content


def test_a_store_of_another_version_is_refused_and_left_as_it_is(path):
    Database(path).close()
    other = sqlite3.connect(path)
    other.execute(f"pragma user_version = {SCHEMA_VERSION + 1}")
    other.close()
    with pytest.raises(StoreError, match=f"version {SCHEMA_VERSION + 1}"):
        Database(path)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(StoreError) as refusal:
        Database(tmp_path / "nowhere" / "store.sqlite")
    assert refusal.value.hint


def test_every_commit_is_on_the_disk_before_it_is_acknowledged(database):
    with database.begin() as connection:
        assert connection.execute(text("pragma synchronous")).scalar_one() == 2  # FULL
        assert connection.execute(text("pragma journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("pragma foreign_keys")).scalar_one() == 1


def test_errors_that_are_our_own_are_not_dressed_up(database):
    with pytest.raises((StoreError, OperationalError)), database.begin() as connection:
        connection.execute(text("select * from no_such_table"))
