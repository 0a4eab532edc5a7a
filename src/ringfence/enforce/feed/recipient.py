"""Recipient: takes a feed at a resolver or provider. No store is needed; a folder holds the state.

``state.feed`` is the snapshot that stands, byte for byte as the publisher has it; ``key`` the key that
was trusted at first. Everything is checked before it takes its place, in one rename.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from ringfence.core.errors import InputError
from ringfence.core.note import PublicKey
from ringfence.core.time import now
from ringfence.enforce.feed import lines
from ringfence.enforce.feed.delta import merge
from ringfence.enforce.feed.file import FeedFile, Signed, locked, opened_feed, read_head, replacing, write
from ringfence.enforce.feed.folder import DELTA, HEAD, SNAPSHOT, file_of
from ringfence.enforce.feed.head import Head
from ringfence.enforce.feed.verify import FeedRefusedError, current, follows, genuine, kind

STATE, KEY = "state.feed", "key"
AT_ONCE = 64  # deltas merged in one pass; each is an open file and a generator


class Applied(msgspec.Struct, frozen=True):
    """``before`` is the serial that stood (None at first), ``steps`` how many deltas were applied;
    ``snapshot`` says that the whole list was taken. Nothing changed where before == head's serial."""

    head: Head
    before: int | None
    steps: int = 0
    snapshot: bool = False


