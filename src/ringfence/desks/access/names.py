"""The DNS layer of the verdict. Pure."""

from __future__ import annotations

from ringfence.desks.access import page
from ringfence.desks.access.fingerprints import match
from ringfence.desks.access.sides import Control, Probe, Step, is_address
from ringfence.desks.access.trust import Trust
from ringfence.desks.access.verdict import Verdict, conclude


def judge(step: Step, found: Trust, probe: Probe, control: Control | None) -> Verdict | None:
    """The verdict where this layer decides; None where it can be trusted so far as to go on."""
    system = step.system
    if system is None or is_address(step.host):
        return None
    if not system.read:
        # More likely the vantage than the name: its resolver's silence is no answer.
        return conclude("inconclusive", "dns", system.outcome, "dns.unread")
    if system.bogon:
        return _bogon(step, control)
    if not system.resolved:
        return _failed(step, system.outcome if system.outcome != "ok" else "dns.nodata", probe, control)
    outside = control.lookups.get(step.host) if control is not None else None
    encrypted = step.encrypted
    gone = outside is not None and outside.says_no and not (encrypted is not None and encrypted.resolved)
    if gone and not found.proven:
        # Gone everywhere else, and a resolver here still answers: with the address of a block, or of an
        # advertisement for unused names. A certificate would have proved that it is there after all.
        return conclude("blocked", "dns", _forged_outcome(step), "dns.ghost")
    return None


def forged(step: Step, *rules: str) -> Verdict:
    """Blocked by an answer that leads elsewhere."""
    known = match(page.source(step.answer)) if step.answer is not None else None
    return conclude(
        "blocked", "dns", _forged_outcome(step), *rules, "dns.forged", fingerprint=known.id if known else None
    )


def _forged_outcome(step: Step) -> str:
    answer = step.answer
    shown = answer is not None and answer.outcome == "ok"
    if shown and answer is not None and (page.withheld(answer) or match(page.source(answer)) is not None):
        return "dns.blockpage"
    return "dns.hijack"


def _bogon(step: Step, control: Control | None) -> Verdict:
    outside = control.lookups.get(step.host) if control is not None else None
    if outside is not None and outside.bogon:
        return conclude("down", "dns", "dns.bogon", "dns.bogon_everywhere")
    if outside is not None and outside.says_no:
        return conclude("blocked", "dns", "dns.bogon", "dns.ghost")
    encrypted = step.encrypted is not None and step.encrypted.resolved
    if (outside is not None and outside.resolved) or encrypted or (control is not None and control.healthy):
        return conclude("blocked", "dns", "dns.bogon", "dns.bogon")
    if control is None:
        return conclude("inconclusive", "dns", "dns.bogon", "control.absent")
    return conclude("inconclusive", "dns", "control.failed", "control.failed")


def _failed(step: Step, outcome: str, probe: Probe, control: Control | None) -> Verdict:
    rule = "dns.timeout" if outcome == "dns.timeout" else "dns.failure"
    outside = control.lookups.get(step.host) if control is not None else None
    if (outside is not None and outside.resolved) or (control is not None and control.healthy):
        return conclude("blocked", "dns", outcome, rule)
    encrypted = step.encrypted
    if encrypted is not None and encrypted.resolved and _alive(step, encrypted.addresses, probe):
        return conclude("blocked", "dns", outcome, "dns.encrypted_differs")
    if control is None:
        return conclude("inconclusive", "dns", outcome, "control.absent")
    rule = "control.same_failure" if control.stage == "dns" else "control.both_fail"
    return conclude("down", control.stage, control.outcome, rule)  # type: ignore[arg-type]


def _alive(step: Step, addresses: tuple[str, ...], probe: Probe) -> bool:
    """Whether the service proved itself at an address that only the encrypted resolver gave."""
    return any(
        handshake.outcome == "ok" and handshake.name == step.host and handshake.address in addresses
        for handshake in probe.handshakes
    )
