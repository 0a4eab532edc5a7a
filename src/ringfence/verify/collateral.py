"""Collateral: which neighbours of an ordered name to look at, so that a block that hits them is seen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from publicsuffixlist import PublicSuffixList

from ringfence.cases.order import Order
from ringfence.evidence.vantage import Vantage
from ringfence.verify.expectation import Expectation, Purpose

EACH = 4  # neighbours of one kind and order; the demo and the tests raise it
_suffixes = PublicSuffixList()


def neighbours(
    order: Order,
    addresses: Mapping[str, Collection[str]],
    ordered: Collection[str],
    popular: Iterable[str] = (),
    *,
    each: int = EACH,
) -> list[tuple[str, Purpose]]:
    """The hosts to look at and why, at most ``each`` of a kind, the same ones every time.

    ``addresses`` maps every known host to the addresses it was seen at; ``ordered`` are all hosts
    under an order in force, which are no innocents; ``popular`` are names everybody uses.
    """
    host = order.scope.host
    own = set(addresses.get(host, ()))
    domain = _suffixes.privatesuffix(host) or host

    def innocent(name: str) -> bool:
        below = order.scope.subdomains and name.endswith("." + host)
        return name != host and not below and not _ordered(name, ordered)

    shared = sorted(name for name, seen in addresses.items() if innocent(name) and own & set(seen))
    related = sorted(
        name for name in addresses if innocent(name) and (name == domain or name.endswith("." + domain))
    )
    found: dict[str, Purpose] = {}
    for names, purpose in (
        ([name for name in related if host.endswith("." + name)], "parent"),
        ([name for name in related if not host.endswith("." + name)], "sibling"),
        (shared, "shared_address"),
        ([name for name in popular if innocent(name)], "popular"),
    ):
        kind: Purpose = purpose  # type: ignore[assignment]
        for name in [name for name in names if name not in found][:each]:
            found[name] = kind
    return sorted(found.items())


def collateral_expectations(
    order: Order, hosts: Iterable[tuple[str, Purpose]], vantages: Iterable[Vantage]
) -> list[Expectation]:
    """Each neighbour must stay accessible from inside."""
    if order.activated_at is None:
        return []
    inside = sorted((vantage for vantage in vantages if vantage.role == "inside"), key=lambda v: v.name)
    return [
        Expectation(order.id, vantage.name, host, "accessible", purpose, order.activated_at, order.laboratory)
        for host, purpose in hosts
        for vantage in inside
    ]


def _ordered(name: str, ordered: Collection[str]) -> bool:
    while name:
        if name in ordered:
            return True
        name = name.partition(".")[2]
    return False
