"""Resolver: whom a vantage asks for names, and how: UDP, TCP, DoT (RFC 7858) or DoH (RFC 8484)."""

from __future__ import annotations

import ipaddress
from typing import Final, Literal
from urllib.parse import SplitResult, urlsplit

import msgspec

from ringfence.core.errors import InputError

Transport = Literal["udp", "tcp", "dot", "doh"]

_TRANSPORTS: Final[dict[str, Transport]] = {"udp": "udp", "tcp": "tcp", "tls": "dot", "https": "doh"}
_SCHEMES: Final = {transport: scheme for scheme, transport in _TRANSPORTS.items()}
_PORTS: Final[dict[Transport, int]] = {"udp": 53, "tcp": 53, "dot": 853, "doh": 443}
_HINT: Final = "write 192.0.2.53:53, tcp://…, tls://dns.example or https://dns.example/dns-query"


class Resolver(msgspec.Struct, frozen=True):
    """Where questions go. ``host`` is an address or a name; a certificate must hold for it.

    ``address`` is what to connect to for a name, so that no other resolver has to be asked for it
    first; it is empty where the name is to be looked up. ``path`` is for DoH.
    """

    transport: Transport
    host: str
    port: int
    path: str = ""
    address: str = ""

    @classmethod
    def from_text(cls, text: str) -> Resolver:
        """Reads ``address[:port]`` (UDP), or ``udp://``, ``tcp://``, ``tls://`` and ``https://`` with a
        host, a port, and after ``#`` the address of a host that is a name. Raises `InputError`."""
        if "://" not in text:
            text = f"udp://[{text}]" if _is_address(text) and ":" in text else f"udp://{text}"
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise InputError(f"not a resolver: {text}", hint=_HINT) from error
        transport = _TRANSPORTS.get(parts.scheme)
        host = parts.hostname or ""
        if transport is None or not host or not _well_formed(parts, transport):
            raise InputError(f"not a resolver: {text}", hint=_HINT)
        if transport in ("udp", "tcp") and not _is_address(host):
            raise InputError(f"a resolver over {transport} is named by its address: {text}", hint=_HINT)
        path = (parts.path or "/dns-query") if transport == "doh" else ""
        return cls(transport, host, port or _PORTS[transport], path, parts.fragment)

    def to_text(self) -> str:
        """The form that `from_text` reads; ``address:port`` for UDP, as records have always had it."""
        if self.transport == "udp":
            return self.authority
        mark = f"#{self.address}" if self.address else ""
        return f"{_SCHEMES[self.transport]}://{self.authority}{self.path}{mark}"

    @property
    def authority(self) -> str:
        """``host:port``, an IPv6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def place(self) -> str:
        """What to connect to: an address, or a name that is still to be looked up."""
        return self.address or self.host

    def over_tcp(self) -> Resolver:
        """The same server asked over TCP."""
        return msgspec.structs.replace(self, transport="tcp")


def _well_formed(parts: SplitResult, transport: Transport) -> bool:
    rest = (parts.username, parts.password, parts.query)
    return (
        not any(rest)
        and (transport == "doh" or parts.path in ("", "/"))
        and (not parts.fragment or _is_address(parts.fragment))
    )


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
