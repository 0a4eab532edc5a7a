"""Held: the records that stand at one owner in a zone, as sorted texts ``TYPE data``.

Texts compare exactly, go into sealed records as they are, and turn into prerequisites.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

import dns.name
import dns.rdata
import dns.rdataset
import dns.rdatatype

from ringfence.enforce.entry import Entry
from ringfence.enforce.targets.rpz import quoted

Held = tuple[str, ...]
NOTHING: Held = ()
# All that an entry is made of; whatever else stands at an owner is none of ours.
TYPES = ("TXT", "CNAME", "A", "AAAA")
_REFERENCE = 'TXT "order='


def records(entry: Entry, redirect: Sequence[str] = ()) -> Held:
    """The records of an entry, by its policy; empty for a redirect without a block page's address."""
    if entry.policy == "nxdomain":
        return ("CNAME .",)
    reference = f"TXT {quoted('order=' + entry.order)}"
    if entry.policy == "nodata":
        return (reference,)
    if not redirect:
        return NOTHING
    return tuple(sorted((reference, *map(_address, redirect))))


def _address(text: str) -> str:
    kind = "A" if ipaddress.ip_address(text).version == 4 else "AAAA"
    # As dnspython writes it: what is read back is compared with this.
    return f"{kind} {dns.rdata.from_text('IN', kind, text).to_text()}"


def held(rdatasets: Iterable[dns.rdataset.Rdataset]) -> Held:
    """The records of a node as a transfer or an answer gives them; the zone's own apart."""
    return tuple(
        sorted(
            f"{dns.rdatatype.to_text(rdataset.rdtype)} {rdata.to_text()}"
            for rdataset in rdatasets
            for rdata in rdataset
        )
    )


def by_type(content: Held) -> dict[str, list[dns.rdata.Rdata]]:
    """The records as dnspython has them, by type."""
    found: dict[str, list[dns.rdata.Rdata]] = {}
    for text in content:
        kind, _, data = text.partition(" ")
        found.setdefault(kind, []).append(dns.rdata.from_text("IN", kind, data, relativize=False))
    return found


def order_of(content: Held) -> str | None:
    """The order that a reference names, or None for an NXDOMAIN entry and for what is none of ours."""
    for text in content:
        if text.startswith(_REFERENCE):
            return text[len(_REFERENCE) :].rstrip('"')
    return None


def ours(content: Held) -> bool:
    """Whether an owner holds what Ringfence would have written: nothing else is ever removed."""
    kinds = {text.partition(" ")[0] for text in content}
    if content in (NOTHING, ("CNAME .",)):
        return True
    references = [text for text in content if text.startswith(_REFERENCE)]
    return len(references) == 1 and kinds <= {"TXT", "A", "AAAA"} and sum(
        text.startswith("TXT ") for text in content
    ) == 1  # fmt: skip
