"""Words of the block page: its texts lie beside the templates, one file a language."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from functools import cache
from importlib.resources import files

from ringfence.core.time import parse_stamp
from ringfence.interfaces.blockpage.negotiate import Language

_MONTHS = "January February March April May June July August September October November December".split()
_MARK = re.compile(r", (?:[SRU]\*?|house)\)$")


@cache
def words(language: Language) -> dict[str, str]:
    """The page's texts in a language, by their keys."""
    path = files("ringfence.interfaces.blockpage") / "templates" / f"{language}.toml"
    return tomllib.loads(path.read_text("utf-8"))


def moment(stamp: str, language: Language) -> str:
    """A UTC stamp for reading."""
    at: datetime = parse_stamp(stamp)
    if language == "zh":
        return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}（协调世界时）"
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC"


def route(text: str) -> str:
    """A route of appeal as the order has it, without the mark of how well its text is known, which is for
    approvers. It stays in the order's own language: half a translation of a legal text helps nobody."""
    return _MARK.sub(")", text)
