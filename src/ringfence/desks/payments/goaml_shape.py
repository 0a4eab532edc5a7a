"""The shape of a goAML report of transfers between accounts, and what is wrong with one. Pure.

Read: the order of the nodes of *report* and *transaction* and of their sides (public descriptions of schema
4.0 of 31 January 2013 and programs that write it). From memory: lengths, patterns, and which nodes are
required. Not here: persons, entities, goods, multi-party transactions and activity reports, and what
schema 5 added (2022: ``transaction_type`` and others).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

BLANK: Final = "TO BE COMPLETED"
_TEXT = re.compile(r".{1,255}", re.DOTALL)
_LONG = re.compile(r".{1,4000}", re.DOTALL)
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_AMOUNT = re.compile(r"\d{1,18}(?:\.\d{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_NUMBER = re.compile(r"[1-9]\d{0,9}")

# A node: (tag, how many at least, how many at most (0: any number), what its text is or its children).
Node = tuple[str, int, int, "re.Pattern[str] | tuple[Node, ...]"]


def _side(side: str, own: bool) -> Node:
    foreign: tuple[Node, ...] = (
        ("foreign_currency_code", 1, 1, _CURRENCY),
        ("foreign_amount", 1, 1, _AMOUNT),
        ("foreign_exchange_rate", 1, 1, _AMOUNT),
    )
    account: tuple[Node, ...] = (
        ("institution_name", 1, 1, _TEXT),
        ("institution_code", 1, 1, _TEXT),
        ("account", 1, 1, _TEXT),
        ("account_name", 1 if own else 0, 1, _TEXT),
    )
    return (
        f"t_{side}_my_client" if own else f"t_{side}", 0, 1,
        (
            (f"{side}_funds_code", 1, 1, _TEXT),
            (f"{side}_foreign_currency", 0, 1, foreign),
            (f"{side}_account", 1, 1, account),
            (f"{side}_country", 1, 1, _COUNTRY),
        ),
    )  # fmt: skip


TRANSACTION: Final[tuple[Node, ...]] = (
    ("transactionnumber", 1, 1, _TEXT),
    ("date_transaction", 1, 1, _STAMP),
    ("transmode_code", 1, 1, _TEXT),
    ("transmode_comment", 0, 1, _TEXT),
    ("amount_local", 1, 1, _AMOUNT),
    _side("from", True),
    _side("from", False),
    _side("to", True),
    _side("to", False),
)
REPORT: Final[tuple[Node, ...]] = (
    ("rentity_id", 1, 1, _NUMBER),
    ("submission_code", 1, 1, re.compile("[EM]")),
    ("report_code", 1, 1, re.compile("[A-Z]{3,5}")),
    ("entity_reference", 0, 1, _TEXT),
    ("submission_date", 1, 1, _STAMP),
    ("currency_code_local", 1, 1, _CURRENCY),
    ("reporting_person", 1, 1, (("first_name", 1, 1, _TEXT), ("last_name", 1, 1, _TEXT))),
    ("reason", 1, 1, _LONG),
    ("action", 0, 1, _LONG),
    ("transaction", 1, 0, TRANSACTION),
    ("report_indicators", 0, 1, (("indicator", 1, 0, _TEXT),)),
)


def problems(report: Element, *, complete: bool = False) -> list[str]:
    """What is wrong with a report, each with its place. A gap is none, unless it should be ``complete``."""
    if report.tag != "report":
        return [f"not a report: {report.tag!r}"]
    return list(_nodes(report, REPORT, "report", complete))


def _nodes(node: Element, shape: tuple[Node, ...], where: str, complete: bool) -> Iterator[str]:
    children = [child for child in node if isinstance(child.tag, str)]
    known = {tag: at for at, (tag, *_) in enumerate(shape)}
    places = [known[child.tag] for child in children if child.tag in known]
    yield from (f"{where}: unknown {child.tag!r}" for child in children if child.tag not in known)
    if places != sorted(places):
        yield f"{where}: its nodes are out of order"
    for tag, least, most, inside in shape:
        found = [child for child in children if child.tag == tag]
        if len(found) < least or (most and len(found) > most):
            yield f"{where}/{tag}: {len(found)} of them"
        for child in found:
            if isinstance(inside, tuple):
                yield from _nodes(child, inside, f"{where}/{tag}", complete)
            else:
                yield from _text(child.text or "", inside, f"{where}/{tag}", complete)
    if where.endswith("/transaction"):
        for side in ("from", "to"):
            sides = [child for child in children if child.tag in (f"t_{side}", f"t_{side}_my_client")]
            if len(sides) != 1:
                yield f"{where}: {len(sides)} sides {side!r}, not one"


def _text(text: str, pattern: re.Pattern[str], where: str, complete: bool) -> Iterator[str]:
    if text.startswith(BLANK):
        if complete:
            yield f"{where}: to be completed"
    elif not pattern.fullmatch(text):
        yield f"{where}: not {text[:40]!r}"
