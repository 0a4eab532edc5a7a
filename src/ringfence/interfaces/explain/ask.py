"""Ask: what one resolver says of a name. Nothing it says is believed here; it is only written down."""

from __future__ import annotations

import ipaddress
import re

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import msgspec

from ringfence.core.errors import InputError
from ringfence.enforce.feed.lines import plain

TIMEOUT = 3.0  # seconds for one question
MAX_TEXTS = 8  # more answers of a kind than this are not read
KINDS = ("A", "AAAA", "TXT")

_PORT = re.compile(r"(?P<host>.+?)(?:@|(?<=[\]\d]):)(?P<port>\d{1,5})")


class Answer(msgspec.Struct, frozen=True):
    """One answer. ``rcode`` in letters, None where none came (``error`` says why). ``data`` are addresses
    or texts; ``ede`` the extended errors (RFC 8914) as (code, text); ``zones`` the owners of SOA records
    that are neither the name nor above it: a policy zone shows itself so; ``ra`` the bit of that name."""

    kind: str
    rcode: str | None = None
    data: tuple[str, ...] = ()
    ede: tuple[tuple[int, str], ...] = ()
    zones: tuple[str, ...] = ()
    ra: bool = True
    error: str = ""


class Said(msgspec.Struct, frozen=True):
    """What a resolver said to all three questions."""

    resolver: str
    a: Answer
    aaaa: Answer
    txt: Answer

    @property
    def every(self) -> tuple[Answer, ...]:
        """The three answers."""
        return (self.a, self.aaaa, self.txt)

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses given."""
        return (*self.a.data, *self.aaaa.data)


def read_resolver(text: str) -> tuple[str, int]:
    """Address and port of ``192.0.2.1``, ``192.0.2.1:5353``, ``[2001:db8::1]:53`` or with ``@53``.
    Raises `InputError`."""
    found = _PORT.fullmatch(text)
    host, port = (found["host"], int(found["port"])) if found else (text, 53)
    if not found and text.count(":") > 1:
        host = text
    try:
        bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        address = ipaddress.ip_address(bare)
    except ValueError:
        try:  # an IPv6 address without brackets ends like a port
            address, port = ipaddress.ip_address(text), 53
        except ValueError as error:
            raise InputError(f"not a resolver: {text!r}", hint="write 192.0.2.1 or 192.0.2.1:53") from error
    if not 0 < port < 1 << 16:
        raise InputError(f"not a port: {port}")
    return str(address), port


def ask(resolver: str, name: str, timeout: float = TIMEOUT) -> Said:
    """What a resolver says of a name (A-labels). Raises `InputError` for a resolver that is none."""
    address, port = read_resolver(resolver)
    a, aaaa, txt = (_ask(address, port, name, kind, timeout) for kind in KINDS)
    return Said(resolver, a, aaaa, txt)


def _ask(address: str, port: int, name: str, kind: str, timeout: float) -> Answer:
    query = dns.message.make_query(name, kind, use_edns=0, payload=1232)
    try:
        message, _ = dns.query.udp_with_fallback(query, address, timeout, port, ignore_unexpected=True)
    except dns.exception.Timeout:
        return Answer(kind, error=f"no answer in {timeout:g} s")
    except (OSError, EOFError) as error:
        return Answer(kind, error=plain(str(error)) or "cannot be reached")
    except (dns.exception.DNSException, ValueError) as error:
        return Answer(kind, error=f"no sensible answer: {type(error).__name__}")
    return _read(message, dns.name.from_text(name), kind)


def _read(message: dns.message.Message, name: dns.name.Name, kind: str) -> Answer:
    wanted = dns.rdatatype.from_text(kind)
    data: list[str] = []
    zones: list[str] = []
    for rrset in message.answer:
        for item in rrset if rrset.rdtype == wanted else ():
            if len(data) < MAX_TEXTS:
                data.append(_text(item) if kind == "TXT" else str(item))
    for rrset in (*message.authority, *message.additional):
        foreign = rrset.rdtype == dns.rdatatype.SOA and not name.is_subdomain(rrset.name)
        if foreign and len(zones) < MAX_TEXTS:
            zones.append(plain(str(rrset.name).rstrip(".")))
    ede = tuple(
        (int(option.code), plain(option.text or "")[:255])
        for option in message.options
        if isinstance(option, dns.edns.EDEOption)
    )
    return Answer(
        kind=kind,
        rcode=dns.rcode.to_text(message.rcode()),
        data=tuple(data),
        ede=ede[:MAX_TEXTS],
        zones=tuple(zones),
        ra=bool(message.flags & dns.flags.RA),
    )


def _text(item: object) -> str:
    strings: tuple[bytes, ...] = getattr(item, "strings", ())
    found = b" ".join(strings)[:255].decode("utf-8", "replace")
    # A text with odd signs is shown in quotes, which no reference has: cleaned, it must not become one.
    return found if found == plain(found) else repr(plain(found))
