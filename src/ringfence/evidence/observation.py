"""Observation: what an instrument saw, when, from which vantage; its bytes sealed by SHA-256.

An observation is a session at one vantage: a list of exchanges, each a list of hops (one per
redirect), each hop the separate steps DNS → TCP → TLS → HTTP with their own timing and
outcome word. Times within an observation are integer microseconds from ``started``.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Stage = Literal["dns", "tcp", "tls", "http"]

# The outcome vocabulary is fixed (docs/method/access.md); an outcome outside it is a bug.
OUTCOMES = frozenset(
    """ok dns.nxdomain dns.nodata dns.servfail dns.refused dns.timeout dns.bogon dns.hijack dns.blockpage
    tcp.refused tcp.timeout tcp.unreachable tcp.forbidden tls.reset tls.eof tls.timeout tls.cert
    http.blockpage http.diff http.reset http.eof http.timeout http.throttled http.challenge http.redirect
    http.geoblock http.protocol control.failed""".split()
)


class DNSAnswer(msgspec.Struct, frozen=True):
    """One resource record as received: ``type`` A, AAAA or CNAME; TTL in seconds."""

    name: str
    type: str
    ttl: int
    data: str


class DNSStep(msgspec.Struct, frozen=True):
    """What the vantage's resolver answered for A and AAAA. ``message`` names the sealed wire answers."""

    outcome: str
    resolver: str
    answers: tuple[DNSAnswer, ...]
    addresses: tuple[str, ...]
    at_us: int
    took_us: int
    message: str | None = None


class TCPStep(msgspec.Struct, frozen=True):
    """One connection attempt to one address; ``port`` as the world names it."""

    outcome: str
    address: str
    port: int
    at_us: int
    took_us: int


class TLSStep(msgspec.Struct, frozen=True):
    """One handshake. ``verified`` is True only if the chain is trusted *for this name*."""

    outcome: str
    server_name: str
    version: str | None
    verified: bool
    why: str
    chain: tuple[str, ...]
    at_us: int
    took_us: int


class HTTPStep(msgspec.Struct, frozen=True):
    """One response. ``body`` is the digest of the decoded body, ``wire_bytes`` its length as sent;
    ``truncated`` says that a limit, not the server, ended it."""

    outcome: str
    status: int | None
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: str | None
    body_bytes: int
    wire_bytes: int
    truncated: str
    at_us: int
    took_us: int
    first_byte_us: int | None


class Hop(msgspec.Struct, frozen=True):
    """One request of an exchange with its layers; a layer that was not reached is None."""

    url: str
    host: str
    port: int
    dns: DNSStep | None
    tcp: tuple[TCPStep, ...]
    tls: TLSStep | None
    http: HTTPStep | None


class Exchange(msgspec.Struct, frozen=True):
    """A URL asked for, the hops that followed, and where it ended. ``role`` says what it was wanted
    for: landing, page, favicon or asset."""

    url: str
    role: str
    hops: tuple[Hop, ...]
    outcome: str
    stage: Stage | None


class Observation(msgspec.Struct, frozen=True):
    """See the module. ``capture`` is the digest of the WARC file that holds the bytes."""

    subject: str
    instrument: str
    version: str
    vantage: str
    role: str
    country: str | None
    started: str
    took_us: int
    exchanges: tuple[Exchange, ...]
    capture: str
    laboratory: bool
