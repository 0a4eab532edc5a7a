"""The vault: the keys of the MACs, and which identifier a MAC stands for; every reversal is written down.

One SQLite file of its own, readable by its owner only, apart from the store. What it holds can be turned
back into a person's account, so nobody reads it without leaving who, when and why.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final

import numpy as np
import pyarrow as pa

from ringfence.core.errors import InputError, RefusedError, StoreError
from ringfence.core.time import now, stamp
from ringfence.desks.payments.mac import GROUPS, SIZE, Group, Keys, mac

FILE: Final = "vault.sqlite"
_MODE: Final = 0o600
_BATCH: Final = 1 << 16
_PATIENCE: Final = 120.0  # seconds: a long forgetting and a stream that goes on wait for each other
_SCHEMA: Final = """
create table keys (grp text primary key, key blob not null) strict;
create table identifiers (mac blob primary key, grp text not null, identifier text not null,
    seen integer not null) strict, without rowid;
create table reversals (id integer primary key, at text not null, who text not null, why text not null,
    grp text not null, mac blob not null, found integer not null) strict;
create trigger reversals_stay before delete on reversals begin select raise(abort, 'a reversal stays'); end;
create trigger reversals_same before update on reversals begin select raise(abort, 'a reversal stays'); end;
"""
# Which identifiers went, retention says; here is how many, when, by whom and why.
_FORGETTINGS: Final = """
create table forgettings (id integer primary key, at text not null, who text not null, why text not null,
    count integer not null) strict;
create trigger forgettings_stay before delete on forgettings
    begin select raise(abort, 'a forgetting stays'); end;
create trigger forgettings_same before update on forgettings
    begin select raise(abort, 'a forgetting stays'); end;
pragma user_version = 2;
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
        self._connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        try:
            # Deleted pages are overwritten: an identifier that was forgotten is gone from the file.
            self._connection.executescript("pragma secure_delete = on; pragma synchronous = full;")
            if fresh:
                self._make()
            elif self._version() == 1:
                self._grown()
            elif self._version() != 2:
                raise StoreError(f"{path} is not a vault of this version", hint="check the path")
        except sqlite3.DatabaseError as error:
            self.close()
            raise StoreError(f"{path} is not a vault: {error}", hint="check the path") from error
        except StoreError:
            self.close()
            raise

    def _make(self) -> None:
        self._connection.executescript(_SCHEMA + _FORGETTINGS)
        keys = Keys.fresh()
        with self._transaction():
            self._connection.executemany(
                "insert into keys values (?, ?)", [(group, keys.of(group)) for group in GROUPS]
            )

    def _version(self) -> int:
        found: int = self._connection.execute("pragma user_version").fetchone()[0]
        return found

    def _grown(self) -> None:
        """From version 1, which did not know when an identifier was seen: it counts as seen now."""
        self._connection.executescript(
            f"begin immediate; alter table identifiers add column seen integer not null "
            f"default {_month(now().date())};{_FORGETTINGS}commit;"
        )

    def keys(self) -> Keys:
        """The keys. Raises `StoreError` where they are not whole."""
        rows = dict(self._connection.execute("select grp, key from keys"))
        if set(rows) != set(GROUPS):
            raise StoreError(f"{self.path} lacks keys", hint="restore it from a backup")
        return Keys(**rows)

    def keep(self, group: Group, macs: bytes, identifiers: pa.Array, on: date | None = None) -> int:
        """Keep what the MACs (n × 16 bytes) stand for, and in which month they were seen last (of ``on``, by
        default today); how many were new."""
        before, seen = self.count, _month(on or now().date())
        # In the order of the MACs, so that the tree is written along and not all over.
        order = np.argsort(np.frombuffer(macs, ">u8").reshape(-1, 2)[:, 0])
        with self._transaction():
            for start in range(0, len(order), _BATCH):
                part = order[start : start + _BATCH].tolist()
                texts = identifiers.take(pa.array(part)).to_pylist()
                self._connection.executemany(
                    # A month, so that a row that is there is written again twelve times a year at most.
                    "insert into identifiers (mac, grp, identifier, seen) values (?, ?, ?, ?) "
                    "on conflict (mac) do update set seen = excluded.seen where seen < excluded.seen",
                    [
                        (macs[at * SIZE : (at + 1) * SIZE], group, text, seen)
                        for at, text in zip(part, texts, strict=True)
                    ],
                )
        return self.count - before

    def needed(self, macs: Iterable[bytes], on: date) -> None:
        """That identifiers were still in use in the month of a day; what is not here stays away."""
        seen = _month(on)
        with self._transaction():
            self._connection.executemany(
                "update identifiers set seen = ? where mac = ? and seen < ?",
                [(seen, one, seen) for one in macs],
            )

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
            raise RefusedError(
                "an identifier is not reversed without who and why",
                hint="a person, and a reason of ten characters at least",
            )
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

    def months(self) -> list[date]:
        """The last days of the months in which identifiers here were seen last."""
        rows = self._connection.execute("select distinct seen from identifiers order by seen")
        return [_last_day(month) for (month,) in rows]

    def seen_last(self, month: date) -> list[tuple[Group, bytes]]:
        """Group and MAC of those seen last in the month of a day."""
        found = "select grp, mac from identifiers where seen = ? order by mac"
        return list(self._connection.execute(found, [_month(month)]))

    def forget(self, macs: Iterable[bytes], *, who: str, why: str, until: date | None = None) -> int:
        """Remove identifiers, as retention asks: their MACs can no longer be reversed. One that was seen
        after the month of ``until`` stays: somebody may have met it since it was chosen. How many went,
        which is recorded with who and why. Raises `RefusedError` as `reverse` does."""
        if not who.strip() or len(why.strip()) < 10:
            raise RefusedError("an identifier is not forgotten without who and why", hint="name both")
        before = self.count
        with self._transaction():
            last = _month(until or date.max)
            self._connection.executemany(
                "delete from identifiers where mac = ? and seen <= ?", [(one, last) for one in macs]
            )
            gone = before - self.count
            self._connection.execute(
                "insert into forgettings (at, who, why, count) values (?, ?, ?, ?)",
                [stamp(), who.strip(), why.strip(), gone],
            )
        return gone

    def forgettings(self) -> list[dict[str, str | int]]:
        """Every forgetting, oldest first: at, who, why, count."""
        rows = self._connection.execute("select at, who, why, count from forgettings order by id")
        return [{"at": at, "who": who, "why": why, "count": count} for at, who, why, count in rows]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._connection.execute("begin immediate")
        except sqlite3.OperationalError as error:
            raise StoreError(f"{self.path} cannot be written: {error}", hint="try again") from error
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


def _month(day: date) -> int:
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def _last_day(month: int) -> date:
    return date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)
