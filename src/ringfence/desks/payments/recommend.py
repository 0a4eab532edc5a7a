"""Recommend: from a score to a proposal, which a single kind of evidence never carries."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Final, Literal

from ringfence.desks.payments.alert import ALONE
from ringfence.desks.payments.counterparties import FEW
from ringfence.desks.payments.rules import TYPOLOGIES

Recommendation = Literal["none", "review", "limit", "refuse", "exit"]
LADDER: Final[tuple[Recommendation, ...]] = ("none", "review", "limit", "refuse", "exit")
HALTS: Final = frozenset({"limit", "refuse", "exit"})
SPEAKS: Final = 250  # points (thousandths of a logit) from which on a kind of evidence speaks
_MANY: Final = 3  # kinds of evidence for a halt without such a typology
KINDS: Final = {"review": 2, "limit": 2, "refuse": 3, "exit": 3}  # that must speak


def recommend(
    score: int,
    kinds: Mapping[str, int],
    typologies: Set[str],
    values: Mapping[str, int],
    cuts: Mapping[str, int],
) -> Recommendation:
    """``kinds`` are points by kind of evidence, ``values`` the indicators'.

    Customers are no dealers: for who only pays an exchange or a dealer with their own nothing is recommended.
    Whatever the score: two kinds of evidence for a review; for a halt a typology that says something by
    itself besides (`alert.ALONE`), or that nearly all goes on to such accounts, or for the mildest halt a
    score for which more would be recommended and three kinds; and the money of others."""
    if is_customer(values):
        return "none"
    speaking = spoken(kinds)
    strong = len(typologies & ALONE) + feeds(values)
    best: Recommendation = "none"
    for step in LADDER[1:]:
        if score < cuts[step] or speaking < KINDS[step]:
            break
        if step != "review" and not handles_others(values):
            break
        plain = step == "limit" and score >= cuts["refuse"] and speaking >= _MANY
        if step != "review" and not (strong or plain):
            break
        if step == "exit" and strong < 2:
            break
        best = step
    return best


def spoken(kinds: Mapping[str, int]) -> int:
    """How many kinds of evidence speak."""
    return sum(points >= SPEAKS for points in kinds.values())


def handles_others(values: Mapping[str, int]) -> bool:
    """Whether it handles money of others: several pay it, suspects feed it, or what it is paid goes back."""
    several = values["payers"] >= FEW or values["from_suspects"] >= 500
    return several or values["seen_u_turn"] >= 300 or values["seen_pool_hops"] >= 300 or values["ring"] >= 600


def is_customer(values: Mapping[str, int]) -> bool:
    """Whether it handles nobody else's money, and most of what it pays goes to exchanges or suspects; or no
    alert names it and it pays where suspects pay much too: an exchange that is on no list."""
    if handles_others(values):
        return False
    alerts = any(values[f"seen_{one}"] for one in TYPOLOGIES)
    return values["to_suspects"] >= 500 or (values["siblings"] >= 300 and not alerts)


def feeds(values: Mapping[str, int]) -> bool:
    """Whether it collects from several, and nearly all goes on to exchanges or accounts that look guilty."""
    passes = values["through"] >= 850 and values["to_suspects"] >= 800
    return passes and values["payers"] >= 2 * FEW
