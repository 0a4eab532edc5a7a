"""RLP: how the chain writes lists of bytes (Ethereum Yellow Paper, appendix B)."""

from __future__ import annotations

from typing import Union

from ringfence.core.errors import InputError

Item = Union[bytes, "list[Item]"]
_DEPTH = 8


def encode(item: Item) -> bytes:
    """The bytes of an item."""
    if isinstance(item, bytes):
        return item if len(item) == 1 and item[0] < 0x80 else _head(len(item), 0x80) + item
    body = b"".join(encode(one) for one in item)
    return _head(len(body), 0xC0) + body


def decode(data: bytes) -> Item:
    """The item that bytes are. Raises `InputError` for bytes that are none, or not in their one form."""
    item, rest = _read(data, 0)
    if rest != len(data) or encode(item) != data:
        raise InputError("these bytes are no RLP", hint="name another node")
    return item


def number(value: int) -> bytes:
    """A number as RLP has it: no leading zeros, zero is empty."""
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def _head(size: int, base: int) -> bytes:
    if size < 56:
        return bytes([base + size])
    length = number(size)
    return bytes([base + 55 + len(length)]) + length


def _read(data: bytes, at: int, depth: int = 0) -> tuple[Item, int]:
    if at >= len(data) or depth > _DEPTH:
        raise InputError("these bytes are no RLP", hint="name another node")
    first = data[at]
    if first < 0x80:
        return data[at : at + 1], at + 1
    base = 0x80 if first < 0xC0 else 0xC0
    size = first - base
    at += 1
    if size > 55:
        width = size - 55
        size = int.from_bytes(data[at : at + width], "big")
        at += width
    end = at + size
    if end > len(data):
        raise InputError("these bytes are no RLP", hint="name another node")
    if base == 0x80:
        return data[at:end], end
    items: list[Item] = []
    while at < end:
        item, at = _read(data, at, depth + 1)
        items.append(item)
    if at != end:
        raise InputError("these bytes are no RLP", hint="name another node")
    return items, end
