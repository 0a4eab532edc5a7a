"""Request: what is asked for over HTTP, whatever version carries it."""

from __future__ import annotations

import msgspec


class Request(msgspec.Struct, frozen=True):
    """A GET. ``authority`` is the host, with a port that is not the scheme's own; ``headers`` in the order
    and spelling in which HTTP/1.1 sends them, ``Host`` apart."""

    scheme: str
    authority: str
    target: str
    headers: tuple[tuple[str, str], ...]

    def to_bytes(self) -> bytes:
        """As HTTP/1.1 sends it; also how a request over HTTP/2 is kept."""
        lines = [f"GET {self.target} HTTP/1.1", f"Host: {self.authority}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*lines, "", ""]).encode("ascii")
