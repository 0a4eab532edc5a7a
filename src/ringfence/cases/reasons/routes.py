"""Routes of appeal, and what else a notice takes from the rulebook, in Chinese. Pure."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

# How well a text is known is for approvers; the person concerned gets the text.
_MARK = re.compile(r", (?:[SRU]\*?|house)\)$")
_ROUTE = re.compile(r"(?P<parts>.*) \((?P<source>[^()]*)\)", re.DOTALL)


def without_mark(route: str) -> str:
    """A route without the mark of its source."""
    return _MARK.sub(")", route)


def chinese_route(route: str) -> str:
    """A route in Chinese; each part that has no Chinese stays as the rulebook has it."""
    known = _texts()
    found = _ROUTE.fullmatch(without_mark(route))
    if found is None:
        return route
    parts = [known["parts"].get(part, part) for part in found["parts"].split("; ")]
    source = known["sources"].get(found["source"], found["source"])
    return f"{'；'.join(parts)}（{source}）"


def chinese_text(text: str) -> str:
    """A text that the rulebook has in English alone; unchanged where we have none for it either."""
    return _texts()["texts"].get(text, text)


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("ringfence.cases.reasons") / "texts" / "zh-pack.toml").read_text("utf-8"))
