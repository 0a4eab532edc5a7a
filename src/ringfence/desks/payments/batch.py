"""A batch of rows as a source has them: canonical columns, every cell as text, and where each row stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ringfence.core.errors import InputError
from ringfence.desks.payments.mapping import CANONICAL, REQUIRED, Mapping
from ringfence.desks.payments.quarantine import BadRow

ROWS = 1 << 18  # rows of a batch, about


@dataclass(frozen=True)
class Batch:
    """``table`` is an Arrow table: ``row`` int64 and the canonical columns as strings, those that exist.

    ``bad`` are rows that were not even cells."""

    table: Any
    bad: tuple[BadRow, ...] = ()


Batches = Iterator[Batch]


def columns_of(path: Path, names: list[str], mapping: Mapping) -> dict[str, str]:
    """Canonical name to the source's column, for the columns that are there. Raises `InputError` where one
    is missing or named twice."""
    taken = {}
    for name in CANONICAL:
        source = mapping.columns.get(name, name)
        if name in mapping.constants:
            continue
        if names.count(source) > 1:
            raise InputError(f"{path}: two columns are called {source!r}", hint="rename one of them")
        if source in names:
            taken[name] = source
        elif name in mapping.columns:
            raise InputError(f"{path}: no column {source!r} (for {name})", hint=f"it has: {_shown(names)}")
    missing = [name for name in REQUIRED if name not in taken and name not in mapping.constants]
    if mapping.given and "tx_id" in missing:
        missing.remove("tx_id")  # rows are numbered instead
    if missing:
        raise InputError(
            f"{path}: no column {', '.join(missing)} (row 1)",
            hint=_apart(names) or f"it has: {_shown(names)}; say with --map which column means what",
        )
    return taken


def _apart(names: list[str]) -> str:
    """What to do where a whole header is one cell."""
    for mark, written in ((";", ";"), ("\t", r"\t"), ("|", "|")):
        if len(names) == 1 and mark in names[0]:
            return f'its cells look separated by "{written}": --map FILE with [file] delimiter = "{written}"'
    return ""


def _shown(names: list[str]) -> str:
    return ", ".join(names[:20]) or "nothing"
