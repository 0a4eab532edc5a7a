"""Scored: the accounts of a ledger as they are handed back to the caller, and as they are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from ringfence.core.canonical import canonical, digest
from ringfence.desks.payments import pseudonym
from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.explain import LedgerNames
from ringfence.desks.payments.ledger import Ledger
from ringfence.desks.payments.monitor import EngineName
from ringfence.desks.payments.result import AccountResult
from ringfence.desks.payments.rules import Rules
from ringfence.desks.payments.score import Account, accounts, history_of, lists_given
from ringfence.desks.payments.signed import Signed
from ringfence.desks.payments.signs import Outside


def scored(
    ledger: Ledger, signed: Signed, seen: Sequence[Seen], outside: Outside, rules: Rules, engine: EngineName,
    *, memory: int = 3 * 10**9,
) -> list[Account]:  # fmt: skip
    """Every account once, by number. Beside the alerts, which are held, DuckDB gets two thirds of ``memory``
    (bytes), and a gigabyte at least: whole histories do not go into less."""
    columns = pq.read_table(ledger.path, columns=["memo", "channel"])
    memo, channel = (bool(pc.any(pc.greater(columns[name], 0)).as_py()) for name in ("memo", "channel"))
    by = "spark" if engine == "spark" else "duckdb"
    history = history_of(signed, rules, ledger.accounts, engine=by, memory=max(10**9, 2 * memory // 3))
    return accounts(seen, history, outside.exchanges, lists_given(outside, memo=memo, channel=channel))


def lines(whole: Iterable[Account], names: LedgerNames) -> Iterator[dict[str, Any]]:
    """As `payments monitor --accounts` writes them, in the caller's own names."""
    for one in whole:
        yield {
            "account": names.account(one.account),
            "score": one.score,
            "recommend": one.recommend,
            "typologies": one.typologies,
            "transactions": names.transactions(one.rows),
            "reasons": [reason.words for reason in one.reasons],
            "against": [reason.words for reason in one.against],
            **({"note": one.note} if one.note else {}),
        }


def results(
    whole: Iterable[Account], ledger: Ledger, signed: Signed, rules: Rules
) -> Iterator[AccountResult]:
    """The accounts for which something is recommended, by pseudonym, as they are kept. A payment's pseudonym
    is a MAC of its id under the key for accounts."""
    told = [one for one in whole if one.recommend != "none"]
    names = LedgerNames(
        ledger, [Seen(0, 0, "", 0, (0, 0, 0, 0, 0, 0), tuple(one.rows.tolist())) for one in told]
    )
    payers = _payers(ledger, {one.account for one in told})
    made = _digest(ledger)
    keys = ledger.book.keys
    for one in told:
        yield AccountResult(
            account=pseudonym.account(ledger.mac_of(one.account)),
            score=one.score,
            recommend=one.recommend,
            typologies=one.typologies,
            transactions=tuple(pseudonym.payment(keys, one_id) for one_id in names.transactions(one.rows)),
            payers=payers.get(one.account, 0),
            parameters={"version": rules.version},
            ledger=made,
            rules=rules.digest,
        )


def _payers(ledger: Ledger, wanted: set[int]) -> dict[int, int]:
    """How many different accounts paid into each of some."""
    seen: dict[int, set[int]] = {number: set() for number in wanted}
    with pq.ParquetFile(ledger.path) as file:
        for batch in file.iter_batches(columns=["payer", "payee"]):
            kept = batch.filter(pc.is_in(batch["payee"], pc.cast(_array(wanted), batch["payee"].type)))
            for payer, payee in zip(kept["payer"].to_pylist(), kept["payee"].to_pylist(), strict=True):
                seen[payee].add(payer)
    return {number: len(who) for number, who in seen.items()}


def _array(wanted: set[int]) -> Any:  # noqa: ANN401 (an Arrow array)
    import pyarrow as pa

    return pa.array(sorted(wanted), pa.int64())


def _digest(ledger: Ledger) -> str:
    """Of the ledger's content: the same payments under the same keys give the same."""
    made = hashlib.sha256()
    with pq.ParquetFile(ledger.path) as file:
        for batch in file.iter_batches(
            columns=["o", "payer", "payee", "amount", "currency", "channel", "memo"]
        ):
            for column in batch.columns:
                made.update(column.to_numpy().tobytes())
    return digest(canonical({"accounts": ledger.accounts, "content": made.hexdigest()}))
