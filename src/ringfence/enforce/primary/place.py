"""Place: one zone at one primary name server, and whether it stands in the laboratory."""

from __future__ import annotations

import ipaddress

import dns.exception
import dns.name
import msgspec

from ringfence.core.errors import InputError

PORT = 53


class Place(msgspec.Struct, frozen=True):
    """``zone`` is absolute, in lower case, with its dot."""

    address: str
    port: int
    zone: str
    laboratory: bool = False

    def __str__(self) -> str:
        """How records name it: ``rpz.ringfence.@192.0.2.1:53``."""
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.zone}@{host}:{self.port}"

    @classmethod
    def from_text(cls, primary: str, zone: str, *, laboratory: bool = False) -> Place:
        """From ``ADDRESS``, ``ADDRESS:PORT`` or ``[ADDRESS]:PORT`` and a zone's name. Raises `InputError`.

        A name instead of an address is refused: who answers for it could send the updates elsewhere.
        """
        address, port = _split(primary)
        try:
            host = str(ipaddress.ip_address(address))
            number = int(port)
        except ValueError as error:
            hint = "write 192.0.2.1:53 or [2001:db8::1]:53"
            raise InputError(f"not an address and port: {primary!r}", hint=hint) from error
        if not 0 < number < 65536:
            raise InputError(f"not a port: {number}", hint="name one from 1 to 65535")
        try:
            name = dns.name.from_text(zone)
        except dns.exception.DNSException as error:
            raise InputError(f"not a zone: {zone!r}", hint="write --zone rpz.example.net") from error
        if name == dns.name.root:
            raise InputError("the root is no policy zone", hint="write --zone rpz.example.net")
        return cls(host, number, name.canonicalize().to_text(), laboratory)


def _split(primary: str) -> tuple[str, str]:
    if primary.startswith("["):
        address, _, port = primary[1:].partition("]")
        return address, port.removeprefix(":") or str(PORT)
    if primary.count(":") == 1:
        address, _, port = primary.partition(":")
        return address, port
    return primary, str(PORT)
