"""HTTP/2 on one connection (RFC 9113), one request at a time.

What is kept is the response as HTTP/1.1 would have sent it: the head in that form, the body as it was
sent, content coding and all, without frames. So a replay reads both versions alike.

A server may send what it likes; it is held to the limits of every response (time, bytes from the wire,
bytes of a head), and to a number of frames, since the smallest cost us far more than they cost it.
"""

from __future__ import annotations

from typing import Final

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings

from ringfence.desks.access.request import Request
from ringfence.evidence.message import MAX_HEAD, MAX_WIRE, BadMessageError, ResponseReader

MAX_FRAMES: Final = 20_000  # for one response; 2 MiB in frames of a hundred bytes
MAX_IDLE: Final = 500  # frames that bring nothing of the response, such as SETTINGS and PING
_KIND: Final = 3  # where a frame says what it is
_SETTINGS: Final = 4
_FORBIDDEN: Final = frozenset(b"\r\n\0")


class HTTP2:
    """See `http.Talk`."""

    name: Final = "h2"

    def __init__(self) -> None:
        config = h2.config.H2Configuration(client_side=True, header_encoding=None)
        self._connection = h2.connection.H2Connection(config)
        self._connection.local_settings = h2.settings.Settings(
            client=True,
            initial_values={
                h2.settings.SettingCodes.ENABLE_PUSH: 0,
                h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: MAX_WIRE,
                h2.settings.SettingCodes.MAX_HEADER_LIST_SIZE: MAX_HEAD,
            },
        )
        self._connection.initiate_connection()
        self._connection.increment_flow_control_window(MAX_WIRE)
        self._stream = 0
        self._frames = self._idle = 0
        self._leaving = False
        self._greeting = b""
        self.ended = ""

    @property
    def again(self) -> bool:
        """Not after GOAWAY."""
        return not self._leaving

    def ask(self, request: Request) -> bytes:
        """The frames that ask, with the connection's preface before the first."""
        connection = self._connection
        self._frames = self._idle = 0
        self.ended = ""
        try:
            self._stream = connection.get_next_available_stream_id()
            pseudo = [
                (":method", "GET"),
                (":authority", request.authority),
                (":scheme", request.scheme),
                (":path", request.target),
            ]
            fields = [(name.lower(), value) for name, value in request.headers]
            connection.send_headers(self._stream, pseudo + fields, end_stream=True)
        except h2.exceptions.ProtocolError as error:
            # A kept connection that its server has meanwhile brought into a state that takes no request.
            raise ConnectionError(str(error)) from error
        return connection.data_to_send()

    def take(self, data: bytes, response: ResponseReader, kept: list[bytes]) -> bytes:
        """Reads frames. Raises `BadMessageError` for what is no HTTP/2, or too much of it."""
        if not data:
            return b""
        self._greet(data)
        try:
            for event in self._connection.receive_data(data):
                self._count(event)
                if getattr(event, "stream_id", self._stream) in (self._stream, 0, None):
                    self._one(event, response, kept)
        except h2.exceptions.ProtocolError as error:
            if not response.started:
                raise BadMessageError(f"no HTTP/2 response: {error}") from error
            response.broken = True
        return self._connection.data_to_send()

    def _greet(self, data: bytes) -> None:
        """A server's first frame is SETTINGS (RFC 9113 section 3.4); anything else is another protocol, and
        read as a frame it could keep us waiting for megabytes."""
        if len(self._greeting) < _KIND + 1:
            self._greeting += data[: _KIND + 1]
            if len(self._greeting) > _KIND and self._greeting[_KIND] != _SETTINGS:
                raise BadMessageError("no HTTP/2: the first frame is not SETTINGS")

    def _count(self, event: h2.events.Event) -> None:
        self._frames += 1
        bringing = isinstance(event, h2.events.DataReceived) and event.flow_controlled_length
        self._idle += 0 if bringing else 1
        if self._frames > MAX_FRAMES or self._idle > MAX_IDLE:
            raise h2.exceptions.DenialOfServiceError("too many frames")

    def _one(self, event: h2.events.Event, response: ResponseReader, kept: list[bytes]) -> None:
        if isinstance(event, h2.events.ResponseReceived):
            head = _head(event.headers or [])
            kept.append(head)
            response.feed(head)
        elif isinstance(event, h2.events.DataReceived):
            if event.flow_controlled_length:
                self._connection.acknowledge_received_data(event.flow_controlled_length, self._stream)
            if event.data and not (response.full or response.broken):
                kept.append(event.data)
                response.feed(event.data)
        elif isinstance(event, h2.events.StreamEnded):
            if not response.complete:
                response.feed(b"")
        elif isinstance(event, h2.events.StreamReset):
            # Reset by us, where what came for the stream cannot be right.
            self.ended = "http.reset" if event.remote_reset else "http.protocol"
        elif isinstance(event, h2.events.ConnectionTerminated):
            self._leaving = True
            if (event.last_stream_id or 0) < self._stream:
                self.ended = "http.eof"


def _head(headers: list[tuple[bytes, bytes]]) -> bytes:
    status, lines = b"", []
    for name, value in headers:
        # A field that would end its line could write a response of its own into what is kept.
        if not _FORBIDDEN.isdisjoint(name) or not _FORBIDDEN.isdisjoint(value):
            raise h2.exceptions.ProtocolError("a line break in a header")
        if name == b":status":
            status = value
        elif not name.startswith(b":"):
            lines.append(name + b": " + value + b"\r\n")
    return b"HTTP/1.1 " + status + b" \r\n" + b"".join(lines) + b"\r\n"
