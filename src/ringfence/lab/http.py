"""A small HTTP/1.1 server protocol: keep-alive, GET, HEAD and POST, and what the border does to flows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from ringfence.lab import mark
from ringfence.lab.answers import Answer, Request, error, page_answer
from ringfence.lab.drip import drip, reset
from ringfence.lab.http2 import HTTP2Protocol
from ringfence.lab.site import Page

MAX_HEAD = 32_768
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


class HTTPProtocol(asyncio.Protocol):
    """One connection. ``modes`` gives the interference for a host name on this flow (none outside)."""

    def __init__(
        self,
        answer: Callable[[Request], Answer],
        *,
        secure: bool,
        inside: bool,
        modes: Callable[[str], frozenset[str]],
    ) -> None:
        self._answer = answer
        self._secure = secure
        self._inside = inside
        self._modes = modes
        self._buffer = b""
        self._skip = 0
        self._busy = False
        self._transport: asyncio.Transport | None = None
        self._drip: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands (after the handshake, if there is one)."""
        self._transport = cast(asyncio.Transport, transport)
        tls = transport.get_extra_info("ssl_object")
        if tls is not None and tls.selected_alpn_protocol() == "h2":
            other = HTTP2Protocol(self._answer, inside=self._inside, modes=self._modes)
            self._transport.set_protocol(other)
            other.connection_made(transport)

    def connection_lost(self, _: Exception | None) -> None:
        """The client left."""
        if self._drip is not None:
            self._drip.cancel()

    def data_received(self, data: bytes) -> None:
        """Some of the stream: requests, one after the other."""
        self._buffer += data
        while not self._busy and self._transport is not None:
            if self._skip:  # a POST's body is read and forgotten
                cut = min(self._skip, len(self._buffer))
                self._buffer = self._buffer[cut:]
                self._skip -= cut
                if self._skip:
                    return
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(self._buffer) > MAX_HEAD:
                    self._transport.close()
                return
            head, self._buffer = self._buffer[:end], self._buffer[end + 4 :]
            self._one(head)

    def _one(self, head: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        fields = {
            name.strip().lower(): value.strip()
            for name, colon, value in (line.partition(":") for line in lines[1:])
            if colon
        }
        if len(words) != 3 or not words[1].startswith("/") or "host" not in fields:
            self._send(error(HTTPStatus.BAD_REQUEST), keep=False, head_only=False)
            return
        length = fields.get("content-length", "0")
        self._skip = int(length) if length.isdigit() else 0
        host = fields["host"].rsplit(":", 1)[0].lower().rstrip(".")
        keep = fields.get("connection", "").lower() != "close" and words[2] == "HTTP/1.1"
        request = Request(
            words[0], host, words[1], self._secure, self._inside,
            "gzip" in fields.get("accept-encoding", ""),
        )  # fmt: skip
        self._interfere(request, self._modes(host), keep)

    def _interfere(self, request: Request, modes: frozenset[str], keep: bool) -> None:
        assert self._transport is not None  # noqa: S101
        if "http.reset" in modes:
            reset(self._transport)
        elif "http.eof" in modes:
            self._transport.close()
        elif "http.timeout" in modes:
            self._busy = True
        elif "http.blockpage" in modes and not self._secure:
            # Only plain HTTP can be answered by somebody else.
            self._send(block_page(), keep=False, head_only=request.method == "HEAD")
        else:
            answer = self._answer(request)
            throttled = "http.throttled" in modes
            self._send(answer, keep=keep, head_only=request.method == "HEAD", throttled=throttled)

    def _send(self, answer: Answer, *, keep: bool, head_only: bool, throttled: bool = False) -> None:
        assert self._transport is not None  # noqa: S101
        lines = [f"HTTP/1.1 {answer.status} {_PHRASES.get(answer.status, 'Unknown')}", "Server: nginx"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        lines += [f"{mark.HEADER[0]}: {mark.HEADER[1]}", f"Content-Length: {len(answer.body)}"]
        lines += ["Connection: keep-alive" if keep else "Connection: close", "", ""]
        head = "\r\n".join(lines).encode("latin-1")
        if throttled and answer.body and not head_only:
            self._busy = True
            self._transport.write(head)
            self._drip = asyncio.get_running_loop().create_task(drip(self._transport, answer.body))
            return
        self._transport.write(head if head_only else head + answer.body)
        if not keep:
            self._transport.close()


def block_page() -> Answer:
    """The page that an interfering middlebox puts in a site's place; it does not name who ordered it."""
    body = (
        "<html><head><title>Notice</title></head><body><h1>Access denied</h1>"
        "<p>This page cannot be displayed. 该网页无法访问。</p></body></html>"
    )
    return page_answer(Page(body, status=403))
