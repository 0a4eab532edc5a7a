"""Triage: which case comes first, and why. Pure; a score orders the desk's work and decides nothing.

The weights are ours, set by hand: reach counts most, because a measure is worth what it spares
residents. Thousandths throughout, so that the same case scores the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeVar

import msgspec

from ringfence.cases.ladder import ACCOUNT_LADDER, LADDER
from ringfence.rulebook.assessment import Assessment

REACH_RANK = 350
REACH_LANGUAGE = 250
HARM = 100  # each kind, at most three
EASE = 100
UNKNOWN_RANK = 120

Reachable = Literal["accessible", "blocked", "down", "inconclusive"]
T = TypeVar("T")


class Features(msgspec.Struct, frozen=True):
    """What is known besides the assessment. ``volume_rank`` 1 is the largest; None unknown.

    ``languages`` are those of the site, ``resident_languages`` those of the residents (BCP 47 primary
    tags). ``harms`` are kinds on record (loss reports, leverage, no withdrawals). ``reachable`` is the
    verdict from inside.
    """

    volume_rank: int | None = None
    languages: tuple[str, ...] = ()
    resident_languages: tuple[str, ...] = ()
    harms: tuple[str, ...] = ()
    reachable: Reachable | None = None


class Reason(msgspec.Struct, frozen=True):
    """One part of a score, in thousandths, in words."""

    weight: int
    words: str


class Priority(msgspec.Struct, frozen=True):
    """``score`` 0–1000; ``monitor`` says that a block would gain nothing now: keep watching."""

    subject: str
    score: int
    monitor: bool
    reasons: tuple[Reason, ...]


def priority(assessment: Assessment, features: Features) -> Priority:
    """The priority of one assessed subject. What is not made out has score 0 and is monitored."""
    if assessment.state != "made_out":
        why = Reason(0, f"the assessment is {assessment.state}: nothing may be ordered")
        return Priority(assessment.subject, 0, True, (why,))
    reasons = [_rank(features.volume_rank), _language(features), *_harms(features.harms), _ease(assessment)]
    score = sum(reason.weight for reason in reasons)
    monitor = features.reachable in ("blocked", "down")
    if monitor:
        state = "already unreachable" if features.reachable == "blocked" else "down everywhere"
        reasons.append(Reason(-score, f"{state} from inside: a block would gain nothing; keep watching"))
        score = 0
    return Priority(assessment.subject, max(0, min(1000, score)), monitor, tuple(reasons))


def ranked(items: Iterable[tuple[Priority, T]]) -> list[tuple[Priority, T]]:
    """Highest first; equal scores by subject, so that the order is the same everywhere."""
    return sorted(items, key=lambda item: (item[0].monitor, -item[0].score, item[0].subject))


def _rank(rank: int | None) -> Reason:
    if rank is None:
        return Reason(UNKNOWN_RANK, "volume rank unknown: counted as a middling one")
    # Each doubling of the rank takes an equal step; rank 1 has all of it, beyond 127 nothing is left.
    steps = max(0, 8 - max(1, rank).bit_length())
    return Reason(REACH_RANK * steps // 7, f"volume rank {rank}")


def _language(features: Features) -> Reason:
    shared = sorted(set(features.languages) & set(features.resident_languages))
    if shared:
        return Reason(REACH_LANGUAGE, f"in the residents' language: {', '.join(shared)}")
    return Reason(0, "not in a language of the residents, as far as seen")


def _harms(harms: tuple[str, ...]) -> list[Reason]:
    return [Reason(HARM, f"harm on record: {harm}") for harm in sorted(set(harms))[:3]]


def _ease(assessment: Assessment) -> Reason:
    granted = {measure.measure for measure in assessment.measures}
    ladder = ACCOUNT_LADDER if assessment.subject.startswith("account:") else LADDER
    for at, name in enumerate(ladder):
        if name in granted:
            return Reason(EASE * (len(ladder) - at) // len(ladder), f"smallest measure granted: {name}")
    return Reason(0, "no power in force grants a measure")
