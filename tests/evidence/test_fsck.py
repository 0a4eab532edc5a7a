"""Fsck: a whole store has no problem; whatever one thing is changed in it, there is one."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

import ringfence.evidence.fsck as module
from engines import Raw
from evidence import mutate
from evidence.mutate import Bench
from ringfence.core.database import metadata
from ringfence.evidence import check_rows, check_walk
from ringfence.evidence.backup import backup, restore
from ringfence.evidence.fsck import Fsck, fsck
from ringfence.evidence.sealed import TABLES
from ringfence.evidence.store import Store
from ringfence.interfaces.cli.common import opened, rooms_declared

ROOT = Path(__file__).parents[2]


def look(folder: Path) -> Fsck:
    rooms_declared()
    with opened(folder) as house:
        return fsck(house)


def owner(folder: Path, *statements: str) -> None:
    """Plain SQL by whoever owns the file: the guards are taken away, and put back."""
    connection = sqlite3.connect(folder / "ringfence.sqlite")
    guards = connection.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"drop trigger {name}")
    for statement in statements:
        assert connection.execute(statement).rowcount, statement
    for _, sql in guards:
        connection.execute(sql)
    connection.commit()
    connection.close()


def wheres(folder: Path) -> str:
    return "\n".join(problem.where for problem in look(folder).problems)


def test_a_whole_store_has_no_problem(house):
    found = look(house)
    assert found.problems == ()
    assert found.entries >= 300 and found.rows >= 300 and found.blobs >= 28


def test_it_changes_nothing(house, everything):
    look(house)
    for path in everything.rglob("*"):
        if path.is_file() and path.suffix != ".lock":
            assert (house / path.relative_to(everything)).read_bytes() == path.read_bytes(), path


@pytest.fixture(params=["looked up", "walked"])
def way(request, monkeypatch):
    """Both ways in which fsck compares rows and leaves; large tables are walked."""
    if request.param == "walked":
        monkeypatch.setattr(check_walk, "FEW", 0)
        monkeypatch.setattr(check_walk, "PAGE", 7)


# Other words that a check constraint lets pass.
WORDS = {
    ("orders", "state"): "'expired'",
    ("orders", "policy"): "'redirect'",
    ("approvals", "act"): "'withdraw'",
    ("notices", "timing"): "'before'",
    ("notice_deliveries", "fate"): "'failed'",
    ("appeal_rulings", "outcome"): "'partly'",
}


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    "table",
    [
        "orders", "approvals", "case_events", "findings", "observations", "artefacts", "checks", "notices",
        "notice_deliveries", "notice_deferrals", "appeals", "appeal_rulings", "redactions",
        "retention_orders",
    ],
)  # fmt: skip
def test_every_column_of_a_table_is_covered(house, table):
    columns = [column.name for column in metadata.tables[table].columns]
    connection = sqlite3.connect(house / "ringfence.sqlite")
    missed = []
    for column in columns:
        shutil.copy(house / "ringfence.sqlite", house / "kept")
        key = connection.execute(f"select id from {table} order by id limit 1").fetchone()[0]
        kind = connection.execute(f"select typeof({column}) from {table} where id = ?", (key,)).fetchone()[0]
        longer = f"{column} || 'x'"
        others = {"integer": f"{column} + 1000", "null": "'2018'", "blob": f"cast({longer} as blob)"}
        value = others.get(kind, longer)
        value = WORDS.get((table, column), value)
        owner(house, f"update {table} set {column} = {value} where id = '{key}'")
        problems = look(house).problems
        if not any(table in problem.where or key in problem.where for problem in problems):
            missed.append(column)
        shutil.move(house / "kept", house / "ringfence.sqlite")
    connection.close()
    assert missed == []


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("delete from approvals where id = (select min(id) from approvals)", "approval approval:"),
        ("delete from observations where rowid = 5", "evidence observation:"),
        ("delete from leaves where idx = (select max(idx) from leaves)", "observations observation:"),
        ("delete from leaves where idx = 3", "leaf 4"),
        ("update leaves set kind = 'event' where idx = 40", "leaf 40"),
        (
            "insert into leaves (id, kind, digest, time, entry, hash) "
            "select id, kind, digest, time, entry, hash from leaves where idx = 40",
            "leaf 3",
        ),
        ("delete from checkpoints where number = 2", "checkpoints"),
        ("delete from cosignatures", "cosignatures"),
        ("delete from timestamps", "timestamps"),
        ("update checkpoints set size = 9 where number = 1", "checkpoint 1"),
        ("update cosignatures set checkpoint = 2", "cosignature 1"),
        ("update timestamps set checkpoint = 2", "timestamp 1"),
        ("update log_keys set vkey = vkey || ' ' where number = 2", "log_keys 2"),
        ("update log_tallies set count = count + 1 where what = 'checkpoints'", "checkpoints"),
        ("update people set name = 'Somebody' where id = 'wang'", "people wang.name"),
        ("update roles set since = '2000' where person = 'wang'", ".since"),
        ("update cases set subject = 'site:bank.example' where id = (select min(id) from cases)", ".subject"),
        ("delete from artefact_orders", "artefact_orders"),
        ("insert into artefact_orders select id, 'RF-0' from artefacts limit 1", "artefact_orders"),
        ("update checks set met = 2", "checks check:"),
        ("update case_events set seq = seq + 100 where seq > 2", "case_events event:"),
        ("update case_events set seq = -seq", "case_events event:"),
    ],
)
def test_what_is_taken_away_or_changed_is_named(house, statement, where):
    owner(house, statement)
    assert where in wheres(house)


@pytest.mark.usefixtures("way")
def test_a_later_leaf_of_a_record_is_the_one_that_counts(house):
    owner(
        house,
        "insert into leaves select (select max(idx) + 1 from leaves), id, kind, 'sha256:0', time, entry, "
        "hash from leaves where kind = 'finding' and id in (select id from findings) limit 1",
    )
    assert "findings finding:" in wheres(house)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("name", ["sha26:0a", "7"])
def test_a_capture_that_is_no_digest_is_a_problem_and_no_crash(house, name):
    owner(
        house,
        "update observations set record = cast(replace(cast(record as text), capture, "
        f"'{name}') as blob), capture = '{name}' where rowid = 5",
    )
    assert "observations observation:" in wheres(house)


def test_rows_in_another_order_than_their_leaves_are_no_problem(house, monkeypatch):
    """As in a store whose writers did not seal in the order of their rows: slower, and as right."""
    owner(house, "update observations set rowid = 1000000 - rowid")
    for ahead in (10, 10_000):
        monkeypatch.setattr(check_walk, "FEW", 0)
        monkeypatch.setattr(check_walk, "PAGE", 7)
        monkeypatch.setattr(check_walk, "AHEAD", ahead)
        assert look(house).problems == ()


def test_large_tables_are_walked_and_not_looked_up(house, monkeypatch):
    monkeypatch.setattr(check_walk, "FEW", 50)
    monkeypatch.setattr(
        check_rows, "_pages", lambda _, one: pytest.fail() if one.name == "observations" else []
    )
    assert not [problem for problem in look(house).problems if problem.where.startswith("observations")]


def test_an_order_put_in_beside_the_log_is_seen(house):
    owner(
        house,
        "create table forged as select * from orders limit 1",
        "update forged set id = 'RF-0000-0000-0000', record = "
        "cast(replace(cast(record as text), id, 'RF-0000-0000-0000') as blob)",
        "insert into orders select * from forged",
    )
    assert "this row has no leaf" in [
        problem.what.replace(" in the log", "")
        for problem in look(house).problems
        if problem.where == "orders RF-0000-0000-0000"
    ]


def test_a_guard_that_was_dropped_is_seen(house):
    connection = sqlite3.connect(house / "ringfence.sqlite")
    connection.execute("drop trigger orders_four_eyes")
    connection.commit()
    connection.close()
    assert wheres(house) == "trigger orders_four_eyes"


def test_a_tile_too_many_and_a_stray_file_are_seen(house):
    for name in ("tile/0/009.p/3", "tile/0/note.txt"):
        (house / "log" / name).parent.mkdir(parents=True, exist_ok=True)
        (house / "log" / name).write_bytes(bytes(96))
        assert name in wheres(house)
        (house / "log" / name).unlink()
    assert wheres(house) == ""


def test_a_key_that_others_may_read_is_seen(house):
    (house / "log.key").chmod(0o644)
    assert wheres(house) == "log.key"


def test_a_database_in_pieces_is_a_problem_and_no_crash(house):
    path = house / "ringfence.sqlite"
    data = bytearray(path.read_bytes())
    data[4096 * 3 :: 97] = bytes(len(data[4096 * 3 :: 97]))
    with opened(house) as there:
        path.write_bytes(data)
        assert fsck(there).problems


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("seed", range(2))
def test_any_single_change_is_found(everything, tmp_path, seed):
    """A sample: the ten thousand are in `make bench-log`."""
    draw = random.Random(seed)
    bench = Bench(everything, tmp_path / "s")
    missed = []
    for _ in range(40):
        done = mutate.store(bench.place, draw)
        if not look(bench.place).problems:
            missed.append(done)
        bench.restore()
    assert missed == []
    assert look(bench.place).problems == ()


@pytest.fixture
def shared(house, tmp_path, postgresql):
    """The same store on PostgreSQL: its folder, and the address of its database."""
    with opened(house) as there:
        backup(there, tmp_path / "backup")
    address = postgresql.create(template="template1")
    restore(tmp_path / "backup", tmp_path / "shared", address)
    yield tmp_path / "shared", address
    postgresql.drop(address)


def look_shared(shared):
    house = Store(*shared)
    try:
        return fsck(house)
    finally:
        house.close()


def test_a_whole_store_on_postgresql_has_no_problem_in_one_process_or_two(shared, house, monkeypatch):
    found = look_shared(shared)
    assert found == look(house) and found.problems == ()
    monkeypatch.setattr(module, "MANY", 1)
    assert look_shared(shared) == found


@pytest.mark.usefixtures("way")
def test_any_single_change_on_postgresql_is_found(shared, postgresql):
    folder, address = shared
    draw = random.Random(1)
    missed = []
    for _ in range(20):
        changed = postgresql.create(template=address.rsplit("/", 1)[1])
        done = mutate.postgresql(changed.replace("+psycopg", ""), draw)
        if not look_shared((folder, changed)).problems:
            missed.append(done)
        postgresql.drop(changed)
    assert missed == []


@pytest.mark.usefixtures("way")
def test_an_order_of_rows_that_is_not_the_one_of_the_leaves_is_seen_on_postgresql(shared):
    with Raw(shared[1]) as stranger:
        stranger.execute("alter table case_events disable trigger user")
        stranger.execute("update case_events set seq = -seq where seq = 3")
    assert any(".seq" in problem.where for problem in look_shared(shared).problems)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("drop trigger orders_four_eyes on orders", "missing"),
        ("alter table leaves disable trigger leaves_no_update", "something else"),
        ("alter table leaves enable trigger leaves_no_update", "something else"),
        (
            "create or replace function leaves_no_delete() returns trigger language plpgsql "
            "set search_path = public, pg_temp as $$ begin return old; end $$",
            "something else",
        ),
        ("alter function leaves_no_delete() set search_path = pg_temp, public", "something else"),
    ],
)
def test_a_guard_that_was_dropped_or_changed_on_postgresql_is_seen(shared, statement, what):
    with Raw(shared[1]) as stranger:
        stranger.execute(statement)
    (problem,) = look_shared(shared).problems
    assert problem.where.startswith("trigger ") and what in problem.what


def test_two_processes_find_what_one_finds(house, monkeypatch):
    owner(house, "update findings set state = 'unclear'", "delete from leaves where idx = 3")
    alone = look(house)
    monkeypatch.setattr(module, "MANY", 1)
    assert look(house) == alone
    assert len(alone.problems) > 5


def test_every_table_with_records_is_stated():
    """A table whose rows are sealed, and which fsck does not know, would hide from it."""
    # What the register said is not sealed: an order rests on snapshots of it that are blobs.
    free = {"subjects", "subject_versions"}
    holding = {name for name, table in metadata.tables.items() if "record" in table.columns}
    assert holding - free == TABLES.keys()


@pytest.mark.parametrize("schema", [1, 2])
def test_a_store_brought_up_to_date_has_no_problem(tmp_path, schema):
    """Columns that an older schema had not say what its sealed records say."""
    dump = Path(__file__).parents[1] / "assets" / "stores" / f"schema-{schema}.sql"
    folder = tmp_path / "old"
    folder.mkdir()
    connection = sqlite3.connect(folder / "ringfence.sqlite")
    connection.executescript(dump.read_text("utf-8"))
    connection.close()
    problems = look(folder).problems
    assert [one for one in problems if not one.where.startswith("blob ")] == []  # a dump holds no blobs
