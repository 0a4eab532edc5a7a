"""Reasons from a feed file: verified once, then searched where it lies. A million entries need no memory,
for the lines are sorted and a name is found by bisection."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from ringfence.core.errors import InputError
from ringfence.core.note import PublicKey
from ringfence.core.time import now, stamp
from ringfence.enforce.feed.check import payload
from ringfence.enforce.feed.file import FeedFile
from ringfence.enforce.feed.folder import SNAPSHOT
from ringfence.enforce.feed.lines import MAX_GROUNDS, Grounds, Listed, decode, encode
from ringfence.enforce.feed.recipient import STATE
from ringfence.enforce.feed.verify import current, genuine
from ringfence.enforce.reasons.reason import Reason, entries_for


class FeedReasons:
    """A snapshot (a file, a publisher's folder or a recipient's state). Raises `FeedRefusedError` where it
    is not genuine or not current, `InputError` where it is none. `refresh` takes a file that has taken
    its place since. Without ``fresh`` a list whose time is over is used too: a block page that says what was
    last known is better than none."""

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
        self._open()

    def _open(self) -> None:
        try:
            stream = self.path.open("rb")
        except OSError as error:
            raise InputError(f"cannot read {self.path}: {error.strerror}") from error
        with stream:
            feed = FeedFile(stream, self.path.name)
            if feed.kind != "snapshot":
                raise InputError(f"{self.path.name} is a delta", hint="name the snapshot")
            genuine(feed.signed, self.trusted)
            if self.fresh:
                current(feed.head, self.clock())
            payload(feed)
            self.head = feed.head
            self._start = feed.start
            self._identity = _identity(os.fstat(stream.fileno()))
            # The mapping keeps this very file, also when another takes its name.
            self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        self._grounds = self._read_grounds()

    def refresh(self) -> bool:
        """Look again if the file is another one; whether it was. What is wrong with it is raised, and the
        old one stays in use. A key that was handed on is trusted from here."""
        try:
            there = _identity(self.path.stat())
        except OSError:
            return False
        if there == self._identity:
            return False
        later = FeedReasons(self.path, [*self.trusted, *self.head.keys], self.clock, fresh=self.fresh)
        if later.head.link.serial < self.head.link.serial:
            raise InputError(f"{self.path.name}: serial {later.head.link.serial} is older than what was read")
        self.__dict__.update(later.__dict__)
        return True

    def covering(self, name: str) -> list[Reason]:
        """See `Reasons`."""
        moment = stamp(self.clock())
        found = (self._find(entry, wildcard) for entry, wildcard in entries_for(name))
        return [self._reason(item) for item in found if item is not None and item.until > moment]

    def known(self, order: str) -> Reason | None:
        """See `Reasons`: reads through the whole file."""
        wanted = b'"order":' + _quoted(order) + b","
        at = self._map.find(wanted, self._start)
        if at < 0:
            return None
        line = self._line(at)
        found = decode(line)
        if not isinstance(found, Listed) or found.order != order:
            return None
        return self._reason(found)

    def version(self) -> str:
        """See `Reasons`."""
        return self.head.link.digest

    def _reason(self, item: Listed) -> Reason:
        why = self._grounds[item.grounds]
        over = item.until <= stamp(self.clock())
        return Reason(
            name=item.name, wildcard=item.wildcard, order=item.order, authority=why.authority,
            basis=why.basis, form=why.form, appeal=why.appeal, policy=item.policy, since=item.since,
            until=item.until, laboratory=self.head.link.laboratory,
            state="expired" if over else "active", source="feed",
        )  # fmt: skip

    def _find(self, name: str, wildcard: bool) -> Listed | None:
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
        if not line.startswith(key):
            return None
        found = decode(line)
        return found if isinstance(found, Listed) else None

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


def _quoted(text: str) -> bytes:
    """A text as it stands in a line."""
    return encode(Listed(text, False, "", "nodata", "", "", "")).partition(b',"wildcard"')[0][8:]


def _snapshot(path: Path) -> Path:
    if not path.is_dir():
        return path
    return path / STATE if (path / STATE).exists() else path / SNAPSHOT


def _identity(there: os.stat_result) -> tuple[int, int, int, int]:
    return there.st_dev, there.st_ino, there.st_size, there.st_mtime_ns
