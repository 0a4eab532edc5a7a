"""The plain-language notice of an order, in English and Chinese, from the order's own data. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from ringfence.cases.ladder import ACCOUNT_LADDER, LADDER
from ringfence.cases.order import Order
from ringfence.cases.reasons.routes import chinese_route, chinese_text, without_mark
from ringfence.core.errors import InputError
from ringfence.core.time import parse_stamp
from ringfence.rulebook.assessment import Assessment, Node

LANGUAGES = ("en", "zh")
_MONTHS = "January February March April May June July August September October November December".split()
_SCORE = re.compile(r"score \d+ of \d+ needed; ")
_CHINESE = re.compile(r"[(（]([^()（）]*[一-鿿][^()（）]*)[)）]")


def notice_text(order: Order, assessment: Assessment, language: str, reply_until: str | None) -> str:
    """All that the person concerned is told, as plain text. ``reply_until`` (a UTC stamp) makes it a notice
    of an order that is only intended. Raises `InputError` for a language that it is not written in."""
    tongue = language.lower().partition("-")[0]
    if tongue not in LANGUAGES:
        raise InputError(
            f"no notice is written in {language!r}", hint="give its text, or one of " + ", ".join(LANGUAGES)
        )
    return "\n".join(_lines(order, assessment, tongue, reply_until)).strip() + "\n"


def words(language: str) -> dict[str, str]:
    """The texts in a language (`LANGUAGES`), by their keys."""
    return _words(language)


@cache
def _words(language: str) -> dict[str, str]:
    return tomllib.loads((files("ringfence.cases.reasons") / "texts" / f"{language}.toml").read_text("utf-8"))


def day(stamp: str, language: str) -> str:
    """A UTC stamp's day and time for reading."""
    at = parse_stamp(stamp)
    if language == "zh":
        return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}（协调世界时）"
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC"


def _lines(order: Order, assessment: Assessment, tongue: str, until: str | None) -> Iterator[str]:
    text = words(tongue)
    yield text["intended" if until else "title"]
    if order.laboratory:
        yield text["laboratory"]
    yield text["reference"].format(order=order.id)
    name = order.scope.host or order.subject.partition(":")[2]
    whom = "holder" if order.subject.startswith("account:") else "recipient"
    yield text["to"].format(recipient=text[whom].format(name=name))
    yield ""
    yield text["what"]
    stated = text["before" if until else "after"]
    authority = own(order.authority, tongue)
    yield stated.format(authority=authority, measure=measure(order, tongue))
    if order.addressee:
        yield text["addressee"].format(addressee=own(order.addressee, tongue))
    yield text["times"].format(until=day(order.expires_at, tongue), review=day(order.review_at, tongue))
    if order.urgency:
        yield text["urgency"].format(rule=order.urgency, reasons=order.urgency_reasons)
    yield ""
    yield text["why"]
    rule = assessment.citation or assessment.provision
    yield text["rule"].format(citation=_law(rule, assessment.title_zh, tongue))
    yield text["power"].format(basis=_law(order.legal_basis, order.power_zh, tongue))
    yield text["found"]
    for leaf in carrying(assessment.tree):
        yield f"- {own(leaf.text, tongue)}: {_readable(leaf.reason)}"
    for exclusion in assessment.exclusions:
        yield text["ruled_out"].format(text=own(exclusion.text, tongue))
    yield text["reasons"].format(reasons=order.reasons)
    if order.why_not_smaller:
        yield text["smaller"]
        for rung in (name for name in (*LADDER, *ACCOUNT_LADDER) if name in order.why_not_smaller):
            yield f"- {text[rung]}: {order.why_not_smaller[rung]}"
    yield ""
    yield text["can"]
    yield "- " + (text["reply"].format(until=day(until, tongue)) if until else text["reply_after"])
    yield "- " + text["review"]
    yield "- " + text["evidence"]
    yield "- " + text["routes"]
    for route in order.appeal:
        yield f"  - {chinese_route(route) if tongue == 'zh' else own(without_mark(route), tongue)}"


def measure(order: Order, tongue: str) -> str:
    """What is to happen, in words; a measure that has none here is named as the law names it."""
    text = words(tongue)
    host = order.scope.host or order.subject.partition(":")[2]
    scope = text["below"].format(host=host) if order.scope.host and order.scope.subdomains else host
    return text.get(order.measure, order.measure.replace("_", " ")).format(scope=scope)


def _law(citation: str, chinese: str, tongue: str) -> str:
    return f"{chinese}（{citation}）" if tongue == "zh" and chinese else citation


def _readable(reason: str) -> str:
    """An instrument's reason without its score, which tells a reader nothing, and without our ids' marks."""
    return _SCORE.sub("", reason).replace("_", " ")


def carrying(node: Node) -> list[Node]:
    """The leaves that are met and that the outcome rests on."""
    if node.op == "element":
        return [node] if node.state == "met" else []
    return [leaf for child in node.children if child.state == "met" for leaf in carrying(child)]


def own(text: str, tongue: str) -> str:
    """A text of the pack in a reader's language, as far as it has both (Chinese stands in brackets)."""
    found = _CHINESE.findall(text)
    if tongue == "zh":
        return "；".join(found) if found else chinese_text(text)
    return re.sub(r" +(?=[;,.]|$)", "", _CHINESE.sub("", text).replace("  ", " ")).strip() if found else text