class Recipient:
    """One state folder. ``laboratory`` states that it is inside the laboratory."""

    def __init__(
        self, folder: Path, *, laboratory: bool = False, clock: Callable[[], datetime] = now
    ) -> None:
        self.folder = folder
        self.laboratory = laboratory
        self.clock = clock

    def head(self) -> Head | None:
        """The head that stands, or None."""
        path = self.folder / STATE
        if not path.exists():
            return None
        with opened_feed(path) as feed:
            return feed.head

    def apply(self, source: Path, given: Sequence[PublicKey] = (), *, skip_history: bool = False) -> Applied:
        """Take a snapshot, a delta, or everything in a publisher's folder that is new.

        ``given`` are keys to trust; needed the first time, later only compared. ``skip_history`` takes a
        later snapshot without the steps between. Raises `FeedRefusedError` for what must not be used (the
        state stays as it is) and `InputError` for what is no feed.
        """
        with self._locked():
            old = self.head()
            trusted = self._trusted(old, given)
            if source.is_dir():
                done = self._folder(source, old, trusted, skip_history)
            else:
                done = self._file(source, old, trusted, skip_history)
            return done

    def _trusted(self, old: Head | None, given: Sequence[PublicKey]) -> Sequence[PublicKey]:
        pin = self.folder / KEY
        if old is None:
            if not given:
                raise InputError("no key is trusted yet", hint="name the publisher's with --key")
            write(pin, [key.to_text().encode() + b"\n" for key in given])
            return given
        pinned = {PublicKey.from_text(line) for line in pin.read_text("ascii").splitlines()}
        strange = [key for key in given if key not in pinned and key not in old.keys]
        if strange:
            raise FeedRefusedError(
                "key", f"{strange[0].to_text()} is not the key of this state",
                hint="a key is handed on by heads that the old and the new one sign; or use a new folder",
            )  # fmt: skip
        return old.keys

    def _file(
        self, path: Path, old: Head | None, trusted: Sequence[PublicKey], skip_history: bool
    ) -> Applied:
        with opened_feed(path) as feed:
            genuine(feed.signed, trusted)
            kind(feed.head, self.laboratory)
            if feed.kind == "snapshot":
                return self._snapshot(feed, old, skip_history)
            if old is None:
                raise FeedRefusedError("gap", "a delta, and nothing stands yet", hint="take a snapshot first")
            new = follows(old, feed.head)
            current(feed.head, self.clock())
            if not new:
                return self._again(old, feed.signed)
            return self._steps([feed], old)

    def _folder(
        self, source: Path, old: Head | None, trusted: Sequence[PublicKey], skip_history: bool
    ) -> Applied:
        if old is None:
            return self._file(source / SNAPSHOT, old, trusted, skip_history)
        latest, done, stands = read_head(source / HEAD), 0, self._renewed(source, old)
        # Deltas that are long over are good for their step; only where they lead must be current, and
        # that is known first. Where the keys have changed meanwhile, the steps between hand them on.
        current(latest.head, self.clock())
        kind(latest.head, self.laboratory)
        if latest.head.link.serial < old.link.serial:
            genuine(latest, trusted)
            follows(old, latest.head)
        while stands.link.serial < latest.head.link.serial:
            with ExitStack() as stack:
                feeds = self._next(source, stands, latest.head, stack)
                if not feeds:
                    break
                stands = self._steps(feeds, stands).head
                done += len(feeds)
        if stands.link.serial < latest.head.link.serial:
            if not skip_history:
                raise FeedRefusedError(
                    "gap", f"no delta leads on from serial {stands.link.serial}",
                    hint="take the snapshot with --skip-history",
                )  # fmt: skip
            taken = self._file(source / SNAPSHOT, stands, stands.keys, skip_history)
            return Applied(taken.head, old.link.serial, done, snapshot=True)
        genuine(latest, stands.keys)
        follows(stands, latest.head)
        return Applied(self._again(stands, latest).head, old.link.serial, done)

    def _renewed(self, source: Path, old: Head) -> Head:
        """Our own head as the publisher signed it later, if so: it may list the key that comes next."""
        path = source / DELTA / file_of(old.link.serial)
        if not path.exists():
            return old
        with opened_feed(path) as feed:
            if feed.head.link != old.link or feed.head.made < old.made:
                return old
            genuine(feed.signed, old.keys)
            return feed.head

    def _next(self, source: Path, stands: Head, latest: Head, stack: ExitStack) -> list[FeedFile]:
        """Open the deltas that follow, up to `AT_ONCE`, each verified as a step from the one before."""
        feeds: list[FeedFile] = []
        for path in sorted((source / DELTA).glob("*.feed")):
            if not path.stem.isdecimal() or not stands.link.serial < int(path.stem) <= latest.link.serial:
                continue
            feed = stack.enter_context(opened_feed(path))
            genuine(feed.signed, stands.keys)
            try:
                follows(stands, feed.head)
            except FeedRefusedError as error:
                if error.reason == "gap":
                    return feeds
                raise
            feeds.append(feed)
            stands = feed.head
            if len(feeds) == AT_ONCE:
                break
        return feeds

    def _steps(self, feeds: Sequence[FeedFile], old: Head) -> Applied:
        for feed in feeds:
            try:
                feed.check()
            except InputError as error:
                raise FeedRefusedError("payload", error.message) from error
        with opened_feed(self.folder / STATE) as state:
            stream: Iterator[bytes] = state.lines()
            for feed in feeds:
                stream = merge(stream, feed.lines())
            self._replace(feeds[-1].signed, stream)
        return Applied(feeds[-1].head, old.link.serial, len(feeds))

    def _snapshot(self, feed: FeedFile, old: Head | None, skip_history: bool) -> Applied:
        current(feed.head, self.clock())
        if old is not None:
            try:
                if not follows(old, feed.head):
                    return self._again(old, feed.signed)
            except FeedRefusedError as error:
                if error.reason != "gap" or not skip_history:
                    raise
        try:
            feed.check()
        except InputError as error:
            raise FeedRefusedError("payload", error.message) from error
        self._replace(feed.signed, feed.lines())
        return Applied(feed.head, old.link.serial if old else None, snapshot=True)

    def _again(self, old: Head, signed: Signed) -> Applied:
        """The same list. A head that was signed later takes the older one's place."""
        if signed.head.made > old.made:
            with opened_feed(self.folder / STATE) as state:
                self._replace(signed, state.lines())
            return Applied(signed.head, old.link.serial)
        return Applied(old, old.link.serial)

    def _replace(self, signed: Signed, stream: Iterable[bytes]) -> None:
        """Put a list under a head in the place of the one that stands, if every line is good and all of
        them are what was signed."""
        head = signed.head
        seen, size, entries = hashlib.sha256(), 0, 0
        try:
            with replacing(self.folder / STATE) as file:
                file.write(signed.note.to_bytes() + b"\n")

                def through() -> Iterator[bytes]:
                    nonlocal size
                    for line in stream:
                        size += len(line)
                        if size > head.link.snapshot.size:
                            raise InputError("more than was signed")
                        seen.update(line)
                        file.write(line)
                        yield line

                for found in lines.read(through(), laboratory=self.laboratory):
                    entries += isinstance(found, lines.ENTRIES)
                made = ("sha256:" + seen.hexdigest(), size, entries)
                if made != (head.link.snapshot.digest, head.link.snapshot.size, head.entries):
                    raise InputError("the result is not the list that was signed")
        except InputError as error:
            raise FeedRefusedError("payload", error.message, hint=error.hint) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with locked(self.folder):
            # What a run that was killed left behind stands beside the state and was never used.
            for path in self.folder.glob(f".{STATE}.*"):
                path.unlink(missing_ok=True)
            yield
