"""Memo text, classified at the door and then dropped: 0 absent, 1 other, 2 neutral, 3 coin word."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import ahocorasick
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.core.canonical import digest

ABSENT, OTHER, NEUTRAL, COIN = 0, 1, 2, 3
_DATA: Final = files("ringfence.desks.payments").joinpath("memo.toml").read_bytes()
DIGEST: Final = digest(_DATA)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@cache
def _tables() -> tuple[ahocorasick.Automaton, re.Pattern[str]]:
    tables = tomllib.loads(_DATA.decode("utf-8"))
    coin = tables["coin"]
    meanings = dict.fromkeys(tables["neutral"]["words"], NEUTRAL)
    meanings |= dict.fromkeys([*coin["coins"], *coin["platforms"], *coin["slang"]], COIN)
    meanings |= dict.fromkeys(tables["traps"]["words"], ABSENT)
    automaton = ahocorasick.Automaton()
    for word, meaning in meanings.items():
        automaton.add_word(word, (len(word), bool(_UNSPACED.search(word)), meaning))
    automaton.make_automaton()
    return automaton, re.compile("|".join(coin["patterns"]))


@lru_cache(maxsize=1 << 16)
def classify(text: str) -> int:
    """The class of one memo."""
    folded = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    if not folded:
        return ABSENT
    automaton, patterns = _tables()
    found = []
    for last, (length, anywhere, meaning) in automaton.iter(folded):
        start, end = last - length + 1, last + 1
        if anywhere or not (_joins(folded, start - 1) or _joins(folded, end)):
            found.append((start, end, meaning))
    traps = [(start, end) for start, end, meaning in found if meaning == ABSENT]
    # A trap covers a word that lies within it; a longer word than the trap stands.
    best = max(
        (
            meaning
            for start, end, meaning in found
            if meaning and not any(a <= start and end <= b for a, b in traps)
        ),
        default=OTHER,
    )
    if best < COIN:
        for start, end in traps:
            folded = folded[:start] + "\0" * (end - start) + folded[end:]
        if patterns.search(folded):
            return COIN
    return best


def _joins(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalnum() and not _UNSPACED.match(text[at])


def classes(column: pa.Array) -> pa.Array:
    """The classes (int8) of an Arrow array of memos; each distinct memo of it is looked at once."""
    encoded = pc.dictionary_encode(pc.fill_null(column, ""))
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):  # of no or of several chunks
        encoded = pa.concat_arrays(encoded.chunks) if encoded.num_chunks else pa.array([], pa.int8())
    if not len(encoded):
        return pa.array([], pa.int8())
    found = np.array([classify(text) for text in encoded.dictionary.to_pylist()], np.int8)
    return pa.array(found[encoded.indices.to_numpy(zero_copy_only=False)])
