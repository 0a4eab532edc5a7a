"""Observe: a session of exchanges with one subject from one vantage, every byte sealed.

DNS → TCP → TLS → HTTP are separate steps; every redirect hop has its own. Nothing is fetched
from an address that the vantage does not allow, whatever a page or an answer says.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from time import perf_counter_ns
from typing import Final, cast
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import msgspec

from ringfence import __version__
from ringfence.core.canonical import digest
from ringfence.core.errors import InputError
from ringfence.core.time import now, stamp
from ringfence.desks.access import connect as connecting
from ringfence.desks.access import dns, http
from ringfence.evidence.observation import (
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
from ringfence.evidence.warc import CHAIN_TYPE, DNS_TYPE, Capture
from ringfence.register.host import canonical_host

INSTRUMENT: Final = "access"
MAX_REDIRECTS: Final = 10
MAX_ADDRESSES: Final = 3
_REDIRECTS: Final = (301, 302, 303, 307, 308)


class Limiter:
    """Bounds the connections that stand open, idle ones included: in all, and to one address.

    Whoever holds a place never waits for another one, or two could wait for each other for ever.
    """

    def __init__(self, total: int = 64, per_address: int = 8) -> None:
        self._total = asyncio.Semaphore(total)
        self._per_address = per_address
        self._addresses: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def use(self, address: str) -> AsyncIterator[None]:
        """Hold one place in all and one for this address; forgets addresses nobody uses."""
        gate, users = self._addresses.get(address, (asyncio.Semaphore(self._per_address), 0))
        self._addresses[address] = (gate, users + 1)
        try:
            async with gate, self._total:
                yield
        finally:
            gate, users = self._addresses[address]
            if users == 1:
                del self._addresses[address]
            else:
                self._addresses[address] = (gate, users - 1)


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

    key: tuple[str, str, int]
    stream: connecting.Stream
    address: str
    verified: bool
    held: AsyncExitStack


class Session:
    """One subject looked at from one vantage; use as an async context manager."""

    def __init__(self, vantage: Vantage, subject: str, limiter: Limiter) -> None:
        self._vantage = vantage
        self._subject = subject
        self._limiter = limiter
        self._started = now()
        self._started_ns = perf_counter_ns()
        self._exchanges: list[Exchange] = []
        self._resolved: dict[str, DNSStep] = {}
        self._kept: _Open | None = None
        self._capture = Capture(
            {
                "software": f"ringfence/{__version__}",
                "vantage": vantage.name,
                "laboratory": str(vantage.laboratory).lower(),
            }
        )

    async def __aenter__(self) -> Session:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._let_go()

    async def fetch(self, url: str, role: str = "landing") -> Fetched:
        """Ask for a URL and follow its redirects. Never raises for what the network does."""
        hops: list[Hop] = []
        seen: set[str] = set()
        outcome, stage, body = "ok", None, None
        target: str | None = url
        while target is not None:
            if target in seen or len(hops) > MAX_REDIRECTS:
                outcome, stage = "http.redirect", "http"
                break
            seen.add(target)
            hop, body = await self._hop(target)
            hops.append(hop)
            outcome, stage = outcome_of(hop)
            if outcome != "ok" or hop.http is None or hop.http.status not in _REDIRECTS:
                break
            location = next((value for name, value in hop.http.headers if name == "location"), "")
            target = _redirect(hop.url, location)
            if target is None:
                outcome, stage = "http.redirect", "http"
        exchange = Exchange(url=url, role=role, hops=tuple(hops), outcome=outcome, stage=cast(Stage, stage))
        self._exchanges.append(exchange)
        return Fetched(exchange, body)

    async def texts(self, name: str) -> tuple[str, ...]:
        """Ask the vantage's resolver for the texts at a name; the answer is sealed like any other."""
        step, wire = await dns.texts(self._vantage, name, self._started_ns)
        url = f"dns:{name}?type=TXT"
        if wire is not None:
            at = self._started + timedelta(microseconds=step.at_us)
            step = msgspec.structs.replace(step, message=self._capture.resource(url, DNS_TYPE, wire, at))
        hop = Hop(url, name, 0, step, (), None, None)
        stage: Stage | None = None if step.outcome == "ok" else "dns"
        self._exchanges.append(Exchange(url, "reference", (hop,), step.outcome, stage))
        return tuple(answer.data for answer in step.answers)

    def seal(self) -> Sealed:
        """The observation and its capture; call once, at the end."""
        capture = self._capture.to_bytes()
        observation = Observation(
            subject=self._subject,
            instrument=INSTRUMENT,
            version=__version__,
            vantage=self._vantage.name,
            role=self._vantage.role,
            country=self._vantage.country,
            started=stamp(self._started),
            took_us=(perf_counter_ns() - self._started_ns) // 1000,
            exchanges=tuple(self._exchanges),
            capture=digest(capture),
            laboratory=self._vantage.laboratory,
        )
        return Sealed(observation, capture)

    async def _hop(self, url: str) -> tuple[Hop, bytes | None]:
        try:
            parts, host, port = _split(url)
        except InputError:
            return Hop(url, "", 0, None, (), None, _no_response("http.redirect")), None
        key = (parts.scheme, host, port)
        kept = self._kept
        if kept is not None and kept.key == key:
            self._kept = None
            async with kept.held:
                answer, body = await self._request(kept, parts)
            if answer.outcome == "ok":
                return Hop(url, host, port, None, (), None, answer), body
            # A kept connection may have been closed by its server meanwhile: start afresh.
        await self._let_go()
        step = await self._resolve(host)
        if step.outcome != "ok":
            return Hop(url, host, port, step, (), None, None), None
        tcp: list[TCPStep] = []
        tls: TLSStep | None = None
        for address in [a for a in step.addresses if self._vantage.may_fetch(a)][:MAX_ADDRESSES]:
            async with AsyncExitStack() as held:
                await held.enter_async_context(self._limiter.use(address))
                stream, tls = await self._reach(key, address, tcp, held)
                if stream is None:
                    continue
                opened = _Open(key, stream, address, bool(tls and tls.verified), held)
                answer, body = await self._request(opened, parts)
                return Hop(url, host, port, step, tuple(tcp), tls, answer), body
        return Hop(url, host, port, step, tuple(tcp), tls, None), None

    async def _let_go(self) -> None:
        """Close the connection that was kept, and give back its place."""
        kept, self._kept = self._kept, None
        if kept is not None:
            await kept.held.aclose()

    async def _resolve(self, host: str) -> DNSStep:
        if host not in self._resolved:
            step, wires = await dns.lookup(self._vantage, host, self._started_ns)
            message = None
            for kind, wire in wires:
                at = self._started + timedelta(microseconds=step.at_us)
                sealed = self._capture.resource(f"dns:{host}?type={kind}", DNS_TYPE, wire, at)
                message = message or sealed
            self._resolved[host] = msgspec.structs.replace(step, message=message)
        return self._resolved[host]

    async def _reach(
        self, key: tuple[str, str, int], address: str, tcp: list[TCPStep], held: AsyncExitStack
    ) -> tuple[connecting.Stream | None, TLSStep | None]:
        scheme, host, port = key
        failed: TLSStep | None = None
        for verify in (True, False):
            connected = await connecting.connect(self._vantage, address, port, self._started_ns)
            held.push_async_callback(connecting.close, connected.stream)
            tcp.append(connected.tcp)
            if connected.stream is None or scheme == "http":
                return connected.stream, failed
            tls, chain = await connecting.handshake(
                self._vantage, connected.stream, host, self._started_ns, verify=verify
            )
            if chain:
                pem = "".join(map(ssl.DER_cert_to_PEM_cert, chain)).encode("ascii")
                at = self._started + timedelta(microseconds=tls.at_us)
                sealed = self._capture.resource(f"tls://{host}:{port}?address={address}", CHAIN_TYPE, pem, at)
                tls = msgspec.structs.replace(tls, chain=(sealed,))
            if failed is not None:
                # The chain that would not verify, under the outcome of the handshake that refused it.
                failed = msgspec.structs.replace(failed, chain=tls.chain, version=tls.version)
                return (connected.stream if tls.outcome == "ok" else None), failed
            if tls.outcome == "ok":
                return connected.stream, tls
            await connecting.close(connected.stream)
            if tls.outcome != "tls.cert":
                return None, tls
            failed = tls
        raise AssertionError("unreachable")

    async def _request(self, opened: _Open, parts: SplitResult) -> tuple[HTTPStep, bytes | None]:
        scheme, host, port = opened.key
        authority = host if port == _default_port(scheme) else f"{host}:{port}"
        done = await http.get(self._vantage, opened.stream, authority, _target(parts), self._started_ns)
        if done.reusable and opened.verified == (scheme == "https"):
            # Its place in the limiter goes with it: what the caller leaves closes nothing.
            self._kept = msgspec.structs.replace(opened, held=opened.held.pop_all())
        if done.message is None:
            return done.step, None
        body_digest = self._capture.http(
            parts.geturl(),
            done.request,
            done.response,
            done.message.body,
            at=done.at,
            address=opened.address,
            cut=_warc_reason(done.step.truncated),
        )
        return msgspec.structs.replace(done.step, body=body_digest), done.message.body


