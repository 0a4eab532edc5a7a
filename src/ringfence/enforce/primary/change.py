"""Change: what one order's update does to the owners that it concerns."""

from __future__ import annotations

import dns.name
import dns.update
import msgspec

from ringfence.enforce.primary.held import Held, by_type
from ringfence.enforce.primary.key import Key
from ringfence.enforce.primary.place import Place
from ringfence.enforce.targets.rpz import MARK, TTL


class Change(msgspec.Struct, frozen=True):
    """At the owner ``rule`` (``name`` or ``*.name``) stands ``was``, and ``now`` shall stand."""

    rule: str
    was: Held
    now: Held


class Batch(msgspec.Struct, frozen=True):
    """The changes of one order, which happen together or not at all. ``ended`` says that the order is
    being withdrawn; ``before`` is how many orders stood at its owners, as far as is known."""

    order: str
    ended: bool
    changes: tuple[Change, ...]
    before: int = 0

    @property
    def after(self) -> int:
        """How many orders stand at the owners afterwards."""
        return 0 if self.ended else 1

    @property
    def more(self) -> int:
        """By how many the entries of the zone grow (or, below zero, shrink)."""
        return sum(bool(change.now) - bool(change.was) for change in self.changes)


def owner_name(rule: str, place: Place) -> dns.name.Name:
    """The owner of a rule in the zone. Raises `dns.name.NameTooLong` over 255 octets."""
    return dns.name.from_text(rule, origin=dns.name.from_text(place.zone))


def update_of(changes: tuple[Change, ...], place: Place, key: Key) -> dns.update.UpdateMessage:
    """The signed update (RFC 2136): prerequisites first, so that a stale or repeated one does nothing.

    Each owner must hold exactly what we think it holds, or nothing at all; and the zone must be of the
    kind that the orders are: the laboratory's carries its mark, a real one has no text at its apex.
    """
    message = probe_of(place, key)
    for change in changes:
        owner = owner_name(change.rule, place)
        if not change.was:
            message.absent(owner)
        for values in by_type(change.was).values():
            message.present(owner, *values)
    for change in changes:
        owner = owner_name(change.rule, place)
        before, after = by_type(change.was), by_type(change.now)
        for kind, values in before.items():
            if after.get(kind) != values:
                message.delete(owner, kind)
        for kind, values in after.items():
            if before.get(kind) != values:
                message.add(owner, TTL, *values)
    return message


def probe_of(place: Place, key: Key) -> dns.update.UpdateMessage:
    """An update with the zone's own prerequisite and nothing to do."""
    message = dns.update.UpdateMessage(dns.name.from_text(place.zone))
    message.use_tsig(key.tsig)
    apex = dns.name.from_text(place.zone)
    if place.laboratory:
        message.present(apex, "TXT", f'"{MARK}"')
    else:
        message.absent(apex, "TXT")
    return message
