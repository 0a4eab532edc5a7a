"""Stream: one message after another over TCP, each behind its length (RFC 1035 §4.2.2)."""

from __future__ import annotations

import socket
import struct
import time


def exchange(connection: socket.socket, wire: bytes, seconds: float) -> bytes:
    """Send a message and read the next one, both within ``seconds``.

    Raises `TimeoutError`, `EOFError` where the other side closes, and other `OSError`.
    """
    until = time.monotonic() + seconds
    connection.settimeout(seconds)
    connection.sendall(struct.pack("!H", len(wire)) + wire)
    (size,) = struct.unpack("!H", _read(connection, 2, until))
    return _read(connection, size, until)


def _read(connection: socket.socket, size: int, until: float) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        # Set anew for each part: a peer that sends a byte at a time must not hold us for ever.
        connection.settimeout(left)
        part = connection.recv(size - len(parts))
        if not part:
            raise EOFError("in the middle of a message" if parts else "no answer")
        parts += part
    return bytes(parts)
