"""Judge: the probe against the control, hop by hop and layer by layer. Pure.

The first layer that cannot be trusted decides; what lies below it is discarded, which is neither
*absent* nor *fine*. A handshake that verifies for the name proves the address, whatever DNS looked like.
"""

from __future__ import annotations

from ringfence.desks.access import content, endpoints, names
from ringfence.desks.access.sides import Control, Probe, Step
from ringfence.desks.access.trust import Trust, trust
from ringfence.desks.access.verdict import Verdict, conclude


def judge(probe: Probe, control: Control | None) -> Verdict:
    """The verdict on one measurement. ``control`` is None where there was no look from outside, and has
    the outcome ``control.failed`` where there was one and it failed for reasons of its own."""
    if not probe.steps:
        return conclude("inconclusive", None, "control.failed", "control.absent")
    if control is not None and control.outcome == "control.failed":
        control = None
    trusted: list[Trust] = []
    for step in probe.steps:
        found = trust(step, probe, control)
        verdict = names.judge(step, found, probe, control)
        verdict = verdict or endpoints.judge(step, found, probe, control)
        if verdict is not None:
            return _blame(verdict, trusted, probe.steps)
        trusted.append(found)
    return _blame(content.judge(probe, trusted, control), trusted, probe.steps)


def _blame(verdict: Verdict, before: list[Trust], steps: tuple[Step, ...]) -> Verdict:
    """A failure behind a hop whose address was forged is the forged address's: what a forger's redirect
    leads to says nothing about the layers there."""
    if verdict.verdict != "blocked" or verdict.stage == "dns":
        return verdict
    forged = next((t for t, s in zip(before, steps, strict=False) if t.forged and not s.https), None)
    if forged is None:
        return verdict
    outcome = "dns.blockpage" if verdict.outcome == "http.blockpage" else "dns.hijack"
    rules = [name.partition("@")[0] for name in verdict.rules]
    return conclude("blocked", "dns", outcome, *rules, "dns.forged", fingerprint=verdict.fingerprint)
