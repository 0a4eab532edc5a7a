"""Indicators: what speaks for and against an account, each a whole number, shares in thousandths.

They have no scale of their own (shares, counts of few), so that they mean the same in any ledger; each is of
one kind of evidence, and what weighs is how many kinds agree (see `recommend`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.counterparties import FEW, Ints, counterparties, share
from ringfence.desks.payments.rules import TYPOLOGIES
from ringfence.desks.payments.sights import NAMES, flat

Kind = Literal["flow", "settlement", "sums", "payers", "signs", "company", "none"]
LISTS: Final = ("prices", "exchanges", "contacts", "memo", "channel")  # that may be absent


@dataclass(frozen=True)
class Indicator:
    """``words`` say a value with ``{share}`` (a percentage) or ``{value}``."""

    name: str
    kind: Kind
    words: str


_KINDS: Final[Mapping[str, Kind]] = {
    "pass_through": "flow", "pool_hops": "flow", "u_turn": "flow", "dormant_burst": "flow",
    "exchange_match": "settlement", "coin_multiple": "sums", "structuring": "sums",
    "same_amount_scan": "sums", "night": "signs", "p2p_ad": "signs", "memo": "signs",
}  # fmt: skip
OWN: Final = (
    *(
        Indicator(f"seen_{one}", _KINDS[one], f"{{share}} of its payments are in alerts of {one}")
        for one in TYPOLOGIES
    ),
    Indicator("through", "flow", "{share} of one side went the other way too"),
    Indicator("same_day", "flow", "{share} of it went on within the day"),
    Indicator("to_exchange", "settlement", "{share} of what it paid went to exchanges"),
    Indicator("from_exchange", "settlement", "{share} of what it got came from exchanges"),
    Indicator("top_payee", "flow", "{share} of what it paid went to one account"),
    Indicator("funnel", "payers", "{value} payers for each payee"),
    Indicator("payers", "payers", "{value} payers"),
    Indicator("payees", "none", "{value} payees"),
    Indicator("once", "payers", "{share} of its payers paid once"),
    Indicator("once_got", "payers", "{share} of what it got was paid once"),
    Indicator("both", "payers", "{share} of its payers were paid by it too"),
    Indicator("coin_in", "sums",
              "{share} of the different sums it got are round quantities of a coin at one spread"),
    Indicator("coin_out", "sums",
              "{share} of the different sums it paid are round quantities of a coin at one spread"),
    Indicator("repeated", "sums", "{share} of its receipts are of one sum"),
    Indicator("different", "sums", "{share} of its receipts are of different sums"),
    Indicator("hundreds", "sums", "{share} of its receipts are whole hundreds"),
    Indicator("mean", "none", "a receipt is of {value} CNY on average"),
    Indicator("a_day", "none", "{value} receipts on a day with any payment"),
    Indicator("returned", "flow", "{share} of what it paid came back from there"),
    Indicator("turns", "flow", "{value} times there and back between it and one other"),
    Indicator("ring", "flow",
              "a ring of accounts that each pay the next most, {share} or more of what they pay"),
    Indicator("stays", "flow", "money stays {value} minutes on the day it comes"),
    Indicator("lots", "none", "a payment is {share} of a receipt, on average"),
    Indicator("hours", "none", "receipts in {value} different hours of the day"),
    Indicator("top_hour", "none", "{share} of its payments are in one hour of the day"),
    Indicator("busiest", "none", "{share} of its payments are on one day"),
    Indicator("unusual_in", "payers",
              "{share} of its receipts are several times what their payers pay others"),
    Indicator("unusual_out", "payers",
              "{share} of its payments are several times what those paid get from others"),
    Indicator("everyday", "none", "{share} of its payments go to accounts that everybody pays"),
    Indicator("once_gave", "payers", "{share} of what it paid went to accounts paid once"),
    Indicator("to_brief", "flow", "{share} of what it paid went to accounts where money stays briefly"),
    Indicator("from_brief", "flow", "{share} of what it got came from accounts where money stays briefly"),
    Indicator("feeds_with", "none", "{value} others pay most of theirs to the account that it pays most"),
    Indicator("fed_by", "flow", "{value} accounts where money stays briefly pay it most of theirs"),
    Indicator("top_payer", "none", "{share} of what it got came from one account"),
    Indicator("words", "signs", "{share} of its receipts carry a word of the trade in coins"),
    Indicator("neutral", "signs", "{share} of its receipts' words say nothing"),
    Indicator("night_legs", "signs", "{share} of its payments are at night"),
    Indicator("scans", "sums", "{share} of its receipts are by scan code"),
)  # fmt: skip
COMPANY: Final = (
    Indicator("to_suspects", "company",
              "{share} of what it paid went to exchanges or to accounts that look guilty themselves"),
    Indicator("from_suspects", "company",
              "{share} of what it got came from accounts that look guilty themselves"),
    Indicator("between", "company",
              "{share} or more of what it got and of what it paid is with such accounts or exchanges"),
    Indicator("feeders", "company", "{value} accounts that look guilty themselves pay it"),
    Indicator("siblings", "company",
              "of what those it pays get {share} comes from accounts that look guilty themselves"),
    Indicator("shared", "company",
              "{share} of its payers also pay an exchange or an account that looks guilty"),
    Indicator("lift", "company", "its payers pay such accounts {share} as often as payers here do"),
)  # fmt: skip


@dataclass(frozen=True)
class History:
    """Columns of `profile.profiles` and of `profile.pairs_of`; ``accounts`` in the ledger."""

    accounts: int
    profile: Mapping[str, Ints]
    pairs: Mapping[str, Ints]


def own(history: History, seen: Sequence[Seen]) -> dict[str, Ints]:
    """Every indicator of `OWN` by account number."""
    p = _by_number(history)
    none = np.zeros(history.accounts, np.int64)
    legs = p["receipts"] + p["payments"]
    made: dict[str, Ints] = {f"seen_{one}": none.copy() for one in TYPOLOGIES}
    told = flat(seen)
    for code, name in enumerate(NAMES):
        where = told.code == code
        np.add.at(made[f"seen_{name}"], told.account[where], told.counts[where])
    for name, rows in made.items():
        made[name] = np.maximum(np.minimum(share(rows, legs), 1000), rows > 0)
    several = p["payers"] >= FEW

    def of(part: Ints, whole: Ints, where: Any = True) -> Ints:  # noqa: ANN401 (a mask)
        return np.where(where, share(part, whole), 0)

    less, more = np.minimum(p["got"], p["gave"]), np.maximum(p["got"], p["gave"])
    some = p["receipts"] >= FEW
    stays = np.where(p["held_of"] > 0, p["held"] // np.maximum(p["held_of"], 1), 24 * 60)
    mean_in, mean_out = (
        p[money] // np.maximum(p[count], 1) for money, count in (("got", "receipts"), ("gave", "payments"))
    )
    both_ways = (p["receipts"] >= FEW) & (p["payments"] >= FEW)
    made |= counterparties(history.accounts, p, history.pairs, stays)
    return made | {
        "stays": np.where(some & (p["payments"] >= FEW), stays, 24 * 60),
        "lots": np.where(both_ways, share(mean_out, mean_in), 0),
        "hours": p["hours"],
        "top_hour": of(p["top_hour"], p["payments"], p["payments"] >= 2 * FEW),
        "busiest": of(p["busiest"], legs, legs >= 4 * FEW),
        "through": of(less, more, several),
        "same_day": of(p["same_day"], less, several),
        "to_exchange": of(p["to_exchange"], p["gave"], several),
        "from_exchange": of(p["from_exchange"], p["got"], p["payees"] >= FEW),
        "top_payee": np.where(several, p["top_payee"], 0),
        "funnel": np.where(p["payees"] > 0, p["payers"] // np.maximum(p["payees"], 1), 0),
        "payers": p["payers"],
        "payees": p["payees"],
        "once": of(p["once"], p["payers"], several),
        "once_got": of(p["once_got"], p["got"], several),
        "both": of(p["both"], p["payers"], several),
        "coin_in": of(p["coin_in"], p["amounts"], p["coin_in"] >= FEW),
        "coin_out": of(p["coin_out"], p["sums_out"], p["coin_out"] >= FEW),
        "repeated": of(p["top_amount"], p["receipts"], p["receipts"] >= 2 * FEW),
        "different": of(p["amounts"], p["receipts"], p["receipts"] >= 2 * FEW),
        "hundreds": of(p["hundreds"], p["receipts"], some),
        "mean": np.where(some, p["worth"] // np.maximum(p["receipts"], 1), 0),
        "a_day": p["receipts"] // np.maximum(p["days"], 1),
        "words": of(p["words"], p["receipts"], several),
        "neutral": of(p["neutral"], p["written"], p["written"] >= FEW),
        "night_legs": of(p["nights"], legs, legs >= FEW),
        "scans": of(p["scans"], p["receipts"], some),
    }


def company(history: History, suspects: npt.NDArray[np.bool_], exchanges: Set[int]) -> dict[str, Ints]:
    """Every indicator of `COMPANY`, given who looks guilty by their own doing. What an account itself is
    suspected of says nothing about its company."""
    n = history.accounts
    listed = np.zeros(n, np.bool_)
    listed[[one for one in exchanges if one < n]] = True
    bad = suspects | listed
    payer, payee, value = (history.pairs[name] for name in ("payer", "payee", "value"))
    p = _by_number(history)

    def total(at: Ints, where: Any) -> Ints:  # noqa: ANN401 (a mask)
        made = np.zeros(n, np.int64)
        np.add.at(made, at[where], value[where])
        return made

    pays = np.bincount(payer[bad[payee]], minlength=n)  # how many of them it pays
    others = pays[payer] - bad[payee] > 0
    payers = np.bincount(payee, minlength=n)
    with_others = np.bincount(payee[others], minlength=n)
    # Of all pairs, how often the payer pays another such account besides: what is usual here.
    usual = max(1, int(others.sum()) * 1000 // max(1, len(payer)))
    several = p["payers"] >= 2 * FEW
    got, of_suspects = total(payee, payee >= 0), total(payee, suspects[payer])
    # By whom else a payee is paid: without what this account pays it.
    besides = np.maximum(got[payee] - value, 0)
    beside_bad = np.maximum(of_suspects[payee] - np.where(suspects[payer], value, 0), 0)
    # By money and by heads, whichever is less: one large payer does not taint a bank that everybody pays.
    heads = np.bincount(payee, minlength=n)[payee] - 1
    bad_heads = np.bincount(payee[suspects[payer]], minlength=n)[payee] - suspects[payer]
    tainted = np.minimum(share(beside_bad, besides), share(bad_heads, heads))
    near = np.zeros(n, np.int64)
    np.add.at(near, payer, (value >> 10) * tainted)
    shared = np.where(several, with_others * 1000 // np.maximum(payers, 1), 0)
    to, of = share(total(payer, bad[payee]), p["gave"]), share(of_suspects, p["got"])
    return {
        "to_suspects": to,
        "from_suspects": of,
        "between": np.minimum(to, of),
        "siblings": near // np.maximum(p["gave"] >> 10, 1),
        "feeders": np.bincount(payee[suspects[payer]], minlength=n),
        "shared": shared,
        "lift": np.where(shared >= 100, shared * 1000 // usual, 0),
    }


def _by_number(history: History) -> dict[str, Ints]:
    """Columns of the profile at the numbers of the accounts; zeros for those without (exchanges)."""
    at = history.profile["account"].astype(np.int64)
    made = {}
    for name, values in history.profile.items():
        made[name] = np.zeros(history.accounts, np.int64)
        made[name][at] = values
    return made
