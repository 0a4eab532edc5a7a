"""Approval: one person's yes to one order as it was proposed, or the withdrawal of that yes."""

from __future__ import annotations

from typing import Literal

import msgspec

from ringfence.core.canonical import canonical, digest
from ringfence.core.ids import derived


class Approval(msgspec.Struct, frozen=True):
    """``order_digest`` is the digest of the order's record that the person saw, so that an approval
    can never be read as one of another text. ``note`` is in the approver's own words."""

    order: str
    order_digest: str
    approver: str
    act: Literal["approve", "withdraw"]
    at: str
    note: str
    salt: str

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content; the salt makes it say nothing about the person."""
        return derived("approval", digest(self.record))

    @classmethod
    def from_record(cls, record: bytes) -> Approval:
        """Reads what `record` wrote."""
        return msgspec.json.decode(record, type=cls)
