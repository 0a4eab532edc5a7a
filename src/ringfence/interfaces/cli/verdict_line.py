"""A verdict as the line that commands print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ringfence.desks.access.verdict import Verdict


def verdict_line(url: str, verdict: Verdict) -> dict[str, Any]:
    """``confidence`` from 0 to 1; ``rules`` by id, with their versions beside them."""
    rules = [rule.partition("@") for rule in verdict.rules]
    return {
        "file": None,
        "url": url,
        "verdict": verdict.verdict,
        "stage": verdict.stage,
        "outcome": verdict.outcome,
        "confidence": verdict.confidence / 1000,
        "rules": [name for name, _, _ in rules],
        "versions": {name: int(version) for name, _, version in rules},
        "fingerprint": verdict.fingerprint,
    }


def unread(why: str) -> dict[str, Any]:
    """The line for what could not be read: unknown, and why."""
    return {
        "url": None,
        "verdict": "inconclusive",
        "stage": None,
        "outcome": None,
        "confidence": 0.0,
        "rules": [],
        "versions": {},
        "fingerprint": None,
        "why": why,
    }
