"""Event: one payment as it comes in, checked as the rows of a file are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from ringfence.desks.payments.decimals import written_out
from ringfence.desks.payments.mapping import SCAN
from ringfence.desks.payments.memo import classify
from ringfence.desks.payments.typed import CURRENCY, LARGEST, SPACE

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO: Final = timedelta(microseconds=1)
_UNTIL: Final = 7_258_118_400 * 10**6  # µs: the year 2200
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)? ?(Z|[+-]\d\d(:?\d\d)?)?", re.ASCII)
_MIDNIGHT: Final = re.compile(r"24:00(?!:)|24:00:00(?![.,]\d{0,5}[1-9])")  # at the end of a day
_NUMBER: Final = re.compile(r"([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))", re.ASCII)
_WHOLE: Final = re.compile(r"[+-]?\d{1,19}(\.0*)?", re.ASCII)
_EXPONENT: Final = re.compile(r"[+-]?[0-9.]+[eE][+-]?[0-9]+")
_CURRENCY: Final = re.compile(CURRENCY, re.ASCII)


class Event(msgspec.Struct):
    """A payment in the canonical columns: ``ts`` ISO 8601 (UTC where it names no offset), ``amount_minor``
    whole minor units; ``seq`` orders payments of one time."""

    tx_id: str | int
    ts: str
    payer: str | int
    payee: str | int
    amount_minor: int | str
    currency: str
    seq: int | str | None = None
    channel: str | None = None
    memo: str | None = None

    @classmethod
    def from_dict(cls, cells: Mapping[str, Any]) -> Event:
        """Whatever a source has; what is missing is empty."""

        def text(name: str) -> str:
            value = cells.get(name)
            plain = isinstance(value, (str, int, float, Decimal)) and not isinstance(value, bool)
            return str(value) if plain else ""

        return cls(**{name: text(name) for name in cls.__struct_fields__})


class Checked(NamedTuple):
    """``ts`` in µs; ``channel`` and ``memo`` as in a ledger."""

    tx_id: str
    ts: int
    seq: int | None
    payer: str
    payee: str
    amount: int
    currency: str
    channel: int
    memo: int


def checked(event: Event) -> Checked | str:
    """The payment, or why it cannot be taken: a reason of `quarantine.REASONS`, as of a file's rows."""
    tx_id = str(event.tx_id).strip(SPACE)
    payer, payee = str(event.payer).strip(SPACE), str(event.payee).strip(SPACE)
    currency = _currency(event.currency)
    if not tx_id:
        return "no_tx_id"
    ts = micros(event.ts)
    if ts is None:
        return "bad_time"
    if not 0 <= ts < _UNTIL:
        return "time_out_of_range"
    seq = event.seq
    if isinstance(seq, str):
        text = seq.strip(SPACE)
        if text and not _WHOLE.fullmatch(text):
            return "bad_seq"
        seq = int(text.partition(".")[0]) if text else None
    if seq is not None and not -(2**63) <= seq < 2**63:
        return "bad_seq"
    if not payer:
        return "no_payer"
    if not payee:
        return "no_payee"
    amount = event.amount_minor if type(event.amount_minor) is int else _amount(str(event.amount_minor))
    if isinstance(amount, str):
        return amount
    if amount <= 0:
        return "not_positive"
    if amount > LARGEST:
        return "too_large"
    if not currency:
        return "no_currency"
    if currency == "?":
        return "bad_currency"
    if payer == payee:
        return "self_transfer"
    channel = _channel(event.channel) if event.channel else 0
    memo = classify(event.memo) if event.memo else 0
    return Checked(tx_id, ts, seq, payer, payee, amount, currency, channel, memo)


@lru_cache(maxsize=1 << 10)
def _currency(text: str) -> str:
    """The code, "?" for what is none."""
    code = text.strip(SPACE).upper()
    # Some letters become two in upper case: a code is of three from the beginning.
    return code if not code or (_CURRENCY.fullmatch(code) and len(text.strip(SPACE)) == len(code)) else "?"


@lru_cache(maxsize=1 << 10)
def _channel(text: str) -> int:
    word = text.strip(SPACE).lower()
    return 0 if not word else 1 if word in SCAN else 2


def micros(text: str) -> int | None:
    """µs since 1970 of a time, or None. Finer parts are cut off."""
    text = text.strip(SPACE)
    if not _ISO.fullmatch(text):
        return None
    over = timedelta(days=1) if _MIDNIGHT.match(text, 11) else timedelta(0)
    if over:
        text = f"{text[:11]}00{text[13:]}"
    try:
        moment = datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "") if " " in text else text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH + over) // _MICRO


def _amount(text: str) -> int | str:
    text = text.strip(SPACE)
    if _EXPONENT.fullmatch(text):
        text = written_out(text)
    found = _NUMBER.fullmatch(text)
    if not found:
        return "bad_amount"
    sign, whole, rest, bare = found.groups()
    if sign == "-":
        return "not_positive"
    if (rest or bare or "").strip("0"):
        return "not_whole"
    digits = (whole or "0").lstrip("0")
    return int(digits or "0") if len(digits) <= 17 else "too_large"
