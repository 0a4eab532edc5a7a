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
        host, number = endpoint(primary)
        try:
            name = dns.name.from_text(zone)
        except dns.exception.DNSException as error:
            raise InputError(f"not a zone: {zone!r}", hint="write --zone rpz.example.net") from error
        if name == dns.name.root:
            raise InputError("the root is no policy zone", hint="write --zone rpz.example.net")
        return cls(host, number, name.canonicalize().to_text(), laboratory)


def endpoint(text: str) -> tuple[str, int]:
    """The address and port in ``ADDRESS``, ``ADDRESS:PORT`` or ``[ADDRESS]:PORT``. Raises `InputError`."""
    address, port = _split(text)
    try:
        host, number = str(ipaddress.ip_address(address)), int(port)
    except ValueError as error:
        hint = "write 192.0.2.1:53 or [2001:db8::1]:53"
        raise InputError(f"not an address and port: {text!r}", hint=hint) from error
    if not 0 < number < 65536:
        raise InputError(f"not a port: {number}", hint="name one from 1 to 65535")
    return host, number


def _split(primary: str) -> tuple[str, str]:
    if primary.startswith("["):
        address, end, port = primary[1:].partition("]")
        return address + ("" if end else "?"), port.removeprefix(":") or str(PORT)
    if primary.count(":") == 1:
        address, _, port = primary.partition(":")
        return address, port
    return primary, str(PORT)
