"""The vault: the keys of the MACs, and which identifier a MAC stands for; every reversal is written down.

One SQLite file of its own, readable by its owner only, apart from the store. What it holds can be turned
back into a person's account, so nobody reads it without leaving who, when and why.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

import numpy as np
import pyarrow as pa

from ringfence.core.errors import InputError, RefusedError, StoreError
from ringfence.core.time import stamp
from ringfence.desks.payments.mac import GROUPS, SIZE, Group, Keys, mac

FILE: Final = "vault.sqlite"
_MODE: Final = 0o600
_BATCH: Final = 1 << 16
_SCHEMA: Final = """
create table keys (grp text primary key, key blob not null) strict;
create table identifiers (mac blob primary key, grp text not null, identifier text not null)
    strict, without rowid;
create table reversals (id integer primary key, at text not null, who text not null, why text not null,
    grp text not null, mac blob not null, found integer not null) strict;
create trigger reversals_stay before delete on reversals begin select raise(abort, 'a reversal stays'); end;
create trigger reversals_same before update on reversals begin select raise(abort, 'a reversal stays'); end;
pragma user_version = 1;
"""


class Vault:
    """A vault file, made where there is none. A context manager."""

    def __init__(self, path: Path) -> None:
        """Raises `StoreError` for a file that others may read or that is no vault."""
        self.path = path
        fresh = not path.exists()
        if fresh:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, _MODE))
        elif path.stat().st_mode & 0o077:
            raise StoreError(f"{path} may be read by others", hint=f"chmod 600 {path}")
        self._connection = sqlite3.connect(path, isolation_level=None)
        try:
            # Deleted pages are overwritten: an identifier that was forgotten is gone from the file.
            self._connection.executescript("pragma secure_delete = on; pragma synchronous = full;")
            if fresh:
                self._make()
            elif self._connection.execute("pragma user_version").fetchone() != (1,):
                raise StoreError(f"{path} is not a vault of this version", hint="check the path")
        except sqlite3.DatabaseError as error:
            self.close()
            raise StoreError(f"{path} is not a vault: {error}", hint="check the path") from error
        except StoreError:
            self.close()
            raise

    def _make(self) -> None:
        self._connection.executescript(_SCHEMA)
        keys = Keys.fresh()
        with self._transaction():
            self._connection.executemany(
                "insert into keys values (?, ?)", [(group, keys.of(group)) for group in GROUPS]
            )

    def keys(self) -> Keys:
        """The keys. Raises `StoreError` where they are not whole."""
        rows = dict(self._connection.execute("select grp, key from keys"))
        if set(rows) != set(GROUPS):
            raise StoreError(f"{self.path} lacks keys", hint="restore it from a backup")
        return Keys(**rows)

    def keep(self, group: Group, macs: bytes, identifiers: pa.Array) -> int:
        """Keep what the MACs (n × 16 bytes) stand for; how many were new."""
        before = self.count
        # In the order of the MACs, so that the tree is written along and not all over.
        order = np.argsort(np.frombuffer(macs, ">u8").reshape(-1, 2)[:, 0])
        with self._transaction():
            for start in range(0, len(order), _BATCH):
                part = order[start : start + _BATCH].tolist()
                texts = identifiers.take(pa.array(part)).to_pylist()
                self._connection.executemany(
                    "insert or ignore into identifiers values (?, ?, ?)",
                    [
                        (macs[at * SIZE : (at + 1) * SIZE], group, text)
                        for at, text in zip(part, texts, strict=True)
                    ],
                )
        return self.count - before

    @property
    def count(self) -> int:
        """How many identifiers are kept."""
        found: int = self._connection.execute("select count(*) from identifiers").fetchone()[0]
        return found

    def reverse(self, macs: Sequence[bytes], *, who: str, why: str) -> list[str | None]:
        """The identifiers of MACs, None for what is not here. Who asked, when and why is recorded first.

        Raises `RefusedError` without a person or a reason of at least ten characters.
        """
        if not who.strip() or len(why.strip()) < 10:
            raise RefusedError("an identifier is not reversed without who and why", hint="name both")
        for one in macs:
            if len(one) != SIZE:
                raise InputError("not a MAC: it has 16 bytes", hint="give it whole")
        found: list[str | None] = []
        with self._transaction():
            for one in macs:
                row = self._connection.execute(
                    "select grp, identifier from identifiers where mac = ?", [one]
                ).fetchone()
                found.append(row and row[1])
                self._connection.execute(
                    "insert into reversals (at, who, why, grp, mac, found) values (?, ?, ?, ?, ?, ?)",
                    [stamp(), who.strip(), why.strip(), row[0] if row else "", one, row is not None],
                )
        return found

    def reversals(self) -> list[dict[str, str | bool]]:
        """Every reversal, oldest first: at, who, why, group, mac (hexadecimal), found."""
        rows = self._connection.execute(
            "select at, who, why, grp, hex(mac), found from reversals order by id"
        )
        return [
            {"at": at, "who": who, "why": why, "group": group, "mac": digits.lower(), "found": bool(found)}
            for at, who, why, group, digits, found in rows
        ]

    def mac_of(self, group: Group, identifier: str) -> bytes:
        return mac(self.keys(), group, identifier)

    def forget(self, macs: Iterable[bytes]) -> int:
        """Remove identifiers, as retention asks: their MACs can no longer be reversed. How many went."""
        before = self.count
        with self._transaction():
            self._connection.executemany("delete from identifiers where mac = ?", [(one,) for one in macs])
        return before - self.count

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Vault:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
