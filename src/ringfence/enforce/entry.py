"""Entry: one name, address or account in a list, and the order that put it there."""

from __future__ import annotations

import msgspec

from ringfence.cases.order import Order, Policy


class Entry(msgspec.Struct, frozen=True, order=True, gc=False):
    """A name in A-labels without a trailing dot. ``wildcard`` means every name *below* it and not the
    name itself, as in DNS. ``expires`` is the order's UTC stamp. With ``address`` the entry is that one
    IP address, and ``name`` says for whose sake. With ``measure`` it is an account (``name`` is
    ``account:`` and its pseudonym) and what is to be done about it."""

    name: str
    wildcard: bool
    order: str
    policy: Policy
    expires: str
    laboratory: bool = False
    address: str = ""
    measure: str = ""

    @property
    def rule(self) -> str:
        """The entry as a guard rule: ``name``, ``*.name`` or an address."""
        return self.address or (f"*.{self.name}" if self.wildcard else self.name)


def entries_of(order: Order) -> tuple[Entry, ...]:
    """The names that an order asks for: its host and, if in scope, the names below it (in DNS policy
    a name does not cover its sub-domains, so each needs its own entry)."""

    def entry(wildcard: bool) -> Entry:
        return Entry(order.scope.host, wildcard, order.id, order.policy, order.expires_at, order.laboratory)

    return (entry(False), entry(True)) if order.scope.subdomains else (entry(False),)


def addresses_of(order: Order) -> tuple[Entry, ...]:
    """The addresses that an order asks for, in the order of its scope."""
    return tuple(
        Entry(
            order.scope.host, False, order.id, order.policy, order.expires_at, order.laboratory, address
        )
        for address in order.scope.addresses
    )  # fmt: skip
