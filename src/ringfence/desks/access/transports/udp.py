"""Questions as datagrams: two tries, and TCP where an answer is cut."""

from __future__ import annotations

import asyncio
import socket
from typing import Final

import dns.flags
import dns.message

from ringfence.desks.access.transports import stream
from ringfence.desks.access.transports.reply import MAX_MESSAGE, TIMEOUT, Reply, failed, read
from ringfence.evidence.resolver import Resolver
from ringfence.evidence.vantage import Vantage

TRIES: Final = 2

Queries = tuple[dns.message.QueryMessage, ...]


async def ask(vantage: Vantage, resolver: Resolver, queries: Queries) -> list[Reply]:
    """The replies in the order of the questions. The first answer that fits is taken, as a visitor's
    machine would; datagrams that answer nothing asked are passed over."""
    found: dict[int, Reply] = {}
    why = ""
    try:
        with _socket(vantage, resolver) as sock:
            for _ in range(TRIES):
                try:
                    async with asyncio.timeout(vantage.timeout_ms / 1000 / (TRIES + 1)):
                        await _try(sock, queries, found)
                    break
                except TimeoutError:
                    continue
    except OSError as error:
        why = f"the resolver cannot be reached: {error.strerror}"
    cut = tuple(
        query
        for number, query in enumerate(queries)
        if number in found and (message := found[number].message) and message.flags & dns.flags.TC
    )
    if cut:
        whole = await stream.ask(vantage, resolver.over_tcp(), cut)
        found.update({queries.index(query): reply for query, reply in zip(cut, whole, strict=True)})
    missing = failed(why) if why else TIMEOUT
    return [found.get(number, missing) for number in range(len(queries))]


async def _try(sock: socket.socket, queries: Queries, found: dict[int, Reply]) -> None:
    loop = asyncio.get_running_loop()
    for number, query in enumerate(queries):
        if number not in found:
            await loop.sock_sendall(sock, query.to_wire())
    while len(found) < len(queries):
        wire = await loop.sock_recv(sock, MAX_MESSAGE)
        for number, query in enumerate(queries):
            if number not in found and (reply := read(query, wire)) is not None:
                found[number] = reply
                break


def _socket(vantage: Vantage, resolver: Resolver) -> socket.socket:
    """A socket of its own for each host: a new source port is half of what makes forging an answer hard."""
    family = socket.AF_INET6 if ":" in resolver.host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        if vantage.source and (":" in vantage.source) == (":" in resolver.host):
            sock.bind((vantage.source, 0))
        sock.connect((resolver.host, resolver.port))
    except OSError:
        sock.close()
        raise
    return sock
