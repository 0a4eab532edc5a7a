"""Check rows: columns against sealed records, records against their leaves, leaves against rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from ringfence.core.canonical import digest
from ringfence.evidence.sealed import TABLES, Problem, Says, Sealed

_decode = msgspec.json.Decoder(dict[str, Any]).decode


def check_rows(
    connection: Connection,
    one: Sealed,
    blob: Callable[[str], Path],
    erased: frozenset[str],
    left: Mapping[str, str],
) -> tuple[int, list[Problem]]:
    """How many rows a table has, and what is wrong with them. ``blob`` gives the path of a blob;
    ``erased`` are the ids and blobs whose erasure was ordered, ``left`` the digests of the records that
    the erasure of words left, by id."""
    problems: list[Problem] = []
    count = 0
    before = -1
    numbered = "seq" in one.table.columns
    contiguous = connection.dialect.name == "sqlite"  # sequences of PostgreSQL have gaps, rightly
    checked = _Row(one, blob)
    for count, row in enumerate(_rows(connection, one), 1):
        if numbered:
            index = -1 if row.leaf_idx is None else row.leaf_idx
            if (contiguous and row.seq != count) or (row.leaf_idx is not None and index <= before):
                problems.append(Problem(f"{one.name} {row.id}.seq", "not in the order of the leaves"))
            before = max(before, index)
        if row.id in erased:
            continue
        if row.id in left:
            problems += checked.of(row, erased, left[row.id])
        elif not checked.plainly_right(row):
            problems += checked.of(row, erased)
    return count, problems


def check_missing(connection: Connection, erased: frozenset[str]) -> list[Problem]:
    """The leaves whose record has no row, and was not erased either."""
    kinds: dict[str, list[str]] = {}
    for one in TABLES.values():
        kinds.setdefault(one.kind, []).append(one.name)
    cases = " ".join(
        f"when '{kind}' then {' or '.join(map(_in, names))}" for kind, names in sorted(kinds.items())
    )
    rows = connection.execute(
        text(
            f"select l.idx, l.kind, l.id from leaves l where not (case l.kind {cases} else 1 = 0 end) "  # noqa: S608
            "order by l.idx"
        ),
        execution_options={"yield_per": 1000},
    )
    return [
        Problem(f"{row.kind} {row.id}", f"leaf {row.idx} has no row") for row in rows if row.id not in erased
    ]


def _in(name: str) -> str:
    return f"exists (select 1 from {name} r where r.id = l.id)"  # noqa: S608 (names are ours)


def _rows(connection: Connection, one: Sealed) -> Iterator[Any]:
    columns = ", ".join(f"t.{column.name}" for column in one.table.columns)
    latest = "select max(m.idx) from leaves m where m.id = t.id and m.kind = :kind"
    order = " order by t.seq" if "seq" in one.table.columns else ""
    query = (
        f"select {columns}, l.idx as leaf_idx, l.digest as leaf_digest from {one.name} t "  # noqa: S608
        f"left join leaves l on l.idx = ({latest}){order}"
    )
    # As text, so that values come as they are kept: a boolean of 2 must not be read as true.
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("pragma cache_size = -65536")  # ids are in no order: look-ups jump about
    pages = {"yield_per": 1 if one.large else 500}
    return iter(connection.execute(text(query), {"kind": one.kind}, execution_options=pages))


class _Row:
    """What one row of a table says wrongly."""

    def __init__(self, one: Sealed, blob: Callable[[str], Path]) -> None:
        self.one = one
        self.blob = blob
        self.names = list(one.columns)
        self.says = [_reader(says) for says in one.columns.values()]
        self.large = [(name, _reader(path)) for name, path in one.large.items()]
        order = [column.name for column in one.table.columns]
        simple = {
            name: says for name, says in one.columns.items() if isinstance(says, str) and "." not in says
        }
        self._record = order.index("record")
        self._fields = _picker(list(simple.values()))
        self._values = _picker([order.index(name) for name in simple])
        self._others = [
            (order.index(name), _reader(says)) for name, says in one.columns.items() if name not in simple
        ]

    def plainly_right(self, row: Any) -> bool:  # noqa: ANN401
        """Whether nothing is wrong with a row, found the quick way: whole rows are compared at once."""
        try:
            record = row[self._record]
            found = digest(record)
            fields = _decode(record)
            return bool(
                found == row[-1]
                and self._fields(fields) == self._values(row)
                and all(row[at] == says(fields, found) for at, says in self._others)
                and not (self.large or self.one.blobs)
            )
        except (msgspec.DecodeError, KeyError, TypeError, ValueError):
            return False

    def of(self, row: Any, erased: frozenset[str], left: str | None = None) -> Iterator[Problem]:  # noqa: ANN401
        """The problems of a row as the query gives it. Where words were erased, ``left`` is the digest of
        what the order left: the leaf names what was there, and an id made from that is not made again."""
        values = row._mapping
        where = f"{self.one.name} {values['id']}"
        record = values["record"]
        if not isinstance(record, bytes):
            yield Problem(f"{where}.record", "it is no record")
            return
        found = digest(record)
        if row.leaf_idx is None:
            yield Problem(where, "this row has no leaf in the log")
        elif left is not None and left != found:
            yield Problem(f"{where}.record", "it is not what the order to erase its words left")
        elif left is None and row.leaf_digest != found:
            yield Problem(f"{where}.record", f"it is not the record that leaf {row.leaf_idx} names")
        try:
            fields = _decode(record)
            expected = [says(fields, found) for says in self.says]
            named = [(name, says(fields, found)) for name, says in self.large]
        except (msgspec.DecodeError, KeyError, TypeError, ValueError):
            yield Problem(f"{where}.record", "it cannot be read")
            return
        for name, value in zip(self.names, expected, strict=True):
            if values[name] != value and not (left is not None and name == "id"):
                yield Problem(f"{where}.{name}", "it is not what the sealed record says")
        for name, value in named:
            if not isinstance(values[name], bytes) or digest(values[name]) != value:
                yield Problem(f"{where}.{name}", "its digest is not the one in the sealed record")
        for name in self.one.blobs:
            value = fields.get(name)
            if value and value not in erased and not self.blob(value).is_file():
                yield Problem(f"blob {value}", f"{where} names it, and it is missing")


def _picker(keys: list[Any]) -> Callable[[Any], tuple[Any, ...]]:
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda values: tuple(values[key] for key in keys)


def _reader(says: Says) -> Callable[[Mapping[str, Any], str], Any]:
    if not isinstance(says, str):
        return says
    first, *rest = says.split(".")
    if not rest:
        return lambda fields, _: fields[first]

    def read(fields: Mapping[str, Any], _: str) -> Any:  # noqa: ANN401
        value: Any = fields[first]
        for name in rest:
            value = value[name]
        return value

    return read
