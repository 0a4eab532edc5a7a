"""Request: which name a request is about, whoever sends it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

import h11
import msgspec

from ringfence.enforce.names import read_rule
from ringfence.interfaces.blockpage.negotiate import LANGUAGES, Form, Language, form, language

_ABSOLUTE = re.compile(rb"http://([^/?#]*)", re.IGNORECASE)
_LANG = re.compile(rb"[?&]lang=([a-z]{2})(?:&|$)")
_AUTHORITY = re.compile(r"([^@:\[\]/?#]+)(?::\d{0,5})?")
MAX_HOST = 260


class Asked(msgspec.Struct, frozen=True):
    """``name`` in A-labels, empty where the request names no host that could be under an order."""

    name: str
    language: Language
    form: Form


def asked(request: h11.Request, default: Language) -> Asked:
    """What a request asks for. An absolute target counts before the Host header (RFC 9112 §3.2.2);
    ``?lang=`` before Accept-Language."""
    headers = list(request.headers)
    target = request.target
    absolute = _ABSOLUTE.match(target)
    authority = absolute[1] if absolute else _one(headers, b"host")
    chosen = _LANG.search(target)
    words = next((ours for ours in LANGUAGES if chosen and ours.encode() == chosen[1]), None)
    return Asked(
        name=_name(authority),
        language=words or language(_joined(headers, b"accept-language"), default),
        form=form(_joined(headers, b"accept")),
    )


def _name(authority: bytes) -> str:
    if len(authority) > MAX_HOST:
        return ""
    found = _AUTHORITY.fullmatch(authority.decode("latin-1"))
    rule = read_rule(found[1]) if found and found[1].isascii() else None
    return rule.name if rule is not None and not rule.wildcard else ""


def _one(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes:
    return next((value for key, value in headers if key == name), b"")


def _joined(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    return ",".join(value.decode("latin-1") for key, value in headers if key == name)
