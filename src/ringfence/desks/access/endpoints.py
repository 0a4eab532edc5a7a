"""The TCP and TLS layers of the verdict. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from ringfence.desks.access import names
from ringfence.desks.access.sides import Attempt, Control, Endpoint, Handshake, Probe, Step
from ringfence.desks.access.trust import Trust
from ringfence.desks.access.verdict import Verdict, conclude


def judge(step: Step, found: Trust, probe: Probe, control: Control | None) -> Verdict | None:
    """The verdict where one of these layers decides; None where a connection stands."""
    attempts = _counted(step.attempts, probe)
    if step.attempts and not attempts:
        # Nothing but IPv6, and IPv6 fails everywhere in this run: the fault of the probe's own line.
        return conclude("inconclusive", "tcp", step.attempts[-1].outcome, "tcp.v6_absent")
    if attempts and all(attempt.outcome != "ok" for attempt in attempts):
        endpoints = [(attempt.address, attempt.port) for attempt in attempts]
        return _failed("tcp", _telling(attempts), endpoints, step, found, control)
    if step.https and step.handshakes and all(one.outcome != "ok" for one in step.handshakes):
        endpoints = [(one.address, one.port) for one in step.handshakes]
        return _failed("tls", _telling(step.handshakes), endpoints, step, found, control)
    return None


def _failed(
    stage: Literal["tcp", "tls"],
    outcome: str,
    endpoints: list[Endpoint],
    step: Step,
    found: Trust,
    control: Control | None,
) -> Verdict:
    if control is None:
        return conclude("inconclusive", stage, outcome, "control.absent")
    outside = control.lookups.get(step.host)
    alive = control.healthy or (outside is not None and outside.resolved)
    if found.forged and alive:
        return names.forged(step)
    known = control.attempts if stage == "tcp" else control.handshakes
    theirs = [known[endpoint] for endpoint in endpoints if endpoint in known]
    if "ok" in theirs and (control.healthy or control.stage == "http"):
        rule = "tcp.blocked" if stage == "tcp" else _tls_rule(outcome)
        return conclude("blocked", stage, outcome, rule)
    if not control.healthy:
        rule = "control.same_failure" if control.stage == stage else "control.both_fail"
        return conclude("down", control.stage, control.outcome, rule)  # type: ignore[arg-type]
    if theirs:
        # Dead from outside as well; the page came from another of the site's addresses.
        return conclude("inconclusive", stage, outcome, "control.address_dead")
    return conclude("blocked", stage, outcome, "tcp.hop" if stage == "tcp" else _hop_rule(outcome))


def _tls_rule(outcome: str) -> str:
    return "tls.forged" if outcome == "tls.cert" else "tls.interfered"


def _hop_rule(outcome: str) -> str:
    return "tls.hop_forged" if outcome == "tls.cert" else "tls.hop"


def _counted(attempts: tuple[Attempt, ...], probe: Probe) -> tuple[Attempt, ...]:
    """The attempts that count: those over IPv6 only if IPv6 worked for anything in this run."""
    everything = [*probe.attempts, *(attempt for step in probe.steps for attempt in step.attempts)]
    if any(":" in attempt.address and attempt.outcome == "ok" for attempt in everything):
        return attempts
    return tuple(attempt for attempt in attempts if ":" not in attempt.address)


def _telling(made: Iterable[Attempt | Handshake]) -> str:
    """The outcome that tells most of several failures: an active refusal before a silence."""
    outcomes = [one.outcome for one in made]
    return next((outcome for outcome in outcomes if not outcome.endswith("timeout")), outcomes[0])
