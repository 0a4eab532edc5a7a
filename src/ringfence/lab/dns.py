"""The laboratory's resolvers: real messages over real UDP and TCP, answered from the world's names.

The outside one is honest. The inside one applies the published policy zone, and what the
border does to DNS.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from typing import cast

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import msgspec

from ringfence.lab import addresses
from ringfence.lab.rpz import Policy

TTL = 60
_CHAIN = 8


class Name(msgspec.Struct, frozen=True):
    """What a name of the world holds: addresses, or the name it stands for, or texts; or it fails."""

    addresses: tuple[str, ...] = ()
    alias: str | None = None
    texts: tuple[str, ...] = ()
    fails: bool = False


class Resolver:
    """Answers questions. ``policy`` and ``modes`` are read at each one, so both may change at run time."""

    def __init__(
        self,
        names: dict[str, Name],
        *,
        policy: Callable[[], Policy | None] = lambda: None,
        modes: Callable[[str], frozenset[str]] = lambda _: frozenset(),
    ) -> None:
        self._names = names
        self._policy = policy
        self._modes = modes

    def respond(self, wire: bytes, *, udp: bool) -> bytes | None:
        """The answer to one message; None for no answer at all."""
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        if len(query.question) != 1 or query.opcode() != 0:
            return self._fail(query, dns.rcode.FORMERR)
        response = self._answer(query)
        if response is None:
            return None
        limit = min(max(query.payload, 512), 1232) if udp else 65535
        try:
            return response.to_wire(max_size=limit)
        except dns.exception.TooBig:
            cut = dns.message.make_response(query, recursion_available=True)
            cut.flags |= dns.flags.TC
            return cut.to_wire()

    def _fail(self, query: dns.message.Message, code: dns.rcode.Rcode) -> bytes:
        response = dns.message.make_response(query, recursion_available=True)
        response.set_rcode(code)
        return response.to_wire()

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        question = query.question[0]
        host = question.name.to_text(omit_final_dot=True).lower()
        response = dns.message.make_response(query, recursion_available=True)
        modes = self._modes(host)
        # The border sits between the client and the resolver: what it forges wins over any policy.
        if "dns.timeout" in modes:
            return None
        for mode, code in (
            ("dns.refused", dns.rcode.REFUSED),
            ("dns.servfail", dns.rcode.SERVFAIL),
            ("dns.nxdomain", dns.rcode.NXDOMAIN),
            ("dns.nodata", dns.rcode.NOERROR),
        ):
            if mode in modes:
                response.set_rcode(code)
                return response
        for mode, address in (("dns.forged", addresses.BLOCK_PAGE), ("dns.bogon", addresses.BOGON)):
            if mode in modes:
                if question.rdtype == dns.rdatatype.A:
                    response.answer.append(dns.rrset.from_text(question.name, TTL, "IN", "A", address))
                return response
        self._resolve(response, question.name, question.rdtype)
        return response

    def _resolve(
        self, response: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType
    ) -> None:
        policy = self._policy()
        for _ in range(_CHAIN):
            hit = policy.hit(name, kind) if policy else None
            if policy and hit and hit.action != "passthru":
                response.answer.extend(hit.records)
                response.set_rcode(dns.rcode.NXDOMAIN if hit.action == "nxdomain" else dns.rcode.NOERROR)
                response.authority.clear()
                # As BIND does: the policy zone's SOA beside a rewritten answer names the list.
                response.additional.append(_soa(policy.origin, policy.serial))
                return
            record = self._names.get(name.to_text(omit_final_dot=True).lower())
            if record is None:
                response.set_rcode(dns.rcode.NXDOMAIN)
                response.authority.append(_soa(_zone_of(name)))
                return
            if record.fails:
                response.set_rcode(dns.rcode.SERVFAIL)
                return
            if record.alias is not None and kind != dns.rdatatype.CNAME:
                response.answer.append(dns.rrset.from_text(name, TTL, "IN", "CNAME", record.alias + "."))
                name = dns.name.from_text(record.alias)
                continue
            self._records(response, name, kind, record)
            return
        response.set_rcode(dns.rcode.SERVFAIL)

    def _records(
        self, response: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType, record: Name
    ) -> None:
        of_kind = [
            address for address in record.addresses if (":" in address) == (kind == dns.rdatatype.AAAA)
        ]
        if kind in (dns.rdatatype.A, dns.rdatatype.AAAA) and of_kind:
            response.answer.append(dns.rrset.from_text(name, TTL, "IN", kind, *of_kind))
        elif kind == dns.rdatatype.TXT and record.texts:
            texts = (f'"{text}"' for text in record.texts)
            response.answer.append(dns.rrset.from_text(name, TTL, "IN", "TXT", *texts))
        elif kind == dns.rdatatype.CNAME and record.alias:
            response.answer.append(dns.rrset.from_text(name, TTL, "IN", "CNAME", record.alias + "."))
        else:
            response.authority.append(_soa(_zone_of(name)))


def _zone_of(name: dns.name.Name) -> dns.name.Name:
    return dns.name.Name(name.labels[-3:]) if len(name.labels) > 3 else name


def _soa(origin: dns.name.Name, serial: int = 1) -> dns.rrset.RRset:
    text = f"ns.lab.example. hostmaster.lab.example. {serial} 3600 600 86400 {TTL}"
    return dns.rrset.from_text(origin, TTL, "IN", "SOA", text)


class UDPServer(asyncio.DatagramProtocol):
    """Answers datagrams."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the transport to answer on."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One question."""
        answer = self._resolver.respond(data, udp=True)
        if answer is not None and self._transport is not None:
            self._transport.sendto(answer, addr)


class TCPServer(asyncio.Protocol):
    """Answers messages framed by their length (RFC 1035 section 4.2.2)."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the transport to answer on."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Some of the stream."""
        self._buffer += data
        while len(self._buffer) >= 2:
            (length,) = struct.unpack_from("!H", self._buffer)
            if len(self._buffer) < 2 + length:
                return
            message, self._buffer = self._buffer[2 : 2 + length], self._buffer[2 + length :]
            answer = self._resolver.respond(message, udp=False)
            if answer is not None and self._transport is not None:
                self._transport.write(struct.pack("!H", len(answer)) + answer)


async def serve(resolver: Resolver, address: str, port: int) -> list[asyncio.BaseTransport | asyncio.Server]:
    """Listens on UDP and TCP; what it returns is to be closed. Raises `OSError` if the port is taken."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: TCPServer(resolver), address, port)
    transport, _ = await loop.create_datagram_endpoint(
        lambda: UDPServer(resolver), local_addr=(address, port)
    )
    return [server, transport]
