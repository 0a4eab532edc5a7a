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
_MARK = re.compile(r", [SRU]\*?\)$")
_ZH = (("does not suspend the measure", "不停止执行"), ("suspends the measure", "停止执行"))


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


def route(text: str, language: Language) -> str:
    """A route of appeal as the order has it, without the mark of how well its text is known (which is for
    approvers), and with the fixed phrases of the rulebook in the page's language."""
    found = _MARK.sub(")", text)
    for english, chinese in _ZH if language == "zh" else ():
        found = found.replace(english, chinese)
    return found
