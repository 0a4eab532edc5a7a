"""Outcome: at which layer a hop failed, in one word."""

from __future__ import annotations

from ringfence.evidence.observation import Hop, Stage, TCPStep


def outcome_of(hop: Hop) -> tuple[str, Stage | None]:
    """The first layer of a hop that failed, with its outcome word; ``("ok", None)`` if none did."""
    if hop.dns is not None and hop.dns.outcome != "ok":
        return hop.dns.outcome, "dns"
    if hop.tls is not None and hop.tls.outcome != "ok":
        return hop.tls.outcome, "tls"
    if hop.http is None:
        return _tcp(hop.tcp), "tcp"
    return (hop.http.outcome, "http") if hop.http.outcome != "ok" else ("ok", None)


def _tcp(steps: tuple[TCPStep, ...]) -> str:
    failed = [step for step in steps if step.outcome != "ok"]
    # Where this machine has no IPv6, that says nothing about the site: what else was tried speaks first.
    telling = [step for step in failed if not (":" in step.address and step.outcome == "tcp.unreachable")]
    return (telling or failed)[-1].outcome if failed else "tcp.unreachable"
