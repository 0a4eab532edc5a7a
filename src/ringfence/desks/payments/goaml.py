"""goAML: the draft of a suspicious-transaction report, for a person to complete and to send.

The structure is that of the goAML XML reporting schema 4.0 (UNODC, 31 January 2013) as far as a report of
transfers between accounts needs it; `goaml_shape` says what was read of it and what is from memory. What we
cannot know stands there as `BLANK`, with what is asked for, and is never invented: a receiving unit
refuses a report that still has one. Every unit adds rules of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final
from xml.etree.ElementTree import Comment, Element, SubElement, indent, tostring

import msgspec

from ringfence.core.errors import InputError
from ringfence.desks.payments.currencies import exponent
from ringfence.desks.payments.goaml_shape import BLANK, problems

MAX_REASON: Final = 4000  # characters, from memory of the schema
# What XML 1.0 cannot carry (and the carriage return, which a reader changes).
_NOT_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DRAFT: Final = (
    " A draft made by Ringfence for a person to check, complete and send. It is confidential: nobody who is "
    "concerned may be told of it. Every text that begins with TO BE COMPLETED is a gap. "
)


class Movement(msgspec.Struct, frozen=True):
    """One transaction as far as it is known: UTC stamp, accounts, minor units; None where not known.
    ``scan``: whether it came by scan code."""

    id: str
    at: str | None = None
    payer: str | None = None
    payee: str | None = None
    amount: int | None = None
    currency: str | None = None
    scan: bool | None = None


class Draft(msgspec.Struct, frozen=True):
    """What a report is made from: ``account`` is the one reported on, ``reference`` ours, ``reason`` and
    ``action`` texts for the unit, ``indicators`` our typologies (each unit has codes of its own)."""

    account: str
    reference: str
    reason: str
    action: str
    indicators: tuple[str, ...]
    movements: tuple[Movement, ...]
    laboratory: bool = False


def render(draft: Draft, name: Callable[[str], str] = str) -> bytes:
    """The XML, checked against its shape. ``name`` says under which identifier an account is written: its
    pseudonym, or what a recorded reversal gave. Raises `InputError` for a report without transactions."""
    if not draft.movements:
        raise InputError("a report names transactions, and there are none", hint="see payments assess")
    known = {one.currency for one in draft.movements if one.currency}
    local = known.pop() if len(known) == 1 else None
    root = Element("report")
    root.append(Comment(_DRAFT + ("laboratory: true (invented) " if draft.laboratory else "")))
    _put(root, "rentity_id", BLANK, "the number under which the unit knows you")
    _put(root, "submission_code", "E")
    _put(root, "report_code", "STR")
    if draft.reference:
        _put(root, "entity_reference", draft.reference)
    _put(root, "submission_date", BLANK, "when it is sent, as 2026-01-31T12:00:00")
    _put(root, "currency_code_local", local or BLANK, "" if local else "ISO 4217")
    person = SubElement(root, "reporting_person")
    _put(person, "first_name", BLANK, "of who reports")
    _put(person, "last_name", BLANK, "of who reports")
    invented = "laboratory: true (invented). " if draft.laboratory else ""
    _put(root, "reason", _cut(invented + draft.reason))
    _put(root, "action", draft.action or BLANK, "" if draft.action else "what you have done")
    for one in draft.movements:
        _transaction(root, one, draft.account, local, name)
    codes = SubElement(root, "report_indicators")
    for indicator in draft.indicators or ("",):
        _put(codes, "indicator", BLANK, f"the unit's code; ours is {indicator or 'none'}")
    wrong = problems(root)
    if wrong:
        raise InputError(f"the draft is not as it should be: {wrong[0]}")
    indent(root)
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def reason_of(
    account: str, score: int, typologies: Sequence[str], explanations: Sequence[str], basis: str
) -> str:
    """The reason in words: what was seen, by which instrument, and that a person has still to judge."""
    said = [
        f"Transactions of {account} show {', '.join(typologies) or 'no typology'} "
        f"(score {score} of 1000, by Ringfence; an instrument's view, not a finding of crime).",
        *explanations,
    ]
    if basis:
        said.append(f"Assessed: {basis}")
    return " ".join(said)


def amount_text(minor: int, currency: str) -> str | None:
    """Minor units as decimal text, such as 12.30; exact. None where ISO 4217 says no decimals."""
    digits = exponent(currency)
    if digits is None:
        return None
    sign, whole = ("-", -minor) if minor < 0 else ("", minor)
    if digits == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole // 10**digits}.{whole % 10**digits:0{digits}d}"


def _transaction(
    root: Element, one: Movement, account: str, local: str | None, name: Callable[[str], str]
) -> None:
    node = SubElement(root, "transaction")
    _put(node, "transactionnumber", one.id)
    when = one.at[:19] if one.at else None
    _put(node, "date_transaction", when or BLANK, "" if when else "as 2026-01-31T12:00:00")
    _put(node, "transmode_code", BLANK, "the unit's code for how it was done")
    if one.scan is not None:
        _put(node, "transmode_comment", "by scan code" if one.scan else "not by scan code")
    here = one.currency is not None and one.currency == local and one.amount is not None
    text = amount_text(one.amount, one.currency) if here and one.amount and one.currency else None
    _put(node, "amount_local", text or BLANK, "" if text else "in the local currency")
    for side, who in (("from", one.payer), ("to", one.payee)):
        _side(node, side, who, one, account, local, name)


def _side(
    node: Element, side: str, who: str | None, one: Movement, account: str, local: str | None,
    name: Callable[[str], str],
) -> None:  # fmt: skip
    own = who == account
    part = SubElement(node, f"t_{side}_my_client" if own else f"t_{side}")
    _put(part, f"{side}_funds_code", BLANK, "the unit's code for the kind of funds")
    if one.currency is not None and one.amount is not None and one.currency != local:
        foreign = SubElement(part, f"{side}_foreign_currency")
        _put(foreign, "foreign_currency_code", one.currency)
        text = amount_text(one.amount, one.currency)
        _put(foreign, "foreign_amount", text or BLANK, "" if text else f"{one.amount} minor units")
        _put(foreign, "foreign_exchange_rate", BLANK, "into the local currency")
    held = SubElement(part, f"{side}_account")
    _put(held, "institution_name", BLANK, "your own" if own else "where this account is held")
    _put(held, "institution_code", BLANK, "or its SWIFT code, as the unit asks")
    _put(held, "account", name(who) if who else BLANK, "" if who else "not known to the instrument")
    if own:
        _put(held, "account_name", BLANK, "the holder")
    _put(part, f"{side}_country", BLANK, "ISO 3166-1 alpha-2")


def _put(parent: Element, tag: str, text: str, hint: str = "") -> None:
    SubElement(parent, tag).text = _NOT_XML.sub(" ", f"{text}: {hint}" if hint else text)


def _cut(text: str) -> str:
    if len(text) <= MAX_REASON:
        return text
    told = " […: cut here; the whole stands in the case]"
    return text[: MAX_REASON - len(told)] + told
