"""Explain: what was seen, in the caller's own names, with the numbers and the smallest change that would have
kept an alert from being raised when it was."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.core.time import stamp
from ringfence.core.words import counted
from ringfence.desks.payments.alert import ALONE, Alert, Seen, Severity
from ringfence.desks.payments.currencies import exponent
from ringfence.desks.payments.ledger import Ledger
from ringfence.desks.payments.parameters import SHIFT
from ringfence.desks.payments.rules import Rules
from ringfence.desks.payments.sights import Rows, marked

HIGH: Final = 400  # of a typology's weight, from which on an alert is of high severity
_CHUNK: Final = 1 << 18
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Names(Protocol):
    """What hands the caller's own names back."""

    def account(self, number: int) -> str: ...
    def transactions(self, rows: Sequence[int]) -> tuple[str, ...]: ...
    def currency(self, row: int) -> str: ...
    def moment(self, row: int) -> tuple[int, int]:
        """The order key of a transaction, and its time in µs, which is finer."""
        ...


class LedgerNames:
    """Names of a ledger, for the transactions of some alerts."""

    def __init__(self, ledger: Ledger, seen: Sequence[Seen]) -> None:
        self._ledger = ledger
        wanted = marked(seen, ledger.rows)
        # Looked up by the hundred million: a place for every row is quicker than a search.
        self._place = np.cumsum(wanted, dtype=np.int32 if ledger.rows < 2**31 else np.int64) - 1
        ids: list[Any] = []
        codes: list[Any] = []
        moments: list[Any] = []
        begin = 0
        with pq.ParquetFile(ledger.path) as file:
            for batch in file.iter_batches(_CHUNK, columns=["tx_id", "currency", "o", "ts"]):
                taken = batch.filter(pa.array(wanted[begin : begin + len(batch)]))
                ids.append(taken["tx_id"].cast(pa.large_string()))
                codes.append(taken["currency"].to_numpy())
                moments.append(np.stack([taken[name].to_numpy() for name in ("o", "ts")], axis=1))
                begin += len(batch)
        self._ids = pa.concat_arrays(ids) if ids else pa.array([], pa.large_string())
        self._codes = np.concatenate(codes) if codes else np.zeros(0, np.int16)
        self._moments = np.concatenate(moments) if moments else np.zeros((0, 2), np.int64)

    def account(self, number: int) -> str:
        return self._ledger.name_of(number)

    def transactions(self, rows: Sequence[int] | Rows) -> tuple[str, ...]:
        told = self._ids.take(pa.array(self._place[np.asarray(rows, np.int64)]))
        return tuple(told.to_numpy(zero_copy_only=False).tolist())

    def currency(self, row: int) -> str:
        return self._ledger.currencies[int(self._codes[self._place[row]])]

    def moment(self, row: int) -> tuple[int, int]:
        order, ts = self._moments[self._place[row]].tolist()
        return order, ts


def alerts(seen: Iterable[Seen], names: Names, rules: Rules) -> Iterator[Alert]:
    """Each with its words, in the order given."""
    for one in seen:
        of = rules[one.typology]
        # Books of several currencies may be one alert; the words are of the first window.
        currency = names.currency(_row(one.first[0], one, names))
        yield Alert(
            account=names.account(one.account),
            typology=one.typology,
            score=score(one, rules),
            severity=severity(one.typology, rules),
            first_ts=_time(one.start, one, names),
            last_ts=_time(one.end, one, names),
            transactions=names.transactions(one.rows),
            parameters={**of, "rules": rules.version, "currency": currency},
            explanation=_words(one, of, rules, currency, names),
        )


def score(one: Seen, rules: Rules) -> int:
    """The weight of the typology in thousandths, more by a tenth for each doubling of its transactions, at
    most twice as much."""
    weight = rules.number(one.typology, "weight")
    return min(1000, weight + weight * min(10, len(one.rows).bit_length() - 1) // 10)


def severity(typology: str, rules: Rules) -> Severity:
    """How much it says by itself: what honest trade shows every day is low, however often it is seen."""
    if typology not in ALONE:
        return "low"
    return "high" if rules.number(typology, "weight") >= HIGH else "medium"


def _time(order: int, one: Seen, names: Names) -> str:
    """The time of the transaction with this order key, as it was given: the key has the millisecond only."""
    found, ts = names.moment(_row(order, one, names))
    return written(ts if found == order else (order >> SHIFT) * 1000)


def _row(order: int, one: Seen, names: Names) -> int:
    """The transaction with this order key, with which a window begins or ends."""
    if order in (one.start, one.end):
        return one.rows[0] if order == one.start else one.rows[-1]
    at = bisect_left(one.rows, order, key=lambda row: names.moment(row)[0])
    return one.rows[min(at, len(one.rows) - 1)]


def written(ts: int) -> str:
    """µs as ISO 8601, UTC."""
    return stamp(_EPOCH + timedelta(microseconds=ts))


def _span(length: int) -> str:
    ms = length >> SHIFT
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000)):
        if ms % size == 0 and ms // size > 1:
            return f"{ms // size} {unit}"
    return f"{ms // 3_600_000} h" if ms % 3_600_000 == 0 else f"{ms / 1000:g} s"


