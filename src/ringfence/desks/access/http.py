"""The HTTP step: one GET over an open connection, under hard limits on time and size.

HTTP/1.1 and HTTP/2 differ in how bytes become a response and in nothing else: `http1` and `http2`
read, this file says what came of it.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from time import perf_counter_ns
from typing import Final, Protocol

import msgspec

from ringfence import __version__
from ringfence.core.time import now
from ringfence.desks.access.connect import Stream
from ringfence.desks.access.http1 import HTTP1
from ringfence.desks.access.http2 import HTTP2
from ringfence.desks.access.progress import Progress, trickled
from ringfence.desks.access.request import Request
from ringfence.evidence.message import MAX_WIRE, BadMessageError, Message, ResponseReader
from ringfence.evidence.observation import HTTPStep
from ringfence.evidence.vantage import Vantage

USER_AGENT = f"Mozilla/5.0 (compatible; Ringfence/{__version__}; supervision research)"
_PIECE: Final = 16_384  # bytes read at once: what a flood of small frames may cost before it is counted


class Talk(Protocol):
    """One protocol on one connection."""

    @property
    def name(self) -> str:
        """The protocol's name in ALPN (RFC 7301)."""

    def ask(self, request: Request) -> bytes:
        """The bytes that ask for it."""

    def take(self, data: bytes, response: ResponseReader, kept: list[bytes]) -> bytes:
        """Feed what arrived into a response; empty bytes mean the server closed. Adds the bytes to keep,
        as HTTP/1.1, and returns what to send back. Raises `BadMessageError`."""

    @property
    def ended(self) -> str:
        """The outcome word if the server ended this response by itself, else empty."""

    @property
    def again(self) -> bool:
        """Whether the connection can carry another request after a whole response."""


class Line(msgspec.Struct):
    """An open connection and the protocol spoken on it."""

    stream: Stream
    talk: Talk

    @classmethod
    def over(cls, stream: Stream, alpn: str) -> Line:
        """The line for what a handshake agreed on (empty: HTTP/1.1)."""
        return cls(stream, HTTP2() if alpn == "h2" else HTTP1())


class Exchanged(msgspec.Struct):
    """The step, the request and response to keep, and whether the connection may be used again."""

    step: HTTPStep
    request: bytes
    response: bytes
    message: Message | None
    at: datetime
    reusable: bool


def page_request(vantage: Vantage, scheme: str, authority: str, target: str) -> Request:
    """The request for a page, as a browser of the vantage would word it; it names us."""
    return Request(
        scheme,
        authority,
        target,
        (
            ("User-Agent", USER_AGENT),
            ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
            ("Accept-Language", vantage.accept_language),
            ("Accept-Encoding", "gzip"),
        ),
    )


async def get(vantage: Vantage, line: Line, request: Request, started_ns: int) -> Exchanged:
    """Ask for one target. Never raises for what a server does: the outcome word says it."""
    reader, writer = line.stream
    talk = line.talk
    at, begin = now(), perf_counter_ns()
    parts: list[bytes] = []  # of the response, to keep
    wire = 0
    first_byte: int | None = None
    response, progress = ResponseReader(), Progress()
    outcome, truncated = "ok", ""
    data = b"-"
    try:
        async with asyncio.timeout(vantage.timeout_ms / 1000):
            writer.write(talk.ask(request))
            await writer.drain()
            while not (response.complete or response.full or response.broken) and wire < MAX_WIRE:
                data = await reader.read(_PIECE)
                if data and first_byte is None:
                    first_byte = _since(begin)
                wire += len(data)
                reply = talk.take(data, response, parts)
                if response.started and data:
                    progress.add(_since(begin), response.received)
                if reply:
                    writer.write(reply)
                if talk.ended and not response.complete:
                    outcome = talk.ended
                    break
                if not data:
                    outcome = "ok" if response.complete else "http.eof"
                    break
            if response.broken and outcome == "ok":
                outcome = "http.protocol"
            elif not response.complete and not response.full and outcome == "ok":
                truncated = "length"
    except TimeoutError:
        slow = trickled(progress.samples(), _since(begin))
        outcome, truncated = "http.throttled" if slow else "http.timeout", "time"
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
    if message is not None and outcome in ("http.eof", "http.reset"):
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
        took_us=_since(begin),
        first_byte_us=first_byte,
        protocol=talk.name,
        progress=progress.samples(),
    )
    keep = message is not None and response.complete and talk.again
    keep = keep and message is not None and message.header("connection").lower() != "close"
    return Exchanged(step, request.to_bytes(), b"".join(parts), message, at, keep)


def _since(begin_ns: int) -> int:
    return (perf_counter_ns() - begin_ns) // 1000
