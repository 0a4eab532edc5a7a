"""Health: whether anything can be said from a vantage at all.

A dead vantage sees every site down. Nothing here asks about a site: the resolver is asked for the
name servers of the root, and the routes are this machine's own knowledge.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Final
from urllib.parse import urlsplit

import dns.rdatatype
import msgspec

from ringfence.core.errors import OutsideError
from ringfence.desks.access.ask import ask, resolver_of
from ringfence.evidence.vantage import Vantage

_FAR: Final = ("198.41.0.4", "2001:503:ba3e::2:30")  # a.root-servers.net; nothing is sent there


class Health(msgspec.Struct, frozen=True):
    """``why`` is empty for a vantage that works, else says in a sentence what does not.

    ``resolver`` says whether it answered anything, ``proxy`` whether it takes connections (None where
    there is none), ``ipv4`` and ``ipv6`` whether there is a route (None behind a proxy, whose routes
    cannot be seen from here).
    """

    vantage: str
    resolver: bool
    proxy: bool | None
    ipv4: bool | None
    ipv6: bool | None
    why: str

    @property
    def alive(self) -> bool:
        """Whether a failure seen from here can be a site's."""
        return not self.why


async def health(vantage: Vantage) -> Health:
    """Try a vantage's proxy, routes and resolver. Raises `InputError` for a resolver that cannot be asked
    from there, and `OutsideError` where this system has none."""
    resolver = resolver_of(vantage)
    proxy = await _listens(vantage) if vantage.proxy else None
    ipv4, ipv6 = (None, None) if vantage.proxy else _routes(vantage)
    if proxy is False:
        return Health(vantage.name, False, proxy, ipv4, ipv6, "its proxy takes no connections")
    try:
        (reply,) = await ask(vantage, resolver, ".", (dns.rdatatype.NS,))
    except OutsideError as error:
        return Health(vantage.name, False, False, ipv4, ipv6, error.message)
    why = ""
    if reply.message is None:
        why = f"its resolver {resolver.to_text()} does not answer: {reply.why}"
    elif ipv4 is False and ipv6 is False:
        why = "it has no route to anywhere, by IPv4 or IPv6"
    return Health(vantage.name, reply.message is not None, proxy, ipv4, ipv6, why)


def _routes(vantage: Vantage) -> tuple[bool, bool]:
    """Whether the kernel knows a way, by family, from the vantage's source address if it has one. A
    laboratory's world is what the vantage allows."""
    near = [network.split("/")[0] for network in vantage.allow]
    world = near if vantage.laboratory else list(_FAR)
    found = {family: any(_route(vantage, place) for place in world if (":" in place) == family)
             for family in (False, True)}  # fmt: skip
    return found[False], found[True]


def _route(vantage: Vantage, place: str) -> bool:
    six = ":" in place
    try:
        with socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM) as sock:
            if vantage.source and (":" in vantage.source) == six:
                sock.bind((vantage.source, 0))
            sock.connect((place, 53))  # a datagram socket: this asks for a route and sends nothing
    except OSError:
        return False
    return True


async def _listens(vantage: Vantage) -> bool:
    parts = urlsplit(vantage.proxy or "")
    try:
        async with asyncio.timeout(vantage.timeout_ms / 1000):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port or 1080)
    except (OSError, ValueError):
        return False
    writer.transport.abort()
    return True
