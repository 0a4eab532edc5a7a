"""Which files an input is made of, and how each is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ringfence.core.errors import InputError

TABLES: Final = (".csv", ".parquet")
MESSAGES: Final = (".xml", ".json", ".jsonl")
_KNOWN: Final = TABLES + MESSAGES


def found(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The files to read, in order (those of a folder by path), and those of folders that are passed over.

    Raises `InputError` where a path is not there, is of another kind, or a folder holds nothing to read.
    """
    files: list[Path] = []
    others: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
            taken = [one for one in inside if one.suffix.lower() in _KNOWN]
            if not taken:
                raise InputError(f"{path} holds no payments", hint=f"files end in {', '.join(_KNOWN)}")
            files += taken
            others += [one for one in inside if one.suffix.lower() not in _KNOWN]
        elif path.suffix.lower() not in _KNOWN:
            raise InputError(f"{path}: not a kind of file that is read", hint=f"one of {', '.join(_KNOWN)}")
        elif not path.is_file():
            raise InputError(f"cannot read {path}: no such file", hint="check the path")
        else:
            files.append(path)
    if not files:
        raise InputError("no payments were given", hint="name a file or a folder")
    return files, others
