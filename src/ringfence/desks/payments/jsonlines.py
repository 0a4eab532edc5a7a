"""Payments from JSON lines, an object each with the canonical columns, as `payments score` reads them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa

from ringfence.core.errors import InputError
from ringfence.desks.payments.batch import Batch, Batches, columns_of
from ringfence.desks.payments.mapping import Mapping
from ringfence.desks.payments.quarantine import BadRow
from ringfence.desks.payments.typed import SPACE
from ringfence.register.csvtext import encoding_of

_LINES: Final = 1 << 16  # of a batch
_LONGEST: Final = 1 << 20  # characters of a line
_LATER: Final = ("channel", "memo")  # columns that need not be in the first batch


def batches(path: Path, mapping: Mapping) -> Batches:
    """Rows are lines. Raises `InputError` for a file that is empty, in another encoding, or without the
    columns."""
    if path.stat().st_size == 0:
        raise InputError(f"{path} is empty", hint="it needs a payment on each line")
    encoding = encoding_of(path, mapping.encoding)
    decode = msgspec.json.Decoder(float_hook=Decimal).decode
    reading = _Reading(path, mapping)
    with path.open(encoding=encoding, newline="\n") as stream:
        number = 0
        while line := stream.readline(_LONGEST + 1):
            number += 1
            if len(line) > _LONGEST:
                while line and not line.endswith("\n"):
                    line = stream.readline(_LONGEST)
                reading.lose(number, "unreadable")
            elif not line.isspace():
                reading.take(number, line, decode)
            if reading.full:
                yield reading.batch()
        yield reading.batch()


class _Reading:
    def __init__(self, path: Path, mapping: Mapping) -> None:
        self._path, self._mapping = path, mapping
        self._taken: dict[str, str] = {}
        self._with_seq: bool | None = None
        self._clear()

    def _clear(self) -> None:
        self._numbers: list[int] = []
        self._objects: list[dict[str, Any]] = []
        self._bad: list[BadRow] = []

    @property
    def full(self) -> bool:
        return len(self._objects) + len(self._bad) >= _LINES

    def lose(self, number: int, why: str) -> None:
        self._bad.append(BadRow(self._path.name, number, why))

    def take(self, number: int, line: str, decode: Callable[[str], Any]) -> None:
        try:
            found = decode(line)
        except (msgspec.DecodeError, ValueError, ArithmeticError, RecursionError):
            found = None
        if not isinstance(found, dict) or "\\u0000" in line:
            self.lose(number, "unreadable")
            return
        seq = _text(found.get(self._mapping.columns.get("seq", "seq"))) or None
        self._with_seq = seq is not None if self._with_seq is None else self._with_seq
        if self._with_seq != (seq is not None):
            self.lose(number, "bad_seq")  # all have one, or none: otherwise nothing tells the order
            return
        self._numbers.append(number)
        self._objects.append(found)

    def batch(self) -> Batch:
        """What was taken since the last one."""
        if not self._taken and self._objects:
            names = dict.fromkeys(name for one in self._objects for name in one)
            self._taken = columns_of(self._path, [*names], self._mapping)
            for name in _LATER:
                if name not in self._mapping.constants:
                    self._taken.setdefault(name, self._mapping.columns.get(name, name))
            if not self._with_seq:
                self._taken.pop("seq", None)
        columns = {
            name: pa.array([_text(one.get(source)) for one in self._objects], pa.string())
            for name, source in self._taken.items()
        }
        rows = pa.table({"row": pa.array(self._numbers, pa.int64()), **columns})
        made = Batch(rows if self._objects else None, tuple(self._bad))
        self._clear()
        return made


def _text(value: object) -> str:
    plain = isinstance(value, (str, int, Decimal, float)) and not isinstance(value, bool)
    return str(value).strip(SPACE) if plain else ""
