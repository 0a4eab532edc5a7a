"""Session: exchanges with one subject from one vantage, every byte sealed.

DNS → TCP → TLS → HTTP are separate steps; every redirect hop has its own. Nothing is fetched
from an address that the vantage does not allow, whatever a page or an answer says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import timedelta
from time import perf_counter_ns
from typing import Final, cast
from urllib.parse import SplitResult

import msgspec

from ringfence import __version__
from ringfence.core.canonical import digest
from ringfence.core.errors import InputError
from ringfence.core.time import now, stamp
from ringfence.desks.access import addresses, dns, http, url
from ringfence.desks.access.ask import others_of
from ringfence.desks.access.connect import close, connect, forbidden
from ringfence.desks.access.limiter import Limiter
from ringfence.desks.access.outcome import outcome_of
from ringfence.desks.access.tls import handshake, pem
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
from ringfence.evidence.warc import CHAIN_TYPE, DNS_TYPE, Capture

INSTRUMENT: Final = "access"
MAX_REDIRECTS: Final = 10
_TLS_PORTS: Final = (443, 853, 8443)

_Key = tuple[str, str, int]  # scheme, host, port


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

    key: _Key
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
        self._started = now()
        self._started_ns = perf_counter_ns()
        self._exchanges: list[Exchange] = []
        self._cross: list[Cross] = []
        self._resolved: dict[str, tuple[DNSStep, ...]] = {}
        self._probed: dict[tuple[str, int], TCPStep] = {}
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
        resolved = await dns.texts(self._vantage, name, self._started_ns)
        step = self._sealed_answers(f"dns:{name}", resolved)
        hop = Hop(f"dns:{name}?type=TXT", name, 0, step, (), None, None)
        stage: Stage | None = None if step.outcome == "ok" else "dns"
        self._exchanges.append(Exchange(hop.url, "reference", (hop,), step.outcome, stage))
        return tuple(answer.data for answer in step.answers)

    async def cross(self, host: str, places: Iterable[tuple[str, int]]) -> tuple[Cross, ...]:
        """Connect to (address, port) pairs that the other side saw for a host, and shake hands where the
        port speaks TLS; nothing is asked for. An address that may not be fetched is ``tcp.forbidden``."""
        await self._let_go()
        found = tuple([await self._cross_one(host, *place) for place in dict.fromkeys(places)])
        self._cross.extend(found)
        return found

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

    async def _over(self, hop: Hop, key: _Key, parts: SplitResult) -> tuple[Hop, bytes | None]:
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
                line, said = await self._reach(key, address, tcp, held)
                tls = said or tls
                if line is None:
                    continue
                opened = _Open(key, line, address, bool(tls and tls.verified), held)
                answer, body = await self._request(opened, parts)
                return msgspec.structs.replace(hop, tcp=tuple(tcp), tls=tls, http=answer), body
        return msgspec.structs.replace(hop, tcp=tuple(tcp), tls=tls), None

    async def _probe(self, address: str | None, port: int) -> list[TCPStep]:
        """Connect to the family that will not carry the page, once a session."""
        if address is None or (address, port) in self._probed:
            return []
        async with self._limiter.use(address):
            connected = await connect(self._vantage, address, port, self._started_ns)
            await close(connected.stream)
        self._probed[address, port] = connected.tcp
        return [connected.tcp]

    async def _cross_one(self, host: str, address: str, port: int) -> Cross:
        if not self._vantage.may_fetch(address):
            return Cross(host, forbidden(address, port, self._started_ns), None)
        async with self._limiter.use(address):
            connected = await connect(self._vantage, address, port, self._started_ns)
            try:
                if connected.stream is None or port not in _TLS_PORTS:
                    return Cross(host, connected.tcp, None)
                tls, chain = await handshake(
                    self._vantage, connected.stream, host, self._started_ns, verify=True
                )
            finally:
                await close(connected.stream)
        return Cross(host, connected.tcp, self._sealed_chain(tls, chain, address, port))

    async def _let_go(self) -> None:
        """Close the connection that was kept, and give back its place."""
        kept, self._kept = self._kept, None
        if kept is not None:
            await kept.held.aclose()

    async def _resolve(self, host: str) -> tuple[DNSStep, ...]:
        """What the vantage's resolver says, then what the further ones do; asked once a session."""
        if host not in self._resolved:
            others = others_of(self._vantage)
            asked = [dns.lookup(self._vantage, host, self._started_ns)]
            asked += [dns.lookup(self._vantage, host, self._started_ns, other) for other in others]
            names = [f"dns:{host}", *(f"dns://{other.authority}/{host}" for other in others)]  # RFC 4501
            self._resolved[host] = tuple(
                self._sealed_answers(name, resolved)
                for name, resolved in zip(names, await asyncio.gather(*asked), strict=True)
            )
        return self._resolved[host]

    def _sealed_answers(self, name: str, resolved: dns.Resolved) -> DNSStep:
        at = self._started + timedelta(microseconds=resolved.step.at_us)
        sealed = [self._capture.resource(f"{name}?type={kind}", DNS_TYPE, wire, at)
                  for kind, wire in resolved.wires]  # fmt: skip
        return msgspec.structs.replace(resolved.step, message=sealed[0] if sealed else None)

    def _sealed_chain(self, tls: TLSStep, chain: tuple[bytes, ...], address: str, port: int) -> TLSStep:
        if not chain:
            return tls
        at = self._started + timedelta(microseconds=tls.at_us)
        name = f"tls://{tls.server_name}:{port}?address={address}"
        return msgspec.structs.replace(tls, chain=(self._capture.resource(name, CHAIN_TYPE, pem(chain), at),))

    async def _reach(
        self, key: _Key, address: str, tcp: list[TCPStep], held: AsyncExitStack
    ) -> tuple[http.Line | None, TLSStep | None]:
        scheme, host, port = key
        failed: TLSStep | None = None
        for verify in (True, False):
            connected = await connect(self._vantage, address, port, self._started_ns)
            held.push_async_callback(close, connected.stream)
            tcp.append(connected.tcp)
            if connected.stream is None:
                return None, failed
            if scheme == "http":
                return http.Line.over(connected.stream, ""), None
            tls, chain = await handshake(
                self._vantage, connected.stream, host, self._started_ns, verify=verify
            )
            tls = self._sealed_chain(tls, chain, address, port)
            line = http.Line.over(connected.stream, tls.alpn) if tls.outcome == "ok" else None
            if failed is not None:
                # The chain that would not verify, under the outcome of the handshake that refused it.
                return line, msgspec.structs.replace(
                    failed, chain=tls.chain, version=tls.version, alpn=tls.alpn
                )
            if line is not None:
                return line, tls
            await close(connected.stream)
            if tls.outcome != "tls.cert":
                return None, tls
            failed = tls
        raise AssertionError("unreachable")

    async def _request(self, opened: _Open, parts: SplitResult) -> tuple[HTTPStep, bytes | None]:
        scheme, host, port = opened.key
        authority = host if port == url.default_port(scheme) else f"{host}:{port}"
        request = http.page_request(self._vantage, scheme, authority, url.target(parts))
        done = await http.get(self._vantage, opened.line, request, self._started_ns)
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
            protocol=done.step.protocol,
        )
        return msgspec.structs.replace(done.step, body=body_digest), done.message.body


def _no_response(outcome: str) -> HTTPStep:
    return HTTPStep(outcome, None, "", (), None, 0, 0, "", 0, 0, None)


def _warc_reason(truncated: str) -> str:
    return {"length": "length", "time": "time", "disconnect": "disconnect", "decode": "unspecified"}.get(
        truncated, ""
    )
