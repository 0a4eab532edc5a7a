"""Movements: the payments of a ledger that a report names, by the ids or the pseudonyms it names them by."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

import pyarrow.compute as pc
import pyarrow.parquet as pq

from ringfence.core.time import stamp
from ringfence.desks.payments.goaml import Movement
from ringfence.desks.payments.ledger import Ledger
from ringfence.desks.payments.pseudonym import account, payment

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SCAN = {0: None, 1: True}  # a channel; any other is not by scan code
_COLUMNS = ["ts", "payer", "payee", "amount", "currency", "channel", "tx_id"]


def by_id(ledger: Ledger, wanted: Collection[str]) -> dict[str, Movement]:
    """Those with an id of ``wanted``, in the caller's own identifiers. Raises `RefusedError` where these are
    in a vault."""
    keep = frozenset(wanted)
    return _found(ledger, lambda tx: tx if tx in keep else None, ledger.name_of)


def by_pseudonym(ledger: Ledger, wanted: Collection[str]) -> tuple[dict[str, Movement], dict[str, str]]:
    """Those with a pseudonym of ``wanted``, in pseudonyms; and the ids behind these."""
    keep, keys = frozenset(wanted), ledger.book.keys
    ids: dict[str, str] = {}

    def name(tx: str) -> str | None:
        made = payment(keys, tx)
        if made not in keep:
            return None
        ids[made] = tx
        return made

    return _found(ledger, name, lambda number: account(ledger.mac_of(number))), ids


def _found(
    ledger: Ledger, name: Callable[[str], str | None], who: Callable[[int], str]
) -> dict[str, Movement]:
    found: dict[str, Movement] = {}
    with pq.ParquetFile(ledger.path) as file:
        for batch in file.iter_batches(columns=_COLUMNS):
            names = [name(tx) for tx in batch["tx_id"].to_pylist()]
            rows = [at for at, one in enumerate(names) if one is not None]
            if not rows:
                continue
            for at, row in zip(rows, pc.take(batch, rows).to_pylist(), strict=True):
                known = names[at] or ""
                found[known] = Movement(
                    known, stamp(_EPOCH + timedelta(microseconds=row["ts"])), who(row["payer"]),
                    who(row["payee"]), row["amount"], ledger.currencies[row["currency"]],
                    _SCAN.get(row["channel"], False),
                )  # fmt: skip
    return found
