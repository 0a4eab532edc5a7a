"""A payment message as nested dictionaries: ISO 20022 XML, or the same names as JSON keys.

XML is read as a stream, one transaction at a time: names without their namespace, an element without
children as its text (an amount as ``{"Ccy": …, "Amt": text}``), one that repeats as a list. No document
type, hence no entities and nothing from outside; depth, and what one transaction may hold, are bounded.
JSON is read message by message; numbers stay the text they are.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, NamedTuple
from xml.parsers import expat

MAX_BYTES: Final = 64 << 20  # of one message in JSON, and of text that is held of one in XML
MAX_DEPTH: Final = 48
MAX_ELEMENTS: Final = 1_000_000  # held at a time
_CHUNK: Final = 1 << 18

INITIATION: Final = "CstmrCdtTrfInitn"
TRANSFER: Final = "FIToFICstmrCdtTrf"
STATUS_ROOTS: Final = ("FIToFIPmtStsRpt", "FIToFIPmtSts")  # the second is Tazama's
ROOTS: Final = (INITIATION, TRANSFER, *STATUS_ROOTS)
GROUP: Final = "PmtInf"
UNITS: Final = ("CdtTrfTxInf", "TxInfAndSts")
_CUTS: Final = frozenset((*ROOTS, GROUP, *UNITS))
_NAMES: Final = 4096  # that are remembered

Value = Any  # dict, list or str
Message = dict[str, Value]


class BadDocumentError(Exception):
    """What was given is no message; ``args[0]`` says why without its content, ``reason`` in short."""

    def __init__(self, said: str, reason: str = "bad_message") -> None:
        super().__init__(said)
        self.reason = reason


class Piece(NamedTuple):
    """One transaction or status ``one`` of a message: the name of its root, what came before it there, and
    before it in its group of payments. Without ``one`` the message is over, and ``root`` is what is left."""

    name: str
    root: Message
    group: Message | None
    one: Message | None


def pieces(stream: BinaryIO) -> Iterator[Piece]:
    """The pieces of every message in an XML file, in its order. Raises `BadDocumentError`, after pieces that
    came before what is wrong."""
    builder = _Builder()
    turn = _decoder(head := stream.read(_CHUNK))
    parser = expat.ParserCreate("utf-8" if turn else None, namespace_separator="\n")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        while True:
            parser.Parse(turn.decode(head, not head).encode() if turn else head, not head)
            yield from builder.done
            builder.done.clear()
            if not head:
                return
            head = stream.read(_CHUNK)
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = f" (line {error.lineno})" if isinstance(error, expat.ExpatError) else ""
        raise BadDocumentError(f"not XML{line}", "not_xml") from error


def _decoder(head: bytes) -> codecs.IncrementalDecoder | None:
    """For encodings of several bytes a character, which the parser does not know itself."""
    named = re.match(rb"""<\?xml[^>]*?encoding=["']([A-Za-z0-9._-]+)""", head)
    try:
        found = codecs.lookup(named[1].decode() if named else "")
    except LookupError:
        return None
    if found.name not in ("gb2312", "gbk", "gb18030", "big5", "big5hkscs", "shift_jis"):
        return None
    # GB 2312 is what is written where GB 18030, which holds it, is meant.
    return codecs.getincrementaldecoder("gb18030" if found.name.startswith("gb") else found.name)("strict")


class _Builder:
    """Elements that are open, as lists of their names, of what is inside (None: no element yet) and texts."""

    def __init__(self) -> None:
        self.done: list[Piece] = []
        self._names, self._texts = [""], [""]
        self._insides: list[Message | None] = [{}]
        self._known: dict[str, str] = {}  # names without their namespace
        self._elements = self._chars = 0  # held
        self._before: list[tuple[int, int]] = []  # and how many were, where what may go out began
        self._root = 0  # how many elements were open when the root of a message began; 0: none has

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if len(self._names) > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise BadDocumentError("nested too deep, or too many elements", "too_much")
        local = self._known.get(name) or self._learn(name)
        if local in _CUTS:
            self._before.append((self._elements - 1, self._chars))
            if not self._root and local in ROOTS:
                self._root = len(self._names)
        self._names.append(local)
        self._texts.append("")
        self._insides.append({"Ccy": attributes["Ccy"]} if attributes and "Ccy" in attributes else None)

    def _learn(self, name: str) -> str:
        if len(self._known) > _NAMES:
            self._known.clear()
        return self._known.setdefault(name, name.rpartition("\n")[2])

    def end(self, _: str) -> None:
        name, inside, text = self._names.pop(), self._insides.pop(), self._texts.pop()
        value: Value = inside
        if inside is None:
            value = text.strip()
        elif len(inside) == 1 and "Ccy" in inside and (amount := text.strip()):
            inside["Amt"] = amount
        if name in _CUTS:
            before = self._before.pop()
            if self._root and self._given(name, value):
                self._elements, self._chars = before
                return
        above = self._insides[-1]
        if above is None:
            self._insides[-1] = {name: value}
        elif name not in above:
            above[name] = value
        elif isinstance(above[name], list):
            above[name].append(value)
        else:
            above[name] = [above[name], value]

    def _given(self, name: str, value: Value) -> bool:
        """Whether it went out as a piece. What comes before the header it needs waits for it."""
        below = len(self._names) - self._root
        if below == 0:
            self.done.append(Piece(name, value if isinstance(value, dict) else {}, None, None))
            self._root = 0
            return True
        root, above = self._insides[self._root], self._insides[-1]
        if root is None or "GrpHdr" not in root or not isinstance(value, dict):
            return False
        message = self._names[self._root]
        if name in UNITS and below == 1:
            self.done.append(Piece(message, root, None, value))
            return True
        if name in UNITS and below == 2 and self._names[-1] == GROUP and above and "DbtrAcct" in above:
            self.done.append(Piece(message, root, above, value))
            return True
        if name == GROUP and below == 1:
            for waiting in each(value, UNITS[0]):
                self.done.append(Piece(message, root, value, waiting))
            return True
        return False

    def text(self, data: str) -> None:
        self._chars += len(data)
        if self._chars > MAX_BYTES:
            raise BadDocumentError(f"more than {MAX_BYTES >> 20} MB", "too_much")
        self._texts[-1] += data


