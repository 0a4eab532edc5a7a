"""Folder: what a publisher puts on a web server. ``head`` alone (small, for polling), ``snapshot.feed``,
and ``delta/SERIAL.feed`` for each step. Any static server can give it out; nothing in it is secret.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from ringfence.core.errors import InputError, RefusedError
from ringfence.core.note import Note, SecretKey, sign
from ringfence.core.time import parse_stamp, stamp
from ringfence.enforce.feed.delta import diff
from ringfence.enforce.feed.file import locked, opened_feed, read_head, replacing, whole, write
from ringfence.enforce.feed.head import Head, Link, Payload

HEAD, SNAPSHOT, DELTA = "head", "snapshot.feed", "delta"
VALID = timedelta(days=7)
_SPOOL = 8 << 20  # bytes of a delta kept in memory before it goes to disk

Content = Callable[[Link], bytes]


class Written(msgspec.Struct, frozen=True):
    """``serials`` are the deltas written; ``signed`` says whether the head is a new one."""

    head: Head
    serials: tuple[int, ...]
    signed: bool


class Signer(msgspec.Struct, frozen=True):
    """Who signs, at what instant, and for how long a head may be relied on."""

    keys: tuple[SecretKey, ...]
    at: datetime
    valid: timedelta = VALID

    def head(self, link: Link, entries: int, delta: Payload | None) -> tuple[Head, Note]:
        """A head for a link, and the note that carries it."""
        public = tuple(key.public for key in self.keys)
        made = Head(link, entries, delta, stamp(self.at), stamp(self.at + self.valid), public)
        return made, sign(made.to_text().encode("ascii"), self.keys)


def file_of(serial: int) -> str:
    """The name of a delta's file; names sort as serials do."""
    return f"{serial:010d}.feed"


def write_folder(folder: Path, links: Sequence[Link], content: Content, signer: Signer) -> Written:
    """Bring a folder to the last link: every delta that it lacks, the snapshot, and the head last, so that
    a reader never sees a head without what it promises. Run again after a crash, it goes on.

    A head is signed anew where half of its time is over or the keys have changed. Raises `RefusedError`
    where the folder holds another history, `InputError` where it cannot be written.
    """
    with locked(folder):
        return _write(folder, links, content, signer)


def _write(folder: Path, links: Sequence[Link], content: Content, signer: Signer) -> Written:
    last = _start(folder)
    at = _place(folder, links, last)
    due = last is None or _due(last, links[-1], signer) or not _complete(folder, last)
    if not due:
        assert last is not None  # noqa: S101 (for the type checker)
        return Written(last, (), signed=False)
    serials = []
    # Without a place to start from, or to sign anew, the last delta alone is made.
    start = min(at + 1, len(links) - 1) if at is not None else len(links) - 1
    for step in range(start, len(links)):
        head, note = _step(folder, links, step, content, signer)
        if step > 0:
            serials.append(links[step].serial)
    write(folder / SNAPSHOT, whole(note, [content(links[-1])]))
    write(folder / HEAD, [note.to_bytes()])
    return Written(head, tuple(serials), signed=True)


def write_file(path: Path, links: Sequence[Link], content: Content, signer: Signer) -> Head:
    """The snapshot alone, in one file. Raises `InputError` where it cannot be written."""
    link = links[-1]
    new = content(link)
    delta = None
    if len(links) > 1:
        with tempfile.SpooledTemporaryFile(_SPOOL) as held:
            delta = _payload(held, diff(_lines(content(links[-2])), _lines(new)))
    head, note = signer.head(link, count(new), delta)
    write(path, whole(note, [new]))
    return head


def count(snapshot: bytes) -> int:
    """How many entries a snapshot holds."""
    return snapshot.count(b'\n{"n') + snapshot.count(b'\n{"p')


def _start(folder: Path) -> Head | None:
    (folder / DELTA).mkdir(exist_ok=True)
    return read_head(folder / HEAD).head if (folder / HEAD).exists() else None


def _place(folder: Path, links: Sequence[Link], last: Head | None) -> int | None:
    if last is None:
        return None
    for place, link in enumerate(links):
        if link == last.link:
            return place
    raise RefusedError(
        f"{folder} holds serial {last.link.serial} of {last.link.name}, which this store has not published",
        hint="another store or key name wrote it, or this store was put back: recipients would see a fork",
    )


def _due(last: Head, link: Link, signer: Signer) -> bool:
    public = tuple(key.public for key in signer.keys)
    half = signer.at + signer.valid / 2 > parse_stamp(last.valid_until)
    return last.link != link or last.keys != public or half


def _complete(folder: Path, last: Head) -> bool:
    try:
        with opened_feed(folder / SNAPSHOT) as snapshot:
            return snapshot.head == last
    except InputError:
        return False


def _step(
    folder: Path, links: Sequence[Link], step: int, content: Content, signer: Signer
) -> tuple[Head, Note]:
    """One link's delta, written under a head of its own. The first link of all has none."""
    new = content(links[step])
    if step == 0:
        return signer.head(links[0], count(new), None)
    with tempfile.SpooledTemporaryFile(_SPOOL) as held:
        payload = _payload(held, diff(_before(folder, links[step - 1], content), _lines(new)))
        head, note = signer.head(links[step], count(new), payload)
        held.seek(0)
        with replacing(folder / DELTA / file_of(links[step].serial)) as file:
            file.writelines(whole(note, []))
            shutil.copyfileobj(held, file, 1 << 20)
    return head, note


def _before(folder: Path, link: Link, content: Content) -> Iterator[bytes]:
    """The lines before a step: streamed from the folder where it holds them, else from the store."""
    try:
        with opened_feed(folder / SNAPSHOT) as snapshot:
            if snapshot.head.link == link and snapshot.kind == "snapshot":
                snapshot.check()  # so that nothing wrong is found half-way
                yield from snapshot.lines()
                return
    except InputError:
        pass  # damaged or absent: the store has it
    yield from _lines(content(link))


def _lines(held: bytes) -> Iterator[bytes]:
    return iter(io.BytesIO(held))


def _payload(file: tempfile.SpooledTemporaryFile[bytes], lines: Iterable[bytes]) -> Payload:
    seen, size = hashlib.sha256(), 0
    for line in lines:
        seen.update(line)
        size += len(line)
        file.write(line)
    return Payload("sha256:" + seen.hexdigest(), size)
