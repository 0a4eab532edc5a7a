"""The log: an RFC 6962 Merkle tree over the digests of everything seen and decided.

A leaf is a short JSON entry that names a digest, never a body. Tiles, proofs and checkpoints are
functions of the leaves kept here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import Column, Connection, Integer, LargeBinary, String, Table, func, select

from ringfence.core.canonical import digest
from ringfence.core.database import append_only, metadata, refuse
from ringfence.core.time import stamp
from ringfence.evidence.tile import WIDTH
from ringfence.evidence.tree import leaf_hash, node_hash, root_hash

__all__ = ["append", "append_many", "head", "leaf_hash", "leaves", "node_hash", "root_hash", "seal", "tiles"]

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
KINDS = frozenset(get_args(Kind))
MAX_ENTRY = 1024  # bytes; the export's contract
_PAGE = 10_000  # leaves an insert
# A result that is not held in memory, and that PostgreSQL does not hand out by the hundred.
STREAMED: dict[str, Any] = {"stream_results": True, "max_row_buffer": 5_000}
_MANY = 1_000  # leaves from which on the shortest way is taken

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
refuse(
    leaves, "no_gap", "before insert", "leaves: the next index and no other",
    "new.idx is not (select coalesce(max(idx) + 1, 0) from leaves)",
)  # fmt: skip


class _Entry(msgspec.Struct, frozen=True):
    # In the order of the keys, so that the encoder has nothing to sort.
    digest: str
    id: str
    kind: str
    time: str
    v: int = 1


_encode = msgspec.json.Encoder().encode


def entry_of(record_digest: str, record_id: str, kind: str, time: str) -> bytes:
    """The bytes of a leaf's entry: JSON with sorted keys and no spaces."""
    return _encode(_Entry(record_digest, record_id, kind, time))


def append(connection: Connection, kind: str, record_id: str, record: bytes, time: str | None = None) -> int:
    """Append the leaf of a canonical record inside the caller's transaction; returns its index.

    The leaf holds the digest of the record's bytes, so the record itself may be erased later
    and the log still proves that it existed.
    """
    return append_many(connection, [(kind, record_id, record)], time)


def append_many(
    connection: Connection, records: Iterable[tuple[str, str, bytes]], time: str | None = None
) -> int:
    """Append the leaves of (kind, id, canonical record) in their order; returns the first one's index.

    Raises `ValueError` for an unknown kind and for an entry that is too long; nothing may be kept then.
    """
    entry_time = time or stamp()
    first: int = connection.execute(select(func.coalesce(func.max(leaves.c.idx) + 1, 0))).scalar_one()
    index = first
    source = iter(records)
    while page := list(islice(source, _PAGE)):
        rows = []
        for index, (kind, record_id, record) in enumerate(page, index):  # noqa: B020 (it goes on)
            if kind not in KINDS:
                raise ValueError(f"not a kind of leaf: {kind!r}")
            record_digest = digest(record)
            entry = entry_of(record_digest, record_id, kind, entry_time)
            if len(entry) > MAX_ENTRY:
                raise ValueError(f"a log entry of {len(entry)} bytes; at most {MAX_ENTRY}")
            rows.append((index, record_id, kind, record_digest, entry_time, entry, leaf_hash(entry)))
        index += 1
        _insert(connection, rows)
    return first


def _insert(connection: Connection, rows: list[tuple[int, str, str, str, str, bytes, bytes]]) -> None:
    names = [column.name for column in leaves.columns]
    if connection.dialect.name != "sqlite" or len(rows) < _MANY:
        connection.execute(leaves.insert(), [dict(zip(names, row, strict=True)) for row in rows])
        return
    # Past SQLAlchemy, which takes as long as all the rest; and ids are in no order, so their index wants
    # more than the 2 MB of memory that SQLite gives it.
    connection.exec_driver_sql("pragma cache_size = -65536")
    marks = ",".join("?" * len(names))
    connection.exec_driver_sql(f"insert into leaves ({','.join(names)}) values ({marks})", rows)  # noqa: S608


def seal(connection: Connection, kind: str, record_id: str, record: bytes) -> None:
    """`append` as the seam that other rooms take: seals a record in the transaction of its row."""
    append(connection, kind, record_id, record)


def head(connection: Connection) -> tuple[int, str]:
    """The size of the log and its root as 64 hexadecimal digits."""
    hashes = connection.execute(select(leaves.c.hash).order_by(leaves.c.idx)).scalars().all()
    return len(hashes), root_hash(hashes).hex()


def size(connection: Connection) -> int:
    """How many leaves there are."""
    return int(connection.execute(select(func.coalesce(func.max(leaves.c.idx) + 1, 0))).scalar_one())


def tiles(connection: Connection, start: int, stop: int) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """The hashes and entries of the leaves [start, stop), 256 at a time; ``start`` begins a tile."""
    wanted = select(leaves.c.hash, leaves.c.entry).where(leaves.c.idx >= start, leaves.c.idx < stop)
    rows = connection.execute(wanted.order_by(leaves.c.idx), execution_options=STREAMED)
    for part in rows.partitions(WIDTH):
        hashes, entries = zip(*part, strict=True)
        yield list(hashes), list(entries)
