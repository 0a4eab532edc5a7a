"""Score: from alerts to accounts. Every account of a ledger once, with what speaks for and against it."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence, Set
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.counterparties import FEW, Ints
from ringfence.desks.payments.indicators import COMPANY, LISTS, OWN, History, Indicator, company, own
from ringfence.desks.payments.recommend import Recommendation, recommend
from ringfence.desks.payments.rules import TYPOLOGIES, Rules
from ringfence.desks.payments.sights import NAMES, Rows, flat
from ringfence.desks.payments.signed import Signed
from ringfence.desks.payments.signs import Outside
from ringfence.desks.payments.weights import Weights, bundled
from ringfence.desks.payments.weights import score as scored

LEAST: Final = 2 * FEW  # payments, received and made together
_TOLD: Final = 100  # points below which an indicator is no reason
# What an indicator is where too little is known (and, but for a rare account, never otherwise): a person is
# told that, not a number which nobody saw.
_UNKNOWN: Final = {
    "stays": (24 * 60, "too few receipts or payments to say how long money stays"),
    "lots": (0, "too few receipts or payments to compare their size"),
    "busiest": (0, "too few payments to say whether they are on one day"),
    "top_hour": (0, "too few payments to say whether they are in one hour"),
    "mean": (0, "too few receipts to say how large they are"),
    "different": (0, "too few receipts to say whether their sums differ"),
    "repeated": (0, "too few receipts to say whether their sums differ"),
    "top_payer": (0, "too few receipts to say who pays most of them"),
}


class Reason(msgspec.Struct, frozen=True):
    """An indicator with its value and what it adds to the logit, in thousandths."""

    indicator: str
    kind: str
    value: int
    points: int
    words: str


class Account(msgspec.Struct, frozen=True):
    """An account by its number. ``typologies`` that saw it; ``rows`` of their transactions, in order;
    ``reasons`` the heaviest first, ``against`` those that speak for its innocence."""

    account: int
    score: int
    recommend: Recommendation
    typologies: tuple[str, ...]
    rows: Rows
    reasons: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()
    note: str = ""


def accounts(
    seen: Sequence[Seen],
    history: History,
    exchanges: Set[int] = frozenset(),
    given: Set[str] = frozenset(LISTS),
    weights: Weights | None = None,
) -> list[Account]:
    """By number. ``exchanges`` are those listed, who are subjects of the register and not judged here;
    ``given`` the lists and columns (`indicators.LISTS`) that there were: what was not given speaks neither
    way. Of fewer than `LEAST` payments nothing is recommended."""
    of = weights or bundled()
    there = frozenset(given)
    values = judged(history, seen, exchanges, there, of)
    points, logits = of.layers[-1].points(values, there)
    scores = scored(logits)
    begins, rows, named = _seen_of(history.accounts, seen)
    few = np.ones(history.accounts, np.bool_)
    few[history.profile["account"]] = history.profile["receipts"] + history.profile["payments"] < LEAST
    made = []
    for number in range(history.accounts):
        told = tuple(name for name in TYPOLOGIES if named[name][number])
        which = rows[begins[number] : begins[number + 1]]
        if number in exchanges:
            note = "listed as an account of an exchange: a subject of the register, not judged here"
            made.append(Account(number, 0, "none", told, which, note=note))
            continue
        if scores[number] < of.cuts["review"] and not told:
            made.append(Account(number, scores[number], "none", told, which))
            continue
        mine = {name: int(by[number]) for name, by in values.items()}
        gained = {name: int(by[number]) for name, by in points.items()}
        step: Recommendation = "none"
        if not few[number]:
            step = recommend(scores[number], by_kind(gained), set(told), mine, of.cuts)
        reasons, against = _reasons(gained, mine)
        made.append(Account(number, scores[number], step, told, which, reasons, against))
    return made


def _seen_of(accounts: int, seen: Sequence[Seen]) -> tuple[Ints, Rows, dict[str, Any]]:
    """(where the rows of each account begin, and end; the rows of all, each once and in order; by typology
    which accounts it saw). As columns: a large ledger has tens of millions of such rows."""
    told = flat(seen)
    named = {}
    for code, name in enumerate(NAMES):
        named[name] = np.zeros(accounts, np.bool_)
        named[name][told.account[told.code == code]] = True
    bits = int(told.rows.max(initial=0)).bit_length()
    pairs = np.repeat(told.account.astype(np.int64) << bits, told.counts)
    pairs |= told.rows
    pairs.sort()  # where it is: there may be a hundred million
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
    begins = np.searchsorted(pairs, np.arange(accounts + 1) << bits).astype(np.int64)
    return begins, (pairs & ((1 << bits) - 1)).astype(told.rows.dtype), named


def judged(
    history: History, seen: Sequence[Seen], exchanges: Set[int], given: frozenset[str], weights: Weights
) -> dict[str, Ints]:
    """Every indicator by account, with the company that the last layer but one names."""
    values = own(history, seen)
    active = values["payers"] + values["payees"] > 0
    active[[one for one in exchanges if one < history.accounts]] = False
    for layer in weights.layers[:-1]:
        suspects = weights.suspects(layer.logits(values, given), active)
        values |= company(history, suspects, exchanges)
    return values


def by_kind(gained: dict[str, int]) -> dict[str, int]:
    """Points by kind of evidence; what only gives a scale is none."""
    kinds: dict[str, int] = defaultdict(int)
    for one in (*OWN, *COMPANY):
        if one.kind != "none":
            kinds[one.kind] += gained.get(one.name, 0)
    return kinds


def history_of(
    signed: Signed, rules: Rules, accounts: int, *, engine: str = "duckdb", memory: int = 2 * 10**9
) -> History:
    """The whole history of every account, worked out by an engine ("duckdb" or "spark"); ``memory`` (bytes)
    bounds DuckDB."""
    from ringfence.desks.payments import engine as engines
    from ringfence.desks.payments.legs import legs_of
    from ringfence.desks.payments.profile import pairs_of, profiles

    folder = Path(tempfile.mkdtemp(prefix="ringfence-history-"))
    try:
        with engines.spark(folder) if engine == "spark" else engines.duckdb(folder, memory) as at:
            transactions = at.read(signed.path)
            profile = _columns(at.arrow(profiles(legs_of(transactions), rules, signed.currencies)))
            pairs = _columns(at.arrow(pairs_of(transactions)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return History(accounts, profile, pairs)


def lists_given(outside: Outside, *, memo: bool, channel: bool) -> frozenset[str]:
    """Which of `indicators.LISTS` there were. ``memo`` and ``channel`` say whether the ledger has any."""
    there = {
        "prices": bool(outside.prices), "exchanges": bool(outside.exchanges),
        "contacts": bool(outside.advertised), "memo": memo, "channel": channel,
    }  # fmt: skip
    return frozenset(name for name, known in there.items() if known)


def _columns(table: Any) -> dict[str, Ints]:  # noqa: ANN401 (an Arrow table)
    return {name: table[name].to_numpy().astype(np.int64) for name in table.column_names}


def _reasons(gained: dict[str, int], values: dict[str, int]) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    told = [
        Reason(one.name, one.kind, values[one.name], gained[one.name], _words(one, values[one.name]))
        for one in (*OWN, *COMPANY)
        if abs(gained.get(one.name, 0)) >= _TOLD
    ]
    told.sort(key=lambda one: (-abs(one.points), one.indicator))
    return tuple(one for one in told if one.points > 0), tuple(one for one in told if one.points < 0)


def _words(of: Indicator, value: int) -> str:
    unknown = _UNKNOWN.get(of.name)
    if unknown and value == unknown[0]:
        return unknown[1]
    return of.words.format(share=f"{value / 10:g} %", value=value)
