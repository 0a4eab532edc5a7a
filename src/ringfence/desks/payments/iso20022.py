"""Payment messages to payments and statuses: pain.001, pacs.008 and pacs.002 of ISO 20022, any version.

Names are those of the standard (message definition reports of iso20022.org); Tazama's JSON has the same
ones as keys, with the kind of message in ``TxTp``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from ringfence.desks.payments.currencies import exponent
from ringfence.desks.payments.document import BadDocumentError, Message, Value, each, text

INITIATION: Final = "CstmrCdtTrfInitn"
TRANSFER: Final = "FIToFICstmrCdtTrf"
STATUS: Final = "FIToFIPmtStsRpt"
_STATUS_ROOTS: Final = (STATUS, "FIToFIPmtSts")  # the second is Tazama's
_NO_ID: Final = ("", "NOTPROVIDED")


@dataclass(frozen=True)
class Payment:
    """One instruction (pain) or transfer (pacs). ``amount`` is minor units; ``why`` is set where it is bad.

    ``contact`` and ``name`` of the parties, payer first, leave this module only as MACs."""

    file: str
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

    @property
    def content(self) -> tuple[object, ...]:
        return self.payer, self.payee, self.amount, self.currency


@dataclass(frozen=True)
class Status:
    """What became of a payment (``ends`` or ``other`` set) or of all of a message."""

    file: str
    row: int
    message: str
    ends: str
    other: str
    status: str
    time: str


def parse(message: Value, file: str, row: int) -> list[Payment | Status]:
    """What a message says; its rows are numbered from ``row``. Raises `BadDocumentError`."""
    if not isinstance(message, dict):
        raise BadDocumentError("not a message")
    body = message.get("Document", message)
    if "AppHdr" in message and "Document" not in message:
        raise BadDocumentError("a header without a document")
    if not isinstance(body, dict):
        raise BadDocumentError("not a message")
    found: list[Payment | Status] = []
    for root in each(body, INITIATION):
        found += _initiation(root, file, row + len(found))
    for root in each(body, TRANSFER):
        found += _transfer(root, file, row + len(found))
    for name in _STATUS_ROOTS:
        for root in each(body, name):
            found += _statuses(root, file, row + len(found))
    if not found:
        raise BadDocumentError("not a pain.001, pacs.008 or pacs.002 with transactions")
    return found


def _initiation(root: Message, file: str, row: int) -> list[Payment]:
    made: list[Payment] = []
    for group in each(root, "PmtInf"):
        for one in each(group, "CdtTrfTxInf"):
            money = (each(one, "Amt", "InstdAmt") or each(one, "Amt", "EqvtAmt") or [""])[0]
            made.append(_payment(root, one, (group, one), money, file, row + len(made), initiation=True))
    return made


def _transfer(root: Message, file: str, row: int) -> list[Payment]:
    made: list[Payment] = []
    for one in each(root, "CdtTrfTxInf"):
        money = (each(one, "IntrBkSttlmAmt") or [""])[0]
        made.append(_payment(root, one, (one, one), money, file, row + len(made), initiation=False))
    return made


def _payment(
    root: Message, one: Message, sides: tuple[Message, Message], money: Value, file: str, row: int,
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


def _account(side: Message, name: str) -> tuple[str, str | None]:
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
    digits = exponent(currency)
    if digits is None:
        return 0, currency, "bad_currency"
    try:
        amount = Decimal(written)
    except InvalidOperation:
        return 0, currency, "bad_amount"
    if not amount.is_finite():
        return 0, currency, "bad_amount"
    if amount <= 0:
        return 0, currency, "not_positive"
    if amount.adjusted() > 30:
        return 0, currency, "too_large"
    if amount.adjusted() < -12:
        return 0, currency, "not_whole"
    minor = amount.scaleb(digits)
    return (int(minor), currency, None) if minor == minor.to_integral_value() else (0, currency, "not_whole")


def _statuses(root: Message, file: str, row: int) -> list[Status]:
    made: list[Status] = []
    created = text(root, "GrpHdr", "CreDtTm")
    groups = each(root, "OrgnlGrpInfAndSts")
    whole = text(groups, "OrgnlMsgId")

    def add(message: str, ends: str, other: str, status: str, time: str) -> None:
        made.append(Status(file, row + len(made), message, ends, other, status, time))

    # What is said of a single payment comes after what is said of all, and so counts.
    for group in groups:
        if text(group, "GrpSts") and text(group, "OrgnlMsgId"):
            add(text(group, "OrgnlMsgId"), "", "", text(group, "GrpSts"), created)
    for one in each(root, "TxInfAndSts"):
        ends, other = text(one, "OrgnlEndToEndId"), ""
        for name in ("OrgnlTxId", "OrgnlInstrId", "OrgnlUETR"):
            other = other or text(one, name)
        message = text(one, "OrgnlGrpInf", "OrgnlMsgId") or whole
        time = text(one, "AccptncDtTm") or created
        add(message, "" if ends in _NO_ID else ends, other, text(one, "TxSts"), time)
    return made
