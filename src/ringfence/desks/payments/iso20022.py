"""Payment messages to payments and statuses: pain.001, pacs.008 and pacs.002 of ISO 20022, any version.

Names are those of the standard (message definition reports of iso20022.org); Tazama's JSON has the same
ones as keys, with the kind of message in ``TxTp``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Context, Decimal, InvalidOperation
from typing import Final, NamedTuple

from ringfence.desks.payments.currencies import exponent
from ringfence.desks.payments.document import (
    GROUP,
    INITIATION,
    ROOTS,
    STATUS_ROOTS,
    UNITS,
    BadDocumentError,
    Message,
    Piece,
    Value,
    each,
    text,
)
from ringfence.desks.payments.typed import CURRENCY, LARGEST

_NO_ID: Final = ("", "NOTPROVIDED")
_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,9})?")


class Payment(NamedTuple):
    """One instruction (pain) or transfer (pacs). ``amount`` is minor units; ``why`` is set where it is bad.

    ``contact`` and ``name`` of the parties, payer first, leave this module only as MACs."""

    file: int
    row: int
    initiation: bool
    message: str
    ends: str  # EndToEndId, or what stands for it
    other: str  # TxId, InstrId or UETR
    time: str
    payer: str
    payee: str
    amount: int
    currency: str
    channel: str
    memo: str
    names: tuple[str, str]
    contacts: tuple[str, str]
    why: str | None = None


class Status(NamedTuple):
    """What became of a payment (``ends`` or ``other`` set) or of all of a message."""

    file: int
    row: int
    message: str
    ends: str
    other: str
    status: str
    time: str


class Reader:
    """Turns the pieces of messages into what they say. Rows are numbered from 1 within a file, or all are of
    one ``line``."""

    def __init__(self, file: int, line: int | None = None) -> None:
        self.file = file
        self.row = 0  # the last one
        self._line = line
        self._whole = False  # what the message says of all its payments was said

    def all(self, message: Value) -> Iterator[Payment | Status]:
        """What a whole message (JSON) says. Raises `BadDocumentError` where it is none."""
        if not isinstance(message, dict):
            raise BadDocumentError("not a message")
        body = message.get("Document", message)
        if "AppHdr" in message and "Document" not in message:
            raise BadDocumentError("a header without a document")
        before = self.row
        for name in ROOTS:
            for root in each(body, name):
                yield from self.piece(Piece(name, root, None, None))
        if self.row == before:
            raise BadDocumentError("not a pain.001, pacs.008 or pacs.002 with transactions")

    def piece(self, piece: Piece) -> Iterator[Payment | Status]:
        """What one piece says."""
        name, root, group, one = piece
        if name in STATUS_ROOTS and not self._whole:
            # What is said of a single payment comes after what is said of all, and so counts.
            self._whole = True
            yield from self._of_all(root)
        if one is not None:
            yield self._one(name, root, group, one)
            return
        for inner in each(root, GROUP) if name == INITIATION else ():
            for unit in each(inner, UNITS[0]):
                yield self._one(name, root, inner, unit)
        if name != INITIATION:
            for unit in each(root, UNITS[name in STATUS_ROOTS]):
                yield self._one(name, root, None, unit)
        self._whole = False

    def skip(self) -> int:
        """The row of what is no message."""
        return self._place()

    def _place(self) -> int:
        self.row += 1
        return self.row if self._line is None else self._line

    def _one(self, name: str, root: Message, group: Value, one: Value) -> Payment | Status:
        row = self._place()
        if name in STATUS_ROOTS:
            return _status(root, one, self.file, row)
        if name == INITIATION:
            money = (each(one, "Amt", "InstdAmt") or each(one, "Amt", "EqvtAmt") or [""])[0]
            return _payment(root, one, (group, one), money, self.file, row, initiation=True)
        money = (each(one, "IntrBkSttlmAmt") or [""])[0]
        return _payment(root, one, (one, one), money, self.file, row, initiation=False)

    def _of_all(self, root: Message) -> Iterator[Status]:
        created = text(root, "GrpHdr", "CreDtTm")
        for group in each(root, "OrgnlGrpInfAndSts"):
            if text(group, "GrpSts") and text(group, "OrgnlMsgId"):
                message, said = text(group, "OrgnlMsgId"), text(group, "GrpSts")
                yield Status(self.file, self._place(), message, "", "", said, created)


def _payment(
    root: Message, one: Value, sides: tuple[Value, Value], money: Value, file: int, row: int,
    *, initiation: bool,
) -> Payment:  # fmt: skip
    message = text(root, "GrpHdr", "MsgId")
    ends, other = text(one, "PmtId", "EndToEndId"), ""
    for name in ("TxId", "InstrId", "UETR"):
        other = other or text(one, "PmtId", name)
    payer, wrong_payer = _account(sides[0], "DbtrAcct")
    payee, wrong_payee = _account(sides[1], "CdtrAcct")
    amount, currency, wrong_amount = _money(money)
    time = text(root, "GrpHdr", "CreDtTm")
    memo = " ".join(
        said.strip()
        for place in (one, root)
        for said in each(place, "RmtInf", "Ustrd")
        if isinstance(said, str)
    )
    channel = next(
        (said for said in (text(one, "PmtTpInf", "LclInstrm", kind) for kind in ("Prtry", "Cd")) if said), ""
    )
    why = None if message and (ends not in _NO_ID or other) else "no_tx_id"
    return Payment(
        file, row, initiation, message, other if ends in _NO_ID else ends, other, time, payer, payee, amount,
        currency, channel, memo,
        (text(sides[0], "Dbtr", "Nm"), text(sides[1], "Cdtr", "Nm")),
        (text(sides[0], "Dbtr", "CtctDtls", "MobNb"), text(sides[1], "Cdtr", "CtctDtls", "MobNb")),
        why or (None if time else "bad_time") or wrong_payer or wrong_payee or wrong_amount,
    )  # fmt: skip


def _account(side: Value, name: str) -> tuple[str, str | None]:
    iban = "".join(text(side, name, "Id", "IBAN").split()).upper()
    if iban:
        return iban, None if is_iban(iban) else "bad_account"
    other = text(side, name, "Id", "Othr", "Id")
    return other, None if other else "no_account"


def is_iban(text: str) -> bool:
    """ISO 13616: two letters, two check digits, up to 30 letters and digits; remainder 1 modulo 97."""
    if not (15 <= len(text) <= 34 and text.isascii() and text.isalnum() and text[:2].isalpha()):
        return False
    return text[2:4].isdigit() and int("".join(str(int(one, 36)) for one in text[4:] + text[:4])) % 97 == 1


def _money(value: Value) -> tuple[int, str, str | None]:
    """Minor units and currency of ``{"Amt": text, "Ccy": code}``, which Tazama puts into one more ``Amt``."""
    while isinstance(value, dict) and isinstance(value.get("Amt"), dict):
        value = value["Amt"]
    currency, written = text(value, "Ccy").upper(), text(value, "Amt")
    if not currency:
        return 0, "", "no_currency"
    if not re.fullmatch(CURRENCY, currency, re.ASCII):
        return 0, currency, "bad_currency"
    digits = exponent(currency)
    if digits is None:  # units are told here, and not minor units: nothing says how many there are of these
        return 0, currency, "no_minor_unit"
    try:
        amount = Decimal(written if _NUMBER.fullmatch(written) else "")
    except InvalidOperation:
        return 0, currency, "bad_amount"
    if amount <= 0:
        return 0, currency, "not_positive"
    if amount.adjusted() > 30:
        return 0, currency, "too_large"
    if amount.adjusted() < -12:
        return 0, currency, "not_whole"
    minor = amount.scaleb(digits, Context(prec=len(written) + digits + 1))
    if minor != minor.to_integral_value():
        return 0, currency, "not_whole"
    return (int(minor), currency, None) if minor <= LARGEST else (0, currency, "too_large")


def _status(root: Message, one: Value, file: int, row: int) -> Status:
    ends, other = text(one, "OrgnlEndToEndId"), ""
    for name in ("OrgnlTxId", "OrgnlInstrId", "OrgnlUETR"):
        other = other or text(one, name)
    message = text(one, "OrgnlGrpInf", "OrgnlMsgId") or text(root, "OrgnlGrpInfAndSts", "OrgnlMsgId")
    time = text(one, "AccptncDtTm") or text(root, "GrpHdr", "CreDtTm")
    return Status(file, row, message, "" if ends in _NO_ID else ends, other, text(one, "TxSts"), time)
