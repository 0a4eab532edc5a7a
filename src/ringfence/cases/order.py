"""Order: one measure against one subject, with its scope, basis, reasons, end and appeal."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from ringfence.cases.override import Override
from ringfence.core.canonical import canonical
from ringfence.core.time import stamp

State = Literal["proposed", "approved", "active", "suspended", "expired", "revoked"]
Policy = Literal["nodata", "nxdomain", "redirect"]


class Scope(msgspec.Struct, frozen=True):
    """What an order covers: one host name (A-labels, no trailing dot; empty where the subject is no
    site) and, if ``subdomains``, every name below it. ``addresses`` are single IP addresses, sorted,
    that serve this host alone; each is published only where that is shown (`enforce.cohosts`)."""

    host: str = ""
    subdomains: bool = True
    addresses: tuple[str, ...] = ()


class Order(msgspec.Struct, frozen=True):
    """See the module. ``record`` bytes are the canonical form of exactly these fields.

    ``provision`` is the rule broken, ``power`` the rule that grants the measure, ``form`` how it is
    granted (order, request_to_authority, court_application, voluntary_request), ``mark`` how well the
    power's text is known. ``overrides`` are reasons of the guard set aside. ``needed`` counts approvers
    besides the proposer. Times are UTC stamps.

    ``notice`` is when the measure needs notice, ``notice_basis`` the text by which it is deferred or left
    out, ``reply_days`` the days to answer one that comes before. ``urgency`` is the rule by which the
    measure does not wait for the answer, ``urgency_reasons`` why it may not wait here; both empty as a
    rule. ``renews`` is the order that this one follows. ``power_zh`` is the power's Chinese title.
    ``moved_at`` is when the present state began.
    """

    id: str
    case: str
    subject: str
    scope: Scope
    assessment: str
    provision: str
    power: str
    measure: str
    form: str
    legal_basis: str
    mark: str
    reasons: str
    why_not_smaller: dict[str, str]
    authority: str
    addressee: str
    notice: str
    appeal: tuple[str, ...]
    policy: Policy
    proposer: str
    needed: int
    proposed_at: str
    expires_at: str
    review_at: str
    laboratory: bool
    salt: str
    overrides: tuple[Override, ...] = ()
    notice_basis: str = ""
    reply_days: int = 0
    urgency: str = ""
    urgency_reasons: str = ""
    language: str = "en"
    power_zh: str = ""
    renews: str | None = None
    moved_at: str | None = None
    state: State = "proposed"
    activated_at: str | None = None
    ended_at: str | None = None
    ended_because: str | None = None

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    def standing(self, at: datetime) -> State:
        """The state that counts at an instant: an active order past its expiry *is* expired, even
        before the row has been moved; nobody may act on it."""
        if self.state in ("active", "suspended") and self.expires_at <= stamp(at):
            return "expired"
        return self.state

    def in_force(self, at: datetime) -> bool:
        """Whether the measure may be applied at this instant."""
        return self.standing(at) == "active"

    def to_row(self) -> dict[str, Any]:
        """The columns of `orders` that follow from the record."""
        return {
            "id": self.id,
            "case_id": self.case,
            "subject": self.subject,
            "host": self.scope.host,
            "subdomains": self.scope.subdomains,
            "addresses": canonical(self.scope.addresses).decode(),
            "overrides": canonical(self.overrides).decode(),
            "assessment": self.assessment,
            "measure": self.measure,
            "legal_basis": self.legal_basis,
            "reasons": self.reasons,
            "authority": self.authority,
            "addressee": self.addressee,
            "notice": self.notice,
            "notice_basis": self.notice_basis,
            "reply_days": self.reply_days,
            "urgency": self.urgency,
            "urgency_reasons": self.urgency_reasons,
            "renews": self.renews,
            "appeal": "\n".join(self.appeal),
            "policy": self.policy,
            "state": self.state,
            "proposer": self.proposer,
            "needed": self.needed,
            "proposed_at": self.proposed_at,
            "activated_at": self.activated_at,
            "moved_at": self.moved_at or self.proposed_at,
            "ended_at": self.ended_at,
            "expires_at": self.expires_at,
            "review_at": self.review_at,
            "laboratory": self.laboratory,
        }

    @classmethod
    def from_record(cls, record: bytes) -> Order:
        """Reads what `record` wrote. Raises `msgspec.ValidationError` for anything else."""
        return msgspec.json.decode(record, type=cls)
