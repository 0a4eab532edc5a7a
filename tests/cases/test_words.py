"""The words of people in a record go by order; the row, its leaf and the proof stay. On both engines."""

import msgspec
import pytest
from sqlalchemy import select, text

from cases.test_keeping import ASKED, House, attempt
from engines import Raw, Refused
from ringfence.cases.tables import approvals, case_events, orders
from ringfence.core.canonical import canonical, digest
from ringfence.core.errors import InputError, RefusedError, StoreError
from ringfence.evidence.backup import backup, restore
from ringfence.evidence.fsck import fsck
from ringfence.evidence.prove import prove
from ringfence.evidence.store import Store
from ringfence.evidence.words import remainder

SECRET = "Zhang San of Hangzhou complained"


@pytest.fixture
def house(tmp_path, place):
    made = House(tmp_path / "store", place)
    yield made
    made.store.close()


@pytest.fixture
def closed(house):
    """A case whose order was in force and was lifted six years ago, with words in each of its records."""
    order = house.propose()
    house.cases.approve(order.id, "wang", SECRET)
    house.cases.approve(order.id, "chen")
    house.cases.revoke(order.id, "wang", SECRET)
    house.cases.close(order.case, "li", SECRET)
    house.at("2030-03-01")
    return order


def ids(house, order):
    """The records of a case that hold the words: the events, the approval and the order."""
    with house.store.database.read() as connection:
        events = connection.execute(
            select(case_events.c.id)
            .where(case_events.c.case_id == order.case, case_events.c.kind.in_(["revoked", "closed"]))
            .order_by(case_events.c.seq)
        ).scalars()
        noted = connection.execute(select(approvals.c.id).where(approvals.c.approver == "wang")).scalar()
        return [*events, noted, order.id]


def dump(house):
    """Every row of every table, as bytes."""
    with Raw(house.place) as raw:
        tables = {
            "sqlite": "select name from sqlite_master where type = 'table'",
            "postgresql": "select tablename from pg_tables where schemaname = 'public'",
        }
        rows = [raw.rows(name) for (name,) in raw.execute(tables[raw.kind])]
    return repr(
        [bytes(cell) if isinstance(cell, memoryview) else cell for t in rows for r in t for cell in r]
    )


def test_the_words_go_and_everything_else_stays(house, closed, tmp_path):
    assert SECRET in dump(house)
    names = ids(house, closed)
    before = {name: prove(house.store, name) for name in names}
    for name in names:
        done = house.keeping.erase(name, *ASKED, pack="cn")
        assert done.row == name and done.case == closed.case and SECRET not in done.record.decode()
        assert fsck(house.store).problems == ()
    assert SECRET not in dump(house)
    found = house.cases.order(closed.id)
    assert found.reasons == "" and found.ended_because == "" and set(found.why_not_smaller.values()) == {""}
    assert (found.state, found.scope, found.legal_basis) == ("revoked", closed.scope, closed.legal_basis)
    kept = {event.kind: event for event in house.cases.events(case=closed.case)}
    assert (
        kept["closed"].body == {"reasons": ""} and kept["closed"].actor == "li" and kept["closed"].salt == ""
    )
    for name in names:  # the leaf is the one that it was, and is proven without the record
        proven = prove(house.store, name)
        assert proven.digest == before[name].digest and proven.record is None
        assert digest(before[name].record) == proven.digest
    for name in names:
        with pytest.raises(InputError, match="no words"):
            house.keeping.erase(name, *ASKED, pack="cn")
    backup(house.store, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "again")
    again = Store(tmp_path / "again")
    assert fsck(again).problems == ()
    again.close()
    if house.store.database.kind == "sqlite":  # not in freed pages, nor in the write-ahead log
        files = [path.read_bytes() for path in house.store.folder.glob("*.sqlite*")]
        assert files and not any(SECRET.encode() in data for data in files)


def test_a_case_that_is_open_or_held_keeps_its_words(house):
    order = house.propose()
    with pytest.raises(RefusedError, match="is open"):
        house.keeping.erase(order.id, *ASKED, pack="cn")
    house.cases.revoke(order.id, "li", "a mistake")
    house.cases.close(order.case, "li", "a mistake")
    house.keeping.hold(order.case, "admin", "a court asks", "letter")
    with pytest.raises(RefusedError, match="hold"):
        house.keeping.erase(order.id, *ASKED, pack="cn")
    house.keeping.release(order.case, "admin", "answered", "letter")
    house.keeping.erase(order.id, *ASKED, pack="cn")
    assert fsck(house.store).problems == ()


