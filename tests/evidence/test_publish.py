"""Publishing: nothing is signed that is not durable, or that contradicts what was signed."""

from __future__ import annotations

import shutil
import sqlite3
import stat

import pytest

from evidence.logged import keep_observations
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.note import Note, PublicKey, SecretKey
from ringfence.evidence import log
from ringfence.evidence.checkpoint import Checkpoint, opened
from ringfence.evidence.publish import checkpoint, public_key, published
from ringfence.evidence.store import Store
from ringfence.evidence.tile import edge_of, tiles_of


@pytest.fixture
def fresh(tmp_path):
    made = Store(tmp_path / "s")
    yield made
    made.close()


def files(house: Store) -> dict[str, bytes]:
    base = house.folder / "log"
    return {p.relative_to(base).as_posix(): p.read_bytes() for p in base.rglob("*") if p.is_file()}


def owner(house: Store, sql: str) -> None:
    """What whoever owns the file can do: without the guards."""
    connection = sqlite3.connect(house.folder / "ringfence.sqlite")
    for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        connection.execute(f"drop trigger {name}")
    connection.execute(sql)
    connection.commit()
    connection.close()


def test_a_checkpoint_says_size_and_root_signed_under_the_name_of_its_key(fresh):
    keep_observations(fresh, 300)
    made = checkpoint(fresh, name="perimeter.example/log")
    with fresh.database.read() as connection:
        size, root = log.head(connection)
        key = public_key(connection)
    assert key == SecretKey.from_text((fresh.folder / "log.key").read_text()).public
    found, note = opened(made.note, key)
    assert (found.origin, found.size, found.root.hex()) == ("perimeter.example/log", size, root)
    assert len(note.signatures) == 1
    assert made.note.decode().startswith("perimeter.example/log\n300\n")
    assert set(files(fresh)) == {tile.path for tile in tiles_of(300)}


def test_the_key_is_its_owners_and_nowhere_else(fresh, capsys):
    checkpoint(fresh)
    path = fresh.folder / "log.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    secret = SecretKey.from_text(path.read_text())
    fresh.close()
    for file in fresh.folder.rglob("*"):
        if file.is_file() and file != path:
            assert secret.seed not in file.read_bytes()
            assert secret.to_text().encode() not in file.read_bytes()
    said = capsys.readouterr()
    assert "PRIVATE" not in said.out + said.err


def test_nothing_new_means_no_new_checkpoint(fresh):
    keep_observations(fresh, 3)
    first = checkpoint(fresh)
    assert checkpoint(fresh) == first
    keep_observations(fresh, 1, start=3)
    assert checkpoint(fresh).number == 2


def test_another_key_is_refused(fresh, tmp_path):
    keep_observations(fresh, 3)
    checkpoint(fresh)
    keep_observations(fresh, 1, start=3)
    other = tmp_path / "other.key"
    other.write_text(SecretKey.generate("perimeter.example/log").to_text())
    with pytest.raises(RefusedError, match="another key"):
        checkpoint(fresh, other)
    (fresh.folder / "log.key").rename(tmp_path / "moved.key")
    with pytest.raises(InputError, match="cannot read the key"):
        checkpoint(fresh)
    assert checkpoint(fresh, tmp_path / "moved.key").number == 2


@pytest.mark.parametrize("sizes", [(1, 2, 255, 256, 257, 600), (300, 513), (256, 512, 768)], ids=str)
def test_growing_by_steps_writes_the_tiles_that_one_step_writes(tmp_path, sizes):
    stepwise, at_once = Store(tmp_path / "a"), Store(tmp_path / "b")
    records = [("event", f"event:{n}", b"%d" % n) for n in range(max(sizes))]
    time = "2018-08-24T00:00:00.000000Z"
    before = 0
    for size in sizes:
        with stepwise.database.begin() as connection:
            log.append_many(connection, records[before:size], time)
        last = checkpoint(stepwise)
        before = size
    with at_once.database.begin() as connection:
        log.append_many(connection, records, time)
    assert checkpoint(at_once).checkpoint.root == last.checkpoint.root
    grown = files(stepwise)
    assert files(at_once).items() <= grown.items()
    partials = {tile.path for size in sizes for tile in edge_of(size)}
    assert set(grown) == partials | {tile.path for tile in tiles_of(max(sizes))}
    # A tile that is wrong inside is made again when asked for, an empty one in any case.
    for name in ("tile/0/000", "tile/entries/000") if "tile/0/000" in grown else ():
        for data, anew in ((b"", False), (grown[name][:-1] + b"\x00", True)):
            (stepwise.folder / "log" / name).write_bytes(data)
            assert checkpoint(stepwise, anew=anew) == last
            assert files(stepwise) == grown
    # Lost tiles, those of earlier checkpoints too, are made again from the leaves.
    shutil.rmtree(stepwise.folder / "log")
    assert checkpoint(stepwise) == last
    assert files(stepwise) == grown
    stepwise.close()
    at_once.close()


