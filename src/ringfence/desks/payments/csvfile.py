"""Payments from CSV: batches of text cells in the order of the file, bad rows by number.

Arrow reads the file; one with a quotation mark that is never closed is read line by line, so that one bad
row costs one row.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from ringfence.core.errors import InputError
from ringfence.desks.payments.batch import Batch, Batches, columns_of
from ringfence.desks.payments.mapping import Mapping
from ringfence.desks.payments.quarantine import BadRow
from ringfence.register.csvtext import Problem, Record, encoding_of, records

Ints = npt.NDArray[np.int64]
_BLOCK: Final = 16 << 20  # bytes that Arrow reads at a time
_LINE: Final = r"\n[^\n]*[^\s]"  # one more line in a cell, not a blank one
_LINES: Final = 1 << 16  # rows of a batch read line by line


def batches(path: Path, mapping: Mapping) -> Batches:
    """Raises `InputError` for a file that is empty, in another encoding, or without the columns."""
    try:
        encoding = encoding_of(path, mapping.encoding)
    except InputError as error:
        if not error.hint.startswith("declare"):
            raise
        raise InputError(str(error), hint=f"{error.hint}: --map FILE with [file] encoding") from error
    names = _header(path, encoding, mapping.delimiter)
    taken = columns_of(path, names, mapping)
    quotes, nul = _marks(path)
    if nul or quotes % 2 or encoding == "utf-16":
        yield from _by_line(path, encoding, mapping.delimiter, names, taken)
    else:
        yield from _by_arrow(path, encoding, mapping.delimiter, names, taken, quotes > 0)


def _header(path: Path, encoding: str, delimiter: str) -> list[str]:
    with path.open(encoding=encoding, newline="") as stream:
        first = next(records(stream, delimiter), None)
    if first is None:
        raise InputError(f"{path} is empty", hint="it needs a row of column names, and payments")
    if isinstance(first, Problem):
        raise InputError(f"{path} row {first.line}: {first.problem}", hint=first.hint)
    return [name.strip().lstrip("\ufeff") for name in first.cells]


def _marks(path: Path) -> tuple[int, bool]:
    quotes, nul = 0, False
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 22):
            quotes += chunk.count(b'"')
            nul = nul or b"\0" in chunk
    return quotes, nul


def _by_arrow(
    path: Path, encoding: str, delimiter: str, names: list[str], taken: dict[str, str], quoted: bool
) -> Batches:
    lost: list[BadRow] = []

    def leave(row: pyarrow.csv.InvalidRow) -> str:
        lost.append(BadRow(path.name, row.number, "cells"))
        return "skip"

    # Columns are numbered: two that are not wanted may have one name.
    numbered = [str(at) for at in range(len(names))]
    wanted = {name: numbered[names.index(source)] for name, source in taken.items()}
    try:
        reader = pyarrow.csv.open_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False, block_size=_BLOCK, column_names=numbered, skip_rows_after_names=1,
                encoding="utf8" if encoding in ("utf-8-sig", "utf-8") else encoding,
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, quote_char='"' if quoted else False, newlines_in_values=quoted,
                invalid_row_handler=leave,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(numbered, pa.string()),
                include_columns=numbered if quoted else [*{*wanted.values()}],
                strings_can_be_null=False, quoted_strings_can_be_null=False,
            ),
        )  # fmt: skip
        number = 1  # the header
        told = 0
        for read in reader:
            rows = _numbers(number, len(read), [row.row for row in lost])
            number = int(rows[-1]) if len(rows) else number
            bad, told = lost[told:], len(lost)
            table = _table(rows, {name: read[at] for name, at in wanted.items()})
            if quoted:
                held = _swallowed(read, delimiter)
                bad += [BadRow(path.name, int(row), "swallowed") for row in np.repeat(rows, held)]
                table = table.filter(pa.array(held == 0))
            yield Batch(table, tuple(bad))
    except pa.ArrowInvalid as error:
        raise InputError(f"{path}: not a CSV file: {error}", hint="check its delimiter and quotes") from error
    if lost[told:]:
        yield Batch(None, tuple(lost[told:]))


def _further(cells: int, delimiter: str) -> str:
    """A pattern for a cell that holds a line with as many delimiters as a row has: two quotation marks that
    are not closed make one cell of all that is between them, in good CSV."""
    return f"\n(?:[^\n{delimiter}]*[{delimiter}]){{{cells - 1}}}"


def _swallowed(batch: pa.RecordBatch, delimiter: str) -> Ints:
    """How many lines a row with such a cell is made of; 0 for a good row."""
    found = np.zeros(len(batch), np.bool_)
    lines = np.ones(len(batch), np.int64)
    for column in batch.columns:
        if pc.any(pc.match_substring(column, "\n")).as_py():
            held = pc.match_substring_regex(column, _further(batch.num_columns, delimiter))
            found |= held.to_numpy(zero_copy_only=False)
            further = pc.count_substring_regex(column, _LINE)
            lines += further.to_numpy(zero_copy_only=False)
    return np.where(found, lines, 0)


def _numbers(last: int, count: int, lost: list[int]) -> Ints:
    """The numbers of the next rows that were kept, after row ``last``; those lost are passed over."""
    ahead = np.arange(last + 1, last + 1 + count + len(lost), dtype=np.int64)
    return ahead[~np.isin(ahead, lost)][:count] if lost else ahead


def _by_line(path: Path, encoding: str, delimiter: str, names: list[str], taken: dict[str, str]) -> Batches:
    wanted = {name: names.index(source) for name, source in taken.items()}
    with path.open(encoding=encoding, newline="") as stream:
        number = 0
        rows: list[int] = []
        cells: list[list[str]] = []
        bad: list[BadRow] = []
        further = re.compile(_further(len(names), delimiter))
        for one in records(stream, delimiter):
            number += 1
            if number == 1:
                continue
            if isinstance(one, Record) and any(further.search(cell) for cell in one.cells):
                held = 1 + sum(len(re.findall(_LINE, cell)) for cell in one.cells)
                bad += [BadRow(path.name, number, "swallowed")] * held
            elif isinstance(one, Record) and len(one.cells) == len(names):
                rows.append(number)
                cells.append(one.cells)
            else:
                bad.append(BadRow(path.name, number, "cells" if isinstance(one, Record) else "unreadable"))
            if len(rows) >= _LINES:
                yield _gathered(rows, cells, wanted, bad)
                rows, cells, bad = [], [], []
        yield _gathered(rows, cells, wanted, bad)


def _gathered(rows: list[int], cells: list[list[str]], wanted: dict[str, int], bad: list[BadRow]) -> Batch:
    columns = {name: pa.array([row[at] for row in cells], pa.string()) for name, at in wanted.items()}
    return Batch(_table(np.array(rows, np.int64), columns), tuple(bad))


def _table(rows: Ints, columns: dict[str, pa.Array]) -> pa.Table:
    return pa.table({"row": pa.array(rows), **columns})
