"""A plain client at a vantage: dnspython for names, socket and ssl for pages. No retries, no mercy."""

import gzip
import socket
import ssl
from contextlib import contextmanager

import dns.message
import dns.query
import dns.rdatatype


class Answer:
    """Status, headers (lower-case names) and the body, decompressed."""

    def __init__(self, raw: bytes, unpack: bool) -> None:
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in lines}
        self.complete = len(body) >= int(self.headers.get("content-length", 0))
        packed = unpack and self.headers.get("content-encoding") == "gzip"
        self.body = gzip.decompress(body) if packed else body


class Client:
    """Asks from one vantage."""

    def __init__(self, vantage) -> None:
        self.vantage = vantage
        self.resolver, port = vantage.resolver.rsplit(":", 1)
        self.port = int(port)

    def dig(self, name, kind="A", *, tcp=False, payload=1232):
        """The response message. Raises `dns.exception.Timeout`."""
        query = dns.message.make_query(name, kind, use_edns=0 if payload else -1, payload=payload or None)
        ask = dns.query.tcp if tcp else dns.query.udp
        return ask(query, self.resolver, timeout=1, port=self.port)

    def texts(self, name, kind="A"):
        """The answer's data of a type, as text."""
        return [
            rdata.to_text()
            for rrset in self.dig(name, kind).answer
            for rdata in rrset
            if rrset.rdtype == dns.rdatatype.from_text(kind)
        ]

    def get(self, host, path="/", *, secure=True, timeout=1.5, accept="identity", address=None, unpack=True):
        """One request on one connection. Raises what the sockets raise."""
        with self.connection(host, secure=secure, timeout=timeout, address=address) as connection:
            return self._ask(connection, host, path, accept, unpack)

    @contextmanager
    def connection(self, host, *, secure=True, timeout=1.5, address=None):
        """A connected socket, with TLS for the host's name if ``secure``."""
        place = (address or self.texts(host)[0], self.vantage.port(443 if secure else 80))
        with socket.create_connection(place, timeout, source_address=(self.vantage.source, 0)) as plain:
            if not secure:
                yield plain
                return
            context = ssl.create_default_context(cafile=self.vantage.ca_file)
            with context.wrap_socket(plain, server_hostname=host) as wrapped:
                yield wrapped

    def _ask(self, connection, host, path, accept, unpack):
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: {accept}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        raw = b""
        while piece := connection.recv(65536):
            raw += piece
        return Answer(raw, unpack)

    def home(self, host, **options):
        """The front page, after at most one redirect to ``www.``."""
        answer = self.get(host, **options)
        if answer.status == 301:
            answer = self.get(answer.headers["location"].split("/")[2], **options)
        return answer
