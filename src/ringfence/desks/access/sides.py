"""Sides: what the probe and the control each saw, layer by layer, whatever format it came in.

Both our own observations and OONI measurements are read into these; the judge knows nothing else.
Outcome words are those of `ringfence.evidence.observation.OUTCOMES`.
"""

from __future__ import annotations

import ipaddress
from functools import cached_property
from urllib.parse import urlsplit

import msgspec

Endpoint = tuple[str, int]  # address, port
ENCRYPTED = frozenset({"doh", "dot"})  # transports that nobody on the way can answer for
_CONCLUSIVE = frozenset({"dns.nxdomain", "dns.nodata"})


class Lookup(msgspec.Struct, frozen=True):
    """One resolver's answer for a name. ``engine`` is system, udp, tcp, dot or doh; ``networks`` maps
    addresses to AS numbers where they are known. ``read`` is False where no readable answer came: the
    resolver could not be reached, or sent nothing that is DNS."""

    engine: str
    outcome: str
    addresses: tuple[str, ...] = ()
    networks: dict[str, int] = {}
    read: bool = True

    @property
    def resolved(self) -> bool:
        """At least one address that can be meant for the world (the reader says which cannot)."""
        return self.outcome == "ok" and bool(self.addresses)

    @property
    def bogon(self) -> bool:
        """Addresses, and none that the whole world can reach."""
        return self.outcome == "dns.bogon"

    @property
    def says_no(self) -> bool:
        """A conclusive answer that there is no such name or no address: not a failure to answer."""
        return self.outcome in _CONCLUSIVE or (self.outcome == "ok" and not self.addresses)


class Attempt(msgspec.Struct, frozen=True):
    """A connection to an endpoint."""

    address: str
    port: int
    outcome: str


class Handshake(msgspec.Struct, frozen=True):
    """A TLS handshake at an endpoint for a name; ``ok`` only where the certificate verified for it."""

    address: str
    port: int
    name: str
    outcome: str


class Answer(msgspec.Struct, frozen=True):
    """A response as far as it came. ``length`` of the body in octets and ``title`` are None where they are
    not known; ``body`` is empty where it was not kept. ``rate`` is octets a second of the body."""

    outcome: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    length: int | None = None
    title: str | None = None
    address: str | None = None
    rate: int | None = None


class Step(msgspec.Struct, frozen=True, dict=True):
    """One hop: a URL and its layers. What was tried at addresses that only another resolver gave does
    not belong here: it is no visitor's experience (see ``Probe.handshakes``)."""

    url: str
    lookups: tuple[Lookup, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    handshakes: tuple[Handshake, ...] = ()
    answer: Answer | None = None

    @cached_property
    def host(self) -> str:
        """The host name or address of the URL."""
        return (urlsplit(self.url).hostname or "").rstrip(".")

    @cached_property
    def https(self) -> bool:
        """Whether the URL asks for TLS."""
        return self.url.lower().startswith("https:")

    @cached_property
    def system(self) -> Lookup | None:
        """What a visitor's resolver said; several lookups by it count as one."""
        own = [lookup for lookup in self.lookups if lookup.engine == "system"]
        own = own or [lookup for lookup in self.lookups if lookup.engine not in ENCRYPTED]
        return merged(own)

    @cached_property
    def encrypted(self) -> Lookup | None:
        """What resolvers said whom nobody on the way can answer for."""
        return merged([lookup for lookup in self.lookups if lookup.engine in ENCRYPTED])


class Probe(msgspec.Struct, frozen=True):
    """The inside. ``steps`` oldest first; ``network`` the AS number of the probe; ``handshakes`` all that
    were made, those at addresses of other resolvers too."""

    steps: tuple[Step, ...]
    network: int | None = None
    handshakes: tuple[Handshake, ...] = ()
    attempts: tuple[Attempt, ...] = ()


class Control(msgspec.Struct, frozen=True):
    """The outside. ``lookups`` by host; ``answer`` is the end of its redirects. ``outcome`` and ``stage``
    are those of the whole look: ok, or the first layer that failed."""

    outcome: str
    stage: str | None = None
    lookups: dict[str, Lookup] = {}
    attempts: dict[Endpoint, str] = {}
    handshakes: dict[Endpoint, str] = {}
    answer: Answer | None = None

    @property
    def healthy(self) -> bool:
        """Whether a response came from outside, whatever its status."""
        return self.outcome == "ok"


def merged(lookups: list[Lookup]) -> Lookup | None:
    """Several answers as one: ok if any is, with all their addresses; else the first failure."""
    good = [lookup for lookup in lookups if lookup.outcome == "ok" and lookup.addresses]
    if not good:
        # A missing AAAA is no failure of the name: a failure of A tells more.
        return next(iter(lookups), None)
    addresses = tuple(dict.fromkeys(address for lookup in good for address in lookup.addresses))
    networks = {address: asn for lookup in good for address, asn in lookup.networks.items()}
    return Lookup(good[0].engine, "ok", addresses, networks)


def is_global(address: str) -> bool:
    """Whether an address can be reached by the whole world."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return ip.is_global and not ip.is_multicast


def is_address(host: str) -> bool:
    """Whether a host is an address and no name."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
