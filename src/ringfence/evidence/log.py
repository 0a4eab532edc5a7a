"""The log: an RFC 6962 Merkle tree over the digests of everything seen and decided.

Tiles, inclusion proofs and timestamps come with the due-process issue; they are functions of
the leaves kept here. A leaf is a short JSON entry that names a digest, never a body.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal

from sqlalchemy import Column, Connection, Integer, LargeBinary, String, Table, func, select

from ringfence.core.canonical import canonical, digest
from ringfence.core.database import append_only, metadata
from ringfence.core.time import stamp

Kind = Literal[
    "evidence",
    "finding",
    "assessment",
    "order",
    "approval",
    "notice",
    "appeal",
    "artefact",
    "event",
    "redaction",
]
MAX_ENTRY = 1024  # bytes; the export's contract

leaves = Table(
    "leaves",
    metadata,
    Column("idx", Integer, primary_key=True, autoincrement=False),
    Column("id", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("time", String, nullable=False),
    Column("entry", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
append_only(leaves)


def leaf_hash(entry: bytes) -> bytes:
    """H(0x00 ‖ entry), RFC 6962 §2.1."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """H(0x01 ‖ left ‖ right), RFC 6962 §2.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_hash(hashes: Sequence[bytes]) -> bytes:
    """The Merkle tree head over leaf hashes, RFC 6962 §2.1; H("") for none.

    Pairing each level from the left and carrying an odd node up gives the same tree as the
    recursive definition, in one pass.
    """
    if not hashes:
        return hashlib.sha256(b"").digest()
    level = list(hashes)
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def append(connection: Connection, kind: str, record_id: str, record: bytes, time: str | None = None) -> int:
    """Append the leaf of a canonical record inside the caller's transaction; returns its index.

    The leaf holds the digest of the record's bytes, so the record itself may be erased later
    and the log still proves that it existed.
    """
    entry_time = time or stamp()
    record_digest = digest(record)
    entry = canonical({"digest": record_digest, "id": record_id, "kind": kind, "time": entry_time, "v": 1})
    if len(entry) > MAX_ENTRY:
        raise ValueError(f"a log entry of {len(entry)} bytes; at most {MAX_ENTRY}")
    index: int = connection.execute(select(func.coalesce(func.max(leaves.c.idx) + 1, 0))).scalar_one()
    connection.execute(
        leaves.insert().values(
            idx=index,
            id=record_id,
            kind=kind,
            digest=record_digest,
            time=entry_time,
            entry=entry,
            hash=leaf_hash(entry),
        )
    )
    return index


def seal(connection: Connection, kind: str, record_id: str, record: bytes) -> None:
    """`append` as the seam that other rooms take: seals a record in the transaction of its row."""
    append(connection, kind, record_id, record)


def head(connection: Connection) -> tuple[int, str]:
    """The size of the log and its root as 64 hexadecimal digits."""
    hashes = connection.execute(select(leaves.c.hash).order_by(leaves.c.idx)).scalars().all()
    return len(hashes), root_hash(hashes).hex()
