"""Prove: the proof of a record's latest leaf, and the record itself."""

from __future__ import annotations

from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from ringfence.core.canonical import digest
from ringfence.core.errors import InputError, StoreError
from ringfence.evidence.log import leaves
from ringfence.evidence.proof import Proof
from ringfence.evidence.publish import Published, checkpoint, cosigned, public_key, published, shelf_of
from ringfence.evidence.sealed import LEFT, record_of
from ringfence.evidence.shelf import Reader
from ringfence.evidence.store import Store


class Proven(msgspec.Struct, frozen=True):
    """``record`` is None where it was erased, or where the leaf's table keeps none."""

    id: str
    index: int
    size: int
    leaf: bytes
    digest: str
    proof: Proof
    record: bytes | None


def prove(house: Store, record_id: str, key_file: Path | None = None) -> Proven:
    """The proof of a record's latest leaf under the latest checkpoint; one is made where none covers it.

    Raises `InputError` where no leaf has this id, `StoreError` where tiles and leaves differ.
    """
    with house.database.read() as connection:
        row = connection.execute(
            select(leaves).where(leaves.c.id == record_id).order_by(leaves.c.idx.desc()).limit(1)
        ).first()
        last = _covering(connection, row.idx) if row else None
    if row is None:
        raise InputError(f"no leaf of the log has the id {record_id!r}", hint="give the id of a record")
    if last is None:
        checkpoint(house, key_file)
    with house.database.read() as connection:
        last = last or _covering(connection, row.idx)
        key = public_key(connection)
        if last is None or key is None:
            raise StoreError("the log has no checkpoint", hint="ringfence log checkpoint")
        note = cosigned(connection, last)
        record = record_of(connection, row.kind, record_id)
        left = {name for told in LEFT for name in told(connection)}
    reader = Reader(shelf_of(house), last.checkpoint.size)
    proof = Proof(row.entry, row.idx, tuple(reader.path(row.idx)), note)
    proof.verified(key)  # a proof that does not hold is never handed out
    if record is not None and row.id in left:
        record = None
    if record is not None and digest(record) != row.digest:
        raise StoreError(f"the record of {record_id} is not the one sealed", hint="see ringfence log fsck")
    return Proven(record_id, row.idx, last.checkpoint.size, reader.leaf(row.idx), row.digest, proof, record)


def _covering(connection: Connection, index: int) -> Published | None:
    found = published(connection)
    return found[-1] if found and found[-1].checkpoint.size > index else None
