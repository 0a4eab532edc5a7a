"""Records of a CSV file from somebody else: flat memory, line numbers, and one bad row costs one row."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import msgspec

from ringfence.core.errors import InputError

MAX_RECORD = 64 * 1024  # characters
MAX_LINES = 50  # physical lines of one quoted cell
_CHUNK = 1 << 20


class Problem(msgspec.Struct, frozen=True):
    """A row that was left out, or a cell of it (the rest was kept): ``line`` counts from 1."""

    line: int
    problem: str
    hint: str = ""


class Record(msgspec.Struct, frozen=True):
    """The cells of one row and the line it begins on."""

    line: int
    cells: list[str]


def encoding_of(path: Path, declared: str | None = None) -> str:
    """The encoding to read the file with: the declared one, the one its byte order mark names, or UTF-8.

    Reads the whole file once, so that a file in another encoding is refused before any row of it
    is imported. Raises `InputError` naming the first offending byte and, where one decodes, the
    encodings to declare.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(4)
            chosen = declared or _by_mark(head)
            stream.seek(0)
            decoder = codecs.getincrementaldecoder(chosen)("strict")
            offset = 0
            while chunk := stream.read(_CHUNK):
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    at = offset + error.start
                    raise _undecodable(path, chosen, at, chunk[max(0, error.start - 2) :]) from error
                offset += len(chunk)
            decoder.decode(b"", final=True)
    except LookupError as error:
        raise InputError(f"no such encoding: {declared!r}", hint="use utf-8, gb18030 or big5") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} ends in the middle of a character", hint="fetch the file again") from error
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", hint="check the path") from error
    return chosen


def records(stream: TextIO, delimiter: str, *, first_line: int = 1) -> Iterator[Record | Problem]:
    """The records of a stream opened with ``newline=""``; what cannot be read comes as a `Problem`.

    A quote that is never closed costs its own line: reading goes on with the next one.
    """
    number = first_line - 1
    ahead: deque[str] = deque()
    while True:
        number += 1
        line = ahead.popleft() if ahead else stream.readline(MAX_RECORD + 1)
        if not line:
            return
        if len(line) > MAX_RECORD:
            while line and not line.endswith("\n"):
                line = stream.readline(MAX_RECORD)
            yield Problem(
                number, f"a line of more than {MAX_RECORD} characters", "split it, or remove the huge cell"
            )
            continue
        if not line.strip():
            continue
        text, taken = line, [line]
        while text.count('"') % 2 and len(taken) < MAX_LINES and len(text) <= MAX_RECORD:
            more = ahead.popleft() if ahead else stream.readline(MAX_RECORD + 1)
            if not more:
                break
            taken.append(more)
            text += more
        if text.count('"') % 2 or len(text) > MAX_RECORD:
            ahead.extendleft(reversed(taken[1:]))
            yield Problem(
                number, "a quotation mark that is never closed", 'write "" for a quotation mark in a cell'
            )
            continue
        found, used = _parse(taken, delimiter, number)
        # Lines that turned out to be no part of this row are rows of their own.
        ahead.extendleft(reversed(taken[used:]))
        yield found
        number += used - 1


def _parse(lines: list[str], delimiter: str, number: int) -> tuple[Record | Problem, int]:
    """The first row of some lines, and of how many of them it is made."""
    if any("\0" in line for line in lines):
        return Problem(number, "a NUL character", "save the file as text"), 1
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        cells = next(reader)
    except (csv.Error, StopIteration) as error:
        return Problem(number, f"not a CSV row: {error}", 'write "" for a quotation mark in a cell'), 1
    return Record(number, cells), reader.line_num


def _by_mark(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _undecodable(path: Path, encoding: str, offset: int, sample: bytes) -> InputError:
    fits = [name for name in ("gb18030", "big5", "shift_jis", "windows-1251") if _decodes(sample, name)]
    named = "utf-8" if encoding == "utf-8-sig" else encoding
    hint = "declare the encoding, for example " + " or ".join(fits[:2]) if fits else "save the file as UTF-8"
    return InputError(f"{path} is not {named}: byte {offset} cannot be read", hint=hint)


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return True
