"""The HTTP step: one GET over an open stream, under hard limits on time and size."""

from __future__ import annotations

import asyncio
from datetime import datetime
from time import perf_counter_ns

import msgspec

from ringfence import __version__
from ringfence.core.time import now
from ringfence.desks.access.connect import Stream
from ringfence.evidence.message import MAX_WIRE, BadMessageError, Message, ResponseReader
from ringfence.evidence.observation import HTTPStep
from ringfence.evidence.vantage import Vantage

USER_AGENT = f"Mozilla/5.0 (compatible; Ringfence/{__version__}; supervision research)"


class Exchanged(msgspec.Struct):
    """The step, the bytes that crossed the wire, and whether the connection may be used again."""

    step: HTTPStep
    request: bytes
    response: bytes
    message: Message | None
    at: datetime
    reusable: bool


async def get(vantage: Vantage, stream: Stream, authority: str, target: str, started_ns: int) -> Exchanged:
    """Ask for one target. Never raises for what a server does: the outcome word says it."""
    reader, writer = stream
    at, begin = now(), perf_counter_ns()
    request = (
        f"GET {target} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: {USER_AGENT}\r\n"
        "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"
        f"Accept-Language: {vantage.accept_language}\r\nAccept-Encoding: gzip\r\n\r\n"
    ).encode("ascii")
    parts: list[bytes] = []
    wire = 0
    first_byte: int | None = None
    response = ResponseReader()
    outcome, truncated = "ok", ""
    try:
        async with asyncio.timeout(vantage.timeout_ms / 1000):
            writer.write(request)
            await writer.drain()
            while not (response.complete or response.full or response.broken) and wire < MAX_WIRE:
                data = await reader.read(65536)
                if data and first_byte is None:
                    first_byte = (perf_counter_ns() - begin) // 1000
                if not data:
                    response.feed(b"")
                    if not response.complete:
                        outcome = "http.eof"
                    break
                parts.append(data)
                wire += len(data)
                response.feed(data)
            if response.broken and outcome == "ok":
                outcome = "http.protocol"
            elif not response.complete and not response.full and outcome == "ok":
                truncated = "length"
    except TimeoutError:
        outcome, truncated = ("http.throttled", "time") if response.started else ("http.timeout", "time")
    except (ConnectionError, OSError):
        outcome, truncated = "http.reset", "disconnect"
    except BadMessageError:
        # A head that was begun and never ended was cut; anything else is another protocol.
        begun = b"HTTP/".startswith(b"".join(parts)[:5])
        outcome = "http.eof" if begun and not data else "http.protocol"
    try:
        message = response.message()
    except BadMessageError:
        message = None
        if outcome == "ok":
            outcome = "http.protocol"
    if outcome == "http.eof" and message is not None:
        truncated = "disconnect"
    step = HTTPStep(
        outcome=outcome,
        status=message.status if message else None,
        reason=message.reason if message else "",
        headers=message.headers if message else (),
        body=None,
        body_bytes=len(message.body) if message else 0,
        wire_bytes=wire,
        truncated=truncated or (message.cut if message else ""),
        at_us=(begin - started_ns) // 1000,
        took_us=(perf_counter_ns() - begin) // 1000,
        first_byte_us=first_byte,
    )
    keep = message is not None and response.complete and message.header("connection").lower() != "close"
    return Exchanged(step, request, b"".join(parts), message, at, keep)
