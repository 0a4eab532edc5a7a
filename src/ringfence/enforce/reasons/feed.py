"""Reasons from a feed file: verified once, then searched where it lies. A million entries need no memory,
for the lines are sorted and a name is found by bisection."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from ringfence.core.errors import InputError
from ringfence.core.note import PublicKey
from ringfence.core.time import now, stamp
from ringfence.enforce.feed.check import payload
from ringfence.enforce.feed.file import FeedFile
from ringfence.enforce.feed.folder import SNAPSHOT
from ringfence.enforce.feed.lines import MAX_GROUNDS, Grounds, Listed, decode
from ringfence.enforce.feed.recipient import STATE
from ringfence.enforce.feed.verify import current, genuine
from ringfence.enforce.reasons.reason import Reason, entries_for


class Snapshot:
    """A verified snapshot, mapped. The mapping keeps this very file, also when another takes its name.
    Raises `FeedRefusedError` where it is not genuine or not whole, `InputError` where it is none."""

    def __init__(self, path: Path, trusted: Sequence[PublicKey], at: datetime | None) -> None:
        try:
            stream = path.open("rb")
        except OSError as error:
            raise InputError(f"cannot read {path}: {error.strerror}") from error
        with stream:
            feed = FeedFile(stream, path.name)
            if feed.kind != "snapshot":
                raise InputError(f"{path.name} is a delta", hint="name the snapshot")
            genuine(feed.signed, trusted)
            if at is not None:
                current(feed.head, at)
            payload(feed)
            self.head = feed.head
            self.identity = _identity(os.fstat(stream.fileno()))
            self._start = feed.start
            self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        self.grounds = self._read_grounds()

    def find(self, name: str, wildcard: bool) -> Listed | None:
        """The entry of a name, by bisection."""
        key = b'{"name":' + _quoted(name) + b',"wildcard":' + (b"true," if wildcard else b"false,")
        low, high = self._start, len(self._map)
        while low < high:
            start = self._map.rfind(b"\n", self._start, (low + high) // 2) + 1 or self._start
            line = self._line(start)
            if line[: len(key)] < key:
                low = start + len(line)
            else:
                high = start
        line = self._line(low) if low < len(self._map) else b""
        found = decode(line) if line.startswith(key) else None
        return found if isinstance(found, Listed) else None

    def by_order(self, order: str) -> Listed | None:
        """An entry of an order: reads through the file."""
        at = self._map.find(b',"order":' + _quoted(order) + b",", self._start)
        found = decode(self._line(at)) if at >= 0 else None
        return found if isinstance(found, Listed) and found.order == order else None

    def _line(self, at: int) -> bytes:
        start = self._map.rfind(b"\n", self._start, at) + 1 or self._start
        return self._map[start : self._map.find(b"\n", at) + 1]

    def _read_grounds(self) -> dict[str, Grounds]:
        found: dict[str, Grounds] = {}
        at = self._start
        while at < len(self._map) and len(found) <= MAX_GROUNDS:
            line = self._line(at)
            item = decode(line)
            if isinstance(item, Listed):
                break
            if isinstance(item, Grounds):
                found[item.grounds] = item
            at += len(line)
        return found


class FeedReasons:
    """A snapshot (a file, a publisher's folder or a recipient's state). Raises as `Snapshot` does, and
    `FeedRefusedError` where its time is over. Without ``fresh`` such a list is used too: a block page that
    says what was last known is better than none."""

    def __init__(
        self,
        path: Path,
        trusted: Sequence[PublicKey],
        clock: Callable[[], datetime] = now,
        *,
        fresh: bool = True,
    ) -> None:
        self.path = _snapshot(path)
        self.trusted = trusted
        self.clock = clock
        self.fresh = fresh
        self._held = self._read(trusted)

    def refresh(self) -> bool:
        """Look again if the file is another one; whether it was. What is wrong with it is raised, and the
        old one stays in use. A key that was handed on is trusted from here. May run in another thread."""
        try:
            there = _identity(self.path.stat())
        except OSError:
            return False
        held = self._held
        if there == held.identity:
            return False
        later = self._read([*self.trusted, *held.head.keys])
        if later.head.link.serial < held.head.link.serial:
            raise InputError(f"{self.path.name}: serial {later.head.link.serial} is older than what was read")
        self._held = later  # one assignment: whoever is looking something up sees the old or the new
        return True

    def covering(self, name: str) -> list[Reason]:
        """See `Reasons`."""
        held, moment = self._held, stamp(self.clock())
        found = (held.find(entry, wildcard) for entry, wildcard in entries_for(name))
        return [
            self._reason(held, item, moment) for item in found if item is not None and item.until > moment
        ]

    def known(self, order: str) -> Reason | None:
        """See `Reasons`. An entry is told, not the whole order."""
        held = self._held
        found = held.by_order(order)
        return self._reason(held, found, stamp(self.clock())) if found else None

    def version(self) -> str:
        """See `Reasons`."""
        return self._held.head.link.digest

    def _read(self, trusted: Sequence[PublicKey]) -> Snapshot:
        return Snapshot(self.path, trusted, self.clock() if self.fresh else None)

    def _reason(self, held: Snapshot, item: Listed, moment: str) -> Reason:
        why = held.grounds[item.grounds]
        return Reason(
            name=item.name, wildcard=item.wildcard, order=item.order, authority=why.authority,
            basis=why.basis, form=why.form, appeal=why.appeal, policy=item.policy, since=item.since,
            until=item.until, laboratory=held.head.link.laboratory,
            state="active" if item.until > moment else "expired", source="feed",
        )  # fmt: skip


def _quoted(text: str) -> bytes:
    """A text as it stands in a line."""
    return msgspec.json.encode(text)


def _snapshot(path: Path) -> Path:
    if not path.is_dir():
        return path
    return path / STATE if (path / STATE).exists() else path / SNAPSHOT


def _identity(there: os.stat_result) -> tuple[int, int, int, int]:
    return there.st_dev, there.st_ino, there.st_size, there.st_mtime_ns
