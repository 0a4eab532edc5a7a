"""Primaries that must not be trusted: real sockets, real signatures, answers as a test wants them."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator

import dns.message
import dns.opcode
import dns.rcode
import dns.rdatatype
import dns.rrset

from ringfence.enforce.primary.key import Key

Made = dns.rcode.Rcode | bytes | None


class Liar:
    """Answers as told: ``serial()`` is called for each SOA, ``update`` gives the rcode of an update or
    raw bytes, ``held`` what it pretends to serve by (owner, type)."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.serials: Iterator[int] = iter(lambda: 1, None)
        self.update: Callable[[dns.message.Message], Made] = lambda _: dns.rcode.NOERROR
        self.held: dict[tuple[str, str], str] = {}
        self.signed = True
        self.truncated = False
        self.authoritative = True
        self.updates = 0

    def answer(self, wire: bytes) -> bytes | None:
        query = dns.message.from_wire(wire, keyring={self.key.name: self.key.tsig})
        reply = dns.message.make_response(query)
        if query.opcode() == dns.opcode.UPDATE:
            self.updates += 1
            made = self.update(query)
            if not isinstance(made, dns.rcode.Rcode):
                return made
            reply.set_rcode(made)
        else:
            question = query.question[0]
            kind = dns.rdatatype.to_text(question.rdtype)
            data = self.held.get((question.name.to_text(), kind))
            if kind in ("SOA", "AXFR"):
                kind = "SOA"
                data = f"localhost. hostmaster.localhost. {next(self.serials)} 1 1 1 1"
            # A transfer begins and ends with the same record.
            for _ in range(0 if not data else 2 if question.rdtype == dns.rdatatype.AXFR else 1):
                reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, data))
            if self.authoritative:
                reply.flags |= dns.flags.AA
        if self.truncated:
            reply.flags |= dns.flags.TC
        if not self.signed:
            reply.tsig = None
        return reply.to_wire()


@contextlib.contextmanager
def lying(liar: Liar) -> Iterator[int]:
    """The liar on a TCP port of the loopback."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while wire := read(self.request):
                reply = liar.answer(wire)
                if reply is None:
                    return
                self.request.sendall(struct.pack("!H", len(reply)) + reply)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()


@contextlib.contextmanager
def cutting(port: int, cut: Callable[[int], str], *, idle: float | None = None) -> Iterator[int]:
    """A wire to a real primary that somebody cuts. ``cut`` is told the number of each update that passes:
    "" lets it pass, "before" drops it, "after" delivers it and drops the answer. A connection that says
    nothing for ``idle`` seconds is closed."""
    count = iter(range(1, 1 << 30))

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(idle)
            with socket.create_connection(("127.0.0.1", port)) as behind:
                while wire := read(self.request):
                    update = wire[2] >> 3 & 0xF == dns.opcode.UPDATE
                    word = cut(next(count)) if update else ""
                    if word == "before":
                        return
                    behind.sendall(struct.pack("!H", len(wire)) + wire)
                    reply = read(behind)  # the zones of these tests fit into one message
                    if word == "after" or not reply:
                        return
                    self.request.sendall(struct.pack("!H", len(reply)) + reply)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()


def read(connection: socket.socket) -> bytes:
    """One message after its length, or nothing at the end."""
    head = _exactly(connection, 2)
    return _exactly(connection, struct.unpack("!H", head)[0]) if head else b""


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        with contextlib.suppress(ConnectionError, TimeoutError):
            part = connection.recv(size - len(data))
            if part:
                data += part
                continue
        return b""
    return data
