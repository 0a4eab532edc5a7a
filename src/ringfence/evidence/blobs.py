"""Blobs: content-addressed bytes as files, each path ending in its SHA-256."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ringfence.core.errors import InputError, StoreError

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_WRITERS = 8  # concurrent fsyncs share a journal commit; more threads gained nothing


class Blobs:
    """A folder of blobs. Writing is idempotent and durable: temporary name, fsync, rename, fsync of
    the folder; a reader never sees half a blob."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.root.mkdir(parents=True, exist_ok=True)

    def path(self, digest: str) -> Path:
        """Where the blob of a ``sha256:`` digest lives. Raises `InputError` for any other text."""
        if not _DIGEST.fullmatch(digest):
            raise InputError(f"not a SHA-256 digest: {digest!r}", hint="write sha256: and 64 hex digits")
        name = digest.removeprefix("sha256:")
        return self.root / name[:2] / name

    def put(self, data: bytes) -> str:
        """Store bytes; returns their digest. Raises `StoreError` when the disk is full."""
        return self.put_many([data])[0]

    def put_many(self, items: Iterable[bytes]) -> list[str]:
        """Store several blobs with their fsyncs side by side; digests in the order given."""
        named = [(f"sha256:{hashlib.sha256(data).hexdigest()}", data) for data in items]
        missing = {digest: data for digest, data in named if not self.path(digest).exists()}
        try:
            for folder in {self.path(digest).parent for digest in missing}:
                if not folder.exists():
                    folder.mkdir(exist_ok=True)
                    _sync_folder(self.root)
            if len(missing) < 2:
                for digest, data in missing.items():
                    self._write(digest, data)
            else:
                with ThreadPoolExecutor(_WRITERS) as pool:
                    list(pool.map(self._write, missing, missing.values()))
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise StoreError(
                    f"the disk is full: {self.root}", hint="free some space and run the command again"
                ) from error
            raise StoreError(f"cannot write {self.root}: {error}", hint="check its permissions") from error
        return [digest for digest, _ in named]

    def get(self, digest: str) -> bytes:
        """The bytes, checked against their digest. Raises `StoreError` if absent or changed."""
        try:
            data = self.path(digest).read_bytes()
        except FileNotFoundError as error:
            raise StoreError(
                f"no blob {digest}", hint="it may have been erased; see the log for its redaction"
            ) from error
        if hashlib.sha256(data).hexdigest() != digest.removeprefix("sha256:"):
            raise StoreError(f"the blob {digest} was changed on disk", hint="restore it from a backup")
        return data

    def erase(self, digest: str) -> bool:
        """Remove a blob for good, with what a killed writer left of it; whether it was there. The removal is
        on the disk when this returns."""
        path = self.path(digest)
        there = [one for one in (path, *path.parent.glob(f".{path.name}.*")) if one.exists()]
        for one in there:
            one.unlink(missing_ok=True)
        if there:
            _sync_folder(path.parent)
        return path in there

    def _write(self, digest: str, data: bytes) -> None:
        path = self.path(digest)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