@pytest.mark.parametrize(
    "attack",
    [
        "update leaves set hash = zeroblob(32) where idx = 7",
        "update leaves set entry = x'7b7d' where idx = 7",
        "delete from leaves where idx = 7",
        "delete from leaves where idx >= 5",
    ],
)
@pytest.mark.parametrize("tiles", ["kept", "lost"])
def test_a_history_that_was_rewritten_is_not_signed(fresh, attack, tiles):
    keep_observations(fresh, 10)
    first = checkpoint(fresh)
    owner(fresh, attack)
    if tiles == "lost":
        shutil.rmtree(fresh.folder / "log")
    if "idx >= 5" not in attack:
        keep_observations(fresh, 5, start=10)
    with pytest.raises(RefusedError, match="contradicts a checkpoint"):
        checkpoint(fresh)
    with fresh.database.read() as connection:
        assert published(connection) == [first]


def test_leaves_and_tiles_rewritten_together_are_not_signed_either(fresh):
    keep_observations(fresh, 10)
    first = checkpoint(fresh)
    with fresh.database.read() as connection:
        entry = connection.execute(log.select(log.leaves.c.entry).where(log.leaves.c.idx == 3)).scalar()
    forged = entry.replace(b"evidence", b"artefact")
    owner(
        fresh,
        f"update leaves set kind = 'artefact', entry = x'{forged.hex()}', "
        f"hash = x'{log.leaf_hash(forged).hex()}' where idx = 3",
    )
    shutil.rmtree(fresh.folder / "log")
    keep_observations(fresh, 1, start=10)
    with pytest.raises(RefusedError, match="root of the first 10 leaves"):
        checkpoint(fresh)
    with fresh.database.read() as connection:
        assert published(connection) == [first]


def test_published_checkpoints_cannot_be_rewritten_with_plain_sql(fresh):
    keep_observations(fresh, 3)
    checkpoint(fresh)
    connection = sqlite3.connect(fresh.folder / "ringfence.sqlite")
    for attack in (
        "update checkpoints set size = 2",
        "delete from checkpoints",
        "replace into checkpoints select number, size, root, x'00' from checkpoints",
        "delete from log_keys",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(attack)
    connection.close()


def test_an_empty_log_has_a_checkpoint_too(fresh):
    found = checkpoint(fresh).checkpoint
    assert (found.size, found.root) == (0, log.root_hash([]))


@pytest.mark.parametrize(
    "text",
    [
        b"", b"a\n1\n", b"a\n01\n" + b"A" * 43 + b"=\n", b"a\n1\n" + b"A" * 42 + b"B=\n",
        b"a\n-1\n" + b"A" * 43 + b"=\n", b"a\n1\n" + b"A" * 43 + b"=\nmore\n", b"\n1\n" + b"A" * 43 + b"=\n",
    ],
)  # fmt: skip
def test_a_checkpoint_has_one_spelling(text):
    assert Checkpoint.from_text(b"a\n1\n" + b"A" * 43 + b"=\n").size == 1
    with pytest.raises(InputError):
        Checkpoint.from_text(text)


def test_a_checkpoint_of_another_log_is_not_ours(fresh):
    made = checkpoint(fresh, name="one.example/log")
    other = SecretKey.generate("one.example/log").public
    with pytest.raises(InputError, match="not signed"):
        opened(made.note, other)
    with pytest.raises(InputError, match="not of"):
        opened(made.note, PublicKey("two.example/log", other.key))
    assert Note.from_bytes(made.note).signatures


def test_an_unknown_kind_of_leaf_is_refused_and_nothing_is_kept(fresh):
    with pytest.raises(ValueError, match="not a kind"), fresh.database.begin() as connection:
        log.append_many(connection, [("event", "event:1", b""), ("gossip", "event:2", b"")])
    with fresh.database.read() as connection:
        assert log.size(connection) == 0
