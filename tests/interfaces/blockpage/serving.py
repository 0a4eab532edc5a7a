"""A real server in a thread, and raw bytes sent to it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import msgspec

from ringfence.core.errors import StoreError
from ringfence.enforce.reasons.reason import Reason
from ringfence.interfaces.blockpage.answer import Answers
from ringfence.interfaces.blockpage.page import Provider
from ringfence.interfaces.blockpage.server import Server

AT = datetime(2018, 9, 1, tzinfo=UTC)
REASON = Reason(
    name="large-venue.com", wildcard=False, order="RF-AAAA-BBBB-CCCC",
    authority='financial authority <script>alert("1")</script>', basis="Announcement & notice, ¶3 (公告)",
    form="order", appeal=("people's court; 6 months; does not suspend the measure (Law, Arts 45-46, S*)",),
    policy="redirect", since="2018-08-24T09:00:00.000000Z", until="2019-02-20T09:00:00.000000Z",
    laboratory=False, state="active", source="store",
)  # fmt: skip


class Known:
    """Knows what it is told."""

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = list(reasons) or [REASON, msgspec.structs.replace(REASON, wildcard=True)]
        self.broken = False
        self.asked: list[str] = []
        self.stand = "1"

    def covering(self, name: str) -> list[Reason]:
        self.asked.append(name)
        if self.broken:
            raise StoreError("locked")
        return [reason for reason in self.reasons if reason.covers(name)]

    def known(self, order: str) -> Reason | None:
        return next((reason for reason in self.reasons if reason.order == order), None)

    def version(self) -> str:
        return self.stand


class Reply(msgspec.Struct):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@contextmanager
def serving(known: Known | None = None, *, limit: int = 64, **options: object) -> Iterator[SimpleNamespace]:
    """The page over a loopback socket; ``at`` is its clock and may be moved."""
    state = SimpleNamespace(at=AT, known=known or Known())
    provider = Provider("Example Net", "https://provider.example/")
    answers = Answers(state.known, provider=provider, clock=lambda: state.at, **options)  # type: ignore[arg-type]
    state.server = Server(answers.to, limit=limit)
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _loop, context: state.errors.append(context))
    state.errors = []
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    _, state.port = asyncio.run_coroutine_threadsafe(state.server.listen("127.0.0.1", 0), loop).result(5)
    try:
        yield state
    finally:
        asyncio.run_coroutine_threadsafe(state.server.close(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
        assert state.errors == []


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def exchange(port: int, data: bytes) -> bytes:
    """Everything that comes back until the server ends the connection."""
    with connect(port) as there:
        there.sendall(data)
        there.shutdown(socket.SHUT_WR)
        return read_all(there)


def read_all(there: socket.socket) -> bytes:
    parts = []
    while part := there.recv(65536):
        parts.append(part)
    return b"".join(parts)


def get(port: int, host: str, *headers: str, method: str = "GET", target: str = "/") -> Reply:
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close", *headers]
    return read(exchange(port, ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")))


def read(data: bytes) -> Reply:
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in lines)}
    return Reply(int(first.split()[1]), headers, body)
