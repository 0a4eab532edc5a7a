"""Metadata: what a compiler wrote behind the code about itself (CBOR, its length in the last two bytes).

Two contracts of the same code seldom have the same bytes: the hash of their sources stands at the end.
Without it they do. Formats: docs.soliditylang.org "Contract Metadata"; Vyper writes a map of its own (0.3.5
to 0.3.9). What is told is what the bytes say, and anybody can write them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

_LONGEST: Final = 512
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@dataclass(frozen=True)
class Metadata:
    """The compiler as "solc 0.8.37" or "vyper 0.3.7", and where the sources are said to be: ipfs:…, bzzr0:…
    or bzzr1:…; empty where it is not told. ``size`` bytes of the code are metadata."""

    compiler: str = ""
    source: str = ""
    size: int = 0


def metadata(code: bytes) -> Metadata:
    """What stands behind the code; an empty answer where nothing readable does."""
    size = int.from_bytes(code[-2:], "big") + 2
    if not 2 < size < min(len(code), _LONGEST) + 1:
        return Metadata()
    try:
        found, end = _read(code, len(code) - size)
    except (IndexError, ValueError):
        return Metadata()
    if end != len(code) - 2 or not isinstance(found, dict):
        return Metadata()
    told = {key: value for key, value in found.items() if isinstance(key, str)}
    return Metadata(_compiler(told), _source(told), size)


def stripped(code: bytes) -> bytes:
    """The code without its metadata."""
    return code[: len(code) - metadata(code).size]


def _compiler(told: dict[str, Any]) -> str:
    version = told.get("solc")
    if isinstance(version, bytes) and len(version) == 3:
        return "solc " + ".".join(map(str, version))
    if isinstance(version, str):  # one that was no release
        return f"solc {version[:60]}"
    version = told.get("vyper")
    if isinstance(version, list) and all(isinstance(one, int) for one in version):
        return "vyper " + ".".join(map(str, version))
    return "solc before 0.5.9" if "bzzr0" in told else ""


def _source(told: dict[str, Any]) -> str:
    for name in ("ipfs", "bzzr1", "bzzr0"):
        value = told.get(name)
        if isinstance(value, bytes):
            return f"{name}:{_base58(value) if name == 'ipfs' else value.hex()}"
    return ""


def _base58(data: bytes) -> str:
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def _read(data: bytes, at: int, depth: int = 0) -> tuple[Any, int]:
    """One item of CBOR (RFC 8949), of the kinds that compilers write, and where it ends."""
    kind, small = data[at] >> 5, data[at] & 31
    at += 1
    if kind == 7 and small in (20, 21):
        return small == 21, at
    if small in (24, 25):
        width = small - 23
        if at + width > len(data):
            raise IndexError
        small, at = int.from_bytes(data[at : at + width], "big"), at + width
    elif small > 25:
        raise ValueError
    if kind == 0:
        return small, at
    if kind in (2, 3):
        if at + small > len(data):
            raise IndexError
        part = data[at : at + small]
        return (part if kind == 2 else part.decode()), at + small
    if kind not in (4, 5) or depth > 3:
        raise ValueError
    items = []
    for _ in range(small * (kind - 3)):
        item, at = _read(data, at, depth + 1)
        items.append(item)
    if kind == 4:
        return items, at
    if not all(isinstance(key, str | int) for key in items[::2]):
        raise ValueError
    return dict(zip(items[::2], items[1::2], strict=True)), at
