"""Cache: bytes by key, in this process and, if a file is named, shared with others.

A cache may forget anything and is never believed: what the file holds is checked against a digest, and what
cannot be read is not there. Nothing that is asked of it fails because of it, except to open it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import zlib
from collections import OrderedDict
from pathlib import Path
from typing import Final

from ringfence.core.errors import StoreError

OVERHEAD: Final = 256  # bytes of an entry besides its key and value; 171 were measured
_FORM: Final = 0x52464331  # "RFC1", in the file's header
_EVERY: Final = 64  # writes between looks at the size of the file
_BUSY: Final = 1.0  # seconds; a cache is not worth a longer wait


class Recent:
    """Values in memory, those asked for last, within so many bytes. Safe for threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self.hits = self.misses = 0
        self._lock = threading.Lock()
        self._held: OrderedDict[bytes, bytes] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: bytes) -> bytes | None:
        """The value, or None."""
        with self._lock:
            value = self._held.get(key)
            if value is None:
                self.misses += 1
                return None
            self._held.move_to_end(key)
            self.hits += 1
            return value

    def put(self, key: bytes, value: bytes) -> None:
        """Keep a value; the ones asked for longest ago go. One that is larger than all room is not kept."""
        with self._lock:
            self._drop(key)
            weight = _weight(key, value)
            if weight > self.most:
                return
            self._held[key] = value
            self.size += weight
            while self.size > self.most:
                self._drop(next(iter(self._held)))

    def drop(self, key: bytes) -> None:
        """Forget a value."""
        with self._lock:
            self._drop(key)

    def _drop(self, key: bytes) -> None:
        value = self._held.pop(key, None)
        if value is not None:
            self.size -= _weight(key, value)


class Shared:
    """Values in a SQLite file that several processes use, within about so many bytes. Raises `StoreError`
    only when it is opened: for a file that is another program's."""

    def __init__(self, path: Path, most: int) -> None:
        self.path = path
        self.most = most
        self.failed = 0  # questions that the file did not answer
        self._lock = threading.Lock()
        self._writes = 0
        try:
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"{path} cannot be used as a cache: {error}", hint="name another file, or remove it"
            ) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def get(self, key: bytes) -> bytes | None:
        """The value, or None."""
        try:
            with self._lock:
                row = self._db.execute("select value, digest from cache where key = ?", (key,)).fetchone()
            if row is None:
                return None
            if hashlib.sha256(key + row[0]).digest() != row[1]:
                self.failed += 1
                return None
            return zlib.decompress(row[0])
        except (sqlite3.Error, zlib.error):
            self.failed += 1
            return None

    def put(self, key: bytes, value: bytes) -> None:
        """Keep a value, if the file can be written now."""
        packed = zlib.compress(value, 1)
        try:
            with self._lock:
                self._db.execute(
                    "insert or replace into cache (key, value, digest, made) values (?, ?, ?, "
                    "(select coalesce(max(made), 0) + 1 from cache))",
                    (key, packed, hashlib.sha256(key + packed).digest()),
                )
                self._writes += 1
                if self._writes % _EVERY == 1:
                    self._trim()
        except sqlite3.Error:
            self.failed += 1

    def size(self) -> int:
        """Bytes in use in the file."""
        with self._lock:
            pages, free, each = (
                self._db.execute(f"pragma {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
            return int((pages - free) * each)

    def _trim(self) -> None:
        """The oldest quarter goes until the rest fits."""
        for _ in range(8):
            pages, free, each = (
                self._db.execute(f"pragma {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
            if (pages - free) * each <= self.most:
                return
            self._db.execute(
                "delete from cache where made <= (select made from cache order by made limit 1 "
                "offset (select count(*) / 4 from cache))"
            )

    def _prepare(self) -> None:
        form = self._db.execute("pragma application_id").fetchone()[0]
        tables = self._db.execute("select count(*) from sqlite_master").fetchone()[0]
        if form != _FORM and tables:
            raise sqlite3.DatabaseError("it is another program's")
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")  # what is lost with the power is found again
        self._db.execute(f"pragma application_id = {_FORM}")
        self._db.execute(
            "create table if not exists cache "
            "(key blob primary key, value blob not null, digest blob not null, made integer not null)"
        )
        self._db.execute("create index if not exists cache_made on cache (made)")


class Cache:
    """Memory in front, and the file (if any) behind it."""

    def __init__(self, most: int = 64 << 20, path: Path | None = None, file_most: int = 1 << 30) -> None:
        self.recent = Recent(most)
        self.shared = Shared(path, file_most) if path is not None else None

    def get(self, key: bytes) -> bytes | None:
        """The value, or None."""
        value = self.recent.get(key)
        if value is None and self.shared is not None:
            value = self.shared.get(key)
            if value is not None:
                self.recent.put(key, value)
        return value

    def put(self, key: bytes, value: bytes) -> None:
        """Keep a value in both."""
        self.recent.put(key, value)
        if self.shared is not None:
            self.shared.put(key, value)

    def close(self) -> None:
        """Close the file."""
        if self.shared is not None:
            self.shared.close()


def _weight(key: bytes, value: bytes) -> int:
    return len(key) + len(value) + OVERHEAD
