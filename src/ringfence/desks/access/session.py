"""Session: exchanges with one subject from one vantage, every byte sealed.

DNS → TCP → TLS → HTTP are separate steps; every redirect hop has its own. Nothing is fetched
from an address that the vantage does not allow, whatever a page or an answer says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from contextlib import AsyncExitStack
from time import perf_counter_ns
from typing import Any, Final, TypeVar, cast
from urllib.parse import SplitResult

import msgspec

from ringfence import __version__
from ringfence.core.canonical import digest
from ringfence.core.errors import InputError
from ringfence.core.time import stamp
from ringfence.desks.access import addresses, dns, http, url
from ringfence.desks.access.ask import others_of
from ringfence.desks.access.connect import close, connect
from ringfence.desks.access.limiter import Limiter
from ringfence.desks.access.outcome import outcome_of
from ringfence.desks.access.reach import Key, cross_check, reach
from ringfence.desks.access.seals import Seals
from ringfence.evidence.observation import (
    Cross,
    DNSStep,
    Exchange,
    Hop,
    HTTPStep,
    Observation,
    Stage,
    TCPStep,
    TLSStep,
)
from ringfence.evidence.vantage import Vantage

INSTRUMENT: Final = "access"
MAX_REDIRECTS: Final = 10

T = TypeVar("T")


class Fetched(msgspec.Struct, frozen=True):
    """An exchange and, if a response came, its decoded body."""

    exchange: Exchange
    body: bytes | None


class Sealed(msgspec.Struct, frozen=True):
    """An observation and the WARC file that its ``capture`` digest names."""

    observation: Observation
    capture: bytes


class _Open(msgspec.Struct, frozen=True):
    """A connection that stands; ``held`` closes it and gives back its place."""

    key: Key
    line: http.Line
    address: str
    verified: bool
    held: AsyncExitStack


class Session:
    """One subject looked at from one vantage; use as an async context manager."""

    def __init__(self, vantage: Vantage, subject: str, limiter: Limiter) -> None:
        self._vantage = vantage
        self._subject = subject
        self._limiter = limiter
        self._seals = Seals(vantage)
        self._exchanges: list[Exchange] = []
        self._cross: list[Cross] = []
        self._resolved: dict[str, tuple[DNSStep, ...]] = {}
        self._probed: dict[tuple[str, int], TCPStep] = {}
        self._kept: _Open | None = None

    async def __aenter__(self) -> Session:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._let_go()

    async def fetch(self, wanted: str, role: str = "landing") -> Fetched:
        """Ask for a URL and follow its redirects. Never raises for what the network does."""
        hops: list[Hop] = []
        seen: set[str] = set()
        outcome, stage, body = "ok", None, None
        target: str | None = wanted
        while target is not None:
            if target in seen or len(hops) > MAX_REDIRECTS:
                outcome, stage = "http.redirect", "http"
                break
            seen.add(target)
            hop, body = await self._hop(target)
            hops.append(hop)
            outcome, stage = outcome_of(hop)
            if outcome != "ok" or hop.http is None or hop.http.status not in url.REDIRECTS:
                break
            location = next((value for name, value in hop.http.headers if name == "location"), "")
            target = url.redirect(hop.url, location)
            if target is None:
                outcome, stage = "http.redirect", "http"
        exchange = Exchange(
            url=wanted, role=role, hops=tuple(hops), outcome=outcome, stage=cast(Stage, stage)
        )
        self._exchanges.append(exchange)
        return Fetched(exchange, body)

    async def texts(self, name: str) -> tuple[str, ...]:
        """Ask the vantage's resolver for the texts at a name; the answer is sealed like any other."""
        resolved = await dns.texts(self._vantage, name, self._seals.started_ns)
        step = self._seals.answers(f"dns:{name}", resolved)
        hop = Hop(f"dns:{name}?type=TXT", name, 0, step, (), None, None)
        stage: Stage | None = None if step.outcome == "ok" else "dns"
        self._exchanges.append(Exchange(hop.url, "reference", (hop,), step.outcome, stage))
        return tuple(answer.data for answer in step.answers)

    async def cross(self, host: str, places: Iterable[tuple[str, int]]) -> tuple[Cross, ...]:
        """`cross_check` of (address, port) pairs, side by side; kept with the observation."""
        await self._let_go()
        found = await _all(
            cross_check(self._vantage, host, place, self._seals, self._limiter)
            for place in dict.fromkeys(places)
        )
        self._cross.extend(found)
        return found

    def seal(self) -> Sealed:
        """The observation and its capture; call once, at the end."""
        capture = self._seals.to_bytes()
        observation = Observation(
            subject=self._subject,
            instrument=INSTRUMENT,
            version=__version__,
            vantage=self._vantage.name,
            role=self._vantage.role,
            country=self._vantage.country,
            started=stamp(self._seals.started),
            took_us=(perf_counter_ns() - self._seals.started_ns) // 1000,
            exchanges=tuple(self._exchanges),
            capture=digest(capture),
            laboratory=self._vantage.laboratory,
            cross=tuple(self._cross),
        )
        return Sealed(observation, capture)

    async def _hop(self, wanted: str) -> tuple[Hop, bytes | None]:
        try:
            parts, host, port = url.split(wanted)
        except InputError:
            return Hop(wanted, "", 0, None, (), None, _no_response("http.redirect")), None
        key = (parts.scheme, host, port)
        kept = self._kept
        if kept is not None and kept.key == key:
            self._kept = None
            async with kept.held:
                answer, body = await self._request(kept, parts)
            if answer.outcome == "ok":
                return Hop(wanted, host, port, None, (), None, answer), body
            # A kept connection may have been closed by its server meanwhile: start afresh.
        await self._let_go()
        step, *others = await self._resolve(host)
        hop = Hop(wanted, host, port, step, (), None, None, tuple(others))
        return (hop, None) if step.outcome != "ok" else await self._over(hop, key, parts)

    async def _over(self, hop: Hop, key: Key, parts: SplitResult) -> tuple[Hop, bytes | None]:
        """The hop with its connection and response, over the first address that gives one."""
        assert hop.dns is not None  # noqa: S101
        plan = addresses.plan(self._vantage, hop.dns.addresses)
        tcp = await self._probe(plan.probe, hop.port)
        dead = {probed.address for probed in tcp if probed.outcome != "ok"}
        tls: TLSStep | None = None
        for address in plan.tried:
            if address in dead:
                continue
            async with AsyncExitStack() as held:
                await held.enter_async_context(self._limiter.use(address))
                reached = await reach(self._vantage, key, address, self._seals, held)
                tcp += reached.tcp
                tls = reached.tls or tls
                if reached.line is None:
                    continue
                opened = _Open(key, reached.line, address, bool(tls and tls.verified), held)
                answer, body = await self._request(opened, parts)
                return msgspec.structs.replace(hop, tcp=tuple(tcp), tls=tls, http=answer), body
        return msgspec.structs.replace(hop, tcp=tuple(tcp), tls=tls), None

    async def _probe(self, address: str | None, port: int) -> list[TCPStep]:
        """Connect to the family that will not carry the page, once a session."""
        if address is None or (address, port) in self._probed:
            return []
        async with self._limiter.use(address):
            connected = await connect(self._vantage, address, port, self._seals.started_ns)
            await close(connected.stream)
        self._probed[address, port] = connected.tcp
        return [connected.tcp]

    async def _let_go(self) -> None:
        """Close the connection that was kept, and give back its place."""
        kept, self._kept = self._kept, None
        if kept is not None:
            await kept.held.aclose()

    async def _resolve(self, host: str) -> tuple[DNSStep, ...]:
        """What the vantage's resolver says, then what the further ones do; asked once a session."""
        if host not in self._resolved:
            others = others_of(self._vantage)
            asked = [dns.lookup(self._vantage, host, self._seals.started_ns)]
            asked += [dns.lookup(self._vantage, host, self._seals.started_ns, other) for other in others]
            names = [f"dns:{host}", *(f"dns://{other.authority}/{host}" for other in others)]  # RFC 4501
            self._resolved[host] = tuple(
                self._seals.answers(name, resolved)
                for name, resolved in zip(names, await _all(asked), strict=True)
            )
        return self._resolved[host]

    async def _request(self, opened: _Open, parts: SplitResult) -> tuple[HTTPStep, bytes | None]:
        scheme, host, port = opened.key
        authority = host if port == url.default_port(scheme) else f"{host}:{port}"
        request = http.page_request(self._vantage, scheme, authority, url.target(parts))
        done = await http.get(self._vantage, opened.line, request, self._seals.started_ns)
        if done.reusable and opened.verified == (scheme == "https"):
            # Its place in the limiter goes with it: what the caller leaves closes nothing.
            self._kept = msgspec.structs.replace(opened, held=opened.held.pop_all())
        step = self._seals.response(parts.geturl(), opened.address, done)
        return step, done.message.body if done.message is not None else None


async def _all(tasks: Iterable[Coroutine[Any, Any, T]]) -> tuple[T, ...]:
    """All results, in order. What one raises is raised when all have ended: none is left running."""
    done = await asyncio.gather(*tasks, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException):
            raise one
    return tuple(cast(list[T], done))


def _no_response(outcome: str) -> HTTPStep:
    return HTTPStep(outcome, None, "", (), None, 0, 0, "", 0, 0, None)
