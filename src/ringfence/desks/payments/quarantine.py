"""Quarantine: rows that could not be taken, counted by reason; their content is never repeated."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ringfence.core.errors import InputError

FIRST: Final = 5  # examples kept of each reason

# What each reason says to a person.
REASONS: Final = {
    "cells": "the row has another number of cells than the header",
    "unreadable": "the row cannot be read",
    "swallowed": "a cell holds what looks like further rows: a quotation mark that is not closed",
    "no_tx_id": "no transaction id",
    "bad_time": "the time cannot be read",
    "time_out_of_range": "the time lies outside 1970 to 2199",
    "no_payer": "no payer",
    "no_payee": "no payee",
    "self_transfer": "payer and payee are one account",
    "bad_amount": "the amount is not a number",
    "not_whole": "the amount has decimals that minor units, or the currency, do not have",
    "not_positive": "the amount is zero or negative",
    "too_large": "the amount is over 10**15 minor units",
    "no_currency": "no currency",
    "bad_currency": "not a currency code of three letters",
    "no_minor_unit": "not a currency of ISO 4217, so what its minor unit is cannot be told",
    "bad_price": "the price is not a decimal above zero",
    "bad_seq": "the sequence number is not a whole number",
    "late": "the payment came when the watermark had passed it",
    "currencies": "more than 256 currencies",
    "duplicate": "the same transaction, again",
    "conflict": "the same transaction id with other content; the first one is kept",
    "bad_message": "not a payment message that can be read (pain.001, pacs.008 or pacs.002)",
    "doctype": "XML with a document type or entities, which is refused",
    "not_xml": "XML that is not well-formed, is cut short, or is in another encoding than it says",
    "not_json": "JSON that is not well-formed, or is cut short",
    "too_much": "a message that is nested too deep, or too large",
    "broken_message": "in a file that cannot be read to its end, so nothing of it counts",
    "bad_account": "an account number whose check digits are wrong",
    "no_account": "a party of the payment has no account identification",
    "ambiguous_status": "a status that fits more than one payment",
    "unknown_payment": "a status for a payment that is not here",
}


@dataclass(frozen=True, order=True)
class BadRow:
    """One row left out: the file's name, its row (1 is the header or the first line) and the reason."""

    file: str
    row: int
    why: str

    def to_dict(self) -> dict[str, str | int]:
        return {"file": self.file, "row": self.row, "why": self.why}


@dataclass(frozen=True)
class Quarantine:
    """How many rows were left out for each reason, and the first of each."""

    counts: dict[str, int] = field(default_factory=dict)
    first: tuple[BadRow, ...] = ()

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    def to_dict(self) -> dict[str, object]:
        return {"counts": self.counts, "first": [row.to_dict() for row in self.first]}

    def lines(self) -> list[str]:
        """What to tell a person on standard error; nothing where all rows were good."""
        told = []
        for why, count in sorted(self.counts.items()):
            at = ", ".join(f"{one.file} row {one.row}" for one in self.first if one.why == why)
            told.append(
                f"quarantined {count}: {REASONS.get(why, why)} ({at}{', …' if count > FIRST else ''})"
            )
        return told


def write(rows: Iterable[BadRow], path: Path) -> int:
    """Write bad rows as JSON lines; how many. Raises `InputError`."""
    count = 0
    try:
        with path.open("w", encoding="utf-8") as out:
            for row in rows:
                out.write(json.dumps(row.to_dict(), ensure_ascii=False) + "\n")
                count += 1
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}", hint="name another file") from error
    return count
