"""Known: library code recognised by its bytes, without metadata and with immutables left out.

`known.json` is made by `tools/gather_known_code.py` from packages as they are published, each entry with its
package, version and licence; it holds hashes and no code. That code is a library's says what it is, never
that what it is used for is harmless: a proxy of a library may stand before anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from ringfence.desks.tokens.bytecode import Program, keccak
from ringfence.desks.tokens.metadata import metadata, stripped


def facts(code: bytes) -> dict[str, Any]:
    """What the bytes say of themselves: ``compiler`` and ``source`` (None where untold), ``stripped_hash``
    (keccak-256 without metadata) and ``known`` {name, package, version, licence}, None where unknown."""
    told = metadata(code)
    return {
        "compiler": told.compiler or None,
        "source": told.source or None,
        "stripped_hash": "0x" + keccak(stripped(code)).hex(),
        "known": recognise(code),
    }


def recognise(code: bytes) -> dict[str, str] | None:
    """The library's contract that this is, if it is one of the table."""
    bare = stripped(code)
    for entry in _table().get(len(bare), ()):
        if keccak(masked(bare, entry["immutables"])).hex() == entry["hash"]:
            return {name: entry[name] for name in ("name", "package", "version", "licence")}
    return None


def masked(code: bytes, places: Sequence[int]) -> bytes:
    """Code with the words at some places as zero."""
    made = bytearray(code)
    for at in places:
        made[at : at + 32] = bytes(min(32, len(made) - at))
    return bytes(made)


def immutables(code: bytes) -> Iterator[int]:
    """Where code as it was published waits for immutables: whole words pushed that are zero (a plain zero is
    never pushed as a word)."""
    decoded, pc = Program(code), 0
    while pc < len(code):
        if code[pc] == 0x7F and not any(code[pc + 1 : pc + 33]) and pc + 33 <= len(code):
            yield pc + 1
        pc = decoded.after[pc]


@lru_cache(1)
def _table() -> dict[int, list[dict[str, Any]]]:
    text = resources.files(__package__).joinpath("known.json").read_text("utf-8")
    made: dict[int, list[dict[str, Any]]] = {}
    for entry in json.loads(text):
        made.setdefault(entry["size"], []).append(entry)
    return made
