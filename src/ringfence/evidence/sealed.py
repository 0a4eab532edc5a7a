"""Sealed: which tables hold sealed records, and what every column of theirs must say.

Each room states it beside its tables. `fsck` compares rows, records and leaves by it; a table that holds
records and is not stated fails the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select

# What a column must be: the path of a field in the record (`scope.host`), or a function of the record's
# fields and its digest.
Says = str | Callable[[Mapping[str, Any], str], Any]


class Problem(msgspec.Struct, frozen=True):
    """``where`` names the thing (`orders RF-….needed`, `blob sha256:…`), ``what`` says what is wrong."""

    where: str
    what: str


# Looks at what no single row can show; yields what is wrong.
Audit = Callable[[Connection], Iterator[Problem]]


class Sealed(msgspec.Struct, frozen=True):
    """A table whose rows are sealed records with the columns ``id`` and ``record``.

    ``columns`` covers every other column except ``seq`` (counted from 1, in the order of the leaves).
    ``changing`` rows have a leaf for each of their states and keep the latest record. ``blobs`` are
    columns that name a blob. ``large`` columns hold bytes whose digest a field of the record names; they
    are read a row at a time. ``words`` are fields that people wrote freely, and that may be erased by
    order (`ringfence.evidence.words`): paths as in ``columns``; of an object, all its texts.
    """

    table: Table
    kind: str
    columns: dict[str, Says]
    changing: bool = False
    blobs: tuple[str, ...] = ()
    large: dict[str, str] = {}
    words: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name


TABLES: dict[str, Sealed] = {}
AUDITS: list[Audit] = []
# Ids of records, and digests of blobs, that were erased by a person's order.
ERASED: list[Callable[[Connection], Iterable[str]]] = []
# By id of a record whose words were erased: the digest of what was left of it, by that order.
LEFT: list[Callable[[Connection], Mapping[str, str]]] = []
_MODULES: set[str] = set()


def sealed(
    table: Table,
    kind: str,
    *,
    room: str,
    changing: bool = False,
    blobs: tuple[str, ...] = (),
    large: Mapping[str, str] | None = None,
    words: tuple[str, ...] = (),
    **columns: Says,
) -> None:
    """State that a table's rows are sealed under a kind of leaf; ``room`` is the stating module's name.

    A column that is not named says what the record's field of its name says; ``digest`` is the digest of
    the record. Raises `ValueError` for a column that the table has not.
    """
    unknown = columns.keys() - {column.name for column in table.columns}
    if unknown:
        raise ValueError(f"{table.name} has no columns {sorted(unknown)}")
    says = {
        column.name: columns.get(column.name, _digest if column.name == "digest" else column.name)
        for column in table.columns
        if column.name not in {"seq", "record", *(large or ())}
    }
    TABLES[table.name] = Sealed(table, kind, says, changing, blobs, dict(large or {}), words)
    _MODULES.add(room)


def audit(look: Audit) -> Audit:
    """State a look of its own, as a decorator."""
    AUDITS.append(look)
    return look


def rooms() -> tuple[str, ...]:
    """The modules that stated tables: another process imports them to know the same."""
    return tuple(sorted(_MODULES))


def named_after(kind: str) -> Says:
    """An id made from the record's digest, as `ringfence.core.ids.derived` makes it."""
    return lambda _, digest: f"{kind}:{digest[7:39]}"


def record_of(connection: Connection, kind: str, record_id: str) -> bytes | None:
    """The canonical record of an id, as its row has it; None if there is none."""
    for one in TABLES.values():
        if one.kind == kind:
            found = connection.execute(select(one.table.c.record).where(one.table.c.id == record_id)).scalar()
            if found is not None:
                return bytes(found)
    return None


def _digest(_: Mapping[str, Any], digest: str) -> str:
    return digest
