"""What is written stands apart from what is read, and can be written: known before any work is done."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from ringfence.core.errors import InputError

_ANSWERS = (".json", ".jsonl")  # in a folder that is read these may be what was written there the last time


def apart(inputs: Iterable[Path | None], outputs: Mapping[str, Path | None]) -> None:
    """``outputs`` by option. Raises `InputError` where one is an input (or in a folder of inputs), where two
    are one file, or where it cannot be written. Devices and pipes are nobody's file."""
    read = [one for one in inputs if one is not None]
    taken: dict[Path, str] = {}
    for option, path in outputs.items():
        if path is None or (path.exists() and not path.is_file()):
            continue
        place = Path(os.path.realpath(path))
        if not place.parent.is_dir() or not os.access(place.parent, os.W_OK):
            why = "may not be written" if place.parent.is_dir() else "is not there"
            raise InputError(
                f"cannot write {path}: its folder {why}", hint="name a file in a folder that you may write to"
            )
        if any(_holds(one, place) for one in read):
            raise InputError(f"{option} {path} is read too: it would be lost", hint="name another file")
        if place in taken:
            raise InputError(f"{option} and {taken[place]} are one file: {path}", hint="name two files")
        taken[place] = option


def _holds(one: Path, place: Path) -> bool:
    inside = Path(os.path.realpath(one))
    if not inside.is_dir():
        return inside == place or (place.exists() and inside.exists() and inside.samefile(place))
    return place.is_relative_to(inside) and place.exists() and place.suffix.lower() not in _ANSWERS
