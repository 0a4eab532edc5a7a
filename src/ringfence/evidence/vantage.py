"""Vantage: where an observation is made from (network, resolver, source address, proxy)."""

from __future__ import annotations

import ipaddress
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from ringfence.core.errors import InputError
from ringfence.evidence.resolver import Resolver

Role = Literal["inside", "outside"]


class Vantage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place to look from.

    ``role`` says on which side of the border it stands. ``resolver`` is one of the forms of
    `evidence.resolver`, or None for the system's own; ``resolvers`` are further ones, asked for
    comparison only. ``prefer`` is the family that carries a page where a name has addresses of
    both. ``ports`` maps the ports of the world to the ports of a
    laboratory. ``allow`` lists the non-public networks that may be fetched from here
    (default: none, so that no page can make us fetch from a private network).
    """

    name: str
    role: Role
    country: str | None = None
    resolver: str | None = None
    source: str | None = None
    proxy: str | None = None
    ports: dict[str, int] = {}
    allow: tuple[str, ...] = ()
    ca_file: str | None = None
    timeout_ms: int = 10_000
    accept_language: str = "en,zh-CN;q=0.8,*;q=0.5"
    laboratory: bool = False
    resolvers: tuple[str, ...] = ()
    prefer: Literal["ipv4", "ipv6"] = "ipv4"

    def check(self) -> None:
        """Raises `InputError` for a resolver that cannot be read, or not be asked from here."""
        for text in (self.resolver, *self.resolvers):
            if text is not None:
                self._check_carried(text, Resolver.from_text(text))
        if self.proxy and self.resolver is None:
            raise InputError(
                f"vantage {self.name} has a proxy and no resolver: this machine's own resolver is not there",
                hint="name a resolver that the proxy reaches: resolver = 'tcp://…', 'tls://…' or 'https://…'",
            )

    def _check_carried(self, text: str, resolver: Resolver) -> None:
        if self.proxy and text.startswith("udp:"):
            raise InputError(
                f"the proxy of vantage {self.name} carries no datagrams, and {text} asks for them",
                hint=f"write tcp://{resolver.authority}",
            )

    def port(self, port: int) -> int:
        """The port to connect to when the world says ``port``."""
        return self.ports.get(str(port), port)

    def may_fetch(self, address: str) -> bool:
        """Whether an address may be connected to: public ones, and what ``allow`` names."""
        ip = _meant(address)
        if ip.is_global and not ip.is_multicast:
            return True
        return any(
            ip in network
            for network in map(ipaddress.ip_network, self.allow)
            if network.version == ip.version
        )


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _meant(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address that is reached: an IPv6 one may carry an IPv4 one (mapped, NAT64, 6to4, Teredo)."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    carried = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
    return carried or ip


DIRECT = Vantage(name="direct", role="outside")


def load_vantages(path: Path) -> dict[str, Vantage]:
    """Vantages from a TOML file with one ``[vantage.NAME]`` table each. Raises `InputError`."""
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("vantage", {})
        vantages = {
            name: msgspec.convert({"name": name, **table}, Vantage) for name, table in sorted(tables.items())
        }
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise InputError(
            f"cannot read vantages from {path}: {error}", hint="see docs/guide/vantages.md for the format"
        ) from error
    for vantage in vantages.values():
        vantage.check()
    return vantages
