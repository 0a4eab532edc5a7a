"""The lexicon compiled: one pattern a concept, and the digest that findings refer to."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from ringfence.core.canonical import digest

_DATA: Final = files("ringfence.desks.platforms").joinpath("lexicon.toml").read_bytes()
# Scripts written without spaces match anywhere; in others a word must stand by itself.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")

DIGEST: Final = digest(_DATA)


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    tables = tomllib.loads(_DATA.decode("utf-8"))
    return {name: table for name, table in tables.items() if isinstance(table, dict)}


@cache
def pattern(concept: str, table: str = "concepts") -> re.Pattern[str]:
    """The pattern of a concept; raises `KeyError` for an unknown one."""
    alternatives = []
    for term in sorted(dict.fromkeys(_tables()[table][concept]), key=lambda term: (-len(term), term)):
        escaped = re.escape(term).replace(r"\ ", r"\s+")
        alternatives.append(escaped if _UNSPACED.search(term) else rf"(?<!\w){escaped}(?!\w)")
    return re.compile("|".join(alternatives), re.IGNORECASE)


def has(concept: str, text: str, table: str = "concepts") -> bool:
    """Whether a text names the concept."""
    return bool(text) and pattern(concept, table).search(text) is not None


def count(concept: str, text: str, table: str = "concepts") -> int:
    """How many *different* terms of the concept a text uses."""
    return len({match.group().casefold() for match in pattern(concept, table).finditer(text)})


def first(concept: str, text: str, table: str = "concepts") -> str | None:
    """An excerpt of at most 120 characters around the first mention, or None."""
    match = pattern(concept, table).search(text)
    if match is None:
        return None
    start, end = max(0, match.start() - 40), min(len(text), match.end() + 60)
    return " ".join(text[start:end].split())[:120]
