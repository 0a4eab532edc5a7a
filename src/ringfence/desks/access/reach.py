"""Reach: one address, with the steps TCP and TLS and, if they went well, a line to ask over."""

from __future__ import annotations

from contextlib import AsyncExitStack

import msgspec

from ringfence.desks.access import http
from ringfence.desks.access.connect import close, connect, forbidden
from ringfence.desks.access.limiter import Limiter
from ringfence.desks.access.seals import Seals
from ringfence.desks.access.tls import handshake
from ringfence.evidence.observation import Cross, TCPStep, TLSStep
from ringfence.evidence.vantage import Vantage

Key = tuple[str, str, int]  # scheme, host, port
_TLS_PORTS = (443, 853, 8443)


class Reached(msgspec.Struct, frozen=True):
    """The steps taken; ``line`` is None where they did not lead to an open connection."""

    tcp: tuple[TCPStep, ...]
    tls: TLSStep | None = None
    line: http.Line | None = None


async def reach(vantage: Vantage, key: Key, address: str, seals: Seals, held: AsyncExitStack) -> Reached:
    """Connect and, for https, shake hands; what is opened closes with ``held``. Where the certificate does
    not verify, a second connection is made without the check, and the first handshake's outcome stays."""
    scheme, host, port = key
    taken: list[TCPStep] = []
    failed: TLSStep | None = None
    for verify in (True, False):
        connected = await connect(vantage, address, port, seals.started_ns)
        held.push_async_callback(close, connected.stream)
        taken.append(connected.tcp)
        if connected.stream is None:
            return Reached(tuple(taken), failed)
        if scheme == "http":
            return Reached(tuple(taken), None, http.Line.over(connected.stream, ""))
        tls, chain = await handshake(vantage, connected.stream, host, seals.started_ns, verify=verify)
        tls = seals.chain(tls, chain, address, port)
        line = http.Line.over(connected.stream, tls.alpn) if tls.outcome == "ok" else None
        if failed is not None:
            # The chain that would not verify, under the outcome of the handshake that refused it.
            lying = msgspec.structs.replace(failed, chain=tls.chain, version=tls.version, alpn=tls.alpn)
            return Reached(tuple(taken), lying, line)
        if tls.outcome != "tls.cert":
            return Reached(tuple(taken), tls, line)
        await close(connected.stream)
        failed = tls
    raise AssertionError("unreachable")


async def cross_check(
    vantage: Vantage, host: str, place: tuple[str, int], seals: Seals, limiter: Limiter
) -> Cross:
    """Connect to an address and port that the other side saw for a host, and shake hands where the port
    speaks TLS; nothing is asked for. What may not be fetched is ``tcp.forbidden``, and nothing is sent."""
    address, port = place
    if not vantage.may_fetch(address):
        return Cross(host, forbidden(address, port, seals.started_ns), None)
    async with limiter.use(address):
        connected = await connect(vantage, address, port, seals.started_ns)
        try:
            if connected.stream is None or port not in _TLS_PORTS:
                return Cross(host, connected.tcp, None)
            tls, chain = await handshake(vantage, connected.stream, host, seals.started_ns, verify=True)
        finally:
            await close(connected.stream)
    return Cross(host, connected.tcp, seals.chain(tls, chain, address, port))
