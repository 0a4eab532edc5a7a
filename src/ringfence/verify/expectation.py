"""Expectation: what must be seen from which vantage once an order is active, or after it has ended."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from ringfence.cases.order import Order
from ringfence.core.canonical import canonical, digest
from ringfence.core.ids import derived
from ringfence.evidence.vantage import Vantage

Expect = Literal["blocked", "accessible"]
# name: the ordered host. below: a random name under its wildcard. outside: the ordered host from where
# the order does not reach. lifted: the host after the order has ended. The others are neighbours.
Purpose = Literal["name", "below", "outside", "lifted", "shared_address", "sibling", "parent", "popular"]
COLLATERAL = frozenset({"shared_address", "sibling", "parent", "popular"})


class Expectation(msgspec.Struct, frozen=True):
    """``host`` may be ``*.name``: then any fresh label below it is to be probed (`probe`). ``since`` is
    the UTC stamp from which on it must hold."""

    order: str
    vantage: str
    host: str
    expect: Expect
    purpose: Purpose
    since: str
    laboratory: bool = False

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content: planning twice expects nothing twice."""
        return derived("expectation", digest(self.record))

    @property
    def collateral(self) -> bool:
        """Whether it is about a neighbour and not about the ordered name."""
        return self.purpose in COLLATERAL

    def probe(self) -> str:
        """The host to look at. Below a wildcard it is new each time: caches hide both new blocks and
        lifted ones."""
        if not self.host.startswith("*."):
            return self.host
        return f"rf-{secrets.token_hex(6)}.{self.host[2:]}"

    def covers(self, host: str) -> bool:
        """Whether a host that was looked at answers this expectation."""
        if self.host.startswith("*."):
            return host.endswith(self.host[1:])
        return host == self.host


def expectations(
    order: Order,
    vantages: Iterable[Vantage],
    *,
    at: datetime,
    since: str | None = None,
    known_below: str | None = None,
) -> list[Expectation]:
    """What one order makes us expect at an instant.

    In force: blocked inside, at the name and below it if in scope, and accessible outside. Ended or
    suspended: accessible inside again. Proposed, or no block: nothing. ``since`` is when the block was
    published, if that is what the time is counted from; by default the activation.

    Below the name a random label is probed, and the order's reference in the answer tells a block from
    an absence. An NXDOMAIN block carries none: there ``known_below``, a host that exists, is probed, and
    without one nothing is expected below, since nothing could be told.
    """
    state = order.standing(at)
    if order.measure != "block_access" or order.activated_at is None:
        return []
    found: list[Expectation] = []

    def expect(vantage: Vantage, host: str, what: Expect, purpose: Purpose, start: str) -> None:
        found.append(Expectation(order.id, vantage.name, host, what, purpose, start, order.laboratory))

    host = order.scope.host
    for vantage in sorted(vantages, key=lambda vantage: vantage.name):
        if state == "active":
            start = since or order.activated_at
            if vantage.role == "outside":
                expect(vantage, host, "accessible", "outside", start)
                continue
            expect(vantage, host, "blocked", "name", start)
            below = known_below if order.policy == "nxdomain" else f"*.{host}"
            if order.scope.subdomains and below is not None:
                expect(vantage, below, "blocked", "below", start)
        elif vantage.role == "inside":
            expect(vantage, host, "accessible", "lifted", _lifted_at(order, state))
    return found


def _lifted_at(order: Order, state: str) -> str:
    """Since when an order that was in force is so no more."""
    if state == "suspended":
        return order.moved_at or order.expires_at
    return order.ended_at or order.expires_at
