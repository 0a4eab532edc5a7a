"""What is written stands apart from what is read, and can be written: known before any work is done."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Set
from pathlib import Path
from typing import Final

from ringfence.core.errors import InputError

# What a line says that was written here and not read: in a folder of inputs it is from the last time.
_ANSWERS: Final = (
    {"account", "typology"}, {"account", "recommend"}, {"file", "row", "why"}, {"event", "n"},
    {"alerts", "typologies"},
)  # fmt: skip
_LINE: Final = 1 << 20  # bytes of it that are looked at


def apart(
    inputs: Iterable[Path | None], outputs: Mapping[str, Path | None], in_place: Set[str] = frozenset()
) -> None:
    """``outputs`` by option; those ``in_place`` replace no file. Raises `InputError` where one is an input or
    in a folder of inputs, where one cannot be written, and where two are one file. Devices and pipes are
    nobody's file."""
    read = [one for one in inputs if one is not None]
    taken: dict[Path, str] = {}
    for option, path in outputs.items():
        try:
            if path is None or (path.exists() and not path.is_file()):
                continue
            place = Path(os.path.realpath(path))
            _writable(path, place, in_place=option in in_place)
            lost = any(_holds(one, place) for one in read)
        except OSError as error:
            raise InputError(f"cannot write {path}: {error.strerror}", hint="name another file") from error
        if lost:
            raise InputError(f"{option} {path} is read too: it would be lost", hint="name another file")
        if place in taken:
            raise InputError(f"{option} and {taken[place]} are one file: {path}", hint="name two files")
        taken[place] = option


def _writable(path: Path, place: Path, *, in_place: bool) -> None:
    if (in_place and os.access(place, os.W_OK)) or os.access(place.parent, os.W_OK):
        return
    why = "may not be written" if place.parent.is_dir() else "is not there"
    raise InputError(
        f"cannot write {path}: its folder {why}", hint="name a file in a folder that you may write to"
    )


def _holds(one: Path, place: Path) -> bool:
    """Whether to write ``place`` loses what is read from ``one``, a file or a folder."""
    inside = Path(os.path.realpath(one))
    if not inside.is_dir():
        return inside == place or (place.exists() and inside.exists() and inside.samefile(place))
    if not place.exists() or _is_answer(place):
        return False
    return any(file.samefile(place) for file in inside.rglob("*") if file.is_file())


def _is_answer(place: Path) -> bool:
    with place.open("rb") as stream:
        first = stream.readline(_LINE)
    try:
        told = json.loads(first or b"null")
    except (ValueError, RecursionError):
        return False
    return not first or (isinstance(told, dict) and any(one <= set(told) for one in _ANSWERS))
