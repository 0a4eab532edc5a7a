"""Whether the rows and blobs of a SQLite file agree with the log that it holds."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from ringfence.core.canonical import digest
from ringfence.core.errors import StoreError
from ringfence.evidence.log import leaf_hash, root_hash

_BAD = "restore an earlier backup, or look with ringfence log fsck"


def check_rows(path: Path, blobs: Path) -> tuple[int, str]:
    """The size and root (64 hex digits) of the log in a file, once it holds: its leaves are numbered
    without gaps and say what their entries say; every record is the one its latest leaf names, and
    none is missing; every blob is what its name says, and the capture of every observation is there,
    unless a redaction (a record as any other) orders its erasure, or that of words in a record. Raises
    `StoreError`."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            if connection.execute("pragma integrity_check").fetchone() != ("ok",):
                raise StoreError(f"{path.name} is damaged", hint=_BAD)
            latest, hashes = _leaves(connection)
            _records(connection, latest)
            _captures(connection, blobs)
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path.name} is damaged: {error}", hint=_BAD) from error
    for blob in blobs.rglob("*"):
        if blob.is_file() and _sha256(blob) != blob.name:
            raise StoreError(f"the blob {blob.name} is damaged", hint=_BAD)
    return len(hashes), root_hash(hashes).hex()


def _leaves(connection: sqlite3.Connection) -> tuple[dict[str, str], list[bytes]]:
    latest: dict[str, str] = {}
    hashes: list[bytes] = []
    rows = connection.execute("select idx, id, kind, digest, time, entry, hash from leaves order by idx")
    for index, name, kind, said, time, entry, hashed in rows:
        fields = msgspec.json.decode(entry)
        wanted = {"digest": said, "id": name, "kind": kind, "time": time, "v": 1}
        if index != len(hashes) or fields != wanted or leaf_hash(entry) != hashed:
            raise StoreError(f"leaf {index} of the log is damaged", hint=_BAD)
        hashes.append(hashed)
        latest[name] = said
    return latest, hashes


def _records(connection: sqlite3.Connection, latest: dict[str, str]) -> None:
    missing = dict(latest)
    ordered = (
        "select row_id, remainder from redactions where act = 'erase' and row_id is not null order by at"
    )
    left = {name: digest(text.encode()) for name, text in connection.execute(ordered)}
    for table in _tables_with(connection, {"id", "record"}):
        if table in ("subject_versions", "subjects"):
            continue  # the register is no part of the log
        for name, record in connection.execute(f"select id, record from {table}"):  # noqa: S608
            if digest(record) != left.get(name, latest.get(name)):
                raise StoreError(f"{table}: {name} is not what the log says", hint=_BAD)
            missing.pop(name, None)
    for name in missing:
        raise StoreError(f"the record {name} is missing", hint=_BAD)


def _captures(connection: sqlite3.Connection, blobs: Path) -> None:
    erased = {blob for (blob,) in connection.execute("select blob from redactions where act = 'erase'")}
    for name, capture in connection.execute("select id, capture from observations"):
        short = capture.removeprefix("sha256:")
        if capture not in erased and not (blobs / short[:2] / short).is_file():
            raise StoreError(f"the capture of {name} is missing", hint=_BAD)


def _tables_with(connection: sqlite3.Connection, wanted: set[str]) -> list[str]:
    names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
    return [
        name
        for name in names
        if wanted <= {row[1] for row in connection.execute(f"pragma table_info({name})")}
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
