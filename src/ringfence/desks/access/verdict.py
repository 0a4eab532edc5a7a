"""Verdict: the word, the layer, the outcome, and the rules that led there."""

from __future__ import annotations

from typing import Literal

import msgspec

from ringfence.desks.access.rules import RULES
from ringfence.evidence.observation import Stage

Word = Literal["accessible", "blocked", "down", "inconclusive"]


class Verdict(msgspec.Struct, frozen=True):
    """``confidence`` in thousandths; ``rules`` are ``id@version`` of every rule that fired; ``evidence``
    the digests of the bytes behind it. ``fingerprint`` names the block page that was recognised."""

    verdict: Word
    stage: Stage | None
    outcome: str
    confidence: int
    rules: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    fingerprint: str | None = None


def conclude(
    word: Word, stage: Stage | None, outcome: str, *rules: str, fingerprint: str | None = None
) -> Verdict:
    """A verdict by the last of ``rules``: its weight for the word is the confidence; for *inconclusive*
    what its largest weight leaves, and nothing where there was no evidence at all."""
    last = RULES[rules[-1]]
    weights = {"blocked": last.blocked, "down": last.down, "accessible": last.ok}
    unsure = 0 if last.level == "none" else 1000 - max(weights.values())
    confidence = weights.get(word, unsure)
    names = tuple(dict.fromkeys(f"{rule}@{RULES[rule].version}" for rule in rules))
    return Verdict(word, stage, outcome, confidence, names, fingerprint=fingerprint)
