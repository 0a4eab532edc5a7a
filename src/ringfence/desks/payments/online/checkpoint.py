"""Checkpoint: a stream's whole memory in a folder, so that after a crash nothing is lost or said twice.

``checkpoint`` takes the place of the one before in one step (written beside it, synced, renamed). It holds
the tables, alerts that are open, payments held back, ids of transactions, and how far input and output had
come; ``accounts.mac`` the accounts' keyed MACs by number, only ever added to; ``windows-…`` windows that do
not fit into memory (`log`), as far as the checkpoint names them. No identifier of an account or of a person
stands in the folder: names are in the vault. Ids of transactions are kept as they came, because alerts name
them and no key could give them back.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
import numpy as np

from ringfence.core.errors import StoreError
from ringfence.desks.payments.mac import SIZE
from ringfence.desks.payments.online.state import State

FILE: Final = "checkpoint"
MACS: Final = "accounts.mac"
_VERSION: Final = 3  # whether a sum had no room
_SUM: Final = 32


class Folder:
    """A folder of one stream, locked while it is open. Raises `StoreError` where another process has it."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = path
        self._lock = (path / "lock").open("wb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise StoreError(f"{path} is in use", hint="one stream has one folder") from error

    def save(self, told: Mapping[str, Any], tables: State, macs: bytes) -> None:
        """Write a checkpoint; it is there, whole, when this returns."""
        with (self.path / MACS).open("ab") as file:
            at = file.seek(0, os.SEEK_END)
            file.write(macs[at:])
            _sync(file)
        beside = self.path / f"{FILE}.new"
        head = msgspec.msgpack.encode({"v": _VERSION, "accounts": len(macs) // SIZE, **told})
        with beside.open("wb") as file:
            summed = hashlib.blake2b(digest_size=_SUM)
            for part in (len(head).to_bytes(8, "big"), head):
                summed.update(part)
                file.write(part)
            for table in tables:
                shape = np.array([table.shape[0], table.shape[1] if table.ndim == 2 else 0], np.int64)
                for array in (shape, table):
                    view: Any = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
                    summed.update(view)
                    file.write(view.data)
            file.write(summed.digest())
            _sync(file)
        beside.replace(self.path / FILE)
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def load(self) -> tuple[dict[str, Any], State, bytes] | None:
        """(what was told, tables, MACs) of the checkpoint, or None where there is none yet. Raises
        `StoreError` for one that is damaged or of another version."""
        macs = self.path / MACS
        try:
            content = (self.path / FILE).read_bytes()
        except FileNotFoundError:
            macs.unlink(missing_ok=True)  # of accounts that no checkpoint knows
            return None
        if hashlib.blake2b(content[:-_SUM], digest_size=_SUM).digest() != content[-_SUM:]:
            raise StoreError(f"{self.path / FILE} is damaged", hint="restore the folder, or begin anew")
        size = int.from_bytes(content[:8], "big")
        told: dict[str, Any] = msgspec.msgpack.decode(content[8 : 8 + size], strict=False)
        if told["v"] != _VERSION:
            raise StoreError(f"{self.path} is of version {told['v']}", hint="use the version that wrote it")
        at, tables = 8 + size, []
        for _ in State._fields:
            rows, columns = np.frombuffer(content, np.int64, 2, at).tolist()
            count = rows * (columns or 1)
            table = np.frombuffer(content, np.int64, count, at + 16).copy()
            tables.append(table.reshape(rows, columns) if columns else table)
            at += 16 + 8 * count
        kept = told["accounts"] * SIZE
        known = macs.read_bytes()[:kept] if kept else b""
        if len(known) < kept:
            raise StoreError(f"{macs} is too short", hint="restore the folder, or begin anew")
        if macs.exists():
            os.truncate(macs, kept)
        return told, State(*tables), known

    def close(self) -> None:
        self._lock.close()


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
