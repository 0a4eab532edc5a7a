"""Sights: what was seen in a large ledger, as columns; one `Seen` at a time is made of them when it is asked
for, so that millions of rows are not millions of Python's numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, overload

import numpy as np
import numpy.typing as npt

from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.rules import TYPOLOGIES

Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32] | npt.NDArray[np.int64]
_CODES = {name: code for code, name in enumerate(sorted(TYPOLOGIES))}  # they are ordered by their names
NAMES = tuple(_CODES)


class Sights(Sequence[Seen]):
    """In the order of `Seen`. ``told`` is n × 10 (end, account, typology, start and the six of ``first``);
    the rows of sight ``i`` are ``rows[begins[i] : begins[i] + counts[i]]``."""

    def __init__(self, told: Ints, begins: Ints, counts: Ints, rows: Rows) -> None:
        order = np.lexsort((told[:, 3], told[:, 2], told[:, 1], told[:, 0]))
        self._told, self._begins, self._counts = told[order], begins[order], counts[order]
        self._rows = rows

    def __len__(self) -> int:
        return len(self._told)

    @overload
    def __getitem__(self, at: int) -> Seen: ...
    @overload
    def __getitem__(self, at: slice) -> list[Seen]: ...
    def __getitem__(self, at: int | slice) -> Seen | list[Seen]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        end, account, code, start, *first = self._told[at].tolist()
        return Seen(end, account, NAMES[code], start, tuple(first), tuple(self.rows_of(at).tolist()))

    def rows_of(self, at: int) -> Rows:
        """The transactions of one of them, in order."""
        begin = self._begins[at]
        return self._rows[begin : begin + self._counts[at]]

    def flat(self) -> Flat:
        """As columns, in the order in which rows are kept."""
        at = np.argsort(self._begins, kind="stable")
        return Flat(self._told[at, 1], self._told[at, 2], self._counts[at].astype(np.int64), self._rows)

    def mark(self, rows: npt.NDArray[np.bool_]) -> None:
        """Set what stands at each row that was seen."""
        rows[self._rows] = True


class Flat(NamedTuple):
    """Sights as columns: one account, typology (its place in the order of their names) and number of
    transactions each; ``rows`` of all, one sight after another."""

    account: Ints
    code: Ints
    counts: Ints
    rows: Rows


def flat(seen: Sequence[Seen]) -> Flat:
    """However they are kept."""
    if isinstance(seen, Sights):
        return seen.flat()
    made = [(one.account, _CODES[one.typology], len(one.rows)) for one in seen]
    columns = np.array(made, np.int64).reshape(-1, 3)
    rows = np.fromiter((row for one in seen for row in one.rows), np.int64)
    return Flat(columns[:, 0], columns[:, 1], columns[:, 2], rows)


class Gathered:
    """Sights that come typology by typology and part by part."""

    def __init__(self) -> None:
        self._told: list[Ints] = []
        self._counts: list[Ints] = []
        self._rows: list[Rows] = []

    def add(self, typology: str, told: Sequence[Ints], counts: Ints, rows: Ints) -> None:
        """``told`` are the columns account, start, end and the six of ``first``; ``rows`` lie one sight after
        another, ``counts`` of each."""
        account, start, end, *first = told
        code = np.full(len(account), _CODES[typology], np.int64)
        self._told.append(np.stack([end, account, code, start, *first], axis=1))
        self._counts.append(counts)
        small = len(rows) == 0 or int(rows.max()) < 2**31
        self._rows.append(rows.astype(np.int32) if small else rows)

    def sights(self) -> Sights:
        told = np.concatenate([np.zeros((0, 10), np.int64), *self._told])
        counts = np.concatenate([np.zeros(0, np.int64), *self._counts])
        rows: Any = np.concatenate([np.zeros(0, np.int32), *self._rows])
        self._rows.clear()
        return Sights(told, np.cumsum(counts) - counts, counts, rows)


def marked(seen: Iterable[Seen], size: int) -> npt.NDArray[np.bool_]:
    """Which of so many rows were seen."""
    rows = np.zeros(size, np.bool_)
    if isinstance(seen, Sights):
        seen.mark(rows)
    else:
        for one in seen:
            rows[list(one.rows)] = True
    return rows
