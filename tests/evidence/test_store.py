"""The store: observations as rows with a leaf each, named by what they say."""

import sqlite3
import subprocess
import sys

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from evidence.small_disk import fill, small_disk
from ringfence.core.canonical import canonical, digest
from ringfence.core.errors import StoreError
from ringfence.evidence.log import head, leaves
from ringfence.evidence.observation import DNSStep, Exchange, Hop, Observation
from ringfence.evidence.store import Store, all_observations, keep, observation_id, observations


def an_observation(subject="site:venue.example", took=12):
    step = DNSStep("dns.nxdomain", "127.0.0.1:53", (), (), 1, 2, "sha256:" + 64 * "1")
    hop = Hop("https://venue.example/", "venue.example", 443, step, (), None, None)
    return Observation(
        subject=subject, instrument="access", version="0", vantage="direct", role="outside", country=None,
        started="2018-08-24T00:00:00.000000Z", took_us=took,
        exchanges=(Exchange("https://venue.example/", "landing", (hop,), "dns.nxdomain", "dns"),),
        capture="sha256:" + 64 * "2", laboratory=True,
    )  # fmt: skip


@pytest.fixture
def store(tmp_path, place):
    made = Store(tmp_path / "store", place if isinstance(place, str) else None)
    yield made
    made.close()


def test_an_id_is_a_promise_about_the_content():
    # Written down, so that the canonical form of an observation may not drift unnoticed.
    assert observation_id(an_observation()) == "observation:03fd4c6ac826f213a41d9a3dc5f208e0"
    assert observation_id(an_observation(took=13)) != observation_id(an_observation())


def test_an_id_is_the_same_after_reading_back_and_in_another_process():
    record = canonical(an_observation())
    assert observation_id(msgspec.json.decode(record, type=Observation)) == observation_id(an_observation())
    code = (
        "import sys, msgspec; from ringfence.evidence.observation import Observation;"
        "from ringfence.evidence.store import observation_id;"
        "print(observation_id(msgspec.json.decode(sys.stdin.buffer.read(), type=Observation)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=record,
        env={"PYTHONHASHSEED": "77"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().strip() == observation_id(an_observation())


def test_an_observation_comes_with_its_leaf_and_comes_back(store):
    with store.database.begin() as connection:
        name = keep(connection, an_observation())
        (kind, kept_digest) = connection.execute(select(leaves.c.kind, leaves.c.digest)).one()
    assert (kind, kept_digest) == ("evidence", digest(canonical(an_observation())))
    assert store.observation(name) == an_observation()
    with store.database.read() as connection:
        assert list(all_observations(connection)) == [(name, an_observation())]


def test_an_observation_is_kept_once(store):
    with store.database.begin() as connection:
        keep(connection, an_observation())
    with pytest.raises(IntegrityError, match="key exists"), store.database.begin() as connection:
        keep(connection, an_observation())
    with store.database.read() as connection:
        assert head(connection)[0] == 1


def test_an_unknown_observation_is_an_error_with_a_hint(store):
    with pytest.raises(StoreError) as refusal:
        store.observation("observation:none")
    assert refusal.value.hint


def test_a_folder_where_no_store_can_be_is_named(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match="cannot make a store") as refusal:
        Store(tmp_path / "file" / "store")
    assert "--store" in refusal.value.hint


def test_a_full_disk_in_the_middle_loses_nothing_that_was_acknowledged(tmp_path):
    with small_disk(tmp_path / "disk", 2048) as disk:
        store = Store(disk / "store")
        kept = []
        ballast = fill(disk, leave=300)
        with pytest.raises(StoreError, match="full") as refusal:
            for number in range(5000):
                with store.database.begin() as connection:
                    kept.append(keep(connection, an_observation(f"site:venue{number}.example")))
        assert refusal.value.hint
        ballast.unlink()
        acknowledged = kept[:-1] if len(kept) > 1 else kept
        for name in acknowledged:
            assert store.observation(name)
        with store.database.begin() as connection:
            keep(connection, an_observation("site:after.example"))
            size, _ = head(connection)
            assert size == len(connection.execute(select(observations.c.id)).all())
        store.close()
        plain = sqlite3.connect(disk / "store" / "ringfence.sqlite")
        assert plain.execute("pragma integrity_check").fetchone() == ("ok",)
        plain.close()


def test_a_disk_that_is_full_from_the_beginning(tmp_path):
    with small_disk(tmp_path / "disk", 256) as disk:
        fill(disk)
        with pytest.raises(StoreError) as refusal:
            Store(disk / "store")
        assert refusal.value.hint
