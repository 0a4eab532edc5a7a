"""Files of measurements: one JSON object, or JSON lines, gzipped or not; read a line at a time.

A line that is no measurement is an error in its place and stops nothing. No line may be longer than
`MAX_LINE`, packed or unpacked, so that no file can take more memory than that.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from ringfence.core.errors import InputError
from ringfence.desks.access.ooni.read import Measurement, read

MAX_LINE: Final = 32 * 1024 * 1024  # octets; a measurement with a body at OONI's limit has 2 MB


def measurements(path: Path) -> Iterator[Measurement | InputError]:
    """What a file holds, in its order. Raises `InputError` where the file itself cannot be read."""
    try:
        with path.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
            stream.seek(0)
            if packed:
                with gzip.open(stream) as unpacked:
                    yield from _items(unpacked)  # type: ignore[arg-type]
            else:
                yield from _items(stream)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"cannot read {path}: {error}") from error


def _items(stream: BinaryIO) -> Iterator[Measurement | InputError]:
    line = stream.readline(MAX_LINE + 1)
    if not _whole(line):
        # No object on its own line: one object over the whole file.
        yield _item(line + stream.read(max(MAX_LINE + 1 - len(line), 0)))
        return
    while line:
        if line.strip():
            yield _item(line)
        if len(line) > MAX_LINE:
            return  # where the next line begins cannot be known without reading on for ever
        line = stream.readline(MAX_LINE + 1)


def _whole(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return False
    return True


def _item(data: bytes) -> Measurement | InputError:
    if len(data) > MAX_LINE:
        return InputError(f"a measurement of more than {MAX_LINE // 1024 // 1024} MiB")
    if not data.strip():
        return InputError("empty")
    try:
        return read(msgspec.json.decode(data))
    except InputError as error:
        return error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return InputError(f"not JSON: {error}")
    except RecursionError:
        return InputError("not JSON that can be read: nested too deeply")
