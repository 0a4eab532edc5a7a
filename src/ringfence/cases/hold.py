"""Hold: one payment kept back for hours, by a rule that people approved beforehand.

It exists only where the law gives the payment firm one (`HoldGrant` of a pack), ends by itself within that
law's time, and is confirmed or released by a person. It cannot be renewed: a payment is held once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from ringfence.core.canonical import canonical, digest
from ringfence.core.ids import derived
from ringfence.core.time import stamp

RuleDeed = Literal["approve", "withdraw", "end"]
Deed = Literal["confirmed", "released", "expired"]
Standing = Literal["held", "confirmed", "released", "expired"]
LEAST_INDICATORS = 2  # a single indicator never suffices (FATF 2020)


class HoldRule(msgspec.Struct, frozen=True):
    """When a payment is kept back. ``hours`` is how long, ``law_hours`` the longest that ``power`` (cited as
    ``legal_basis``, with its ``mark``) allows. An account's result matches that has ``least_score``
    (thousandths), ``least_indicators`` different typologies, and one of ``typologies`` among them."""

    jurisdiction: str
    provision: str
    power: str
    legal_basis: str
    mark: str
    condition: str
    appeal: tuple[str, ...]
    hours: int
    law_hours: int
    typologies: tuple[str, ...]
    least_score: int
    least_indicators: int
    reasons: str
    proposer: str
    needed: int
    proposed_at: str
    expires_at: str
    laboratory: bool
    salt: str

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content."""
        return derived("holdrule", digest(self.record))

    @classmethod
    def from_record(cls, record: bytes) -> HoldRule:
        """Reads what `record` wrote."""
        return msgspec.json.decode(record, type=cls)


class RuleAct(msgspec.Struct, frozen=True):
    """One person's yes to a rule as it was proposed, its withdrawal, or the rule's end."""

    rule: str
    act: RuleDeed
    person: str
    at: str
    note: str
    salt: str

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content."""
        return derived("holdruleact", digest(self.record))


class Grounds(msgspec.Struct, frozen=True):
    """What a rule is asked of: an account's score in thousandths, its typologies, and the transactions that
    show them (pseudonyms)."""

    score: int
    typologies: tuple[str, ...]
    transactions: tuple[str, ...]


class Hold(msgspec.Struct, frozen=True):
    """One payment (``payment:`` and 32 hexadecimal digits) to or from an account, kept back under a rule
    from ``began_at`` until ``until_at`` at the latest. ``assessment`` is that of the account's case."""

    rule: str
    case: str
    account: str
    payment: str
    assessment: str
    grounds: Grounds
    began_at: str
    until_at: str
    laboratory: bool
    salt: str

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content."""
        return derived("hold", digest(self.record))

    @classmethod
    def from_record(cls, record: bytes) -> Hold:
        """Reads what `record` wrote."""
        return msgspec.json.decode(record, type=cls)

    def standing(self, deeds: frozenset[str], at: datetime) -> Standing:
        """What counts at an instant: past its time a hold *is* over, whoever wrote that down or not."""
        if "released" in deeds:
            return "released"
        if "expired" in deeds or self.until_at <= stamp(at):
            return "expired"
        return "confirmed" if "confirmed" in deeds else "held"


class HoldAct(msgspec.Struct, frozen=True):
    """What became of a hold, by whom and why."""

    hold: str
    act: Deed
    actor: str
    at: str
    reasons: str
    salt: str

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content."""
        return derived("holdact", digest(self.record))

    @classmethod
    def from_record(cls, record: bytes) -> HoldAct:
        """Reads what `record` wrote."""
        return msgspec.json.decode(record, type=cls)


def against(rule: HoldRule, grounds: Grounds) -> str:
    """Why a rule does not cover an account's result; empty where it does."""
    found = set(grounds.typologies)
    if grounds.score < rule.least_score:
        return f"its score is {grounds.score} of the {rule.least_score} that the rule asks for"
    if len(found) < max(rule.least_indicators, LEAST_INDICATORS):
        return f"{len(found)} typologies of the {rule.least_indicators} that the rule asks for"
    if not found & set(rule.typologies):
        return f"none of {', '.join(rule.typologies)} among its typologies"
    if not grounds.transactions:
        return "no transaction shows it"
    return ""
