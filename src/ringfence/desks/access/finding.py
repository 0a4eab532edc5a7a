"""The verdict on reachability as a finding, so that it is kept, logged and replayed like any other."""

from __future__ import annotations

from typing import Final

from ringfence.desks.access.verdict import Verdict
from ringfence.rulebook.finding import Feature, Finding, State

AUTHOR: Final = "instrument:access.find"
VERSION: Final = "2"
ELEMENT: Final = "accessible_inside"


def to_finding(verdict: Verdict, subject: str, observations: tuple[str, ...], *, laboratory: bool) -> Finding:
    """*Met* if accessible inside, *not met* if blocked or down, else *unclear*."""
    states: dict[str, State] = {"accessible": "met", "blocked": "not_met", "down": "not_met"}
    evidence = verdict.evidence[0] if verdict.evidence else ""
    return Finding(
        subject=subject,
        element=ELEMENT,
        state=states.get(verdict.verdict, "unclear"),
        reason=f"{verdict.verdict}: {verdict.outcome} at {verdict.stage or 'no stage'}",
        features=tuple(
            Feature(f"access.{rule}", verdict.confidence, verdict.outcome, evidence) for rule in verdict.rules
        ),
        author=AUTHOR,
        rule="access.verdict",
        version=VERSION,
        observations=observations,
        references={},
        score=verdict.confidence,
        laboratory=laboratory,
    )
