"""Fingerprints of block pages, and of pages that only look like one.

Source: Censored Planet's signatures (Apache-2.0, unchanged, see ``signatures/``). The false-positive set
is asked first and ends the matter. A fingerprint says whose page it is, as far as its id tells: the page
of a vendor's product may stand in a company or a school, and proves no order of any authority.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Final

import ahocorasick
import msgspec

MAX_TEXT: Final = 200_000  # characters of a response that are looked at
_SCOPES: Final = {
    "a": "product",
    "b": "national",
    "c": "provider",
    "d": "company",
    "e": "unknown",
    "f": "generic",
}
_NAMED: Final = re.compile(r"(?:b_nat|c_isp|d_corp)_([a-z]{2})_")


class Fingerprint(msgspec.Struct, frozen=True):
    """``scope``: national, provider, product, company, generic or unknown; ``country`` as ISO 3166 where
    the id names one."""

    id: str
    scope: str
    country: str | None = None


class _Signature(msgspec.Struct):
    fingerprint: str
    pattern: str


class _Set:
    """Patterns behind one automaton over a literal of each, so that a page costs one pass and not six
    hundred searches."""

    def __init__(self, name: str) -> None:
        self._always: list[tuple[str, re.Pattern[str]]] = []
        self._by_literal: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        path = resources.files("ringfence.desks.access") / "signatures" / f"{name}.jsonl"
        for row in map(_decode, filter(None, path.read_bytes().splitlines())):
            pattern = re.compile(row.pattern, re.DOTALL)
            literal = _literal(row.pattern)
            group = self._by_literal.setdefault(literal, []) if literal else self._always
            group.append((row.fingerprint, pattern))
        self._automaton = ahocorasick.Automaton()
        for literal in self._by_literal:
            self._automaton.add_word(literal, literal)
        self._automaton.make_automaton()

    def first(self, text: str) -> str | None:
        """The id of the first pattern that matches, in the order of the ids; or None."""
        likely = {literal for _, literal in self._automaton.iter(text)}
        candidates = [*self._always, *(one for literal in likely for one in self._by_literal[literal])]
        return min((name for name, pattern in candidates if pattern.search(text)), default=None)


def match(text: str) -> Fingerprint | None:
    """The block page that a response is known to be, or None. ``text`` is the head and the body as
    characters; only `MAX_TEXT` of them are read."""
    text = text[:MAX_TEXT]
    if _signatures("false_positive").first(text) is not None:
        return None
    found = _signatures("blockpage").first(text)
    if found is None:
        return None
    named = _NAMED.match(found)
    return Fingerprint(found, _SCOPES.get(found[:1], "unknown"), named.group(1).upper() if named else None)


@cache
def _signatures(name: str) -> _Set:
    return _Set(name)


def _decode(line: bytes) -> _Signature:
    return msgspec.json.decode(line, type=_Signature)


def _literal(pattern: str) -> str:
    """The longest run of characters that every match must contain; empty where a pattern has branches."""
    runs, characters = [""], iter(pattern)
    for character in characters:
        if character in "|([":
            return ""
        if character == "\\":
            escaped = next(characters)
            if not escaped.isalnum():
                runs[-1] += escaped
                continue
        if character in "*?{":
            runs[-1] = runs[-1][:-1]  # the character before may be absent
        if character in "\\.^$*+?{}":
            runs.append("")
            continue
        runs[-1] += character
    return max(runs, key=len)
