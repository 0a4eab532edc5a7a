"""Conditions written once for both engines: SQLite's words, and the same in PostgreSQL's."""

from __future__ import annotations

import re
from typing import NamedTuple

_LITERAL = re.compile(r"('(?:[^']|'')*')")
# SQLite compares with `is`, null or not; PostgreSQL has `is` for null, true, false and unknown alone.
_KEEPS = r"(?!null\b|true\b|false\b|unknown\b|distinct\b|not\b)"
_IS_NOT = re.compile(rf"\bis\s++not\s++{_KEEPS}", re.IGNORECASE)
_IS = re.compile(rf"\bis\s++{_KEEPS}", re.IGNORECASE)


class Sql(NamedTuple):
    """A condition that the two engines word differently."""

    sqlite: str
    postgresql: str


def both(condition: str | Sql) -> Sql:
    """A condition for both engines. A plain text is SQLite's and is translated: comparison by ``is`` and
    ``is not`` becomes ``is not distinct from`` and ``is distinct from``; literals are left alone. Say
    ``true`` and ``false``, never 1 and 0, for a truth value."""
    return condition if isinstance(condition, Sql) else Sql(condition, _translated(condition))


def any_of(*conditions: str | Sql) -> Sql:
    """The disjunction of conditions."""
    said = [both(condition) for condition in conditions]
    return Sql(*(" or ".join(f"({one[engine]})" for one in said) for engine in (0, 1)))


def _translated(condition: str) -> str:
    parts = _LITERAL.split(condition)
    for at in range(0, len(parts), 2):
        # `is not` first: what it becomes holds no `is` that the second would take.
        found = _IS_NOT.sub("is distinct from ", parts[at])
        parts[at] = _IS.sub("is not distinct from ", found)
    return "".join(parts)
