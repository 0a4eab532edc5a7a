"""Negotiate: which language and which form an answer takes (RFC 9110 §12.5). Pure; never raises."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Language = Literal["zh", "en"]
Form = Literal["html", "json"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
MAX_ITEMS = 40  # of a header; nobody has more wishes

_FORMS: tuple[tuple[str, Form], ...] = (
    ("text/html", "html"),
    ("application/problem+json", "json"),
    ("application/json", "json"),
)


def language(header: str, default: Language) -> Language:
    """The language wished for most among ours; the default where none is, or all are alike. A range
    matches by its first subtag (RFC 4647 §3.4: ``zh-Hant-TW`` is answered in ``zh``); ``q=0`` refuses."""
    wishes: dict[str, float] = {}
    for text, quality in _items(header):
        first = text.partition("-")[0]
        # A refusal of one region refuses no language; of two wishes for one the greater counts.
        if quality > 0 or text == first:
            wishes[first] = max(quality, wishes.get(first, 0.0))
    rest = wishes.get("*", 0.0)
    wished = {ours: wishes.get(ours, rest) for ours in LANGUAGES}
    best = max(wished.values())
    if best <= 0 or wished[default] == best:
        return default
    return next(ours for ours in LANGUAGES if wished[ours] == best)


def form(header: str) -> Form:
    """HTML, or JSON where that is wished for more. Whoever wants neither gets HTML."""
    wished: dict[Form, float] = {"html": 0.0, "json": 0.0}
    items = dict(reversed(list(_items(header))))
    for kind, ours in _FORMS:
        group = kind.partition("/")[0] + "/*"
        quality = next((items[name] for name in (kind, group, "*/*") if name in items), 0.0)
        wished[ours] = max(wished[ours], quality)
    return "json" if wished["json"] > wished["html"] else "html"


def _items(header: str) -> Iterable[tuple[str, float]]:
    for part in header.split(",", MAX_ITEMS)[:MAX_ITEMS]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if name:
            yield name, _quality(parameters)


def _quality(parameters: Iterable[str]) -> float:
    """RFC 9110 §12.4.2; what is no weight there counts as a refusal."""
    for parameter in parameters:
        key, equals, value = parameter.partition("=")
        if key.strip() != "q" or not equals:
            continue
        value = value.strip()
        digits = value.replace(".", "", 1)
        if not (digits.isascii() and digits.isdigit() and len(value) <= 5):
            return 0.0
        return float(value) if float(value) <= 1 else 0.0
    return 1.0
