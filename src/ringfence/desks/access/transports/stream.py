"""Questions over TCP (RFC 7766) and over TLS (DoT, RFC 7858), through the vantage's proxy if it has one."""

from __future__ import annotations

import asyncio
import ssl
import struct

import dns.message
from python_socks import ProxyError

from ringfence.desks.access.connect import Stream, close, open_stream
from ringfence.desks.access.tls import context
from ringfence.desks.access.transports.reply import TIMEOUT, Reply, failed, read
from ringfence.evidence.resolver import Resolver
from ringfence.evidence.vantage import Vantage

Queries = tuple[dns.message.QueryMessage, ...]


async def ask(vantage: Vantage, resolver: Resolver, queries: Queries) -> list[Reply]:
    """The replies in the order of the questions, which are all sent at once. A server that closes after
    one answer is asked again for the rest. Raises `OutsideError` where the vantage's proxy is not there."""
    found: dict[int, Reply] = {}
    missing = TIMEOUT
    try:
        async with asyncio.timeout(vantage.timeout_ms / 1000):
            while len(found) < len(queries):
                before = len(found)
                opened = await opened_stream(vantage, resolver)
                try:
                    await _on(opened, queries, found)
                finally:
                    await close(opened)
                if len(found) == before:
                    missing = failed("the resolver ended the connection without an answer")
                    break
    except TimeoutError:
        pass
    except (OSError, ProxyError) as error:
        missing = failed(reason(error))
    return [found.get(number, missing) for number in range(len(queries))]


async def opened_stream(vantage: Vantage, resolver: Resolver, alpn: tuple[str, ...] = ("dot",)) -> Stream:
    """A connection to a resolver, with TLS unless it is asked over plain TCP. Its certificate must hold
    for the resolver's host. Raises `OSError`, `ProxyError`, `OutsideError`."""
    stream = await open_stream(vantage, resolver.place, resolver.port)
    if resolver.transport == "tcp":
        return stream
    try:
        await stream[1].start_tls(context(vantage.ca_file, True, alpn), server_hostname=resolver.host)
    except BaseException:
        await close(stream)
        raise
    return stream


def reason(error: Exception) -> str:
    """Why a resolver could not be asked, in words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the resolver's certificate does not verify: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"the resolver speaks no TLS that we accept: {error.reason}"
    return f"the resolver cannot be reached: {getattr(error, 'strerror', None) or error}"


async def _on(opened: Stream, queries: Queries, found: dict[int, Reply]) -> None:
    reader, writer = opened
    asked = {number: query for number, query in enumerate(queries) if number not in found}
    wires = [query.to_wire() for query in asked.values()]
    writer.write(b"".join(struct.pack("!H", len(wire)) + wire for wire in wires))
    await writer.drain()
    while asked:
        try:
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            wire = await reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        for number, query in asked.items():
            if (reply := read(query, wire)) is not None:
                found[number] = reply
                del asked[number]
                break
        else:
            return  # an answer to nothing asked: this stream is not to be trusted further
