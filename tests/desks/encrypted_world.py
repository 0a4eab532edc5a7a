"""Servers that speak TLS, on loopback, made by a test: DoT and DoH resolvers, web servers with HTTP/2."""

import asyncio
import base64
import contextlib
import ssl
import struct

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import trustme

HERE = "127.0.0.1"


class Authority:
    """A certificate authority in a file, and server contexts for names."""

    def __init__(self, folder):
        self._ca = trustme.CA()
        self.file = str(folder / "ca.pem")
        self._ca.cert_pem.write_to_path(self.file)

    def context(self, *names, alpn=()):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._ca.issue_cert(*names).configure_cert(context)
        if alpn:
            context.set_alpn_protocols(list(alpn))
        return context


@contextlib.asynccontextmanager
async def serving(serve, context=None, address=HERE):
    """A stream server; gives its port. What still stands at the end is closed."""
    tasks = set()

    async def one(reader, writer):
        tasks.add(asyncio.current_task())
        try:
            await serve(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()
            tasks.discard(asyncio.current_task())

    server = await asyncio.start_server(one, address, 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await stopped(tasks)


async def stopped(tasks):
    """Ends the tasks of a server."""
    left = list(tasks)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def dot(names, *, each=None):
    """DNS over TLS from a `Names`. With ``each``, the connection ends after so many answers."""

    async def serve(reader, writer):
        left = each
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while left is None or left > 0:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                said = names.respond(await reader.readexactly(length), (HERE, 0), udp=False)
                writer.write(struct.pack("!H", len(said)) + said)
                await writer.drain()
                left = None if left is None else left - 1
        writer.close()

    return serve


def doh(names, status="200 OK", media="application/dns-message"):
    """DNS over HTTPS in HTTP/1.1 from a `Names`."""

    async def serve(reader, writer):
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                line = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0].decode()
                said = doh_answer(names, line.split(" ")[1])
                head = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(said)}\r\n\r\n"
                writer.write(head.encode() + said)
        writer.close()

    return serve


def doh_answer(names, path):
    asked = path.partition("?dns=")[2]
    return names.respond(base64.urlsafe_b64decode(asked + "=" * (-len(asked) % 4)), (HERE, 0), udp=False)


class H2Site:
    """A web server of HTTP/2. ``answer`` takes a path and gives (headers, body); ``asked`` holds paths and
    ``peers`` connections."""

    def __init__(self, answer):
        self.answer, self.asked, self.peers = answer, [], 0

    async def serve(self, reader, writer):
        self.peers += 1
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        waiting = {}
        with contextlib.suppress(ConnectionError, h2.exceptions.ProtocolError):
            while data := await reader.read(65536):
                for event in connection.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        path = dict(event.headers)[b":path"].decode()
                        self.asked.append(path)
                        headers, body = self.answer(path)
                        connection.send_headers(event.stream_id, headers, end_stream=not body)
                        waiting[event.stream_id] = body
                for stream, body in list(waiting.items()):
                    waiting[stream] = left = _push(connection, stream, body)
                    if not left:
                        del waiting[stream]
                writer.write(connection.data_to_send())
                await writer.drain()


def _push(connection, stream, body):
    while body:
        room = min(connection.local_flow_control_window(stream), connection.max_outbound_frame_size)
        if room <= 0:
            break
        connection.send_data(stream, body[:room], end_stream=len(body) <= room)
        body = body[room:]
    return body


def frame(kind, flags, stream, payload=b""):
    """One frame of HTTP/2 (RFC 9113 section 4.1)."""
    return struct.pack("!I", len(payload))[1:] + bytes((kind, flags)) + struct.pack("!I", stream) + payload
