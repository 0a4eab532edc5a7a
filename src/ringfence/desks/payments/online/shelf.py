"""Shelf: ids, currencies and times of transactions by row, for as long as an alert may name them.

Ids are kept as the caller gave them: an alert has to name its transactions. Parts of 65,536 rows are written
into a folder where there is one, once and for all, so that a checkpoint need only list them.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from ringfence.desks.payments.parameters import SHIFT

PART: Final = 1 << 16
_CACHED: Final = 4
_Part = tuple[list[str], list[int], Sequence[int], Sequence[int]]


class Shelf:
    """``folder`` is where whole parts go; without it they stay in memory."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.begin = 0  # first row of the part that is filled now
        self._ids: list[str] = []
        self._codes: list[int] = []
        self._orders = array("q")
        self._micros = array("h")  # of the millisecond that the order key has
        self._parts: dict[int, int] = {}  # of whole ones: first row to last order key
        self._read: dict[int, _Part] = {}

    @property
    def rows(self) -> int:
        return self.begin + len(self._ids)

    def add(self, tx_id: str, code: int, o: int, ts: int) -> None:
        """The next row; ``ts`` in µs."""
        self._ids.append(tx_id)
        self._codes.append(code)
        self._orders.append(o)
        self._micros.append(ts % 1000)
        if len(self._ids) == PART:
            self._close(o)

    def _close(self, o: int) -> None:
        self._parts[self.begin] = o
        if self._folder:
            with self._path(self.begin).open("wb") as file:
                file.write(msgspec.msgpack.encode(self._plain()))
                file.flush()
                os.fsync(file.fileno())
        else:
            self._read[self.begin] = self._filled
        self.begin += PART
        self._ids, self._codes, self._orders, self._micros = [], [], array("q"), array("h")

    def _plain(self) -> tuple[list[Any], ...]:
        return self._ids, self._codes, self._orders.tolist(), self._micros.tolist()

    @property
    def _filled(self) -> _Part:
        return self._ids, self._codes, self._orders, self._micros

    def get(self, row: int) -> tuple[str, int]:
        """A transaction's id, and the code of its currency."""
        part, at = self._found(row)
        return part[0][at], part[1][at]

    def moment(self, row: int) -> tuple[int, int]:
        """A transaction's order key, and its time in µs."""
        part, at = self._found(row)
        return part[2][at], (part[2][at] >> SHIFT) * 1000 + part[3][at]

    def _found(self, row: int) -> tuple[_Part, int]:
        if row >= self.begin:
            return self._filled, row - self.begin
        begin = row - row % PART
        part = self._read.get(begin)
        if part is None:
            part = msgspec.msgpack.decode(
                self._path(begin).read_bytes(), type=tuple[list[str], list[int], list[int], list[int]]
            )
            if len(self._read) >= _CACHED:
                del self._read[next(iter(self._read))]
            self._read[begin] = part
        return part, row - begin

    def drop(self, row: int, o: int) -> None:
        """Forget parts that end before a row and were over before an order key."""
        for begin in [at for at, last in self._parts.items() if at + PART <= row and last < o]:
            del self._parts[begin]
            self._read.pop(begin, None)

    def sweep(self) -> None:
        """Delete files that no checkpoint names any more."""
        for path in self._folder.glob("part-*") if self._folder else ():
            if int(path.name[5:]) not in self._parts:
                path.unlink()

    def _path(self, begin: int) -> Path:
        assert self._folder  # noqa: S101 (only parts of a folder have a path)
        return self._folder / f"part-{begin}"

    def to_dict(self) -> dict[str, Any]:
        """For a file."""
        parts = list(self._parts.items())
        return {"begin": self.begin, "filled": self._plain(), "parts": parts}

    def load(self, told: dict[str, Any]) -> None:
        """From `to_dict`."""
        self.begin = told["begin"]
        self._ids, self._codes, orders, micros = told["filled"]
        self._orders, self._micros = array("q", orders), array("h", micros)
        self._parts = dict(told["parts"])
