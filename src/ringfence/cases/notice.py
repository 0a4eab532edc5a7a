"""Notice: what somebody was told of an order, whether it reached them, and when it may wait by law."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import msgspec

from ringfence.core.canonical import canonical, digest
from ringfence.core.ids import derived
from ringfence.core.time import parse_stamp, stamp

When = Literal["before", "after"]
Fate = Literal["sent", "delivered", "failed"]
SEND_WITHIN = timedelta(days=3)  # of a notice that follows the measure (ours: no text gives a period)


class Notice(msgspec.Struct, frozen=True):
    """``text`` is all that was said, in ``language`` (BCP 47). ``reply_until`` ends the window to answer a
    notice that comes *before* the measure; ``due_at`` is when one that comes *after* must be on its way.
    ``by`` is the person who gave it, or ``ringfence`` where it follows of itself from the approvals."""

    order: str
    recipient: str
    language: str
    text: str
    when: When
    at: str
    by: str
    reply_until: str | None
    due_at: str | None
    salt: str

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content; the salt makes it say nothing about the recipient."""
        return derived("notice", digest(self.record))

    @classmethod
    def from_record(cls, record: bytes) -> Notice:
        """Reads what `record` wrote."""
        return msgspec.json.decode(record, type=cls)


class Delivery(msgspec.Struct, frozen=True):
    """One attempt: *sent*, *delivered*, or *failed* and then ``why``. ``channel`` says by what means."""

    notice: str
    order: str
    fate: Fate
    channel: str
    why: str
    at: str
    by: str
    salt: str

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content."""
        return derived("delivery", digest(self.record))

    @classmethod
    def from_record(cls, record: bytes) -> Delivery:
        """Reads what `record` wrote."""
        return msgspec.json.decode(record, type=cls)


class Deferral(msgspec.Struct, frozen=True):
    """Notice put off by law: on what ``ground`` (cited), decided by whom, until it is looked at again."""

    order: str
    ground: str
    reasons: str
    decider: str
    review_at: str
    at: str
    salt: str

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content."""
        return derived("deferral", digest(self.record))

    @classmethod
    def from_record(cls, record: bytes) -> Deferral:
        """Reads what `record` wrote."""
        return msgspec.json.decode(record, type=cls)


def later(at: str, by: timedelta) -> str:
    """A UTC stamp moved on."""
    return stamp(parse_stamp(at) + by)
