"""Values: what stands in a measurement, whatever its type turns out to be. Pure.

Nothing in a file is trusted to have the type that the format gives it: what has another is as good as
absent.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from ringfence.core.errors import InputError
from ringfence.desks.access.sides import is_address
from ringfence.register.host import canonical_host

MAX_ITEMS: Final = 5_000  # of any list in a file; more is not read
_DEPTH: Final = re.compile(r"depth=(\d{1,3})")

Table = dict[str, Any]


def rows(table: Table, name: str) -> Iterator[Table]:
    """The objects of a list."""
    listed = table.get(name)
    for row in (listed if isinstance(listed, list) else [])[:MAX_ITEMS]:
        if isinstance(row, dict):
            yield row


def items(table: object) -> list[tuple[str, Any]]:
    """The members of an object."""
    return list(table.items())[:MAX_ITEMS] if isinstance(table, dict) else []


def text(value: object) -> str:
    """A text, else an empty one."""
    return value if isinstance(value, str) else ""


def failure(row: Table) -> str | None:
    """The failure of a row, None where there was none."""
    return text(row.get("failure")) or None


def status(table: Table, name: str) -> int | None:
    """An HTTP status."""
    code = table.get(name)
    return code if isinstance(code, int) and 100 <= code <= 599 else None


def depth(row: Table) -> int | None:
    """The hop that a row belongs to, as its tags say; older files have none."""
    tags = row.get("tags")
    for tag in tags if isinstance(tags, list) else []:
        found = _DEPTH.fullmatch(text(tag))
        if found:
            return int(found.group(1))
    return None


def headers(table: Table) -> tuple[tuple[str, str], ...]:
    """Header fields, from OONI's list of pairs or from its table."""
    listed = table.get("headers_list")
    pairs: list[Any] = listed if isinstance(listed, list) and listed else list(items(table.get("headers")))
    found = []
    for pair in pairs[:MAX_ITEMS]:
        if isinstance(pair, (list, tuple)) and len(pair) == 2 and isinstance(pair[0], str):
            value = pair[1][0] if isinstance(pair[1], list) and pair[1] else pair[1]
            found.append((pair[0], body(value).decode("utf-8", "replace")))
    return tuple(found)


def declared_length(fields: tuple[tuple[str, str], ...]) -> int | None:
    """The length that a head names, where the body was not kept to its end."""
    text = next((value for name, value in fields if name.lower() == "content-length"), "")
    return int(text) if text.isdecimal() and len(text) < 16 else None


def body(value: object) -> bytes:
    """A text, or OONI's form for what is no UTF-8: {"format": "base64", "data": …}."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    if isinstance(value, dict) and value.get("format") == "base64":
        try:
            return base64.b64decode(text(value.get("data")), validate=True)
        except (binascii.Error, ValueError):
            return b""
    return b""


def endpoint(place: str) -> tuple[str | None, int]:
    """``address:port``, with or without brackets."""
    address, _, port = place.rpartition(":")
    address = address.strip("[]")
    if not is_address(address) or not (port.isdecimal() and len(port) < 6):
        return None, 0
    return address, int(port)


def canonical(url: str) -> str:
    """The URL with its host in A-labels and small letters, as queries and handshakes name it."""
    try:
        parts = urlsplit(url.strip())
        if not parts.hostname:
            return url
        name = parts.hostname if is_address(parts.hostname) else canonical_host(parts.hostname)
        shown = f"[{name}]" if ":" in name else name
        numbered = f":{parts.port}" if parts.port else ""
        return parts._replace(scheme=parts.scheme.lower(), netloc=shown + numbered).geturl()
    except (ValueError, InputError):
        return url


def host(url: str) -> str:
    """The host of a URL, empty where it has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def port(url: str) -> int:
    """The port of a URL, by its scheme where it names none."""
    try:
        parts = urlsplit(url)
        return parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return 0