def test_the_reasons_of_an_order_are_kept_as_long_as_a_court_may_ask(house, closed):
    house.at("2029-02-28")
    with pytest.raises(RefusedError, match="kept until 2029-03-01: cn-reasons-order"):
        house.keeping.erase(closed.id, *ASKED, pack="cn")
    house.at("2029-03-01")
    assert house.keeping.erase(closed.id, *ASKED, pack="cn")


@pytest.mark.parametrize("name", ["nothing", "RO-1", "finding:1"])
def test_what_is_no_record_of_a_case_is_not_erased(house, closed, name):
    with pytest.raises(InputError, match="no body and no record"):
        house.keeping.erase(name, *ASKED, pack="cn")


def test_an_event_without_words_has_nothing_to_erase(house, closed):
    with house.store.database.read() as connection:
        opened = connection.execute(select(case_events.c.id).where(case_events.c.kind == "opened")).scalar()
        added = connection.execute(select(case_events.c.id).where(case_events.c.kind == "added")).scalar()
    with pytest.raises(InputError, match="no words"):
        house.keeping.erase(opened, *ASKED, pack="cn")
    with pytest.raises(InputError, match="no record of a case"):
        house.keeping.erase(added, *ASKED, pack="cn")  # who acts is told by this event


def rewritten(raw, table, name, **fields):
    """Put other fields into a record, and into its columns of the same name, in plain SQL."""
    ((record,),) = raw.execute(f"select record from {table} where id = '{name}'")
    left = canonical(msgspec.json.decode(bytes(record)) | fields)
    bytes_ = f"x'{left.hex()}'" if raw.kind == "sqlite" else f"decode('{left.hex()}', 'hex')"
    columns = {"actor", "reasons"} & fields.keys()
    said = "".join(f", {column} = '{fields[column]}'" for column in columns)
    return f"update {table} set record = {bytes_}, digest = '{digest(left)}'{said} where id = '{name}'", left


def test_the_database_lets_nothing_else_be_left(house, closed):
    revoked, _, noted, _ = ids(house, closed)
    with Raw(house.place) as raw:
        for table, name in (("case_events", revoked), ("approvals", noted), ("orders", closed.id)):
            change, _ = rewritten(raw, table, name, salt="")
            with pytest.raises(Refused):  # no order
                raw.execute(change)
        change, left = rewritten(raw, "case_events", revoked, salt="", actor="nobody")
        with pytest.raises(Refused, match="of this case"):
            attempt(raw, row=revoked, remainder=left.decode(), case="CA-0")
        attempt(raw, row=revoked, remainder=left.decode(), case=closed.case)
        with pytest.raises(Refused, match="append-only"):  # an order may empty words, not change columns
            raw.execute(change)
        change, _ = rewritten(raw, "case_events", revoked, salt="")
        with pytest.raises(Refused, match="append-only"):  # nor leave another text than it says
            raw.execute(change)
    problems = {problem.what for problem in fsck(house.store).problems}
    assert any("left" in what for what in problems) and any("no leaf" in what for what in problems)


def test_fsck_finds_words_changed_after_the_order(house, closed, tmp_path):
    house.keeping.erase(closed.id, *ASKED, pack="cn")
    with Raw(house.place) as raw:
        change, _ = rewritten(raw, "orders", closed.id, reasons="other reasons")
        with pytest.raises(Refused):
            raw.execute(change)
        if raw.kind == "sqlite":
            raw.execute("drop trigger orders_move")
        else:
            raw.execute("alter table orders disable trigger orders_move")
        raw.execute(change)
    found = [problem for problem in fsck(house.store).problems if problem.where.startswith("orders ")]
    assert [problem.what for problem in found] == ["it is not what the order to erase its words left"]
    with pytest.raises(StoreError, match="not what the log says"):
        backup(house.store, tmp_path / "backup")


def test_what_is_left_of_a_record():
    record = canonical(
        {"salt": "aa", "at": "t", "body": {"reasons": "x", "n": 1}, "why": {"a": "y"}, "note": None}
    )
    left = remainder(record, ("body.reasons", "why", "note", "absent", "at.deeper.x"[:2]))
    assert msgspec.json.decode(left) == {
        "salt": "", "at": "", "body": {"reasons": "", "n": 1}, "why": {"a": ""}, "note": None,
    }  # fmt: skip


def test_every_column_of_words_is_one_of_the_table_or_of_the_record_alone(house, closed):
    with house.store.database.read() as connection:
        for name in ids(house, closed):
            table = next(
                t
                for t in (case_events, approvals, orders)
                if connection.execute(select(t.c.id).where(t.c.id == name)).first()
            )
            there = connection.execute(text(f"select * from {table.name} where id = :id"), {"id": name})
            assert SECRET.encode() in bytes(there.mappings().one()["record"])
