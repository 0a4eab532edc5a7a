"""Markup before it is parsed: bytes to text, how deep it may nest, and the URLs in it."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

MAX_DEPTH: Final = 256  # levels of markup; browsers stop at 512
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_VOID: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr li p dd dt option".split()
)
_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:-]{2,20})""", re.IGNORECASE
)


def decode(body: bytes, content_type: str) -> str:
    """Text from bytes: byte-order mark, then the header, then ``meta``, then what decodes strictly.

    A declared encoding that does not fit (GBK said to be UTF-8) is not believed.
    """
    declared = re.search(r"charset\s*=\s*[\"']?([\w:-]+)", content_type, re.IGNORECASE)
    meta = _META_CHARSET.search(body[:4096])
    candidates = [
        "utf-8-sig" if body.startswith(b"\xef\xbb\xbf") else "",
        "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "",
        declared.group(1) if declared else "",
        meta.group(1).decode("ascii") if meta else "",
        "utf-8",
        "gb18030",
        "big5",
    ]
    for name in candidates:
        if not name:
            continue
        name = {"gbk": "gb18030", "gb2312": "gb18030", "big5": "big5hkscs"}.get(name.lower(), name)
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            # A page cut at our limit may end within a character.
            try:
                return body[:-4].decode(name) if len(body) > 1000 else body.decode(name)
            except (UnicodeDecodeError, LookupError):
                continue
    return body.decode("utf-8", "replace")


def shallow(html: str) -> str:
    """The markup up to the point where it is nested deeper than `MAX_DEPTH`: no page that people read is,
    and the cost of what follows grows with the square of depth."""
    depth = 0
    for start in range(0, len(html), 4096):
        part = html[start : start + 4096]
        closed = part.count("</")
        # Never less than the true depth: comments and elements without an end count as open here.
        depth += part.count("<") - 2 * closed
        if depth + closed > MAX_DEPTH:
            break
    else:
        return html
    depth = 0
    for match in _TAG.finditer(html):
        if match.group(2).lower() in _VOID:
            continue
        depth = max(0, depth - 1) if match.group(1) else depth + 1
        if depth > MAX_DEPTH:
            return html[: match.start()]
    return html


def clean(text: str) -> str:
    """Text with every run of white space as one space."""
    return " ".join(text.split())


def absolute(base: str, href: str) -> str:
    """An absolute URL without its fragment, or an empty text for what is none."""
    try:
        url = urljoin(base, href.strip()).partition("#")[0] if href else ""
        urlsplit(url)  # raises for brackets that are no IPv6 address: better here than in every reader
    except ValueError:
        return ""
    return url
