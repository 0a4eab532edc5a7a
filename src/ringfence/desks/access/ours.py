"""Ours: our own observations as the sides that the judge compares. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ringfence.desks.access.sides import Answer, Attempt, Control, Handshake, Lookup, Probe, Step
from ringfence.evidence.observation import DNSStep, Exchange, Hop, HTTPStep, Observation

Bodies = Mapping[str, bytes]


def landing(observation: Observation | None) -> Exchange | None:
    """The exchange that shows best what a visitor gets: the first landing that succeeded, else the
    first landing (HTTPS is asked first, plain HTTP only where that fails)."""
    if observation is None:
        return None
    landings = [exchange for exchange in observation.exchanges if exchange.role == "landing"]
    return next((exchange for exchange in landings if exchange.outcome == "ok"), next(iter(landings), None))


def alike_landing(inside: Observation | None, theirs: Exchange | None) -> Exchange | None:
    """The landing inside to hold against one from outside: like with like, so that an HTTPS page that
    fails is not made good by a plain page beside it."""
    ours = landing(inside)
    if ours is None or inside is None or theirs is None or theirs.outcome != "ok":
        return ours
    if ours.outcome == "ok" and ours.url.startswith("https:"):
        return ours
    same = (e for e in inside.exchanges if e.role == "landing" and e.url == theirs.url)
    return next(same, ours)


def probe_of(exchange: Exchange, bodies: Bodies) -> Probe:
    """The inside as the judge reads it."""
    seen: dict[str, DNSStep] = {}
    steps = []
    for hop in exchange.hops:
        if hop.dns is not None:
            seen[hop.host] = hop.dns
        steps.append(_step(hop, seen.get(hop.host), bodies))
    if exchange.outcome == "http.redirect" and steps and steps[-1].answer is not None:
        # The last response was well; where it leads is not.
        last = steps[-1]
        answer = Answer("http.redirect", last.answer.status if last.answer else None)
        steps[-1] = Step(last.url, last.lookups, last.attempts, last.handshakes, answer)
    return Probe(tuple(steps))


def control_of(exchange: Exchange | None, bodies: Bodies) -> Control | None:
    """The outside as the judge reads it; None where nobody looked."""
    if exchange is None:
        return None
    lookups: dict[str, Lookup] = {}
    attempts: dict[tuple[str, int], str] = {}
    handshakes: dict[tuple[str, int], str] = {}
    for hop in exchange.hops:
        if hop.dns is not None:
            lookups[hop.host] = _lookup(hop.dns)
        for tried in hop.tcp:
            attempts[tried.address, tried.port] = _better(
                attempts.get((tried.address, tried.port)), tried.outcome
            )
        if hop.tls is not None and hop.tcp:
            handshakes[hop.tcp[-1].address, hop.port] = _handshake(hop)
    last = exchange.hops[-1].http if exchange.hops else None
    answer = _answer(last, bodies) if last is not None else None
    return Control(exchange.outcome, exchange.stage, lookups, attempts, handshakes, answer)


def _step(hop: Hop, names: DNSStep | None, bodies: Bodies) -> Step:
    lookups = () if names is None else (_lookup(names), *map(_lookup, _others(hop)))
    made = () if hop.tls is None or not hop.tcp else (
        Handshake(hop.tcp[-1].address, hop.port, hop.host, _handshake(hop)),
    )  # fmt: skip
    answer = _answer(hop.http, bodies) if hop.http is not None else None
    tried = tuple(Attempt(one.address, one.port, one.outcome) for one in hop.tcp)
    return Step(hop.url, lookups, tried, made, answer)


def _others(hop: Hop) -> Iterable[DNSStep]:
    return getattr(hop, "other_dns", ())


def _lookup(names: DNSStep) -> Lookup:
    engine = getattr(names, "transport", "") or "system"
    return Lookup(engine if engine in ("dot", "doh") else "system", names.outcome, names.addresses)


def _handshake(hop: Hop) -> str:
    if hop.tls is None or hop.tls.outcome != "ok":
        return hop.tls.outcome if hop.tls else "ok"
    return "ok" if hop.tls.verified else "tls.cert"


def _answer(step: HTTPStep, bodies: Bodies) -> Answer:
    body = bodies.get(step.body or "", b"")
    length = step.body_bytes if step.body is not None and not step.truncated else None
    return Answer(step.outcome, step.status, step.headers, body, length)


def _better(known: str | None, outcome: str) -> str:
    return "ok" if "ok" in (known, outcome) else outcome


def evidence(exchange: Exchange) -> tuple[str, ...]:
    """The digests of the bytes that an exchange rests on, each once."""
    digests: list[str] = []
    for hop in exchange.hops:
        if hop.dns is not None and hop.dns.message:
            digests.append(hop.dns.message)
        if hop.tls is not None:
            digests.extend(hop.tls.chain)
        if hop.http is not None and hop.http.body:
            digests.append(hop.http.body)
    return tuple(dict.fromkeys(digests))
