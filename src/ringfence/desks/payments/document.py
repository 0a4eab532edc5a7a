"""A payment message as nested dictionaries: ISO 20022 XML, or the same names as JSON keys.

XML: names without their namespace, an element without children as its text (an amount as
``{"Ccy": …, "Amt": text}``), one that repeats as a list. No document type, hence no entities and nothing
from outside; size, depth and count are bounded. JSON: numbers stay the text they are.
"""

from __future__ import annotations

import json
from typing import Any, Final
from xml.parsers import expat

MAX_BYTES: Final = 64 << 20
MAX_DEPTH: Final = 48
MAX_ELEMENTS: Final = 4_000_000

Value = Any  # dict, list or str
Message = dict[str, Value]


class BadDocumentError(Exception):
    """What was given is no message; ``args[0]`` says why without repeating its content."""


def from_xml(data: bytes) -> Message:
    """Raises `BadDocumentError`."""
    if len(data) > MAX_BYTES:
        raise BadDocumentError(f"more than {MAX_BYTES >> 20} MB")
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator="\n")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", None)
        raise BadDocumentError(f"not XML{f' (line {line})' if line else ''}") from error
    return builder.whole


def from_json(data: str | bytes) -> Value:
    """Raises `BadDocumentError`."""
    try:
        return json.loads(
            data, parse_float=str, parse_int=str, parse_constant=_no_number, object_pairs_hook=_once
        )
    except (ValueError, RecursionError) as error:
        line = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise BadDocumentError(f"not JSON{line}") from error


class _Builder:
    def __init__(self) -> None:
        self.whole: Message = {}
        self._open: list[tuple[str, Message, list[str]]] = [("", self.whole, [])]
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise BadDocumentError("nested too deep, or too many elements")
        inside = {"Ccy": attributes["Ccy"]} if "Ccy" in attributes else {}
        self._open.append((name.rpartition("\n")[2], inside, []))

    def end(self, _: str) -> None:
        name, inside, pieces = self._open.pop()
        text = "".join(pieces).strip()
        value: Value = inside
        if set(inside) == {"Ccy"} and text:
            inside["Amt"] = text
        elif not inside:
            value = text
        above = self._open[-1][1]
        if name not in above:
            above[name] = value
        elif isinstance(above[name], list):
            above[name].append(value)
        else:
            above[name] = [above[name], value]

    def text(self, data: str) -> None:
        self._open[-1][2].append(data)


def _refuse(*_: object) -> None:
    raise BadDocumentError("a document type or entity: not allowed")


def _no_number(text: str) -> str:
    raise ValueError(text)


def _once(pairs: list[tuple[str, Value]]) -> Message:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key twice")
    return made


def each(node: Value, *path: str) -> list[Value]:
    """Everything at a path below a node, as a list."""
    found = node if isinstance(node, list) else [node]
    for name in path:
        below = [one[name] for one in found if isinstance(one, dict) and name in one]
        found = [inner for one in below for inner in (one if isinstance(one, list) else [one])]
    return found


def text(node: Value, *path: str) -> str:
    """The first text at a path, or an empty one."""
    return next((one.strip() for one in each(node, *path) if isinstance(one, str) and one.strip()), "")
