"""The lexicon: which concepts a text names, found in one pass over it (Aho–Corasick).

Words of scripts written without spaces match anywhere; in others a word stands by itself, or, with
a trailing ``*`` in the data, at the beginning of a word.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import ahocorasick

from ringfence.core.canonical import digest

_DATA: Final = files("ringfence.desks.platforms").joinpath("lexicon.toml").read_bytes()
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
# How a term must stand in the text: whole word, beginning of a word, anywhere.
_WORD, _PREFIX, _ANYWHERE = 0, 1, 2

DIGEST: Final = digest(_DATA)


@cache
def _automaton() -> ahocorasick.Automaton:
    tables = tomllib.loads(_DATA.decode("utf-8"))
    meanings: dict[str, tuple[int, list[str]]] = {}
    for table, concepts in sorted(tables.items()):
        if not isinstance(concepts, dict):
            continue
        for concept, terms in sorted(concepts.items()):
            for term in terms:
                bare = _fold(term.removesuffix("*"))
                how = _ANYWHERE if _UNSPACED.search(term) else _PREFIX if term.endswith("*") else _WORD
                meanings.setdefault(bare, (how, []))[1].append(f"{table}.{concept}")
    automaton = ahocorasick.Automaton()
    for term, (how, concepts_named) in meanings.items():
        automaton.add_word(term, (len(term), how, tuple(concepts_named)))
    automaton.make_automaton()
    return automaton


def _fold(text: str) -> str:
    """Lower case, letter by letter where lowering would change the length: offsets must stay true."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


@lru_cache(maxsize=1024)
def mentions(text: str) -> dict[str, tuple[tuple[int, int], ...]]:
    """Where a text names each concept, as (start, end) in code points, by ``table.concept``."""
    folded = _fold(text)
    found: dict[str, list[tuple[int, int]]] = {}
    for last, (length, how, concepts) in _automaton().iter(folded):
        start, end = last - length + 1, last + 1
        if how != _ANYWHERE:
            if start and _joins(folded[start - 1]):
                continue
            if how == _WORD and end < len(folded) and _joins(folded[end]):
                continue
        for concept in concepts:
            found.setdefault(concept, []).append((start, end))
    return {concept: tuple(spans) for concept, spans in found.items()}


def _joins(letter: str) -> bool:
    return letter.isalnum() and not _UNSPACED.match(letter)


def spans(concept: str, text: str, table: str = "concepts") -> tuple[tuple[int, int], ...]:
    """Where a text names a concept."""
    return mentions(text).get(f"{table}.{concept}", ()) if text else ()


def has(concept: str, text: str, table: str = "concepts") -> bool:
    """Whether a text names the concept."""
    return bool(spans(concept, text, table))


def count(concept: str, text: str, table: str = "concepts") -> int:
    """How many *different* terms of the concept a text uses."""
    return len({_fold(text[start:end]) for start, end in spans(concept, text, table)})


def first(concept: str, text: str, table: str = "concepts") -> str | None:
    """An excerpt of at most 120 characters around the first mention, or None."""
    found = spans(concept, text, table)
    if not found:
        return None
    start, end = found[0]
    return " ".join(text[max(0, start - 40) : end + 60].split())[:120]