def from_json(data: str | bytes) -> Value:
    """One value. Raises `BadDocumentError`."""
    try:
        found = json.loads(
            data, parse_float=str, parse_int=str, parse_constant=_no_number, object_pairs_hook=_once
        )
        return _sound(found, data if isinstance(data, str) else data.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        line = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise BadDocumentError(f"not JSON{line}", "not_json") from error


def values(stream: BinaryIO) -> Iterator[Value]:
    """The elements of a list, or values one after another, each held alone. Raises `BadDocumentError`."""
    text, first = _Text(stream), True
    if listed := text.next() == "[":
        text.at += 1
    while (mark := text.next()) and not (listed and mark == "]"):
        if listed and not first:
            if mark != ",":
                raise BadDocumentError("not JSON: a list without its comma", "not_json")
            text.at += 1
        first = False
        yield text.value()
    if listed:
        text.at += 1
        if not mark or text.next():
            raise BadDocumentError("not JSON: a list that is not closed, or goes on", "not_json")


class _Text:
    """Text of a stream, as much of it as is needed."""

    def __init__(self, stream: BinaryIO) -> None:
        head = stream.read(_CHUNK)
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(json.detect_encoding(head))("strict")
        self._parser = json.JSONDecoder(
            parse_float=str, parse_int=str, parse_constant=_no_number, object_pairs_hook=_once
        )
        self._over, self._held, self.at = False, "", 0
        self._take(head)

    def _take(self, data: bytes) -> None:
        try:
            self._held = self._held[self.at :] + self._decoder.decode(data, not data)
        except UnicodeDecodeError as error:
            raise BadDocumentError("not JSON: not in the encoding it begins in", "not_json") from error
        self.at, self._over = 0, not data

    def next(self) -> str:
        """The next character that is no space, or an empty one at the end."""
        while True:
            while self.at < len(self._held):
                if self._held[self.at] not in " \t\r\n":
                    return self._held[self.at]
                self.at += 1
            if self._over:
                return ""
            self._take(self._stream.read(_CHUNK))

    def value(self) -> Value:
        self.next()
        while True:
            try:
                found, end = self._parser.raw_decode(self._held, self.at)
                if end < len(self._held) or self._over:
                    found = _sound(found, self._held[self.at : end])
                    self.at = end
                    return found
            except json.JSONDecodeError as error:
                if self._over:
                    raise BadDocumentError("not JSON", "not_json") from error
            except (ValueError, RecursionError) as error:
                raise BadDocumentError("not JSON", "not_json") from error
            # Twice as much each time, so that what is long is not read over and over.
            if len(self._held) - self.at > MAX_BYTES:
                raise BadDocumentError(f"a message of more than {MAX_BYTES >> 20} MB", "too_much")
            self._take(self._stream.read(max(_CHUNK, len(self._held) - self.at)))


def _refuse(*_: object) -> None:
    raise BadDocumentError("a document type or entity: not allowed", "doctype")


def _no_number(text: str) -> str:
    raise ValueError(text)


def _sound(found: Value, text: str) -> Value:
    """A value that is text throughout: no NUL, and no half of a character."""
    folded = text.lower() if "\\u" in text else ""
    if "\\u0000" in folded:
        raise ValueError("a NUL character")
    if "\\ud" in folded:
        json.dumps(found, ensure_ascii=False).encode()
    return found


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
    found = node
    for name in path:
        if not isinstance(found, dict):
            break
        found = found.get(name, "")
    else:
        if isinstance(found, str):
            return found.strip()
    return next((one.strip() for one in each(node, *path) if isinstance(one, str) and one.strip()), "")
