"""Ask a resolver questions over whatever carries them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Final

import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver

from ringfence.core.errors import OutsideError
from ringfence.desks.access.transports import doh, stream, udp
from ringfence.desks.access.transports.reply import Reply, failed
from ringfence.evidence.resolver import Resolver, Transport
from ringfence.evidence.vantage import Vantage

PAYLOAD: Final = 1232  # octets of a datagram that no network breaks up (DNS flag day 2020)

Queries = tuple[dns.message.QueryMessage, ...]
_ASK: Final[dict[Transport, Callable[[Vantage, Resolver, Queries], Awaitable[list[Reply]]]]] = {
    "udp": udp.ask,
    "tcp": stream.ask,
    "dot": stream.ask,
    "doh": doh.ask,
}


def resolver_of(vantage: Vantage) -> Resolver:
    """The vantage's resolver, or the system's first. Raises `OutsideError` where there is none and
    `InputError` for one that cannot be asked from there."""
    vantage.check()
    return _carried(vantage, _system() if vantage.resolver is None else Resolver.from_text(vantage.resolver))


def others_of(vantage: Vantage) -> tuple[Resolver, ...]:
    """The further resolvers that the vantage compares with. Raises `InputError` as `resolver_of` does."""
    return tuple(_carried(vantage, Resolver.from_text(text)) for text in vantage.resolvers)


async def ask(
    vantage: Vantage, resolver: Resolver, name: str, kinds: tuple[dns.rdatatype.RdataType, ...]
) -> list[Reply]:
    """The replies for several types of one name, in their order. Raises `OutsideError` where the
    vantage's proxy is not there."""
    try:
        queries = tuple(_query(resolver, name, kind, edns=True) for kind in kinds)
    except dns.exception.DNSException as error:
        return [failed(f"no name that can be asked for: {error}")] * len(kinds)
    replies = await _ASK[resolver.transport](vantage, resolver, queries)
    # A resolver older than EDNS (RFC 6891 section 7) is asked again in the way it knows.
    old = [n for n, reply in enumerate(replies) if reply.message and reply.message.rcode() in _NO_EDNS]
    if old:
        plain = tuple(_query(resolver, name, kinds[n], edns=False) for n in old)
        again = await _ASK[resolver.transport](vantage, resolver, plain)
        for n, reply in zip(old, again, strict=True):
            replies[n] = reply
    return replies


_NO_EDNS: Final = (dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS)


def _query(
    resolver: Resolver, name: str, kind: dns.rdatatype.RdataType, *, edns: bool
) -> dns.message.QueryMessage:
    # RFC 8484 section 4.1: over HTTPS the id is 0, so that caches see equal questions as equal.
    number = 0 if resolver.transport == "doh" else None
    if edns:
        return dns.message.make_query(name, kind, use_edns=0, payload=PAYLOAD, id=number)
    return dns.message.make_query(name, kind, use_edns=False, id=number)


def _carried(vantage: Vantage, resolver: Resolver) -> Resolver:
    # A proxy carries streams only, and a resolver asked past it would be asked from here.
    return resolver.over_tcp() if vantage.proxy and resolver.transport == "udp" else resolver


@cache
def _system() -> Resolver:
    try:
        found = dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration as error:
        raise OutsideError(
            "this system has no DNS resolver configured", hint="name one in the vantage: resolver = '…'"
        ) from error
    return Resolver("udp", str(found.nameservers[0]), found.port)
