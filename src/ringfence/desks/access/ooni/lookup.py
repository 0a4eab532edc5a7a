"""Lookup: addresses as one resolver gave them, bogons told from what the world can reach. Pure."""

from __future__ import annotations

from ringfence.desks.access.ooni import values, words
from ringfence.desks.access.ooni.values import Table, text
from ringfence.desks.access.sides import Lookup, is_address, is_global

_ENGINES = {"getaddrinfo": "system", "golang_net_resolver": "system"}


def lookups_of(keys: Table, *, laboratory: bool = False) -> dict[str, tuple[Lookup, ...]]:
    """What every resolver of the probe said, by host."""
    found: dict[str, list[Lookup]] = {}
    for row in values.rows(keys, "queries"):
        name = text(row.get("hostname")).rstrip(".").lower()
        engine = text(row.get("engine"))
        addresses, networks = [], {}
        for answer in values.rows(row, "answers"):
            address = text(answer.get("ipv4")) or text(answer.get("ipv6"))
            if is_address(address):
                addresses.append(address)
                asn = answer.get("asn")
                if isinstance(asn, int) and asn > 0:
                    networks[address] = asn
        if not addresses and values.failure(row) is None and not _aliases_only(row):
            continue  # neither addresses nor a failure: what was answered is not known
        # A missing AAAA is no failure of the name.
        if addresses or row.get("query_type") in ("A", "ANY", None):
            word = words.outcome(values.failure(row), "dns")
            one = lookup(_ENGINES.get(engine, engine), word, addresses, networks, laboratory=laboratory)
            found.setdefault(name, []).append(one)
    return {name: tuple(lookups) for name, lookups in found.items()}


def _aliases_only(row: Table) -> bool:
    answers = row.get("answers")
    return not answers or all(one.get("answer_type") == "CNAME" for one in values.rows(row, "answers"))


def lookup(
    engine: str, word: str, addresses: list[str], networks: dict[str, int], *, laboratory: bool = False
) -> Lookup:
    """Addresses that the world cannot reach are left out; with nothing else it is a bogon. In a
    laboratory all addresses are such, and a bogon is what its own probe called one."""
    if word in ("ok", "dns.bogon") and addresses:
        public = tuple(one for one in addresses if is_global(one) or (laboratory and word == "ok"))
        return Lookup(engine, "ok" if public else "dns.bogon", public or tuple(addresses), networks)
    return Lookup(engine, "dns.nodata" if word == "ok" else word)
