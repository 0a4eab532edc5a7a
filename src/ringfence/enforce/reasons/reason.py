"""Reason: the order behind a name, as a person who meets the block needs it."""

from __future__ import annotations

from typing import Protocol

import msgspec

from ringfence.cases.order import Order, Policy, State
from ringfence.enforce.names import parents


class Reason(msgspec.Struct, frozen=True):
    """``name`` is the name that the order's entry has, ``wildcard`` that the entry covers what is below
    it. ``since`` and ``until`` are UTC stamps; ``state`` counts at the instant of asking; ``source`` says
    who told: ``store`` or ``feed``."""

    name: str
    wildcard: bool
    order: str
    authority: str
    basis: str
    form: str
    appeal: tuple[str, ...]
    policy: Policy
    since: str
    until: str
    laboratory: bool
    state: State
    source: str

    def covers(self, asked: str) -> bool:
        """Whether this entry is about a name: the name itself, or one below it for a wildcard."""
        return asked.endswith("." + self.name) if self.wildcard else asked == self.name


class Reasons(Protocol):
    """Somebody who knows orders."""

    def covering(self, name: str) -> list[Reason]:
        """The orders in force that cover a name (A-labels), the entry nearest to it first."""

    def known(self, order: str) -> Reason | None:
        """An order by its reference, whatever its state and whatever it covers; None if nobody here
        knows it."""

    def version(self) -> str:
        """Another text whenever an answer may have changed other than by the passing of time."""


def entries_for(name: str) -> list[tuple[str, bool]]:
    """The (name, wildcard) entries that would cover a name, the nearest first."""
    above = parents(name)
    return [(name, False), *((parent, True) for parent in above[1:])]


def of_order(order: Order, state: State, *, wildcard: bool) -> Reason:
    """The reason that an order in the store gives."""
    return Reason(
        name=order.scope.host,
        wildcard=wildcard,
        order=order.id,
        authority=order.authority,
        basis=order.legal_basis,
        form=order.form,
        appeal=order.appeal,
        policy=order.policy,
        since=order.activated_at or order.proposed_at,
        until=order.expires_at,
        laboratory=order.laboratory,
        state=state,
        source="store",
    )
