"""Addresses of one name: in which order they are tried, and which is only probed."""

from __future__ import annotations

from itertools import chain, zip_longest
from typing import Final

import msgspec

from ringfence.evidence.vantage import Vantage

MAX_ADDRESSES: Final = 3


class Plan(msgspec.Struct, frozen=True):
    """``tried`` one after the other until one carries the page; ``probe``, if there is one, is connected
    to first and closed again, so that both families are seen."""

    tried: tuple[str, ...]
    probe: str | None = None


def plan(vantage: Vantage, addresses: tuple[str, ...]) -> Plan:
    """Of what a name stands for, the addresses that the vantage may fetch: the preferred family first,
    the families in turn, as clients do (RFC 8305 section 4), at most `MAX_ADDRESSES`."""
    open_to_us = [address for address in addresses if vantage.may_fetch(address)]
    first = [a for a in open_to_us if (":" in a) == (vantage.prefer == "ipv6")]
    other = [a for a in open_to_us if a not in first]
    if not (first and other):
        return Plan(tuple(open_to_us[:MAX_ADDRESSES]))
    turns = chain.from_iterable(zip_longest(first, other))
    return Plan(tuple(a for a in turns if a is not None)[:MAX_ADDRESSES], probe=other[0])
