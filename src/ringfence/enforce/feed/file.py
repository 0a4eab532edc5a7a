"""A feed file: the signed head, an empty line, and one payload (a snapshot or a delta). Read as a stream."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from ringfence.core.errors import InputError
from ringfence.core.note import Note
from ringfence.enforce.feed.head import MAX_HEAD, Head, Payload
from ringfence.enforce.feed.lines import MAX_LINE

Kind = Literal["snapshot", "delta"]
LOCK = ".lock"
_CHUNK = 1 << 20


class Signed(msgspec.Struct, frozen=True):
    """A head with the note that carries it. Read, not yet verified."""

    head: Head
    note: Note

    @classmethod
    def from_bytes(cls, data: bytes) -> Signed:
        """Reads a signed head. Raises `InputError`."""
        note = Note.from_bytes(data)
        return cls(Head.from_text(note.text), note)


class FeedFile:
    """An open feed file at the start of its payload: ``signed``, ``kind`` and the payload that the head
    promises. Nothing that `lines` gives may be relied on before it has ended without an error."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.stream = stream
        self.name = name
        self.signed = Signed.from_bytes(_head(stream))
        self.start = stream.tell()
        self.kind, self.payload = self._kind()

    @property
    def head(self) -> Head:
        """The head, as it stands in the file."""
        return self.signed.head

    def lines(self) -> Iterator[bytes]:
        """The payload's lines, hashed as they go. Raises `InputError` at a line that is too long, and at
        the end where the payload is not the one that was signed."""
        self.stream.seek(self.start)
        seen, size = hashlib.sha256(), 0
        while line := self.stream.readline(MAX_LINE + 2):
            size += len(line)
            if len(line) > MAX_LINE + 1 or not line.endswith(b"\n") or size > self.payload.size:
                raise InputError(f"{self.name}: cut short, too long, or not the {self.kind} that was signed")
            seen.update(line)
            yield line
        if size != self.payload.size or "sha256:" + seen.hexdigest() != self.payload.digest:
            raise InputError(f"{self.name}: not the {self.kind} that was signed: its digest is another")

    def check(self) -> None:
        """Read the payload as bytes alone and compare its digest: before anything in it is looked at.
        Raises `InputError`."""
        self.stream.seek(self.start)
        seen, left = hashlib.sha256(), self.payload.size
        while left and (chunk := self.stream.read(min(_CHUNK, left))):
            seen.update(chunk)
            left -= len(chunk)
        if left or self.stream.read(1) or "sha256:" + seen.hexdigest() != self.payload.digest:
            raise InputError(f"{self.name}: not the {self.kind} that was signed")

    def _kind(self) -> tuple[Kind, Payload]:
        start = self.stream.read(2)
        self.stream.seek(self.start)
        delta = self.head.delta
        # An empty delta is a file that ends with its head: nothing changed.
        if start[:1] in (b"+", b"-") or (not start and delta is not None):
            if delta is None:
                raise InputError(f"{self.name}: a delta under a head that promises none")
            return "delta", delta
        return "snapshot", self.head.link.snapshot


@contextmanager
def opened_feed(path: Path) -> Iterator[FeedFile]:
    """A feed file, opened and its head read. Raises `InputError` for what is none."""
    try:
        with path.open("rb") as stream:
            yield FeedFile(stream, path.name)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


def read_head(path: Path) -> Signed:
    """A file that holds a signed head alone. Raises `InputError`."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_HEAD + 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    if len(data) > MAX_HEAD:
        raise InputError(f"{path.name}: not the head of a feed: over {MAX_HEAD} bytes")
    return Signed.from_bytes(data)


def whole(note: Note, payload: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a feed file."""
    yield note.to_bytes() + b"\n"
    yield from payload


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file beside ``path`` that takes its place, synced, once the block has ended well; the folder is
    synced too, so that a crash leaves the old file or the new one. Raises `InputError`."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """A folder, made if it is not there, that one process at a time writes to. Raises `InputError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("wb")
    except OSError as error:
        raise InputError(f"cannot use {folder}: {error.strerror}", hint="name another folder") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file whole or not at all. Raises `InputError`."""
    with replacing(path) as file:
        file.writelines(parts)


def _head(stream: BinaryIO) -> bytes:
    data = stream.read(MAX_HEAD + 2)
    text = data.find(b"\n\n")
    end = data.find(b"\n\n", text + 2)
    if text < 0 or end < 0:
        raise InputError("not a feed: it does not start with a signed head")
    stream.seek(end + 2)
    return data[: end + 1]
