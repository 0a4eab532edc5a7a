"""An HTTP response as sent, and its body decoded under hard limits.

The same function reads a response from the wire and from a capture, so a replay sees exactly
what the instrument saw.
"""

from __future__ import annotations

import contextlib
import zlib
from typing import Any, Final

import h11
import msgspec

from ringfence.core.errors import RingfenceError

MAX_BODY: Final = 3 << 20  # decoded bytes kept; what follows is cut and said so
MAX_WIRE: Final = 2 << 20  # bytes read from the network for one response
MAX_HEAD: Final = 64 << 10


class BadMessageError(RingfenceError):
    """The bytes are no HTTP/1.1 response."""


class Message(msgspec.Struct, frozen=True):
    """A response. ``headers`` as sent, names in lower case; ``cut`` is empty or says why the body is not
    whole (``length``: our limit, ``decode``: bad compressed data, ``disconnect``: the server stopped)."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    cut: str

    def header(self, name: str) -> str:
        """The first value of a header, or an empty text."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def content_type(self) -> str:
        """The Content-Type header."""
        return self.header("content-type")


class ResponseReader:
    """Feeds h11 with bytes as they come; knows when the response is ``complete``, or ``broken``: framed
    so badly after a good head that nothing which follows can be read."""

    def __init__(self, method: str = "GET") -> None:
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)
        # h11 wants to have seen our request before it reads a response.
        self._h11.send(h11.Request(method=method, target="/", headers=[("Host", "-")]))
        self._h11.send(h11.EndOfMessage())
        self._decoder: _Decoder | None = None
        self._head: h11.Response | None = None
        self.complete = False
        self.broken = False
        self.received = 0  # bytes of the body as sent, framing apart

    @property
    def started(self) -> bool:
        """Whether the head of the response has arrived."""
        return self._head is not None

    @property
    def full(self) -> bool:
        """Whether nothing more of the body would be kept: its limit is reached, or it cannot be decoded."""
        return self._decoder is not None and bool(self._decoder.cut)

    def feed(self, data: bytes) -> None:
        """Take bytes from the wire; empty bytes mean the server closed. Raises `BadMessageError`."""
        try:
            self._h11.receive_data(data)
            while True:
                event = self._h11.next_event()
                if isinstance(event, h11.Response):
                    self._head = event
                    headers = dict(event.headers)
                    self._decoder = _Decoder(headers.get(b"content-encoding", b"").decode("latin-1"))
                elif isinstance(event, h11.Data) and self._decoder:
                    self.received += len(event.data)
                    self._decoder.feed(bytes(event.data))
                elif isinstance(event, h11.EndOfMessage):
                    self.complete = True
                    return
                elif event is h11.NEED_DATA or event is h11.PAUSED or isinstance(event, h11.ConnectionClosed):
                    return
        except h11.RemoteProtocolError as error:
            if self._head is None:
                raise BadMessageError(f"no HTTP response: {error}") from error
            self.broken = True  # the head was good: keep it, and say that the body is not whole

    def message(self) -> Message:
        """What has arrived so far. Raises `BadMessageError` if not even a head has."""
        if self._head is None or self._decoder is None:
            raise BadMessageError("no HTTP response: the connection ended before its head")
        return Message(
            status=self._head.status_code,
            reason=self._head.reason.decode("latin-1"),
            headers=tuple(
                (name.decode("latin-1").lower(), value.decode("latin-1"))
                for name, value in self._head.headers.raw_items()
            ),
            body=self._decoder.body(),
            cut=self._decoder.cut or (self._decoder.end() if self.complete else "disconnect"),
        )


def parse_response(raw: bytes) -> Message:
    """Parse a response captured as sent. Raises `BadMessageError`."""
    reader = ResponseReader()
    reader.feed(raw)
    if not reader.complete:
        reader.feed(b"")
    return reader.message()


class _Decoder:
    """Undoes gzip and deflate up to `MAX_BODY` bytes: a bomb costs no more memory than that.

    The result depends on the bytes alone and never on how the network cut them into pieces, since a
    replay reads them in one piece.
    """

    def __init__(self, encoding: str) -> None:
        self.cut = ""
        self._parts: list[bytes] = []
        self._size = 0
        self._encoding = encoding.strip().lower().removeprefix("x-")
        self._inflate: Any = None
        self._pending = b""  # too few bytes to tell how to go on
        self._members = 0
        self._over = False

    def feed(self, data: bytes) -> None:
        if self.cut or self._over:
            return
        if self._encoding not in ("gzip", "deflate"):
            self._keep(data)
            return
        data = self._pending + data
        self._pending = b""
        while data and not self.cut and not self._over:
            if self._inflate is None:
                if len(data) < 2:
                    self._pending = data
                    return
                self._start(data)
            else:
                data = self._unpack(data)

    def end(self) -> str:
        """Why the body is not whole although the message is: its compressed data end too soon."""
        return "decode" if self._inflate is not None or (self._pending and not self._members) else ""

    def body(self) -> bytes:
        return b"".join(self._parts)

    def _start(self, data: bytes) -> None:
        if self._members and not data.startswith(b"\x1f\x8b"):
            self._over = True  # padding after the last member, which browsers ignore as well
            return
        # "deflate" is sent with the zlib header that RFC 9110 asks for, and without.
        bare = self._encoding == "deflate" and ((data[0] & 15) != 8 or int.from_bytes(data[:2], "big") % 31)
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)

    def _unpack(self, data: bytes) -> bytes:
        """Decode some of a member; returns what follows it."""
        before = self._inflate.copy()
        try:
            self._keep(self._inflate.decompress(data, MAX_BODY - self._size + 1))
        except zlib.error:
            # What was decoded before the fault is kept, to the byte.
            with contextlib.suppress(zlib.error):
                for byte in data:
                    self._keep(before.decompress(bytes((byte,)), MAX_BODY - self._size + 1))
                    if self.cut:
                        return b""
            self.cut = "decode"
            return b""
        if not self._inflate.eof:
            return b""
        rest: bytes = self._inflate.unused_data
        self._inflate = None
        self._members += 1
        self._over = self._encoding == "deflate"
        return rest

    def _keep(self, data: bytes) -> None:
        room = MAX_BODY - self._size
        if len(data) > room:
            self.cut = "length"
            data = data[:room]
        self._parts.append(data)
        self._size += len(data)
