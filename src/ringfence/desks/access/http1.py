"""HTTP/1.1 on one connection: the bytes of the wire are the bytes that are kept."""

from __future__ import annotations

from typing import Final

from ringfence.desks.access.request import Request
from ringfence.evidence.message import ResponseReader


class HTTP1:
    """See `http.Talk`."""

    name: Final = "http/1.1"
    ended: Final = ""
    again: Final = True

    def ask(self, request: Request) -> bytes:
        """The request as sent."""
        return request.to_bytes()

    def take(self, data: bytes, response: ResponseReader, kept: list[bytes]) -> bytes:
        """Feeds the response; nothing is ever sent back. Raises `BadMessageError`."""
        kept.append(data)
        response.feed(data)
        return b""
