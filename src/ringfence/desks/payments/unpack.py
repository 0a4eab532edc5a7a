"""Unpack: a .gz file becomes a plain one in the folder of the run, within bounds."""

from __future__ import annotations

import gzip
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ringfence.core.errors import InputError
from ringfence.desks.payments.sources import is_packed

FREELY: Final = 256 << 20  # bytes that any file may become
# Beyond them, so many times its own size: payments pack to a tenth, a bomb to a thousandth.
RATIO: Final = 100
_SPARE: Final = 256 << 20  # bytes of disk that are left
_CHUNK: Final = 1 << 20


@contextmanager
def plain(path: Path, folder: Path) -> Iterator[Path]:
    """The file itself, or what it becomes unpacked, which is deleted in the end. An `InputError` names the
    file that was given."""
    if not is_packed(path):
        yield path
        return
    place = folder / path.stem
    try:
        _unpack(path, place)
        yield place
    except InputError as error:
        said = error.message.replace(str(place), str(path))
        raise InputError(said, hint=error.hint.replace(str(place), str(path))) from error
    finally:
        place.unlink(missing_ok=True)


def _unpack(path: Path, place: Path) -> None:
    try:
        most = max(FREELY, RATIO * path.stat().st_size)
        written = 0
        with gzip.open(path) as packed, place.open("xb") as out:
            while chunk := packed.read(_CHUNK):
                written += len(chunk)
                if written > most:
                    raise InputError(
                        f"{path} is more than {RATIO} times as large unpacked", hint="unpack it yourself"
                    )
                if shutil.disk_usage(place.parent).free < _SPARE:
                    raise InputError(
                        f"no room to unpack {path}", hint="name a larger temporary folder (TMPDIR)"
                    )
                out.write(chunk)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"{path} is not a whole gzip file", hint="it may be cut short; fetch it again"
        ) from error
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", hint="check the path") from error
