"""Check rows: columns against sealed records, records against their leaves, leaves against rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from ringfence.core.canonical import digest
from ringfence.core.errors import InputError
from ringfence.evidence.check_walk import walk
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
    contiguous = connection.dialect.name == "sqlite"  # sequences of PostgreSQL have gaps, rightly
    checked = _Row(one, blob, erased, left)
    quickly = walk(connection, one, checked.plainly_right, contiguous=contiguous)
    if quickly is not None:
        return quickly, []
    problems: list[Problem] = []
    count = 0
    before = -1
    numbered = "seq" in one.table.columns
    for page in _pages(connection, one):
        for row in page if numbered else ():
            count += 1
            index = -1 if row.leaf_idx is None else row.leaf_idx
            if (contiguous and row.seq != count) or (row.leaf_idx is not None and index <= before):
                problems.append(Problem(f"{one.name} {row.id}.seq", "not in the order of the leaves"))
            before = max(before, index)
        count += 0 if numbered else len(page)
        if not checked.plainly_right(page, [row.leaf_digest for row in page]):
            problems += (problem for row in page for problem in checked.of(row))
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


def check_twice(connection: Connection) -> list[Problem]:
    """The leaves that say what an earlier leaf said: no state of a record is sealed twice."""
    several = "select id from leaves group by id having count(*) > 1"
    rows = connection.execute(
        text(
            f"select kind, id, max(idx) as idx from leaves where id in ({several}) "  # noqa: S608 (ours)
            "group by id, kind, digest having count(*) > 1 order by max(idx)"
        )
    )
    return [Problem(f"leaf {row.idx}", f"an earlier one names the same record of {row.id}") for row in rows]


def _in(name: str) -> str:
    return f"exists (select 1 from {name} r where r.id = l.id)"  # noqa: S608 (names are ours)


def _pages(connection: Connection, one: Sealed) -> Iterator[Sequence[Any]]:
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
    size = 1 if one.large else 500
    rows = connection.execute(text(query), {"kind": one.kind}, execution_options={"yield_per": size})
    return rows.partitions(size)


class _Row:
    """What the rows of a table say wrongly."""

    def __init__(
        self, one: Sealed, blob: Callable[[str], Path], erased: frozenset[str], left: Mapping[str, str]
    ) -> None:
        self.one = one
        self.blob = blob
        self.erased = erased
        self.left = left
        self._odd = erased.union(left)
        self.names = list(one.columns)
        self.says = [_reader(says) for says in one.columns.values()]
        self.large = [(name, _reader(path)) for name, path in one.large.items()]
        order = [column.name for column in one.table.columns]
        simple = {
            name: says for name, says in one.columns.items() if isinstance(says, str) and "." not in says
        }
        self._id = order.index("id")
        self._record = order.index("record")
        self._fields = _picker(list(simple.values()))
        self._values = _picker([order.index(name) for name in simple])
        self._others = [
            (order.index(name), _reader(says)) for name, says in one.columns.items() if name not in simple
        ]

    def plainly_right(self, rows: Sequence[Any], leaves: Sequence[str | None]) -> bool:
        """Whether nothing is wrong with rows, given the digests that their leaves name; found the quick way:
        whole columns are compared at once."""
        if self.large or not self._odd.isdisjoint(row[self._id] for row in rows):
            return False
        try:
            records = [row[self._record] for row in rows]
            found = list(map(digest, records))
            if found != leaves:
                return False
            fields = list(map(_decode, records))
            return (
                list(map(self._fields, fields)) == list(map(self._values, rows))
                and all(
                    list(map(says, fields, found)) == [row[at] for row in rows] for at, says in self._others
                )
                and not any(self._missing(one) for one in (fields if self.one.blobs else ()))
            )
        except (msgspec.DecodeError, InputError, KeyError, TypeError, ValueError):
            return False

    def _missing(self, fields: Mapping[str, Any]) -> list[str]:
        """The blobs that a record names and that are not there. Raises `InputError` for no blob's name."""
        named = (fields.get(name) for name in self.one.blobs)
        return [one for one in named if one and one not in self.erased and not self.blob(one).is_file()]

    def of(self, row: Any) -> Iterator[Problem]:  # noqa: ANN401
        """The problems of a row as `_pages` gives it. Where words were erased, the leaf names what was there,
        and an id made from that is not made again."""
        if row.id in self.erased:
            return
        left = self.left.get(row.id)
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
        try:
            for value in self._missing(fields):
                yield Problem(f"blob {value}", f"{where} names it, and it is missing")
        except (InputError, TypeError):
            yield Problem(f"{where}.record", "it names a blob by what is no digest")


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
