"""Seen: an observation as a reader sees it: one line a request, its steps from DNS to HTTP."""

from __future__ import annotations

import msgspec

from ringfence.evidence.observation import Exchange, Hop, Observation
from ringfence.interfaces.report.gather import Leaf
from ringfence.interfaces.report.words import milliseconds, outcome

LOOKS = 12  # looks shown of one subject: the first and the latest; the store keeps all
EXCHANGES = 24  # requests shown of one look


class Step(msgspec.Struct, frozen=True):
    """One layer of a request: ``ok`` True, False or None (not needed or not reached)."""

    ok: bool | None
    words: str
    took: str = ""
    detail: str = ""


class Request(msgspec.Struct, frozen=True):
    """One hop. ``role`` is what the exchange was wanted for, ``redirected`` a hop after the first."""

    url: str
    role: str
    redirected: bool
    dns: Step
    tcp: Step
    tls: Step
    http: Step
    body: str | None


class Sight(msgspec.Struct, frozen=True):
    """One observation. ``rests`` says that the assessment rests on it."""

    id: str
    vantage: str
    role: str
    country: str | None
    started: str
    took: str
    instrument: str
    capture: str
    leaf: Leaf | None
    rests: bool
    requests: tuple[Request, ...]
    more: int
    outcome: str


def sights(
    observations: tuple[tuple[str, Observation], ...], leaves: dict[str, Leaf], rests: frozenset[str]
) -> tuple[tuple[Sight, ...], int]:
    """The observations to show, oldest first, and how many are left out between them. Those the
    assessment rests on are always shown."""
    shown = observations
    if len(observations) > LOOKS:
        ends = {name for name, _ in (*observations[: LOOKS // 2], *observations[-LOOKS // 2 :])}
        shown = tuple(item for item in observations if item[0] in ends | rests)
    found = tuple(_sight(name, seen, leaves.get(name), name in rests) for name, seen in shown)
    return found, len(observations) - len(shown)


def _sight(name: str, seen: Observation, leaf: Leaf | None, rests: bool) -> Sight:
    requests = [
        _request(exchange, hop, first=index == 0)
        for exchange in seen.exchanges[:EXCHANGES]
        for index, hop in enumerate(exchange.hops)
    ]
    landing = next((exchange for exchange in seen.exchanges if exchange.role == "landing"), None)
    return Sight(
        id=name,
        vantage=seen.vantage,
        role=seen.role,
        country=seen.country,
        started=seen.started,
        took=milliseconds(seen.took_us),
        instrument=f"{seen.instrument} {seen.version}",
        capture=seen.capture,
        leaf=leaf,
        rests=rests,
        requests=tuple(requests),
        more=max(0, len(seen.exchanges) - EXCHANGES),
        outcome=landing.outcome if landing else "control.failed",
    )


def _request(exchange: Exchange, hop: Hop, *, first: bool) -> Request:
    return Request(
        url=hop.url,
        role=exchange.role,
        redirected=not first,
        dns=_dns(hop),
        tcp=_tcp(hop),
        tls=_tls(hop),
        http=_http(hop),
        body=hop.http.body if hop.http else None,
    )


# A later request of one look goes over the connection of the first: no DNS, no TCP, no TLS of its own.
_NOTHING = Step(None, "–")
_AGAIN = Step(None, "as before")


def _missing(hop: Hop) -> Step:
    return _AGAIN if hop.http is not None else _NOTHING


def _dns(hop: Hop) -> Step:
    step = hop.dns
    if step is None:
        return _missing(hop)
    return Step(
        step.outcome == "ok",
        outcome(step.outcome),
        milliseconds(step.took_us),
        ", ".join(step.addresses[:4]) or "no address",
    )


def _tcp(hop: Hop) -> Step:
    if not hop.tcp:
        return _missing(hop)
    last = hop.tcp[-1]
    tried = f"{len(hop.tcp)} addresses tried, last " if len(hop.tcp) > 1 else ""
    took = milliseconds(sum(step.took_us for step in hop.tcp))
    return Step(last.outcome == "ok", outcome(last.outcome), took, f"{tried}{last.address} port {last.port}")


def _tls(hop: Hop) -> Step:
    step = hop.tls
    if step is None:
        if hop.url.startswith("http:"):
            return Step(None, "none: plain HTTP")
        return _missing(hop)
    proof = "certificate verified for the name" if step.verified else step.why or "not verified"
    version = f"{step.version}, " if step.version else ""
    return Step(step.outcome == "ok", outcome(step.outcome), milliseconds(step.took_us), version + proof)


def _http(hop: Hop) -> Step:
    step = hop.http
    if step is None:
        return _NOTHING
    status = f"{step.status} {step.reason}".strip() if step.status is not None else ""
    size = f"{step.body_bytes:,} bytes" + (f", cut: {step.truncated}" if step.truncated else "")
    words = status if step.outcome == "ok" and status else outcome(step.outcome)
    detail = size if words == status or not status else f"{status}, {size}"
    return Step(step.outcome == "ok", words, milliseconds(step.took_us), detail)
