"""RPZ: a DNS response policy zone as a master file (RFC 1035 §5; draft-vixie-dnsop-dns-rpz).

The default policy is local data: a TXT record with the order's reference at the name and at its
wildcard. A and AAAA queries then get NODATA and a TXT query gets the reason, on Unbound, BIND and
PowerDNS Recursor. NXDOMAIN (``CNAME .``) cannot carry a reference in the answer; a redirect keeps
its TXT beside A and AAAA.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import msgspec

from ringfence.core.errors import InputError
from ringfence.enforce.entry import Entry
from ringfence.enforce.names import MAX_OCTETS, wire_octets
from ringfence.enforce.targets.target import Fit, Target, checked_stream, joined

ORIGIN = "rpz.ringfence."
TTL = 60  # seconds; short, so that a lifted order is soon forgotten by caches
MARK = "laboratory=true"

_REMARK = re.compile(r"; order=(?P<order>\S+) policy=(?P<policy>\S+) until=(?P<until>\S+)$")
_KINDS = re.compile(r"(?P<owner>\S+) (?:\d+ )?(?:IN )?(?P<type>TXT|CNAME|A|AAAA) (?P<data>.*?) ;")


def render(
    entries: Sequence[Entry],
    *,
    serial: int,
    origin: str = ORIGIN,
    laboratory: bool = False,
    redirect: Sequence[str] = (),
) -> bytes:
    """The zone file; the same entries give the same bytes in whatever order they come.

    ``redirect`` are the addresses of the block page. Raises `RefusedError` or `InputError` as
    `checked_stream` does, and `InputError` for a redirect without an address or an owner over 255 octets.
    """
    return joined(lines(sorted(entries), serial, laboratory, origin=origin, redirect=redirect))


def lines(
    entries: Iterable[Entry],
    serial: int,
    laboratory: bool,
    *,
    origin: str = ORIGIN,
    redirect: Sequence[str] = (),
) -> Iterator[str]:
    """The same line by line, for sorted entries."""
    if not 0 <= serial < 1 << 32:
        raise InputError(f"a serial has 32 bits, not {serial}")
    head = [
        "; Ringfence response policy zone. Each name leads to its order: see the remark on its line.",
        *(["; laboratory: true (invented; not for use outside the laboratory)"] if laboratory else []),
        f"$ORIGIN {origin}",
        f"$TTL {TTL}",
        f"@ IN SOA localhost. hostmaster.localhost. {serial} 3600 600 2592000 {TTL}",
        "@ IN NS localhost.",
        *([f'@ IN TXT "{MARK}"'] if laboratory else []),
    ]
    yield "\n".join(head)
    page = [ipaddress.ip_address(text) for text in redirect]
    longest = MAX_OCTETS - wire_octets("." + origin.rstrip("."))
    for entry in checked_stream(entries, laboratory=laboratory):
        owner = f"*.{entry.name}" if entry.wildcard else entry.name
        if len(owner) > longest:
            raise InputError(f"{owner} is too long for the zone {origin}")
        remark = f"; order={entry.order} policy={entry.policy} until={entry.expires}"
        if entry.policy == "nxdomain":
            yield f"{owner} IN CNAME . {remark}"
            continue
        # The reference holds letters, digits and hyphens only (`checked_stream`), so it needs no escapes.
        yield f'{owner} IN TXT "order={entry.order}" {remark}'
        if entry.policy == "redirect":
            if not page:
                raise InputError(f"{entry.order} redirects, but the block page has no address")
            for address in page:
                yield f"{owner} IN {'A' if address.version == 4 else 'AAAA'} {address} {remark}"


def parse(content: bytes) -> list[Entry]:
    """The entries of a zone that `render` wrote, sorted. Raises `InputError` with the line's number
    for anything that it would not have written."""
    entries: dict[tuple[str, bool], Entry] = {}
    laboratory = f'@ IN TXT "{MARK}"'.encode() in content
    for number, line in enumerate(_text(content).splitlines(), 1):
        if not line or line[0] in ";$@":
            continue
        record, remark = _KINDS.match(line), _REMARK.search(line)
        if record is None or remark is None or remark["policy"] not in ("nodata", "nxdomain", "redirect"):
            raise InputError(f"line {number} is no entry of a Ringfence zone: {line[:80]!r}")
        if record["type"] == "TXT" and record["data"] != quoted("order=" + remark["order"]):
            raise InputError(f"line {number}: the TXT record and the remark name different orders")
        owner = record["owner"]
        wildcard = owner.startswith("*.")
        name = owner[2:] if wildcard else owner
        entry = Entry(
            name, wildcard, remark["order"], remark["policy"], remark["until"], laboratory  # type: ignore[arg-type]
        )  # fmt: skip
        if entries.setdefault((name, wildcard), entry) != entry:
            raise InputError(f"line {number}: {owner} stands twice with different orders")
    return sorted(entries.values())


def quoted(text: str) -> str:
    """A character string as RFC 1035 §5.1 writes it. Raises `InputError` over 255 octets."""
    octets = text.encode("utf-8")
    if len(octets) > 255:
        raise InputError(f"a TXT string has at most 255 octets, not {len(octets)}")
    escaped = "".join(
        f"\\{chr(octet)}" if octet in b'"\\' else chr(octet) if 32 <= octet < 127 else f"\\{octet:03d}"
        for octet in octets
    )
    return f'"{escaped}"'


def _text(content: bytes) -> str:
    try:
        return content.decode("ascii")
    except UnicodeDecodeError as error:
        raise InputError(f"not a zone file: {error}") from error


def target(redirect: Sequence[str] = (), origin: str = ORIGIN) -> Target:
    """RPZ as a target, with the addresses of the block page for orders that redirect. Without one they
    are answered as NODATA, which still names the order, and the rest is not held up."""

    def fit(entry: Entry) -> Fit:
        if entry.policy == "redirect" and not redirect:
            return Fit(msgspec.structs.replace(entry, policy="nodata"), "redirect.no_page")
        return Fit(entry)

    return Target(
        "rpz",
        lambda entries, serial, laboratory: render(
            entries, serial=serial, origin=origin, laboratory=laboratory, redirect=redirect
        ),
        parse,
        laboratory_ok=True,
        fit=fit,
        lines=partial(lines, origin=origin, redirect=redirect),
    )
