"""HTTP/2 for the sites of the laboratory that speak it: the same answers, and the same border.

A border cannot write into a connection that it cannot read: what it does to a flow inside TLS, it does
to the whole connection.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable
from typing import Final, cast

import h2.config
import h2.connection
import h2.events
import h2.exceptions

from ringfence.lab import mark
from ringfence.lab.answers import Answer, Request
from ringfence.lab.drip import DRIP_BYTES, DRIP_SECONDS, reset

_SHARE: Final = 3  # one site in so many


def alpn(host: str) -> tuple[str, ...]:
    """What a site agrees on: one in three speaks HTTP/2, the same ones in every run."""
    speaks = zlib.crc32(host.encode()) % _SHARE == 0
    return ("h2", "http/1.1") if speaks else ("http/1.1",)


class HTTP2Protocol(asyncio.Protocol):
    """One connection, after a handshake that agreed on ``h2``; see `http.HTTPProtocol` for what it takes."""

    def __init__(
        self,
        answer: Callable[[Request], Answer],
        *,
        inside: bool,
        modes: Callable[[str], frozenset[str]],
    ) -> None:
        self._answer = answer
        self._inside = inside
        self._modes = modes
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self._waiting: dict[int, bytes] = {}  # bodies, or what is left of them, by stream
        self._throttled = False
        self._drip: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands, its handshake done."""
        self._transport = cast(asyncio.Transport, transport)
        self._h2.initiate_connection()
        self._transport.write(self._h2.data_to_send())

    def connection_lost(self, _: Exception | None) -> None:
        """The client left."""
        if self._drip is not None:
            self._drip.cancel()

    def data_received(self, data: bytes) -> None:
        """Some frames."""
        assert self._transport is not None  # noqa: S101
        try:
            for event in self._h2.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    self._one(event)
                elif isinstance(event, h2.events.StreamReset):
                    self._waiting.pop(event.stream_id, None)
            self._push()
        except h2.exceptions.ProtocolError:
            self._transport.write(self._h2.data_to_send())
            self._transport.close()
            return
        self._transport.write(self._h2.data_to_send())

    def _one(self, event: h2.events.RequestReceived) -> None:
        assert self._transport is not None  # noqa: S101
        fields = {bytes(name).decode(): bytes(value).decode("latin-1") for name, value in event.headers or ()}
        host = fields.get(":authority", "").rsplit(":", 1)[0].lower().rstrip(".")
        modes = self._modes(host)
        if "http.reset" in modes:
            reset(self._transport)
        elif "http.eof" in modes:
            self._transport.close()
        elif "http.timeout" not in modes:
            packed = "gzip" in fields.get("accept-encoding", "")
            method, path = fields.get(":method", "GET"), fields.get(":path", "/")
            answer = self._answer(Request(method, host, path, True, self._inside, packed))
            self._throttled = "http.throttled" in modes
            self._send(event.stream_id, answer, head_only=method == "HEAD")

    def _send(self, stream: int, answer: Answer, *, head_only: bool) -> None:
        fields = [(":status", str(answer.status)), ("server", "nginx")]
        fields += [(name.lower(), value) for name, value in (*answer.headers, mark.HEADER)]
        fields.append(("content-length", str(len(answer.body))))
        body = b"" if head_only else answer.body
        self._h2.send_headers(stream, fields, end_stream=not body)
        if body:
            self._waiting[stream] = body
        if body and self._throttled:
            self._drip = asyncio.get_running_loop().create_task(self._trickle(stream))

    async def _trickle(self, stream: int) -> None:
        assert self._transport is not None  # noqa: S101
        while body := self._waiting.get(stream):
            self._h2.send_data(stream, body[:DRIP_BYTES], end_stream=len(body) <= DRIP_BYTES)
            self._waiting[stream] = body[DRIP_BYTES:]
            self._transport.write(self._h2.data_to_send())
            await asyncio.sleep(DRIP_SECONDS)

    def _push(self) -> None:
        """As much of each body as the client has room for."""
        if self._throttled:
            return
        for stream, body in list(self._waiting.items()):
            while body:
                room = min(self._h2.local_flow_control_window(stream), self._h2.max_outbound_frame_size)
                if room <= 0:
                    break
                self._h2.send_data(stream, body[:room], end_stream=len(body) <= room)
                body = body[room:]
            self._waiting[stream] = body
            if not body:
                del self._waiting[stream]
