"""A cache: bounded, shared, never believed, and never in the way."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from ringfence.core.cache import OVERHEAD, Cache, Recent, Shared
from ringfence.core.errors import StoreError


def test_memory_is_bounded_by_bytes_and_the_longest_unasked_goes() -> None:
    room = 3 * (1 + 100 + OVERHEAD)
    held = Recent(room)
    for key in (b"a", b"b", b"c"):
        held.put(key, bytes(100))
    assert held.get(b"a") is not None and held.size == room
    held.put(b"d", bytes(100))
    assert held.get(b"b") is None and held.get(b"a") is not None and len(held) == 3
    held.put(b"a", bytes(50))
    assert held.size == room - 50
    held.put(b"e", bytes(room))  # larger than all room: nothing else goes for it
    assert held.get(b"e") is None and len(held) == 3
    held.drop(b"a")
    assert held.get(b"a") is None and held.size == 2 * (1 + 100 + OVERHEAD)


def test_a_file_is_shared_and_survives(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    one, other = Cache(1 << 20, path), Cache(1 << 20, path)
    one.put(b"k", b"value" * 100)
    assert other.get(b"k") == b"value" * 100
    one.close()
    other.close()
    again = Cache(1 << 20, path)
    assert again.get(b"k") == b"value" * 100 and again.get(b"n") is None
    assert path.stat().st_mode & 0o077 == 0, "nobody else writes what we answer"
    again.close()


def test_what_was_changed_in_the_file_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    cache = Shared(path, 1 << 20)
    cache.put(b"k", b"true")
    cache.put(b"l", b"other")
    with sqlite3.connect(path) as db:
        db.execute(
            "update cache set value = (select value from cache where key = ?) where key = ?", (b"l", b"k")
        )
    db.close()
    assert cache.get(b"k") is None and cache.failed == 1
    assert cache.get(b"l") == b"other"
    cache.put(b"k", b"new")
    assert cache.get(b"k") == b"new"
    cache.close()


def test_the_file_is_bounded(tmp_path: Path) -> None:
    import os

    cache = Shared(tmp_path / "cache.db", 1 << 20)
    for number in range(640):
        cache.put(number.to_bytes(4, "big"), os.urandom(8_000))
    assert cache.size() < 2 << 20
    assert cache.get((639).to_bytes(4, "big")) is not None and cache.get((0).to_bytes(4, "big")) is None
    cache.close()


def test_others_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"no database, but a letter to somebody" * 40)
    with sqlite3.connect(tmp_path / "theirs") as db:
        db.execute("create table mine (a)")
    db.close()
    for name in ("text", "theirs", "no/such/folder"):
        with pytest.raises(StoreError):
            Shared(tmp_path / name, 1 << 20)
    assert (tmp_path / "text").read_bytes().startswith(b"no database")


def test_a_locked_or_lost_file_costs_an_answer_and_nothing_else(tmp_path: Path) -> None:
    cache = Cache(1 << 20, tmp_path / "cache.db")
    assert cache.shared is not None
    cache.close()
    cache.put(b"k", b"v")
    assert cache.get(b"k") == b"v" and cache.shared.failed == 1
    assert cache.get(b"other") is None and cache.shared.failed == 2


def test_threads(tmp_path: Path) -> None:
    cache = Cache(40_000, tmp_path / "cache.db")

    def work(who: int) -> None:
        for number in range(60):
            key = bytes([who, number % 7])
            cache.put(key, key * 300)
            assert cache.get(key) == key * 300

    threads = [threading.Thread(target=work, args=(who,)) for who in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert cache.recent.size <= 40_000 and cache.shared is not None and cache.shared.failed == 0
    cache.close()
