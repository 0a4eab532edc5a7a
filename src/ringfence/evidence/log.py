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
from sqlalchemy.exc import DBAPIError

from ringfence.core.canonical import digest
from ringfence.core.database import append_only, metadata, refuse
from ringfence.core.time import stamp
from ringfence.evidence.tile import WIDTH
from ringfence.evidence.tree import leaf_hash, leaf_hashes, node_hash, root_hash

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
    "new.idx < 0 or (new.idx > 0 and not exists (select 1 from leaves where idx = new.idx - 1))",
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
        kinds, ids, bodies = zip(*page, strict=True)
        if not KINDS.issuperset(kinds):
            raise ValueError(f"not a kind of leaf: {(set(kinds) - KINDS).pop()!r}")
        digests = list(map(digest, bodies))
        times = [entry_time] * len(page)
        entries = list(map(entry_of, digests, ids, kinds, times))
        longest = max(map(len, entries))
        if longest > MAX_ENTRY:
            raise ValueError(f"a log entry of {longest} bytes; at most {MAX_ENTRY}")
        indices = range(index, index + len(page))
        index = indices.stop
        columns = (indices, ids, kinds, digests, times, entries, leaf_hashes(entries))
        _insert(connection, list(zip(*columns, strict=True)))
    return first


def _insert(connection: Connection, rows: list[tuple[int, str, str, str, str, bytes, bytes]]) -> None:
    names = [column.name for column in leaves.columns]
    if len(rows) < _MANY:
        connection.execute(leaves.insert(), [dict(zip(names, row, strict=True)) for row in rows])
        return
    # Past SQLAlchemy, which takes as long as all the rest.
    if connection.dialect.name == "postgresql":
        _copy(connection, f"copy leaves ({','.join(names)}) from stdin", rows)
        return
    # Ids are in no order, so their index wants
    # more than the 2 MB of memory that SQLite gives it.
    connection.exec_driver_sql("pragma cache_size = -65536")
    marks = ",".join("?" * len(names))
    connection.exec_driver_sql(f"insert into leaves ({','.join(names)}) values ({marks})", rows)  # noqa: S608


def _copy(connection: Connection, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    import psycopg

    try:
        with connection.connection.cursor() as cursor, cursor.copy(statement) as out:  # type: ignore[attr-defined]
            for row in rows:
                out.write_row(row)
    except psycopg.Error as error:
        raise DBAPIError(statement, None, error) from error


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
