"""What `Database` promises holds on both engines: whole or nothing, one writer, readers beside it, words."""

import threading
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text

from engines import Raw
from ringfence.core import postgresql as module
from ringfence.core.database import Database
from ringfence.core.errors import InputError, StoreError
from ringfence.evidence import log
from ringfence.evidence.log import leaves

ROW = {"id": "x", "kind": "k", "digest": "", "time": "", "entry": b"", "hash": b""}
DOCS = Path(__file__).parents[2] / "docs" / "guide" / "postgresql.md"


@pytest.fixture
def database(place):
    made = Database(place)
    yield made
    made.close()


def indexes(database):
    with database.read() as connection:
        return connection.execute(select(leaves.c.idx).order_by(leaves.c.idx)).scalars().all()


def test_a_write_that_fails_leaves_nothing_behind(database):
    with pytest.raises(ZeroDivisionError), database.begin() as connection:
        connection.execute(leaves.insert().values(idx=0, **ROW))
        raise ZeroDivisionError
    assert indexes(database) == []


def test_a_reader_goes_on_while_somebody_writes_and_sees_one_state(database):
    with database.read() as reader:
        assert reader.execute(select(leaves.c.idx)).all() == []
        with database.begin() as writer:  # the reader does not make the writer wait …
            writer.execute(leaves.insert().values(idx=0, **ROW))
            with database.read() as beside:  # … nor the writer a reader
                assert beside.execute(select(leaves.c.idx)).all() == []
        assert reader.execute(select(leaves.c.idx)).all() == []
    assert indexes(database) == [0]


def test_a_reader_cannot_write_and_its_connection_can_again_afterwards(database):
    with pytest.raises(StoreError, match="readonly"), database.read() as connection:
        connection.execute(leaves.insert().values(idx=0, **ROW))
    with database.begin() as connection:
        connection.execute(leaves.insert().values(idx=0, **ROW))


def test_writers_number_their_leaves_without_gaps(database):
    failed = []

    def write(who):
        try:
            for number in range(10):
                with database.begin() as connection:
                    log.append(connection, "event", f"event:{who}{number}", b"")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert indexes(database) == list(range(40))


def test_a_change_by_another_is_noticed_and_none_is_not(database, place):
    with database.engine.connect() as kept:
        before = database.changes(kept)
        kept.rollback()
        assert database.changes(kept) == before
        kept.rollback()
        other = Database(place)
        with other.begin() as connection:
            connection.execute(leaves.insert().values(idx=0, **ROW))
        other.close()
        assert database.changes(kept) != before


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_writer_who_waits_too_long_is_told_why(place, monkeypatch):
    holder = Database(place)
    monkeypatch.setattr(module, "BUSY_SECONDS", 1)
    with holder.begin(), pytest.raises(StoreError, match="another process") as refusal:
        Database(place)
    assert refusal.value.hint
    holder.close()


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_texts_are_ordered_by_code_point_on_a_server_that_orders_them_otherwise(database, place):
    with Raw(place) as raw:
        asked = "select x from (values ('a'), ('B')) t(x) order by x{}"
        assert raw.execute(asked.format("")) == [("a",), ("B",)]  # the server's own way
        for name in ("a", "B"):
            raw.execute(f"insert into people values ('{name}', '', '')")
        assert raw.execute("select id from people order by id") == [("B",), ("a",)]


def test_a_server_that_is_not_there_is_named_without_its_password():
    with pytest.raises(StoreError) as refusal:
        Database("postgresql://somebody:secret@127.0.0.1:9/house")
    assert "127.0.0.1" in refusal.value.message and refusal.value.hint
    assert "secret" not in refusal.value.message + refusal.value.hint


@pytest.mark.parametrize("address", ["mysql://db/house", "house", "postgresql+asyncpg://db/house"])
def test_another_kind_of_address_is_refused(address):
    with pytest.raises(InputError) as refusal:
        Database(address)
    assert "postgresql+psycopg" in refusal.value.hint


def documented(starts):
    """The block of SQL in the guide that begins so."""
    blocks = [part.split("```")[0] for part in DOCS.read_text("utf-8").split("```sql\n")[1:]]
    (found,) = [block for block in blocks if block.startswith(starts)]
    return found


def test_the_documented_roles_can_work_and_cannot_undo_a_rule(postgresql):
    postgresql.run("create role ringfence_service login")
    address = postgresql.create()
    name = address.rsplit("/", 1)[1]
    with Raw(address) as owner:
        owner.execute(documented("grant usage"))
    service = postgresql.address(name, "ringfence_service")
    database = Database(service)
    with database.begin() as connection:
        log.append(connection, "event", "event:1", b"")
    with pytest.raises(StoreError, match="role may not"), database.begin() as connection:
        connection.execute(text("delete from leaves"))
    database.close()
    with psycopg.connect(service.replace("+psycopg", ""), autocommit=True) as plain:
        for attack in (
            "truncate leaves",
            "delete from leaves",
            "drop trigger leaves_no_update on leaves",
            "alter table leaves disable trigger all",
            "drop table leaves",
            "set session_replication_role = replica",
            "create or replace function leaves_no_update() returns trigger language plpgsql as "
            "$$ begin return new; end $$",
            "create table public.approvals2 (x int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                plain.execute(attack)
        with pytest.raises(psycopg.errors.IntegrityError):
            plain.execute("update leaves set id = 'x'")
