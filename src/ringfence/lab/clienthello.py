"""The server name in a TLS ClientHello (RFC 8446 section 4.1.2, RFC 6066 section 3)."""

from __future__ import annotations


def server_name(data: bytes) -> str | None:
    """The name; an empty string if there is none; None if more bytes are needed.

    Reads the first record only, and gives up (empty string) on what is no ClientHello.
    """
    if len(data) < 5:
        return None
    if data[0] != 22:
        return ""
    length = int.from_bytes(data[3:5], "big")
    if len(data) < 5 + length:
        return None
    try:
        return _from_hello(data[5 : 5 + length])
    except IndexError:
        return ""


def _from_hello(hello: bytes) -> str:
    if hello[0] != 1:
        return ""
    at = 4 + 2 + 32
    at += 1 + hello[at]  # session id
    at += 2 + int.from_bytes(hello[at : at + 2], "big")  # cipher suites
    at += 1 + hello[at]  # compression methods
    end = at + 2 + int.from_bytes(hello[at : at + 2], "big")
    at += 2
    while at + 4 <= end:
        kind = int.from_bytes(hello[at : at + 2], "big")
        size = int.from_bytes(hello[at + 2 : at + 4], "big")
        if kind == 0:
            # list length (2), name type (1), name length (2), name
            name = hello[at + 9 : at + 4 + size]
            return name.decode("ascii", "replace").lower()
        at += 4 + size
    return ""
