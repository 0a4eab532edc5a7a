"""Counterparties: what pairs of accounts say of each, before anybody is suspected of anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
FEW: Final = 3  # below so many payers nothing is said of who they are
POPULAR: Final = 15  # payers from whom on everybody may be a customer
UNUSUAL: Final = 4  # times what somebody pays elsewhere, or gets
BRIEF: Final = 120  # minutes that money stays where it is only passed on


def share(part: Ints, whole: Ints) -> Ints:
    """Thousandths, rounded down, without overflow for sums of money; 0 of nothing."""
    big = whole > 2**50
    part, whole = np.where(big, part >> 12, part), np.where(big, whole >> 12, whole)
    made: Ints = np.where(whole > 0, part * 1000 // np.maximum(whole, 1), 0)
    return made


def counterparties(n: int, p: Mapping[str, Ints], pairs: Mapping[str, Ints], stays: Ints) -> dict[str, Ints]:
    """By account number, from profiles ``p`` and how many minutes money ``stays`` (`indicators.own`)."""
    payer, payee, value, times = (pairs[name] for name in ("payer", "payee", "value", "times"))

    def total(at: Ints, what: Ints, where: npt.NDArray[np.bool_]) -> Ints:
        made = np.zeros(n, np.int64)
        np.add.at(made, at[where], what[where])
        return made

    returned, turns = _there_and_back(n, pairs)
    brief = (share(np.minimum(p["got"], p["gave"]), np.maximum(p["got"], p["gave"])) >= 850) & (stays < BRIEF)
    brief &= p["receipts"] >= FEW
    # Against what the other one pays, or gets, with everybody else.
    known_in, more_in = _unusual(p["gave"][payer], p["payments"][payer], value, times)
    known_out, more_out = _unusual(p["got"][payee], p["receipts"][payee], value, times)
    popular = p["payers"][payee] >= POPULAR
    top, part = _top_payee(n, pairs)
    part = share(part, p["gave"])
    mostly = (top >= 0) & (part >= 500)
    fed = np.bincount(top[mostly], minlength=n)
    got = np.zeros(n, np.int64)  # of which the profile of an exchange knows nothing
    np.add.at(got, payee, value)
    top_in = np.zeros(n, np.int64)
    np.maximum.at(top_in, payee, value)
    enough = p["payments"] >= FEW
    return {
        "returned": share(returned, p["gave"]),
        "turns": turns,
        "ring": _rings(n, top, part),
        "unusual_in": np.where(
            np.bincount(payee[known_in], minlength=n) >= FEW,
            share(total(payee, times, known_in & more_in), total(payee, times, known_in)), 0,
        ),
        "unusual_out": np.where(
            np.bincount(payer[known_out], minlength=n) >= FEW,
            share(total(payer, times, known_out & more_out), total(payer, times, known_out)), 0,
        ),
        "everyday": np.where(enough, share(total(payer, times, popular), p["payments"]), 0),
        "once_gave": np.where(p["payees"] >= FEW, share(total(payer, value, times == 1), p["gave"]), 0),
        "to_brief": np.where(enough, share(total(payer, value, brief[payee]), p["gave"]), 0),
        "from_brief": np.where(
            p["receipts"] >= FEW, share(total(payee, value, brief[payer]), got), 0
        ),
        "feeds_with": np.where(mostly, fed[np.maximum(top, 0)] - 1, 0),
        "fed_by": np.bincount(top[mostly & brief], minlength=n),
        "top_payer": np.where(p["receipts"] >= FEW, share(top_in, p["got"]), 0),
    }  # fmt: skip


def _unusual(
    money: Ints, count: Ints, value: Ints, times: Ints
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """(whether enough is known of what else there is, whether here it is several times as much)."""
    elsewhere, often = money - value, count - times
    known = often >= FEW
    here = value // np.maximum(times, 1)
    return known, known & (here >= UNUSUAL * (elsewhere // np.maximum(often, 1)))


def _top_payee(n: int, pairs: Mapping[str, Ints]) -> tuple[Ints, Ints]:
    """(whom each account paid most, how much that was); -1 and 0 for who paid nobody."""
    payer, payee, value = (pairs[name] for name in ("payer", "payee", "value"))
    order = np.lexsort((payee, value, payer))
    last = np.append(np.diff(payer[order]) != 0, True) if len(order) else np.zeros(0, np.bool_)
    top, part = np.full(n, -1), np.zeros(n, np.int64)
    top[payer[order][last]] = payee[order][last]
    part[payer[order][last]] = value[order][last]
    return top, part


def _there_and_back(n: int, pairs: Mapping[str, Ints]) -> tuple[Ints, Ints]:
    """(money that came back from whom it was paid to, the most times there and back with one other)."""
    payer, payee, value, times = (pairs[name] for name in ("payer", "payee", "value", "times"))
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


def _rings(n: int, top: Ints, part: Ints) -> Ints:
    """The least share along a ring of at most four accounts that each pay the next most; else 0."""
    ring, now, least = np.zeros(n, np.int64), top.copy(), part.copy()
    for _ in range(3):
        going = now >= 0
        least = np.where(going, np.minimum(least, part[now]), 0)
        now = np.where(going, top[now], -1)
        closed = (now == np.arange(n)) & (ring == 0)
        ring[closed] = least[closed]
    return ring
