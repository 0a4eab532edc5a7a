"""Combine the findings on one element into one state, and say why. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ringfence.rulebook.finding import Finding, State

PERSON = "person:"  # an author written so is a person; every other author is an instrument


class Combined(msgspec.Struct, frozen=True):
    """The state of an element with the findings it rests on (ids) and their bytes (digests)."""

    state: State
    reason: str
    findings: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


MISSING = Combined("unclear", "no finding")


def by_element(findings: Iterable[Finding]) -> dict[str, Combined]:
    """Every element that has findings, combined; an element that is not here has `MISSING`."""
    groups: dict[str, dict[str, Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.element, {})[finding.id] = finding
    return {element: combine(group.values()) for element, group in sorted(groups.items())}


def combine(findings: Iterable[Finding]) -> Combined:
    """One state from several findings on one element of one subject, whatever their order.

    1. A person's finding overrides every instrument's: only persons' findings then count.
    2. Among those that count, ``unclear`` is no opinion: it neither confirms nor contradicts.
    3. All opinions ``met``: met. All ``not_met``: not met. Opinions that conflict, or none: unclear.
       A person's ``unclear`` alone therefore makes the element unclear, whatever instruments say.
    """
    every = sorted(findings, key=lambda finding: finding.id)
    if not every:
        return MISSING
    persons = [finding for finding in every if finding.author.startswith(PERSON)]
    counting = persons or every
    states = {finding.state for finding in counting} - {"unclear"}
    state: State = states.pop() if len(states) == 1 else "unclear"
    stated = [finding for finding in counting if state == "unclear" or finding.state == state]
    reason = "; ".join(dict.fromkeys(finding.reason for finding in stated))
    if len({finding.state for finding in counting} - {"unclear"}) == 2:
        reason = "findings conflict: " + "; ".join(
            f"{finding.author}: {finding.state.replace('_', ' ')} ({finding.reason})"
            for finding in counting
            if finding.state != "unclear"
        )
    if persons:
        names = ", ".join(dict.fromkeys(finding.author.removeprefix(PERSON) for finding in persons))
        overruled = sum(finding.state != state for finding in every if finding not in persons)
        reason += f" (found by {names}" + (f", over {overruled} of instruments)" if overruled else ")")
    return Combined(
        state=state,
        reason=reason,
        findings=tuple(finding.id for finding in counting),
        evidence=tuple(dict.fromkeys(item for finding in counting for item in finding.evidence)),
    )