def _words(one: Seen, of: dict[str, Any], rules: Rules, currency: str, names: Names) -> str:
    end, length, _, count, got, gave = one.first
    span = _span(length)

    def money(minor: int) -> str:
        digits = exponent(currency)
        if not digits:
            return f"{minor} {currency}"
        return f"{minor // 10**digits}.{minor % 10**digits:0{digits}d} {currency}"

    receipts, payments, payers = (counted(count, one) for one in ("receipt", "payment", "payer"))
    way: dict[str, Callable[[], tuple[str, str]]] = {
        "pass_through": lambda: (
            f"{receipts} of {money(got)} within {span}, and {money(gave)} of it paid on",
            _kept_back(of, got, gave, count, of["receipts"], "receipt", money),
        ),
        "exchange_match": lambda: (
            f"{money(got)} received and {money(gave)} paid within {span}: an exchange on one side, "
            f"{payments} on the other",
            _kept_back(of, got, gave, count, of["parts"], "payment", money),
        ),
        "same_amount_scan": lambda: (
            f"{payers} of one amount by scan code within {span}, {money(got)} together",
            "one payer fewer, or one who pays another amount",
        ),
        "coin_multiple": lambda: (
            f"{counted(count, 'different receipt')} within {span}, each a round quantity of a coin at the "
            "price of its time and one spread",
            "one of these receipts another amount",
        ),
        "structuring": lambda: (
            f"{counted(count, 'amount')} just below one limit within {span}, {money(got)} together",
            "one of these amounts fewer, or further below the limit",
        ),
        "pool_hops": lambda: _pooled(count, got, gave, span, of, money),
        "dormant_burst": lambda: (
            f"{receipts} of {money(got)} within {span}, after no movement for {of['quiet']}",
            "one receipt fewer",
        ),
        "night": lambda: (
            f"{money(gave)} of {money(got)} within {span} moved between {of['begins']} and {of['ends']} "
            f"o'clock ({of['zone']}), in {payments}",
            f"{money(gave - of['share'] * got // 1000)} less of it at night",
        ),
        "p2p_ad": lambda: (
            f"{receipts} of {money(got)} within {span} of an account seen in an advertisement",
            "none of these receipts" if of["receipts"] == 1 else "one receipt fewer",
        ),
        "memo": lambda: (
            f"{payers} within {span}, of whose words nearly all say nothing ({counted(gave, 'receipt')})"
            if gave
            else f"{receipts} within {span} with a word of the trade in coins",
            "one payer fewer" if gave else "another word",
        ),
        "u_turn": lambda: (
            f"{money(gave)} of {money(got)} paid by somebody went back to them within {span}",
            _kept_back(of, got, gave, count, 1, "receipt", money),
        ),
    }  # fmt: skip
    what, change = way[one.typology]()
    more = "" if end == one.end else f"; went on until {_time(one.end, one, names)}"
    return f"{what}, first at {_time(end, one, names)}{more}. Without it: {change}."


def _pooled(count: int, got: int, gave: int, span: str, of: dict[str, Any], money: Any) -> tuple[str, str]:  # noqa: ANN401
    if gave:
        what = (
            f"{money(gave)} of {money(got)} paid on within {span}, account number {count} in a row to do so"
        )
        return what, _kept_back(of, got, gave, 2, 1, "receipt", money)
    what = f"{counted(count, 'account')} that paid on what came in fed this one within {span}"
    return f"{what}, {money(got)} together", "one of these accounts fewer"


def _kept_back(
    of: dict[str, Any],
    got: int,
    gave: int,
    count: int,
    least: int,
    part: str,
    money: Any,  # noqa: ANN401
) -> str:
    """The least that, held back, makes the share too small for the rule; or paid besides, too large."""
    less = gave - (of["low"] * got - 1) // 1000
    more = of["high"] * got // 1000 + 1 - gave
    change = f"{money(less)} less paid on" if less <= more else f"{money(more)} more paid on"
    return change if count > least else f"one {part} fewer, or {change}"
