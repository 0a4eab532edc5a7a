"""What the border does to a connection: lets a body through in drops, or ends the connection with RST."""

from __future__ import annotations

import asyncio
import socket
import struct

DRIP_BYTES = 16
DRIP_SECONDS = 0.25


async def drip(transport: asyncio.Transport, body: bytes) -> None:
    """Sends a body a few bytes at a time, then closes."""
    for start in range(0, len(body), DRIP_BYTES):
        transport.write(body[start : start + DRIP_BYTES])
        await asyncio.sleep(DRIP_SECONDS)
    transport.close()


def reset(transport: asyncio.Transport) -> None:
    """Ends a connection with RST instead of FIN."""
    sock = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
