"""The ledger: prepared transactions in one Parquet file, in their order, with accounts by number.

Columns, sorted by (ts, seq): ``row`` int64 0…n-1; ``o`` int64 = (ms << 20) | index within that millisecond,
unique; ``ts`` int64 µs UTC; ``payer``, ``payee`` int32; ``amount`` int64 > 0 minor units; ``currency`` int16
index into ``currencies``; ``channel`` int8 (0 unknown, 1 scan code, 2 other); ``memo`` int8 (0 absent,
1 other, 2 neutral, 3 coin word); ``tx_id`` string. No identifier of an account stands in it.
"""

from __future__ import annotations

import json
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.core.errors import InputError
from ringfence.desks.payments.accounts import Accounts
from ringfence.desks.payments.mac import Keys, mac
from ringfence.desks.payments.quarantine import BadRow, Quarantine

TRANSACTIONS: Final = "transactions.parquet"
QUARANTINED: Final = "quarantined.parquet"
PARTIES: Final = "parties.parquet"  # MACs of the names and phones that messages give with an account
_MACS: Final = "accounts.mac"
_FACTS: Final = "ledger.json"


@dataclass(frozen=True)
class Ledger:
    """``path`` is the Parquet file; ``notes`` say what was assumed (times without zone, order of the file);
    ``unmoved`` counts payments that were kept and moved no money, by status (ISO 20022)."""

    path: Path
    rows: int
    currencies: tuple[str, ...]
    book: Accounts = field(repr=False)
    quarantine: Quarantine = field(default_factory=Quarantine)
    notes: tuple[str, ...] = ()
    unmoved: dict[str, int] = field(default_factory=dict)
    input_rows: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    end: weakref.finalize[Any, Any] | None = field(default=None, repr=False)  # a folder of this run only

    @property
    def accounts(self) -> int:
        """How many accounts, numbered 0… by first appearance, payer before payee."""
        return len(self.book)

    def mac_of(self, number: int) -> bytes:
        """The account's keyed MAC, 16 bytes."""
        return self.book.mac_of(number)

    def name_of(self, number: int) -> str:
        """The caller's own identifier: only for what is handed back to the caller."""
        return self.book.name_of(number)

    def number_of(self, name: str) -> int | None:
        return self.book.number_of(name)

    def numbers_of_contact(self, text: str) -> set[int]:
        """The accounts a contact leads to: the account of that name, and those whose messages gave it as
        their phone."""
        number = self.number_of(text)
        found = set() if number is None else {number}
        path = self.path.parent / PARTIES
        if path.exists():
            wanted = mac(self.book.keys, "contacts", text.strip())
            filters = [("group", "=", "contacts"), ("mac", "=", wanted)]
            for account in pq.read_table(path, filters=filters)["account"].to_pylist():
                at = self.book.number_of_mac(account)
                found |= set() if at is None else {at}
        return found

    def quarantined(self) -> list[BadRow]:
        """Every row that was left out, in the order of the input."""
        rows = pq.read_table(self.path.parent / QUARANTINED).to_pylist()
        return [BadRow(row["file"], row["row"], row["why"]) for row in rows]

    def save(self) -> None:
        """Write beside the transactions what `load` needs: facts and MACs, no identifier and no key."""
        facts = {
            "v": 1, "rows": self.rows, "currencies": self.currencies, "notes": self.notes,
            "unmoved": self.unmoved, "input_rows": self.input_rows, "quarantine": self.quarantine.to_dict(),
        }  # fmt: skip
        (self.path.parent / _MACS).write_bytes(self.book.macs)
        (self.path.parent / _FACTS).write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, keys: Keys, names: pa.Array | None = None) -> Ledger:
        """A ledger that was saved. Raises `InputError`."""
        try:
            facts = json.loads((folder / _FACTS).read_bytes())
            macs = (folder / _MACS).read_bytes()
        except (OSError, ValueError) as error:
            raise InputError(f"{folder} holds no ledger", hint="prepare the payments again") from error
        bad = tuple(BadRow(**row) for row in facts["quarantine"]["first"])
        return cls(
            folder / TRANSACTIONS, facts["rows"], tuple(facts["currencies"]), Accounts(macs, keys, names),
            Quarantine(facts["quarantine"]["counts"], bad), tuple(facts["notes"]), facts["unmoved"],
            facts["input_rows"],
        )  # fmt: skip

    def close(self) -> None:
        """Delete the folder where it was made for this run only."""
        if self.end is not None:
            self.end()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
