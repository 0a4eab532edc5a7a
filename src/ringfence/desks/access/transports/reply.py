"""Reply: what came back for one question."""

from __future__ import annotations

from typing import Final

import dns.exception
import dns.message
import msgspec

MAX_MESSAGE: Final = 65_535  # octets: what a length of two octets can say, over HTTPS as well


class Reply(msgspec.Struct, frozen=True):
    """A message and the bytes it came as, both None where none came; then ``outcome`` is ``dns.timeout``
    or ``dns.servfail``, and ``why`` says more."""

    outcome: str
    message: dns.message.Message | None = None
    wire: bytes | None = None
    why: str = ""


TIMEOUT = Reply("dns.timeout", why="no answer")


def failed(why: str) -> Reply:
    """The resolver could not be reached, or sent no readable answer."""
    return Reply("dns.servfail", why=why)


def read(query: dns.message.Message, wire: bytes) -> Reply | None:
    """The reply to a question; None for bytes that are no answer to it."""
    if len(wire) > MAX_MESSAGE:
        return None
    try:
        message = dns.message.from_wire(wire, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError):
        return None
    return Reply("ok", message, wire) if query.is_response(message) else None
