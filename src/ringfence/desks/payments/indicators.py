"""Indicators: what speaks for and against an account, each a whole number of thousandths cut into steps.

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
from ringfence.desks.payments.rules import TYPOLOGIES

Ints = npt.NDArray[np.int64]
Kind = Literal["flow", "settlement", "sums", "payers", "signs", "company", "none"]
LISTS: Final = ("prices", "exchanges", "contacts", "memo", "channel")  # that may be absent
FEW: Final = 3  # below so many payers nothing is said of who they are


@dataclass(frozen=True)
class Indicator:
    """``words`` say a value with ``{share}`` (a percentage) or ``{value}``; ``steps`` are the values from
    which on each further step counts."""

    name: str
    kind: Kind
    steps: tuple[int, ...]
    words: str


_SHARE: Final = (1, 100, 300, 600)
_KINDS: Final[Mapping[str, Kind]] = {
    "pass_through": "flow", "pool_hops": "flow", "u_turn": "flow", "dormant_burst": "flow",
    "exchange_match": "settlement", "coin_multiple": "sums", "structuring": "sums",
    "same_amount_scan": "sums", "night": "signs", "p2p_ad": "signs", "memo": "signs",
}  # fmt: skip
OWN: Final = (
    *(
        Indicator(f"seen_{one}", _KINDS[one], _SHARE, f"{{share}} of its payments are in alerts of {one}")
        for one in TYPOLOGIES
    ),
    Indicator("through", "flow", (500, 700, 850, 930, 970), "{share} of one side went the other way too"),
    Indicator("same_day", "flow", (200, 400, 600, 800), "{share} of it went on within the day"),
    Indicator("to_exchange", "settlement", (1, 200, 500, 800), "{share} of what it paid went to exchanges"),
    Indicator("from_exchange", "settlement", (1, 200, 500), "{share} of what it got came from exchanges"),
    Indicator("top_payee", "flow", (250, 500, 750, 900), "{share} of what it paid went to one account"),
    Indicator("funnel", "payers", (2, 4, 8, 16, 40), "{value} payers for each payee"),
    Indicator("payers", "payers", (3, 6, 12, 25, 60, 200), "{value} payers"),
    Indicator("payees", "none", (3, 6, 12, 25, 60), "{value} payees"),
    Indicator("once", "payers", (300, 500, 700, 850), "{share} of its payers paid once"),
    Indicator("once_got", "payers", (200, 400, 600, 800), "{share} of what it got was paid once"),
    Indicator("both", "payers", (30, 100, 300), "{share} of its payers were paid by it too"),
    Indicator("coin_in", "sums", (150, 250, 350, 500, 700),
              "{share} of the different sums it got are round quantities of a coin at one spread"),
    Indicator("coin_out", "sums", (150, 250, 350, 500, 700),
              "{share} of the different sums it paid are round quantities of a coin at one spread"),
    Indicator("repeated", "sums", (30, 80, 200, 400), "{share} of its receipts are of one sum"),
    Indicator("different", "sums", (300, 600, 850), "{share} of its receipts are of different sums"),
    Indicator("hundreds", "sums", (100, 300, 600, 900), "{share} of its receipts are whole hundreds"),
    Indicator("mean", "none", (50, 120, 300, 800, 2500, 10000), "a receipt is of {value} CNY on average"),
    Indicator("a_day", "none", (1, 3, 8, 20, 60), "{value} receipts on a day with any payment"),
    Indicator("returned", "flow", (100, 300, 600, 900), "{share} of what it paid came back from there"),
    Indicator("turns", "flow", (2, 4, 8, 16), "{value} times there and back between it and one other"),
    Indicator("ring", "flow", (100, 300, 600, 900),
              "a ring of accounts that each pay the next most, {share} or more of what they pay"),
    Indicator("words", "signs", (1, 50, 200), "{share} of its receipts carry a word of the trade in coins"),
    Indicator("neutral", "signs", (300, 600, 900), "{share} of its receipts' words say nothing"),
    Indicator("night_legs", "signs", (200, 400, 700), "{share} of its payments are at night"),
    Indicator("scans", "sums", (200, 600, 900), "{share} of its receipts are by scan code"),
)  # fmt: skip
COMPANY: Final = (
    Indicator("to_suspects", "company", (50, 200, 500, 800),
              "{share} of what it paid went to exchanges or to accounts that look guilty themselves"),
    Indicator("from_suspects", "company", (50, 200, 500, 800),
              "{share} of what it got came from accounts that look guilty themselves"),
    Indicator("between", "company", (100, 300, 600, 850),
              "{share} or more of what it got and of what it paid is with such accounts or exchanges"),
    Indicator("feeders", "company", (2, 4, 8), "{value} accounts that look guilty themselves pay it"),
    Indicator("siblings", "company", (50, 150, 300, 500, 700),
              "{share} of what those it pays get is of accounts that look guilty themselves"),
    Indicator("shared", "company", (100, 200, 350, 500, 700),
              "{share} of its payers also pay an exchange or an account that looks guilty"),
    Indicator("lift", "company", (1300, 1800, 2500, 4000),
              "its payers pay such accounts {share} as often as payers here do"),
)  # fmt: skip


@dataclass(frozen=True)
class History:
    """Columns of `profile.profiles` and of `profile.pairs_of`; ``accounts`` in the ledger."""

    accounts: int
    profile: Mapping[str, Ints]
    pairs: Mapping[str, Ints]


def share(part: Ints, whole: Ints) -> Ints:
    """Thousandths, rounded down, without overflow for sums of money; 0 of nothing."""
    big = whole > 2**50
    part, whole = np.where(big, part >> 12, part), np.where(big, whole >> 12, whole)
    made: Ints = np.where(whole > 0, part * 1000 // np.maximum(whole, 1), 0)
    return made


def own(history: History, seen: Sequence[Seen]) -> dict[str, Ints]:
    """Every indicator of `OWN` by account number."""
    p = _by_number(history)
    none = np.zeros(history.accounts, np.int64)
    legs = p["receipts"] + p["payments"]
    made: dict[str, Ints] = {f"seen_{one}": none.copy() for one in TYPOLOGIES}
    for one in seen:
        made[f"seen_{one.typology}"][one.account] += len(one.rows)
    for name, rows in made.items():
        made[name] = np.maximum(np.minimum(share(rows, legs), 1000), rows > 0)
    several = p["payers"] >= FEW

    def of(part: Ints, whole: Ints, where: Any = True) -> Ints:  # noqa: ANN401 (a mask)
        return np.where(where, share(part, whole), 0)

    less, more = np.minimum(p["got"], p["gave"]), np.maximum(p["got"], p["gave"])
    some = p["receipts"] >= FEW
    returned, turns = _there_and_back(history)
    return made | {
        "returned": share(returned, p["gave"]),
        "turns": turns,
        "ring": _rings(history, p["gave"]),
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


def _there_and_back(history: History) -> tuple[Ints, Ints]:
    """(money that came back from whom it was paid to, the most times there and back with one other)."""
    n = history.accounts
    payer, payee, value, times = (history.pairs[name] for name in ("payer", "payee", "value", "times"))
    key = payer * n + payee
    order = np.argsort(key)
    back = payee * n + payer
    at = np.minimum(np.searchsorted(key[order], back), max(0, len(key) - 1))
    at = order[at] if len(key) else at
    both = key[at] == back if len(key) else np.zeros(0, np.bool_)
    returned, turns = np.zeros(n, np.int64), np.zeros(n, np.int64)
    np.add.at(returned, payer[both], np.minimum(value, value[at])[both])
    np.maximum.at(turns, payer[both], np.minimum(times, times[at])[both])
    return returned, turns


def _rings(history: History, gave: Ints) -> Ints:
    """The least share along a ring of at most four accounts that each pay the next most; else 0."""
    n = history.accounts
    payer, payee, value = (history.pairs[name] for name in ("payer", "payee", "value"))
    order = np.lexsort((payee, value, payer))
    last = np.append(np.diff(payer[order]) != 0, True) if len(order) else np.zeros(0, np.bool_)
    top, part = np.full(n, -1), np.zeros(n, np.int64)
    top[payer[order][last]] = payee[order][last]
    part[payer[order][last]] = value[order][last]
    part = share(part, gave)
    ring, now, least = np.zeros(n, np.int64), top.copy(), part.copy()
    for _ in range(3):
        going = now >= 0
        least = np.where(going, np.minimum(least, part[now]), 0)
        now = np.where(going, top[now], -1)
        closed = (now == np.arange(n)) & (ring == 0)
        ring[closed] = least[closed]
    return ring


def _by_number(history: History) -> dict[str, Ints]:
    """Columns of the profile at the numbers of the accounts; zeros for those without (exchanges)."""
    at = history.profile["account"].astype(np.int64)
    made = {}
    for name, values in history.profile.items():
        made[name] = np.zeros(history.accounts, np.int64)
        made[name][at] = values
    return made
