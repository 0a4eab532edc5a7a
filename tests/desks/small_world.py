"""A world of a few real servers on loopback, made by a test: names, web servers, a proxy."""

import asyncio
import contextlib
import struct

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from ringfence.evidence.vantage import Vantage


class Names:
    """A resolver over UDP and TCP. ``known`` holds addresses by name; ``long`` names answer in full over
    TCP only; ``asked`` is every question, ``peers`` who asked."""

    def __init__(self, known, long=(), code=dns.rcode.NXDOMAIN):
        self.known, self.long, self.code = known, long, code
        self.asked, self.peers = [], []

    def respond(self, wire, peer, udp):
        query = dns.message.from_wire(wire)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind, "udp" if udp else "tcp"))
        self.peers.append(peer[0])
        if udp and name in self.long:
            answer.flags |= dns.flags.TC
        elif name in self.known:
            fits = [a for a in self.known[name] if (":" in a) == (kind == "AAAA")]
            if fits:
                answer.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, fits))
        else:
            answer.set_rcode(self.code)
        return answer.to_wire()

    @contextlib.asynccontextmanager
    async def serving(self):
        names = self

        class Datagrams(asyncio.DatagramProtocol):
            def connection_made(self, transport):
                self.transport = transport

            def datagram_received(self, data, peer):
                self.transport.sendto(names.respond(data, peer, udp=True), peer)

        async def stream(reader, writer):
            with contextlib.suppress(asyncio.IncompleteReadError):
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                wire = await reader.readexactly(length)
                said = self.respond(wire, writer.get_extra_info("peername"), udp=False)
                writer.write(struct.pack("!H", len(said)) + said)
            writer.close()

        server = await asyncio.start_server(stream, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            Datagrams, local_addr=("127.0.0.1", port)
        )
        try:
            yield f"127.0.0.1:{port}"
        finally:
            transport.close()
            server.close()


class Web:
    """A web server that counts. ``answer`` takes a request's first line and gives bytes, or None to say
    nothing; ``open`` and ``most`` are the connections that stand and stood, ``peers`` who came."""

    def __init__(self, answer, pause=0.0):
        self.answer, self.pause = answer, pause
        self.open = self.most = 0
        self.requests, self.peers = [], []

    async def serve(self, reader, writer):
        self.peers.append(writer.get_extra_info("peername")[0])
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(self.pause)
                self.requests.append(head.split(b"\r\n")[0].decode())
                said = self.answer(self.requests[-1])
                if said is None:
                    await asyncio.sleep(60)
                writer.write(said)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()

    @contextlib.asynccontextmanager
    async def serving(self, *addresses, port=0):
        """Serve at addresses, all on one port; gives the port."""
        servers = []
        for address in addresses:
            servers.append(await asyncio.start_server(self.serve, address, port, backlog=200))
            port = servers[0].sockets[0].getsockname()[1]
        try:
            yield port
        finally:
            for server in servers:
                server.close()


def page(body=b"<html><body>a page</body></html>", *fields, status="200 OK"):
    return (
        "\r\n".join(
            (f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {len(body)}", *fields, "", "")
        ).encode()
        + body
    )


def redirect(location):
    return page(b"", f"Location: {location}", status="302 Found")


def vantage(resolver, port, **options):
    """A vantage of this world: only the loopback address of its venues may be fetched."""
    settings = {"role": "outside", "allow": ("127.0.0.1/32",), "timeout_ms": 700} | options
    return Vantage(name="test", resolver=resolver, ports={"80": port, "443": port}, **settings)


class Proxy:
    """An HTTP CONNECT and SOCKS5 proxy in one; ``asked`` holds (kind, address, port)."""

    def __init__(self):
        self.asked, self.open = [], set()

    async def serve(self, reader, writer):
        first = await reader.readexactly(1)
        if first == b"\x05":
            await reader.readexactly((await reader.readexactly(1))[0])
            writer.write(b"\x05\x00")
            _, _, _, kind = await reader.readexactly(4)
            raw = await reader.readexactly({1: 4, 4: 16}[kind])
            address = ".".join(map(str, raw))
            (port,) = struct.unpack("!H", await reader.readexactly(2))
            good, bad = b"\x05\x00\x00\x01" + 6 * b"\0", b"\x05\x05\x00\x01" + 6 * b"\0"
        else:
            line = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
            address, _, text = line.rpartition(":")
            port = int(text)
            good, bad = b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 502 Bad Gateway\r\n\r\n"
        self.asked.append(("socks5" if first == b"\x05" else "http", address, port))
        try:
            there = await asyncio.open_connection(address, port)
        except OSError:
            writer.write(bad)
            writer.close()
            return
        writer.write(good)
        self.open |= {writer, there[1]}
        await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))

    @contextlib.asynccontextmanager
    async def serving(self):
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for writer in self.open:
                writer.transport.abort()
            await asyncio.sleep(0)


async def pump(reader, writer):
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
