"""Check walk: rows and the leaves of their kind side by side, in the order in which both were written.

This is the quick way of `check_rows`: a look-up for every row takes longer than all the rest. It says that
everything is right, or nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter, lt
from typing import Any

from sqlalchemy import Connection, bindparam, text

from ringfence.evidence.log import STREAMED
from ringfence.evidence.sealed import Sealed

PAGE = 100  # rows and leaves at a time; with more objects at once, Python's collector looks at each of them
FEW = 1_000  # rows up to which looking each up is quicker than reading all leaves
AHEAD = 10_000  # rows read before their leaf was: that far the two orders may differ

# Whether nothing is wrong with rows, given the digests that their leaves name.
Right = Callable[[Sequence[Any], Sequence[str]], bool]


def walk(connection: Connection, one: Sealed, right: Right, *, contiguous: bool) -> int | None:
    """How many rows a table has, where every row has its leaf and no later one, is ``right``, and the rows
    are numbered in the order of the leaves (``contiguous``: from 1 without a gap). None where that is not so
    or cannot be told so quickly: then nothing is said about the table."""
    if one.changing or one.large:
        return None
    if connection.dialect.name == "postgresql":
        # Otherwise a scan may begin in the middle, where another one is.
        connection.execute(text("set local synchronize_seqscans = off"))
    names = [column.name for column in one.table.columns]
    order = " order by t.seq" if "seq" in names else ""
    # As text, so that values come as they are kept: see `check_rows`.
    every = text(f"select {', '.join(f't.{name}' for name in names)} from {one.name} t{order}")  # noqa: S608
    of_kind = text("select id, digest from leaves where kind = :kind order by idx")
    with connection.execute(every, execution_options=STREAMED) as found:
        rows = _Rows(connection, one, names, found.partitions(PAGE))
        while rows.count <= FEW:
            if not rows.more():
                return None
        with connection.execute(of_kind, {"kind": one.kind}, execution_options=STREAMED) as leaves:
            whole = all(_right(rows, page, right) for page in leaves.partitions(PAGE)) and rows.all_met()
    return rows.count if whole and (not contiguous or rows.last in (0, rows.count)) else None


def _right(rows: _Rows, leaves: Sequence[Any], right: Right) -> bool:
    met = [(rows.take(name), name, digest) for name, digest in leaves]
    found = [row for row, _, _ in met if row is not None]
    if not right(found, [digest for row, _, digest in met if row is not None]) or not rows.in_order(found):
        return False
    # A leaf that met no row is of another table; or it is the second of a row, or too far from its row.
    return len(found) == len(met) or not rows.any_of([name for row, name, _ in met if row is None])


class _Rows:
    """The rows of a table in the order of their writing; ``ahead`` are those whose leaf was not met yet."""

    def __init__(
        self, connection: Connection, one: Sealed, names: list[str], pages: Iterator[Sequence[Any]]
    ) -> None:
        self._pages = pages
        self._id = itemgetter(names.index("id"))
        self._seq = itemgetter(names.index("seq")) if "seq" in names else None
        self._ask = text(f"select 1 from {one.name} where id in :ids limit 1").bindparams(  # noqa: S608
            bindparam("ids", expanding=True)
        )
        self._connection = connection
        self.ahead: dict[str, Any] = {}
        self.count = 0
        self.met = 0
        self.last = 0

    def more(self) -> bool:
        """Read on, if there is more."""
        page = next(self._pages, ())
        self.ahead.update(zip(map(self._id, page), page, strict=True))
        self.count += len(page)
        return bool(page)

    def take(self, name: str) -> Any:  # noqa: ANN401 (a row)
        """The row of a leaf, at its first leaf only; None if it is not among the next ones."""
        row = self.ahead.pop(name, None)
        while row is None and len(self.ahead) < AHEAD and self.more():
            row = self.ahead.pop(name, None)
        self.met += row is not None
        return row

    def all_met(self) -> bool:
        """Whether there is no row whose leaf was not met."""
        return not self.more() and self.met == self.count

    def in_order(self, rows: Sequence[Any]) -> bool:
        """Whether rows that stand in the order of their leaves are numbered so."""
        if self._seq is None or not rows:
            return True
        numbers = [self.last, *map(self._seq, rows)]
        self.last = numbers[-1]
        try:
            return all(map(lt, numbers, numbers[1:]))
        except TypeError:
            return False  # null

    def any_of(self, names: Sequence[str]) -> bool:
        """Whether the table has a row with one of these ids."""
        return self._connection.execute(self._ask, {"ids": names}).first() is not None
