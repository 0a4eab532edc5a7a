"""The log: the tree of RFC 6962 over short entries that name digests and nothing else."""

import hashlib
import json

import pytest
from sqlalchemy.exc import DBAPIError

from engines import Raw, Refused
from ringfence.core.canonical import digest
from ringfence.core.database import Database, said
from ringfence.evidence import log
from ringfence.evidence.log import MAX_ENTRY, append, head, leaf_hash, leaves, node_hash, root_hash, seal


@pytest.fixture
def database(place):
    made = Database(place)
    yield made
    made.close()


def merkle_tree_hash(entries):
    """MTH of RFC 6962 §2.1, word by word: k is the largest power of two smaller than n."""
    n = len(entries)
    if n == 0:
        return hashlib.sha256(b"").digest()
    if n == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < n:
        k *= 2
    return hashlib.sha256(b"\x01" + merkle_tree_hash(entries[:k]) + merkle_tree_hash(entries[k:])).digest()


# The reference entries and roots of the Certificate Transparency project's own tests.
CT_ENTRIES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_the_published_test_vectors():
    entries = [bytes.fromhex(text) for text in CT_ENTRIES]
    hashes = [leaf_hash(entry) for entry in entries]
    assert [root_hash(hashes[:size]).hex() for size in range(1, 9)] == CT_ROOTS
    assert root_hash([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("sizes", [range(65), range(65, 200), range(200, 301)], ids=str)
def test_the_root_is_that_of_the_recursive_definition(sizes):
    entries = [f"entry {number}".encode() for number in range(301)]
    hashes = [leaf_hash(entry) for entry in entries]
    for size in sizes:
        assert root_hash(hashes[:size]) == merkle_tree_hash(entries[:size]), size


def test_a_leaf_is_never_taken_for_a_node():
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


def test_every_change_of_one_entry_changes_the_root():
    hashes = [leaf_hash(bytes([number])) for number in range(37)]
    root = root_hash(hashes)
    for place in range(37):
        changed = [*hashes[:place], leaf_hash(b"other"), *hashes[place + 1 :]]
        assert root_hash(changed) != root
    assert root_hash([*hashes, hashes[-1]]) != root


def test_a_leaf_holds_the_digest_and_no_body(database):
    with database.begin() as connection:
        index = append(
            connection, "finding", "finding:0a", b'{"host":"venue.example"}', "2018-08-24T00:00:00.000000Z"
        )
        (entry, kept_hash) = connection.execute(
            leaves.select().with_only_columns(leaves.c.entry, leaves.c.hash)
        ).one()
    assert index == 0
    assert json.loads(entry) == {
        "digest": digest(b'{"host":"venue.example"}'),
        "id": "finding:0a",
        "kind": "finding",
        "time": "2018-08-24T00:00:00.000000Z",
        "v": 1,
    }
    assert entry == json.dumps(json.loads(entry), sort_keys=True, separators=(",", ":")).encode()
    assert kept_hash == leaf_hash(entry)
    assert b"venue" not in entry and len(entry) <= MAX_ENTRY


def test_an_entry_that_would_be_too_long_is_refused_and_nothing_is_kept(database):
    with pytest.raises(ValueError, match="1024"), database.begin() as connection:
        append(connection, "finding", "fits", b"")
        append(connection, "finding", "x" * 1024, b"")
    with database.read() as connection:
        assert head(connection)[0] == 0


def test_the_head_is_that_of_all_entries_in_their_order(database):
    entries = []
    with database.begin() as connection:
        for number in range(50):
            seal(connection, "event", f"event:{number}", f"record {number}".encode())
    with database.read() as connection:
        entries = connection.execute(log.select(leaves.c.entry).order_by(leaves.c.idx)).scalars().all()
        assert head(connection) == (50, merkle_tree_hash(entries).hex())
        assert [json.loads(entry)["id"] for entry in entries] == [f"event:{number}" for number in range(50)]


@pytest.mark.parametrize("count", [2, 1_500])
def test_many_are_appended_as_one_by_one(database, count):
    records = [("event", f"event:{n}", f"record {n}".encode()) for n in range(count)]
    with database.begin() as connection:
        assert append(connection, "event", "event:first", b"", "2018-08-24T00:00:00.000000Z") == 0
        assert log.append_many(connection, records, "2018-08-24T00:00:00.000000Z") == 1
        rows = connection.execute(leaves.select().order_by(leaves.c.idx)).all()
    assert [row.idx for row in rows] == list(range(count + 1))
    for row, (kind, name, record) in zip(rows[1:], records, strict=True):
        assert (row.kind, row.id, row.digest) == (kind, name, digest(record))
        assert row.entry == log.entry_of(row.digest, name, kind, row.time) and row.hash == leaf_hash(
            row.entry
        )


@pytest.mark.parametrize("count", [2, 1_500])
def test_many_are_refused_by_the_database_where_one_would_be(database, place, count, monkeypatch):
    """As where another writer, who asked nobody for the lock, was quicker."""
    with database.begin() as connection:
        append(connection, "event", "event:first", b"")
    original = log._insert
    monkeypatch.setattr(log, "_insert", lambda to, rows: original(to, [(0, *row[1:]) for row in rows]))
    records = [("event", f"event:{n}", b"") for n in range(count)]
    with pytest.raises(DBAPIError) as refused, database.begin() as connection:
        log.append_many(connection, records)
    assert said(refused.value) == "leaves: this key exists"
    with database.read() as connection:
        assert head(connection)[0] == 1


def test_an_index_is_given_once_even_where_a_transaction_was_taken_back(database):
    with pytest.raises(ZeroDivisionError), database.begin() as connection:
        append(connection, "event", "event:lost", b"")
        raise ZeroDivisionError
    with database.begin() as connection:
        assert [append(connection, "event", f"event:{n}", b"") for n in range(3)] == [0, 1, 2]


@pytest.mark.parametrize(
    "attack",
    [
        "delete from leaves",
        "update leaves set digest = 'sha256:0'",
        "{replace} into leaves select idx, 'other', kind, digest, time, entry, hash from leaves",
        "{update} leaves set idx = idx + 1",
        "{empty} leaves",
        "insert into leaves select idx + 4, id, kind, digest, time, entry, hash from leaves where idx = 0",
        "insert into leaves select idx - 1, id, kind, digest, time, entry, hash from leaves where idx = 0",
    ],
)
def test_history_is_not_rewritten_by_anyone_with_plain_sql(database, place, attack):
    with database.begin() as connection:
        for number in range(3):
            append(connection, "event", f"event:{number}", b"")
        before = head(connection)
    with Raw(place) as stranger, pytest.raises(Refused):
        own = {
            "sqlite": {"replace": "replace", "update": "update or replace", "empty": "delete from"},
            "postgresql": {"replace": "insert", "update": "update", "empty": "truncate"},
        }
        stranger.execute(attack.format(**own[stranger.kind]))
    with database.read() as connection:
        assert head(connection) == before
