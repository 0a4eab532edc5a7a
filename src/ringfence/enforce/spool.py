"""Spool: an artefact on its way from the renderer to the database, too large to be held in memory."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType

_CHUNK = 1 << 20


class Spool:
    """Keeps what is written in a temporary file and knows its digest, and the digest it would have
    with another head: so a list that differs from the last one by its serial alone is recognised."""

    def __init__(self, other_head: bytes | None = None) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_CHUNK)  # noqa: SIM115 (closed by __exit__)
        self._hash = hashlib.sha256()
        self._other = hashlib.sha256(other_head) if other_head is not None else None
        self.size = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, chunks: Iterable[bytes]) -> None:
        """Take all chunks; the first is the head."""
        for at, chunk in enumerate(chunks):
            self._file.write(chunk)
            self._hash.update(chunk)
            if at and self._other is not None:
                self._other.update(chunk)
            self.size += len(chunk)

    @property
    def digest(self) -> str:
        """``sha256:`` and the hexadecimal digits of everything written."""
        return "sha256:" + self._hash.hexdigest()

    @property
    def other_digest(self) -> str | None:
        """The digest with the other head in place of the first chunk; None without one."""
        return "sha256:" + self._other.hexdigest() if self._other is not None else None

    def read(self) -> Iterator[bytes]:
        """What was written, in pieces of a megabyte."""
        self._file.seek(0)
        while chunk := self._file.read(_CHUNK):
            yield chunk
