"""Questions over HTTPS (DoH, RFC 8484): a GET each, on one connection, over HTTP/2 or HTTP/1.1."""

from __future__ import annotations

import asyncio
import base64
from time import perf_counter_ns

import dns.message
from python_socks import ProxyError

from ringfence.desks.access.connect import close
from ringfence.desks.access.http import USER_AGENT, Line, get
from ringfence.desks.access.request import Request
from ringfence.desks.access.tls import WEB
from ringfence.desks.access.transports.reply import TIMEOUT, Reply, failed, read
from ringfence.desks.access.transports.stream import opened_stream, reason
from ringfence.evidence.resolver import Resolver
from ringfence.evidence.vantage import Vantage

MEDIA_TYPE = "application/dns-message"
Queries = tuple[dns.message.QueryMessage, ...]


async def ask(vantage: Vantage, resolver: Resolver, queries: Queries) -> list[Reply]:
    """The replies in the order of the questions. Raises `OutsideError` where the vantage's proxy is not
    there."""
    replies: list[Reply] = []
    missing = TIMEOUT
    try:
        async with asyncio.timeout(vantage.timeout_ms / 1000):
            while len(replies) < len(queries):
                before = len(replies)
                await _on_one_connection(vantage, resolver, queries, replies)
                if len(replies) == before:
                    missing = failed("the resolver ended the connection without an answer")
                    break
    except TimeoutError:
        pass
    except (OSError, ProxyError) as error:
        missing = failed(reason(error))
    return replies + [missing] * (len(queries) - len(replies))


async def _on_one_connection(
    vantage: Vantage, resolver: Resolver, queries: Queries, replies: list[Reply]
) -> None:
    stream = await opened_stream(vantage, resolver, WEB)
    try:
        agreed = stream[1].get_extra_info("ssl_object").selected_alpn_protocol() or ""
        line = Line.over(stream, agreed)
        for query in queries[len(replies) :]:
            answer = await _get(vantage, resolver, line, query)
            if answer is None:
                return
            replies.append(answer[0])
            if not answer[1]:
                return
    finally:
        await close(stream)


async def _get(
    vantage: Vantage, resolver: Resolver, line: Line, query: dns.message.QueryMessage
) -> tuple[Reply, bool] | None:
    """The reply, and whether the connection can be used again; None where no response came."""
    asked = base64.urlsafe_b64encode(query.to_wire()).rstrip(b"=").decode("ascii")
    authority = resolver.authority.removesuffix(":443")
    fields = (("User-Agent", USER_AGENT), ("Accept", MEDIA_TYPE))
    request = Request("https", authority, f"{resolver.path}?dns={asked}", fields)
    done = await get(vantage, line, request, perf_counter_ns())
    if done.message is None:
        return (TIMEOUT, False) if done.step.outcome == "http.timeout" else None
    said = done.message
    if said.status != 200 or said.content_type.partition(";")[0].strip().lower() != MEDIA_TYPE:
        return failed(f"the resolver answered with HTTP status {said.status}"), done.reusable
    return read(query, said.body) or failed("the resolver's answer cannot be read"), done.reusable
