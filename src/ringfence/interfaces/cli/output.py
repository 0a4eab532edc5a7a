"""Where bytes go: standard output, or a file that appears whole or not at all, or a device as it is."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ringfence.core.errors import InputError


def is_device(path: Path) -> bool:
    """Whether it is there, and no file and no folder. Raises `InputError` where that cannot be seen."""
    try:
        return path.exists() and not path.is_file() and not path.is_dir()
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}", hint="name another file") from error


@contextmanager
def device(path: Path) -> Iterator[BinaryIO]:
    """A device or a pipe as it is: to put a file in its place, such as that of /dev/null, would take it from
    everybody. Raises `InputError` where it takes nothing."""
    try:
        with path.open("wb") as file:
            yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is written meanwhile may fail too: a file that was opened by name has its own.
        where = error.filename or path
        raise InputError(f"cannot write {where}: {error.strerror}", hint="name a file") from error


@contextmanager
def written(path: Path | None) -> Iterator[BinaryIO]:
    """A stream to write to: standard output, or a file beside ``path`` that takes its place once the
    block has ended well. Raises `InputError` where the file cannot be written; the old one then stays.
    """
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if is_device(path):
        with device(path) as file:
            yield file
        return
    # A symbolic link keeps pointing where it did: its target is what is replaced.
    place = Path(os.path.realpath(path))
    beside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        if place.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputError(
            f"cannot write {path}: {error.strerror}", hint="name a file in a folder that you may write to"
        ) from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
