"""The doors of the world's addresses, and the border that some of them lie behind.

Each address listens on four ports: plain and TLS, reached from outside, or from inside
through the border. Interference on TCP is real: a door that is shut refuses, and a door
whose queue is full lets the connection attempt time out.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import Callable
from typing import Literal

import msgspec

from ringfence.lab.clienthello import server_name

State = Literal["open", "shut", "full"]
BACKLOG = 128
_PEEK = 16_384
_HANDSHAKE_SECONDS = 5.0
_SILENCE_SECONDS = 30.0


class Ports(msgspec.Struct, frozen=True):
    """The laboratory's ports for the world's 80 and 443, as reached from each side."""

    outside_http: int
    outside_https: int
    inside_http: int
    inside_https: int


class Door:
    """One listening address and port. ``tls`` is None for plain HTTP."""

    def __init__(
        self,
        address: str,
        port: int,
        *,
        protocol: Callable[[], asyncio.BaseProtocol],
        tls: ssl.SSLContext | None,
        modes: Callable[[str], frozenset[str]] | None,
    ) -> None:
        self.address = address
        self.port = port
        self.state: State = "shut"
        self._protocol = protocol
        self._tls = tls
        self._modes = modes
        self._family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._listener: socket.socket | None = None
        self._fillers: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def set(self, state: State) -> None:
        """Opens, shuts or blocks the door. Raises `OSError` if the port is taken."""
        if state == self.state:
            return
        self.close()
        if state == "open":
            self._listen(BACKLOG)
            assert self._listener is not None  # noqa: S101
            asyncio.get_running_loop().add_reader(self._listener.fileno(), self._accept)
        elif state == "full":
            self._listen(0)
            # An accept queue that is full makes Linux drop further SYNs: a true time-out.
            for _ in range(3):
                filler = socket.socket(self._family)
                filler.setblocking(False)
                filler.connect_ex((self.address, self.port))
                self._fillers.append(filler)
        self.state = state

    def close(self) -> None:
        """Stops listening; connections that stand are left alone."""
        if self._listener is not None:
            if self.state == "open":
                asyncio.get_running_loop().remove_reader(self._listener.fileno())
            self._listener.close()
            self._listener = None
        for filler in self._fillers:
            filler.close()
        self._fillers.clear()
        self.state = "shut"

    def _listen(self, backlog: int) -> None:
        listener = socket.socket(self._family)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self.address, self.port))
            listener.listen(backlog)
        except OSError:
            listener.close()
            raise
        listener.setblocking(False)
        self._listener = listener

    def _accept(self) -> None:
        assert self._listener is not None  # noqa: S101
        for _ in range(BACKLOG):
            try:
                connection, _peer = self._listener.accept()
            except OSError:  # nobody waits, or the client has gone already
                return
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = asyncio.get_running_loop().create_task(self._admit(connection))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _admit(self, connection: socket.socket) -> None:
        if self._tls is not None and self._modes is not None and not await self._pass(connection):
            return
        with contextlib.suppress(OSError):  # a client that breaks off its handshake is its own affair
            await asyncio.get_running_loop().connect_accepted_socket(
                self._protocol,
                connection,
                ssl=self._tls,
                ssl_handshake_timeout=_HANDSHAKE_SECONDS if self._tls else None,
            )

    async def _pass(self, connection: socket.socket) -> bool:
        """Reads the ClientHello without taking it; False if the border ended the connection."""
        assert self._modes is not None  # noqa: S101
        name = await _peek_name(connection)
        modes = self._modes(name) if name is not None else frozenset()
        if name is None or "tls.eof" in modes:
            connection.close()
        elif "tls.reset" in modes:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        elif "tls.timeout" in modes:
            try:
                await asyncio.sleep(_SILENCE_SECONDS)
            finally:
                connection.close()
        else:
            return True
        return False


async def _peek_name(connection: socket.socket) -> str | None:
    loop = asyncio.get_running_loop()
    for _ in range(50):
        try:
            data = connection.recv(_PEEK, socket.MSG_PEEK)
        except BlockingIOError:
            data = None
        except OSError:
            return None
        if data is not None:
            if not data:
                return None
            name = server_name(data)
            if name is not None:
                return name
            await asyncio.sleep(0.01)  # part of it is there already, so readiness would not wait
            continue
        ready = loop.create_future()
        loop.add_reader(connection.fileno(), _wake, ready)
        try:
            await asyncio.wait_for(ready, _HANDSHAKE_SECONDS)
        except TimeoutError:
            return None
        finally:
            loop.remove_reader(connection.fileno())
    return None


def _wake(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
