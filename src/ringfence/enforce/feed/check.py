"""Check: a feed file or a publisher's folder, whole, by somebody who trusts a key and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from ringfence.core.errors import InputError
from ringfence.core.note import PublicKey
from ringfence.enforce.feed import lines
from ringfence.enforce.feed.file import FeedFile, opened_feed, read_head
from ringfence.enforce.feed.folder import DELTA, HEAD, SNAPSHOT
from ringfence.enforce.feed.head import Head
from ringfence.enforce.feed.verify import FeedRefusedError, current, follows, genuine


class Checked(msgspec.Struct, frozen=True):
    """What was found genuine: the head, what the file is, and how many deltas a folder holds."""

    head: Head
    kind: str
    deltas: int = 0


def check(path: Path, trusted: Sequence[PublicKey], at: datetime, *, after: Head | None = None) -> Checked:
    """A file or a folder at an instant. ``after`` is a head that is known already: nothing older and no
    other history is taken for good. Raises `FeedRefusedError` (what was found is not genuine or not
    current) or `InputError` (it is no feed at all)."""
    found = _folder(path, trusted, at) if path.is_dir() else _file(path, trusted, at)
    if after is not None:
        _after(after, found.head)
    return found


def payload(feed: FeedFile) -> None:
    """Every line of a file: first its digest, then what it says. Raises `FeedRefusedError`."""
    try:
        feed.check()
        entries = 0
        for line in contents(feed):
            entries += isinstance(line, lines.ENTRIES)
        if feed.kind == "snapshot" and entries != feed.head.entries:
            raise InputError(f"{entries} entries where the head says {feed.head.entries}")
    except InputError as error:
        raise FeedRefusedError("payload", error.message, hint=error.hint) from error


def contents(feed: FeedFile) -> Iterator[lines.Line]:
    """What a file's lines say; those of a delta without their sign. Raises `InputError`."""
    if feed.kind == "snapshot":
        yield from lines.read(feed.lines(), laboratory=feed.head.link.laboratory)
        return
    for line in feed.lines():
        yield lines.decode(line[1:])


def _file(path: Path, trusted: Sequence[PublicKey], at: datetime) -> Checked:
    with opened_feed(path) as feed:
        genuine(feed.signed, trusted)
        current(feed.head, at)
        payload(feed)
        return Checked(feed.head, feed.kind)


def _folder(folder: Path, trusted: Sequence[PublicKey], at: datetime) -> Checked:
    signed = read_head(folder / HEAD)
    head = signed.head
    genuine(signed, trusted)
    current(head, at)
    with opened_feed(folder / SNAPSHOT) as snapshot:
        genuine(snapshot.signed, trusted)
        _same(head, snapshot)
        payload(snapshot)
    # Backwards: each delta belongs to the link that the one after it names, and is signed by a key that
    # the head after it lists, so that a feed whose keys have changed is still checked to its beginning.
    later, keys = head, list(trusted)
    files = sorted((folder / DELTA).glob("*.feed"), reverse=True)
    for file in files:
        with opened_feed(file) as delta:
            genuine(delta.signed, [*keys, *later.keys])
            if delta.head.link != head.link:
                _linked(delta.head, later, file.name)
            payload(delta)
            later, keys = delta.head, []
    return Checked(head, "folder", len(files))


def _same(head: Head, snapshot: FeedFile) -> None:
    link = snapshot.head.link
    if link.serial < head.link.serial:
        raise FeedRefusedError(
            "rollback", f"the snapshot is of serial {link.serial}, the head of {head.link.serial}"
        )
    if link != head.link:
        raise FeedRefusedError("fork", "the head and the snapshot tell two histories")


def _linked(earlier: Head, later: Head, name: str) -> None:
    link = earlier.link
    if later.link.previous != (link.serial, link.digest):
        gap = later.link.previous is not None and later.link.previous[0] > link.serial
        reason = "gap" if gap else "fork"
        raise FeedRefusedError(reason, f"{name} is not what serial {later.link.serial} follows")


def _after(known: Head, found: Head) -> None:
    try:
        follows(known, found)
    except FeedRefusedError as error:
        if error.reason != "gap":  # a later serial of the same feed is no wrong by itself
            raise