def outcome_of(hop: Hop) -> tuple[str, Stage | None]:
    """The first layer of a hop that failed, with its outcome word; ``("ok", None)`` if none did."""
    if hop.dns is not None and hop.dns.outcome != "ok":
        return hop.dns.outcome, "dns"
    if hop.tls is not None and hop.tls.outcome != "ok":
        return hop.tls.outcome, "tls"
    if hop.tcp and hop.tcp[-1].outcome != "ok":
        return hop.tcp[-1].outcome, "tcp"
    if hop.http is None:
        return "tcp.unreachable", "tcp"
    return (hop.http.outcome, "http") if hop.http.outcome != "ok" else ("ok", None)


def _split(url: str) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or _default_port(parts.scheme)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(f"not an http(s) URL: {url[:120]!r}")
    except ValueError as error:
        raise InputError(f"not a URL: {url[:120]!r}") from error
    return parts, canonical_host(parts.hostname), port


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return f"{path}?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else path


def _redirect(base: str, location: str) -> str | None:
    if not location:
        return None
    try:
        target = urljoin(base, location.strip())
        _split(target)
    except (ValueError, InputError):
        return None
    return target.partition("#")[0]


def _no_response(outcome: str) -> HTTPStep:
    return HTTPStep(outcome, None, "", (), None, 0, 0, "", 0, 0, None)


def _warc_reason(truncated: str) -> str:
    return {"length": "length", "time": "time", "disconnect": "disconnect", "decode": "unspecified"}.get(
        truncated, ""
    )
