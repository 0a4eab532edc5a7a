"""Words: what people wrote freely in a sealed record (reasons, notes) is erased by order.

The row stays, with its id, its other fields and its leaf. The leaf names the digest of what was there; the
salt goes with the words, so that the digest cannot be tried with guesses. What is left is part of the
order, which is sealed first, in the same transaction; `fsck` accepts exactly that, and nothing else.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select, update

from ringfence.core.canonical import canonical, digest
from ringfence.core.database import Sql, both, fixed
from ringfence.core.errors import InputError
from ringfence.core.time import stamp
from ringfence.evidence.redaction import Redaction, enter, refusals
from ringfence.evidence.sealed import TABLES, Sealed
from ringfence.evidence.store import Store

_ORDERED = """exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = {})"""


def as_ordered(table: Table, *columns: str) -> Sql:
    """The condition on an update that it does nothing but leave a record as an order to erase its words
    says; ``columns`` are those that repeat the words."""
    others = both(fixed(table, {"record", "digest", *columns}))
    texts = Sql("cast(new.record as text)", "convert_from(new.record, 'UTF8')")
    return Sql(
        *(f"({_ORDERED.format(text)} and not ({other}))" for text, other in zip(texts, others, strict=True))
    )


def remainder(record: bytes, words: tuple[str, ...]) -> bytes:
    """A record without its words and its salt: the same fields, those texts empty."""
    fields: dict[str, Any] = msgspec.json.decode(record)
    for path in (*words, "salt"):
        *way, last = path.split(".")
        place: Any = fields
        for name in way:
            place = place.get(name, {})
        if place.get(last):
            place[last] = _emptied(place[last])
    return canonical(fields)


def _emptied(value: Any) -> Any:  # noqa: ANN401 (JSON)
    return dict.fromkeys(value, "") if isinstance(value, dict) else ""


def erase_words(
    store: Store, row: str, person: str, reasons: str, basis: str, case: str, *, at: datetime | None = None
) -> Redaction:
    """Erase the words of a record for good. Raises `RefusedError` under a legal hold or where the database
    refuses, `InputError` for a record without words of people, or of which they are gone."""
    with refusals(), store.database.begin() as connection:
        one, record = _found(connection, row)
        left = remainder(record, one.words)
        if left == record or not _says(record, one.words):
            raise InputError(f"{row} holds no words of people (any more)")
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("pragma secure_delete = on")  # nothing stays in freed pages
        made = Redaction(
            "erase", None, person, reasons, basis, stamp(at), secrets.token_hex(16),
            case=case, row=row, remainder=left.decode(),
        )  # fmt: skip
        made = enter(connection, made)
        fields = msgspec.json.decode(left)
        columns = {name: fields[name] for name in one.words if name in one.table.columns}
        connection.execute(
            update(one.table).where(one.table.c.id == row).values(record=left, digest=digest(left), **columns)
        )
    if store.database.path is not None:
        with closing(sqlite3.connect(store.database.path)) as plain:
            # Nor in the write-ahead log, unless somebody reads it at this moment: then with its next turn.
            plain.execute("pragma wal_checkpoint(truncate)")
    return made


def _found(connection: Connection, row: str) -> tuple[Sealed, bytes]:
    for one in TABLES.values():
        if one.words:
            record = connection.execute(select(one.table.c.record).where(one.table.c.id == row)).scalar()
            if record is not None:
                return one, bytes(record)
    raise InputError(f"no record {row} with words of people", hint="an event, an approval or an order")


def _says(record: bytes, words: tuple[str, ...]) -> bool:
    fields: Mapping[str, Any] = msgspec.json.decode(record)
    for path in words:
        value: Any = fields
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if any(value.values()) if isinstance(value, dict) else value:
            return True
    return False
