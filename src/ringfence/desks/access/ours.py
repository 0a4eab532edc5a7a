"""Ours: our own observations as the sides that the judge compares. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ringfence.desks.access.sides import (
    Answer,
    Attempt,
    Control,
    Endpoint,
    Handshake,
    Lookup,
    Probe,
    Step,
)
from ringfence.evidence.observation import Cross, DNSStep, Exchange, Hop, HTTPStep, Observation, TLSStep

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


def probe_of(exchange: Exchange, bodies: Bodies, cross: Iterable[Cross] = ()) -> Probe:
    """The inside as the judge reads it; ``cross`` are its connections to addresses seen outside."""
    seen: dict[str, Hop] = {}
    steps = []
    for hop in exchange.hops:
        if hop.dns is not None:
            seen[hop.host] = hop
        steps.append(_step(hop, seen.get(hop.host), bodies))
    if exchange.outcome == "http.redirect" and steps and steps[-1].answer is not None:
        # The last response was well; where it leads is not.
        last = steps[-1]
        answer = Answer("http.redirect", last.answer.status if last.answer else None)
        steps[-1] = Step(last.url, last.lookups, last.attempts, last.handshakes, answer)
    tried, made = _crossed(cross)
    return Probe(
        tuple(steps),
        handshakes=tuple(Handshake(*endpoint, host, word) for (endpoint, host), word in made.items()),
        attempts=tuple(Attempt(*endpoint, word) for endpoint, word in tried.items()),
    )


def control_of(exchange: Exchange | None, bodies: Bodies, cross: Iterable[Cross] = ()) -> Control | None:
    """The outside as the judge reads it; None where nobody looked. ``cross`` are its connections to the
    addresses that the inside was given."""
    if exchange is None:
        return None
    lookups: dict[str, Lookup] = {}
    attempts, named = _crossed(cross)
    handshakes = {endpoint: word for (endpoint, _), word in named.items()}
    for hop in exchange.hops:
        if hop.dns is not None:
            lookups[hop.host] = _lookup(hop.dns, "control")
        for tried in hop.tcp:
            endpoint = tried.address, tried.port
            attempts[endpoint] = _better(attempts.get(endpoint), tried.outcome)
        if hop.tls is not None and hop.tcp:
            endpoint = hop.tcp[-1].address, hop.port
            handshakes[endpoint] = _better(handshakes.get(endpoint), _handshake(hop.tls))
    last = exchange.hops[-1].http if exchange.hops else None
    answer = _answer(last, bodies) if last is not None else None
    return Control(exchange.outcome, exchange.stage, lookups, attempts, handshakes, answer)


def _step(hop: Hop, named: Hop | None, bodies: Bodies) -> Step:
    lookups: tuple[Lookup, ...] = ()
    if named is not None and named.dns is not None:
        others = (_lookup(step, step.transport) for step in named.other_dns)
        lookups = (_lookup(named.dns, "system"), *others)
    made: tuple[Handshake, ...] = ()
    if hop.tls is not None and hop.tcp:
        made = (Handshake(hop.tcp[-1].address, hop.port, hop.host, _handshake(hop.tls)),)
    tried = tuple(Attempt(one.address, one.port, one.outcome) for one in hop.tcp)
    answer = _answer(hop.http, bodies) if hop.http is not None else None
    return Step(hop.url, lookups, tried, made, answer)


def _crossed(cross: Iterable[Cross]) -> tuple[dict[Endpoint, str], dict[tuple[Endpoint, str], str]]:
    attempts: dict[Endpoint, str] = {}
    handshakes: dict[tuple[Endpoint, str], str] = {}
    for one in cross:
        endpoint = one.tcp.address, one.tcp.port
        attempts[endpoint] = _better(attempts.get(endpoint), one.tcp.outcome)
        if one.tls is not None:
            handshakes[endpoint, one.host] = _handshake(one.tls)
    return attempts, handshakes


def _lookup(names: DNSStep, engine: str) -> Lookup:
    read = names.outcome != "dns.servfail" or names.message is not None
    return Lookup(engine, names.outcome, names.addresses, read=read)


def _handshake(tls: TLSStep) -> str:
    return "tls.cert" if tls.outcome == "ok" and not tls.verified else tls.outcome


def _answer(step: HTTPStep, bodies: Bodies) -> Answer:
    body = bodies.get(step.body or "", b"")
    length = step.body_bytes if step.body is not None and not step.truncated else None
    return Answer(step.outcome, step.status, step.headers, body, length, rate=_rate(step))


def _rate(step: HTTPStep) -> int | None:
    """Octets of the body a second, over the whole time that was given to it."""
    if len(step.progress) < 2:
        return None
    begun, octets = step.progress[0][0], step.progress[-1][1] - step.progress[0][1]
    ended = step.took_us if step.outcome != "ok" else step.progress[-1][0]
    return octets * 1_000_000 // (ended - begun) if ended > begun else None


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
