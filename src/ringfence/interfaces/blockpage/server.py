"""Server: HTTP/1.1 over asyncio and h11, with a bound on everything a visitor can use up.

It keeps nothing about visitors: no log, no address, no cookie. When all places are taken, whoever has
waited longest without asking anything makes room, so that slow openers cannot keep others out.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from email.utils import formatdate

import h11

from ringfence.interfaces.blockpage.page import Page, other

Answer = Callable[[h11.Request], Page]

MAX_HEAD = 16 << 10  # bytes of a request's head
MAX_CONNECTIONS = 512
MAX_REQUESTS = 100  # on one connection
HEAD_SECONDS = 5.0  # for a whole head, from the connection's start or the last answer
WRITE_SECONDS = 10.0
LINGER_SECONDS = 1.0
LIFE_SECONDS = 60.0


class Server:
    """Listens until `close`. ``limit`` is how many connections stand at once."""

    def __init__(self, answer: Answer, *, limit: int = MAX_CONNECTIONS) -> None:
        self.answer = answer
        self.limit = limit
        self._waiting: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._tasks: set[asyncio.Task[None]] = set()  # all, and without those on their way out:
        self._standing: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def listen(self, host: str, port: int) -> tuple[str, int]:
        """Start; returns the address and port taken (0 asks for any). Raises `OSError`."""
        self._server = await asyncio.start_server(self._connected, host, port, backlog=256)
        address = self._server.sockets[0].getsockname()
        return str(address[0]), int(address[1])

    async def take(self, listening: socket.socket) -> None:
        """Start on a socket that somebody else has opened (a service manager, for port 80)."""
        self._server = await asyncio.start_server(self._connected, sock=listening)

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def connections(self) -> int:
        """How many stand now."""
        return len(self._standing)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._standing) >= self.limit:
            if not self._waiting:
                writer.transport.abort()
                return
            oldest = next(iter(self._waiting))  # a dict keeps its order: whoever has waited longest
            self._waiting.pop(oldest).transport.abort()
            oldest.cancel()
            self._standing.discard(oldest)
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._waiting[task] = writer  # from now on, and not from when it first runs
        for every in (self._tasks, self._standing):
            every.add(task)
            task.add_done_callback(every.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
        try:
            # A visitor who goes away, or is too slow, is no error of ours and nothing to note down.
            with contextlib.suppress(OSError, TimeoutError, h11.ProtocolError):
                async with asyncio.timeout(LIFE_SECONDS):
                    left = MAX_REQUESTS
                    while await self._one(connection, reader, writer, final=left == 1):
                        left -= 1
        finally:
            self._waiting.pop(_this(), None)
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await writer.wait_closed()

    async def _one(
        self,
        connection: h11.Connection,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        final: bool,
    ) -> bool:
        """Answer one request; whether another may follow (after the ``final`` one none may)."""
        self._waiting[_this()] = writer
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                request = await _head(connection, reader)
        except h11.RemoteProtocolError:
            page, head, last = other(400, "en", "html"), False, True
        else:
            if request is None:
                return False
            page, head = self.answer(request), request.method == b"HEAD"
            # A body is not read: who sends one is answered at once, and the connection ends.
            connection.next_event()
            last = final or connection.their_state is not h11.DONE
        finally:
            self._waiting.pop(_this(), None)
        writer.write(_wire(connection, page, head=head, last=last))
        async with asyncio.timeout(WRITE_SECONDS):
            await writer.drain()
        if last:
            await _linger(reader, writer)
        if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
            return False
        connection.start_next_cycle()
        return True


async def _head(connection: h11.Connection, reader: asyncio.StreamReader) -> h11.Request | None:
    """The next request's head; None where the visitor is gone. Raises `h11.RemoteProtocolError`."""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(4096))
        elif isinstance(event, h11.Request):
            return event
        else:
            return None


async def _linger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take a little of what is still coming before the end: a connection that is closed upon unread bytes
    is reset, and the answer lost with it."""
    writer.write_eof()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            for _ in range(16):
                if not await reader.read(4096):
                    break


def _wire(connection: h11.Connection, page: Page, *, head: bool, last: bool) -> bytes:
    """The answer's bytes."""
    headers = [*page.headers, ("Content-Length", str(len(page.body))), ("Date", formatdate(usegmt=True))]
    if last:
        headers.append(("Connection", "close"))
    reason = {451: b"Unavailable For Legal Reasons", 421: b"Misdirected Request"}.get(page.status, b"")
    parts = [connection.send(h11.Response(status_code=page.status, headers=headers, reason=reason))]
    if not head:
        parts.append(connection.send(h11.Data(data=page.body)))
    parts.append(connection.send(h11.EndOfMessage()))
    return b"".join(part or b"" for part in parts)


def _this() -> asyncio.Task[None]:
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 (we are always inside one)
    return task
