"""Entry: one name in a block list, and the order that put it there."""

from __future__ import annotations

import msgspec

from ringfence.cases.order import Order, Policy


class Entry(msgspec.Struct, frozen=True, order=True):
    """A name in A-labels without a trailing dot. ``wildcard`` means every name *below* it and not the
    name itself, as in DNS. ``expires`` is the order's UTC stamp."""

    name: str
    wildcard: bool
    order: str
    policy: Policy
    expires: str
    laboratory: bool = False

    @property
    def rule(self) -> str:
        """The entry as a guard rule: ``name`` or ``*.name``."""
        return f"*.{self.name}" if self.wildcard else self.name


def entries_of(order: Order) -> tuple[Entry, ...]:
    """The entries that an order asks for: its host and, if in scope, the names below it (in DNS policy
    a name does not cover its sub-domains, so each needs its own entry)."""

    def entry(wildcard: bool) -> Entry:
        return Entry(order.scope.host, wildcard, order.id, order.policy, order.expires_at, order.laboratory)

    return (entry(False), entry(True)) if order.scope.subdomains else (entry(False),)
