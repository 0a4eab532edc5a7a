"""Appeal: an objection to an order, and the ruling on it by somebody who took no part in that order."""

from __future__ import annotations

from typing import Literal

import msgspec

from ringfence.core.canonical import canonical, digest
from ringfence.core.ids import derived

Outcome = Literal["upheld", "dismissed", "partly"]


class Appeal(msgspec.Struct, frozen=True):
    """``appellant`` is who objects, in their own words ``grounds``; ``by`` is who entered it here."""

    order: str
    appellant: str
    grounds: str
    filed_at: str
    by: str
    salt: str

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content; the salt makes it say nothing about the appellant."""
        return derived("appeal", digest(self.record))

    @classmethod
    def from_record(cls, record: bytes) -> Appeal:
        """Reads what `record` wrote."""
        return msgspec.json.decode(record, type=cls)


class Ruling(msgspec.Struct, frozen=True):
    """``upheld``: the appeal succeeds and the order ends. ``partly``: it is out of force, and only a new,
    narrower order may follow. ``dismissed``: it stands. Each with reasons."""

    appeal: str
    order: str
    decider: str
    outcome: Outcome
    reasons: str
    at: str
    salt: str

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content."""
        return derived("ruling", digest(self.record))

    @classmethod
    def from_record(cls, record: bytes) -> Ruling:
        """Reads what `record` wrote."""
        return msgspec.json.decode(record, type=cls)
