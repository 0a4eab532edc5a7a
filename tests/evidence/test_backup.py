"""Backup and restore: everything comes back, to either engine, or a damaged backup is refused."""

import os
import sqlite3
import threading

import pytest
from sqlalchemy import text

from crash import Crash
from engines import Raw, Refused
from ringfence.core.errors import InputError, StoreError
from ringfence.evidence import log
from ringfence.evidence.backup import backup, restore, verify
from ringfence.evidence.store import Store


@pytest.fixture
def house(tmp_path, place):
    """A store in which a killed writer had done something of everything."""
    made = Crash(tmp_path / "house", place if isinstance(place, str) else None, seed=3)
    while {"observation", "order", "approval", "artefact"} - set(made.seen):
        assert made.round(longest=0.5) == []
    house = made.open()
    yield house
    house.close()


def tables(store):
    """Every row of every table, as one engine or the other would say it."""
    asked = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
    if store.database.kind == "postgresql":
        asked = "select tablename from pg_tables where schemaname = 'public'"
    with store.database.read() as connection:
        return {
            name: sorted(
                (
                    tuple(bytes(cell) if isinstance(cell, (bytes, memoryview)) else cell for cell in row)
                    for row in connection.execute(text(f"select * from {name}"))
                ),
                key=repr,
            )
            for name in connection.execute(text(asked)).scalars().all()
        }


def blobs(store):
    every = [path for path in store.blobs.root.rglob("*") if path.is_file()]
    return {path.name: path.read_bytes() for path in every if path.name[0] != "."}  # no half-written one


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_everything_comes_back_on_either_engine(house, tmp_path, postgresql, to):
    made = backup(house, tmp_path / "backup")
    address = postgresql.create(template="template1") if to == "postgresql" else None
    assert restore(tmp_path / "backup", tmp_path / "again", address) == made == verify(tmp_path / "backup")
    again = Store(tmp_path / "again", address)
    assert {name: [tuple(map(plain, row)) for row in rows] for name, rows in tables(again).items()} == {
        name: [tuple(map(plain, row)) for row in rows] for name, rows in tables(house).items()
    }
    assert blobs(again) == blobs(house) != {}
    with again.database.begin() as connection:  # it goes on where it was, under the same rules
        assert log.append(connection, "event", "event:after", b"") == made.size
    with Raw(address or tmp_path / "again" / "ringfence.sqlite") as raw:
        with pytest.raises(Refused):
            raw.execute("delete from orders")
        with pytest.raises(Refused):
            raw.execute("insert into case_events select * from case_events")
    again.close()


def plain(cell):
    return int(cell) if isinstance(cell, bool) else cell


def test_a_numbered_table_goes_on_after_its_last_row(house, tmp_path, postgresql):
    backup(house, tmp_path / "backup")
    address = postgresql.create(template="template1")
    restore(tmp_path / "backup", tmp_path / "again", address)
    crash = Crash.__new__(Crash)
    vars(crash).update(
        vars(Crash(tmp_path / "other", None, seed=1)), folder=tmp_path / "again", address=address
    )
    assert crash.round(longest=1) == []


def test_others_go_on_writing_while_it_is_made(house, tmp_path):
    stop, count = threading.Event(), []

    def write():
        while not stop.is_set():
            with house.database.begin() as connection:
                # A record with its row in one transaction: a backup between the two would be refused.
                name = f"finding:{len(count)}"
                log.append(connection, "finding", name, b"{}")
                connection.execute(
                    text(
                        "insert into findings (id, subject, element, state, author, laboratory, record) "
                        "values (:id, '', '', '', '', :no, :record)"
                    ),
                    {"id": name, "no": False, "record": b"{}"},
                )
                count.append(name)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backup(house, tmp_path / f"backup{n}") for n in range(3)]
    finally:
        stop.set()
        writer.join()
    assert made[0].size < made[2].size
    for number in range(3):
        verify(tmp_path / f"backup{number}")


def damaged(folder, how):
    target = {
        "a byte of the database": "ringfence.sqlite",
        "a byte of the list": "backup.json",
    }.get(how)
    if target is None:
        target = next(path for path in (folder / "blobs").rglob("*") if path.is_file())
    else:
        target = folder / target
    if how == "no blob":
        target.unlink()
    elif how == "half a blob":
        os.truncate(target, 10)
    elif how == "one file more":
        (folder / "more").write_text("x")
    else:
        data = bytearray(target.read_bytes())
        data[len(data) // 2] ^= 1
        target.write_bytes(data)


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "how",
    [
        "a byte of the database",
        "a byte of the list",
        "a byte of a blob",
        "no blob",
        "half a blob",
        "one file more",
    ],
)
def test_a_damaged_backup_is_refused_and_makes_nothing(house, tmp_path, how):
    backup(house, tmp_path / "backup")
    damaged(tmp_path / "backup", how)
    with pytest.raises(StoreError) as refusal:
        restore(tmp_path / "backup", tmp_path / "again")
    assert refusal.value.hint
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "change",
    [
        "update orders set record = x'7b7d'",
        "delete from orders where rowid in (select rowid from orders limit 1)",
        "delete from approvals",
        "update leaves set digest = 'sha256:0' where idx = 2",
        "update leaves set hash = x'00' where idx = 2",
        "delete from leaves where idx = (select max(idx) from leaves)",
    ],
)
def test_a_store_that_contradicts_its_log_makes_no_backup(house, tmp_path, change):
    with sqlite3.connect(house.database.path) as raw:
        for (name,) in raw.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            raw.execute(f"drop trigger {name}")
        raw.execute(change.replace("rowid", "id"))
    raw.close()
    with pytest.raises(StoreError):
        backup(house, tmp_path / "backup")
    assert not (tmp_path / "backup").exists() and not list(tmp_path.glob(".backup*"))


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_what_is_there_is_not_written_over(house, tmp_path, postgresql):
    backup(house, tmp_path / "backup")
    with pytest.raises(InputError, match="there already"):
        backup(house, tmp_path / "backup")
    with pytest.raises(InputError, match="there already"):
        restore(tmp_path / "backup", tmp_path / "house")
    with pytest.raises(StoreError, match="not empty"):
        restore(tmp_path / "backup", tmp_path / "again", postgresql.create())
    assert not (tmp_path / "again").exists()
