"""Log: words in files that are only added to; a place is counted over all files there ever were.

In a folder each file has the name of its first place, and stays until no checkpoint names it. Without a
folder the files have no name at all, so that nothing is left of them however the process ends.
"""

from __future__ import annotations

import os
import tempfile
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from ringfence.core.errors import StoreError
from ringfence.desks.payments.online.state import Ints

FILE: Final = 1 << 23  # words (64 MiB) after which another file is begun
FILES: Final = 128  # so few that all can be open; where there would be more, each is larger
_WORD: Final = 8
_AHEAD: Final = 4096  # bytes that are read of a record whose length is not known yet; most are shorter
_NAME: Final = "windows-"


class File:
    """Words from place ``begin`` on, added in ``parts`` (where each ends); ``live`` of them still count, and
    ``latest`` is the latest leg of their books."""

    def __init__(
        self, begin: int, path: Path | None, parts: Sequence[int] = (), live: int = 0, latest: int = -1
    ) -> None:
        self.begin, self.path, self.live, self.latest = begin, path, live, latest
        self.parts = list(parts)
        self.synced = bool(parts)
        if path:
            self.number = os.open(path, os.O_RDWR | (0 if parts else os.O_CREAT | os.O_TRUNC), 0o600)
        else:
            with tempfile.TemporaryFile(buffering=0) as file:
                self.number = os.dup(file.fileno())

    def __del__(self) -> None:
        if hasattr(self, "number"):
            os.close(self.number)

    @property
    def end(self) -> int:
        return self.parts[-1] if self.parts else self.begin

    def read(self, place: int, size: int) -> bytes:
        """Up to so many bytes."""
        return os.pread(self.number, size, _WORD * (place - self.begin))

    def add(self, words: Ints) -> None:
        view = words.data.cast("B")
        at = _WORD * (self.end - self.begin)
        while len(view):
            done = os.pwrite(self.number, view, at)
            view, at = view[done:], at + done
        self.parts.append(self.end + len(words))
        self.synced = False


class Log:
    """Places are of words. Raises `StoreError` where the disk is full, or a file is gone or damaged."""

    def __init__(self, folder: Path | None, file: int = FILE) -> None:
        self._folder, self._file = folder, file
        self.files: list[File] = []
        self.end = 0

    @property
    def live(self) -> int:
        """Words that count."""
        return sum(file.live for file in self.files)

    def add(self, words: Ints, latest: int) -> int:
        """Words at the end, of books whose latest leg is this; their place."""
        try:
            if not self.files or self._long(self.files[-1]):
                self.files.append(File(self.end, self._path(self.end)))
            last = self.files[-1]
            last.add(words)
        except OSError as error:
            raise _full(error) from error
        place, self.end = self.end, last.end
        last.live += len(words)
        last.latest = max(last.latest, latest)
        return place

    def _long(self, file: File) -> bool:
        return file.end - file.begin >= max(self._file, self.live // FILES)

    def file_of(self, place: int) -> File:
        return self.files[bisect_right(self.files, place, key=lambda file: file.begin) - 1]

    def records(self, places: Sequence[int]) -> tuple[Ints, Ints]:
        """The records at these places: their words, and where each begins. The first word of one is its
        length; nothing else of it is looked at."""
        parts = [self._record(self.file_of(place), place) for place in places]
        starts = np.cumsum([0, *(len(part) // _WORD for part in parts[:-1])])
        return np.frombuffer(b"".join(parts), np.int64), starts

    def spend(self, places: Sequence[int], sizes: Sequence[int]) -> None:
        """Records that count no more, of so many words."""
        for place, size in zip(places, sizes, strict=True):
            self.file_of(place).live -= size

    def _record(self, file: File, place: int) -> bytes:
        part = self._read(file, place, _AHEAD)
        size = _WORD * int.from_bytes(part[:_WORD], "little", signed=True)
        if not _WORD <= size <= _WORD * (file.end - place):
            raise damaged(file)
        if size > len(part):
            part += self._read(file, place + len(part) // _WORD, size - len(part))
        return part[:size]

    def _read(self, file: File, place: int, size: int) -> bytes:
        try:
            return file.read(place, size)
        except OSError as error:
            raise StoreError(f"windows cannot be read from a file: {error.strerror}") from error

    def part(self, file: File, begin: int, end: int) -> Ints:
        """Words that were added together."""
        return np.frombuffer(self._read(file, begin, _WORD * (end - begin)), np.int64)

    def drop(self, file: File) -> None:
        """A file that nothing counts of; in a folder it stays until `sweep`."""
        self.files.remove(file)

    def sync(self) -> None:
        """All that was added is on disk when this returns."""
        for file in self.files:
            if not file.synced:
                try:
                    os.fsync(file.number)
                except OSError as error:
                    raise _full(error) from error
                file.synced = True

    def sweep(self) -> None:
        """Delete files that this log does not name."""
        known = {file.path for file in self.files}
        for path in self._folder.glob(f"{_NAME}*") if self._folder else ():
            if path not in known:
                path.unlink()

    def _path(self, begin: int) -> Path | None:
        return self._folder / f"{_NAME}{begin}" if self._folder else None

    def to_dict(self) -> dict[str, Any]:
        """For a file."""
        files = [[file.begin, file.parts, file.live, file.latest] for file in self.files]
        return {"files": files, "end": self.end}

    def load(self, told: dict[str, Any]) -> None:
        """From `to_dict`; what was added since is cut off."""
        self.end = told["end"]
        for begin, parts, live, latest in told["files"]:
            path = self._path(begin)
            assert path  # noqa: S101 (what has no folder is never loaded)
            size = _WORD * (parts[-1] - begin)
            if not path.is_file() or path.stat().st_size < size:
                raise StoreError(
                    f"{path} is missing or too short", hint="restore the folder, or begin with a new one"
                )
            os.truncate(path, size)
            self.files.append(File(begin, path, parts, live, latest))


def damaged(file: File) -> StoreError:
    """The error for a record that is not what was written."""
    return StoreError(
        f"{file.path or 'a file of windows'} is damaged", hint="restore the folder, or begin with a new one"
    )


def _full(error: OSError) -> StoreError:
    return StoreError(
        f"windows cannot be written to a file: {error.strerror}",
        hint="make room on the disk, or allow more memory",
    )
