"""Observation: what an instrument saw, when, from which vantage; its bytes sealed by SHA-256.

An observation is a session at one vantage: a list of exchanges, each a list of hops (one per
redirect), each hop the separate steps DNS → TCP → TLS → HTTP with their own timing and
outcome word. Times within an observation are integer microseconds from ``started``.

Records are hashed, so a field added later stands last, has an empty default, and is left out of
the record where it is empty: an older record decodes, and is written again to the same bytes.
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


def _null() -> None:
    # ``message`` was written as null from the first version on: a default that is made, not given, is
    # never left out.
    return None


class DNSStep(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a resolver answered for A and AAAA. ``message`` names the sealed wire answers.

    ``transport`` is udp (and TCP where an answer is cut), tcp, dot or doh, and empty in records from
    before it was kept. ``ede`` holds the extended errors (RFC 8914) as (code, text). ``why`` says in
    words why no readable answer came.
    """

    outcome: str
    resolver: str
    answers: tuple[DNSAnswer, ...]
    addresses: tuple[str, ...]
    at_us: int
    took_us: int
    message: str | None = msgspec.field(default_factory=_null)
    transport: str = ""
    ede: tuple[tuple[int, str], ...] = ()
    why: str = ""


class TCPStep(msgspec.Struct, frozen=True):
    """One connection attempt to one address; ``port`` as the world names it."""

    outcome: str
    address: str
    port: int
    at_us: int
    took_us: int


class TLSStep(msgspec.Struct, frozen=True, omit_defaults=True):
    """One handshake. ``verified`` is True only if the chain is trusted *for this name*; ``alpn`` is the
    protocol agreed on, empty if none was."""

    outcome: str
    server_name: str
    version: str | None
    verified: bool
    why: str
    chain: tuple[str, ...]
    at_us: int
    took_us: int
    alpn: str = ""


class HTTPStep(msgspec.Struct, frozen=True, omit_defaults=True):
    """One response. ``body`` is the digest of the decoded body, ``wire_bytes`` its length as sent;
    ``truncated`` says that a limit, not the server, ended it.

    ``protocol`` is ``http/1.1`` or ``h2``, and empty in records from before it was kept. ``progress``
    samples the transfer as (microseconds since the request, bytes of the body as sent so far), from the
    end of the head on: what tells a slow transfer from one that stopped.
    """

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
    protocol: str = ""
    progress: tuple[tuple[int, int], ...] = ()


class Hop(msgspec.Struct, frozen=True, omit_defaults=True):
    """One request of an exchange with its layers; a layer that was not reached is None.

    ``other_dns`` is what the vantage's further resolvers said of the same host: compared, never used.
    """

    url: str
    host: str
    port: int
    dns: DNSStep | None
    tcp: tuple[TCPStep, ...]
    tls: TLSStep | None
    http: HTTPStep | None
    other_dns: tuple[DNSStep, ...] = ()


class Exchange(msgspec.Struct, frozen=True):
    """A URL asked for, the hops that followed, and where it ended. ``role`` says what it was wanted
    for: landing, page, favicon or asset."""

    url: str
    role: str
    hops: tuple[Hop, ...]
    outcome: str
    stage: Stage | None


class Cross(msgspec.Struct, frozen=True):
    """An address that the other side saw for a host, connected to from here: TCP, and TLS where the port
    speaks it. Nothing is asked for over it."""

    host: str
    tcp: TCPStep
    tls: TLSStep | None


class Observation(msgspec.Struct, frozen=True, omit_defaults=True):
    """See the module. ``capture`` is the digest of the WARC file that holds the bytes; ``cross`` the
    checks of addresses that the other side saw."""

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
    cross: tuple[Cross, ...] = ()
