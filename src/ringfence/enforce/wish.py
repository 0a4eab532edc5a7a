"""Wish: what one order asks of a target, as far as the guard and a list need to know it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec
from sqlalchemy import Connection, select

from ringfence.cases.ladder import ACCOUNT_LADDER
from ringfence.cases.order import Order, Policy
from ringfence.cases.override import Override
from ringfence.cases.tables import orders
from ringfence.enforce.entry import Entry

Takes = Literal["names", "addresses", "accounts"]

_overrides = msgspec.json.Decoder(tuple[Override, ...])
_addresses = msgspec.json.Decoder(tuple[str, ...])


class Wish(msgspec.Struct, frozen=True, gc=False):
    """The columns of an order that a list is made from; the database holds them to the sealed record."""

    order: str
    subject: str
    host: str
    subdomains: bool
    policy: Policy
    expires: str
    laboratory: bool
    addresses: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    measure: str = "block_access"

    @classmethod
    def of(cls, order: Order) -> Wish:
        """The wish of an order that has been read already."""
        return cls(
            order.id, order.subject, order.scope.host, order.scope.subdomains, order.policy,
            order.expires_at, order.laboratory, order.scope.addresses, order.overrides, order.measure,
        )  # fmt: skip

    def entries(self, takes: Takes) -> list[Entry]:
        """The entries of one kind."""
        host, order, policy, expires = self.host, self.order, self.policy, self.expires
        if takes == "addresses":
            return [
                Entry(host, False, order, policy, expires, self.laboratory, address)
                for address in self.addresses
            ]
        if takes == "accounts":
            return [Entry(self.subject, False, order, policy, expires, self.laboratory, measure=self.measure)]
        exact = Entry(host, False, order, policy, expires, self.laboratory)
        if not self.subdomains:
            return [exact]
        return [exact, Entry(host, True, order, policy, expires, self.laboratory)]

    @property
    def rank(self) -> tuple[str, str, str, str]:
        """Sorts by host (accounts, which have none, by subject); where several want the same, the lower id
        first."""
        return (self.host, "" if self.host else self.subject, self.order, self.expires)


def measures_of(takes: Takes) -> tuple[str, ...]:
    """The measures that a target lists which takes these."""
    return ACCOUNT_LADDER if takes == "accounts" else ("block_access",)


def wishes_in_force(
    connection: Connection, at: str, *, laboratory: bool, takes: Takes = "names"
) -> Iterator[Wish]:
    """The wishes of all blocks (or measures on accounts) in force at a UTC stamp, sorted by `Wish.rank`,
    read as they are used."""
    column = orders.c
    order = (column.subject, column.id) if takes == "accounts" else (column.host, column.id)
    found = (
        select(
            column.id, column.subject, column.host, column.subdomains, column.policy, column.expires_at,
            column.laboratory, column.addresses, column.overrides, column.measure,
        )
        .where(
            column.state == "active", column.laboratory == laboratory,
            column.measure.in_(measures_of(takes)), column.expires_at > at,
        )
        .order_by(*order)
    )  # fmt: skip
    expiries: dict[str, str] = {}
    rows = connection.execute(found, execution_options={"yield_per": 5000})
    for part in rows.partitions():
        for row in part:
            name, subject, host, subdomains, policy, expires, invented, addresses, overrides, measure = row
            yield Wish(
                name, subject, host, subdomains, policy, expiries.setdefault(expires, expires), invented,
                () if addresses == "[]" else _addresses.decode(addresses),
                () if overrides == "[]" else _overrides.decode(overrides), measure,
            )  # fmt: skip
