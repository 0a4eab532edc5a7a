"""Accounts that the tests of halts share: an invented country, a dealer's assessment, a rule in force."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import msgspec

from cases.examples import START, Desk
from ringfence.cases.case import Case
from ringfence.cases.hold import Grounds, HoldRule
from ringfence.cases.holding import Holding
from ringfence.cases.ladder import ACCOUNT_LADDER
from ringfence.cases.order import Order, Scope
from ringfence.rulebook.assess import assess
from ringfence.rulebook.assessment import Assessment
from ringfence.rulebook.finding import Finding
from ringfence.rulebook.pack import load_pack

PACK = load_pack(Path(__file__).parents[1] / "assets" / "good" / "packs" / "holdland")
ACCOUNT = "account:" + "0123456789abcdef" * 2
PAYMENT = "payment:" + "ab" * 16
MET = {
    "settles_token_trades": "met",
    "deals_with_public": "met",
    "own_account_customer": "not_met",
    "journalism": "not_met",
}
GROUNDS = Grounds(900, ("pass_through", "exchange_match"), (PAYMENT,))
LADDER = {
    "warn_payers": "warned twice, and they go on",
    "limit_receiving": "the limit was got round by smaller sums",
    "refuse_transactions": "the holder opened a second account",
}


def account(number: int) -> str:
    return f"account:{number:032x}"


def assessed(
    subject: str = ACCOUNT, *, jurisdiction: str = "xh", laboratory: bool = False, **states: str
) -> Assessment:
    """What an assessment of an account comes to; ``states`` change elements."""
    pack = PACK if jurisdiction == "xh" else load_pack(jurisdiction)
    day = START.date() if jurisdiction == "xh" else date(2026, 3, 20)
    found = [
        Finding(
            subject=subject, element=element, state=state, reason=f"{element} of the example", features=(),
            author="instrument:example", rule=element, version="1", observations=(), references={},
            laboratory=laboratory,
        )
        for element, state in (MET | states).items()
    ]  # fmt: skip
    (made,) = assess(pack, found, conduct=day, decision=day)
    return made


def granting(subject: str = ACCOUNT, grant: dict[str, object] | None = None, **changes: object) -> Assessment:
    """A made-out assessment that grants the whole ladder, with notice after; ``grant`` changes how."""
    plain = {"notice": "after", "notice_basis": "", "reply_days": 0, "urgency": ""} | (grant or {})
    (first,) = BASE.measures
    measures = tuple(msgspec.structs.replace(first, measure=name, **plain) for name in ACCOUNT_LADDER)
    return msgspec.structs.replace(BASE, subject=subject, measures=measures, **changes)


BASE = assessed()


def opened(desk: Desk, subject: str = ACCOUNT, **options: object) -> Case:
    return desk.cases.open(assessed(subject, **options))


def proposed(
    desk: Desk, measure: str, subject: str = ACCOUNT, *, jurisdiction: str = "cn", **changes: object
) -> Order:
    found = assessed(subject, jurisdiction=jurisdiction)
    options = {"why_not_smaller": LADDER, "needed": 2} | changes
    return desk.cases.propose(
        desk.cases.open(found).id, found, measure, "li", Scope(), "forty payers, passed on within the hour",
        desk.clock.at + timedelta(days=30), **options,
    )  # fmt: skip


def holding(desk: Desk) -> Holding:
    return Holding(desk.database, desk.sealed, desk.clock)


def rule(desk: Desk, *approvers: str, **changes: object) -> HoldRule:
    """A rule of Holdland, approved by some."""
    options: dict[str, object] = {
        "typologies": ["exchange_match"],
        "least_score": 800,
        "expires": desk.clock.at + timedelta(days=90),
    }
    options |= changes
    made = holding(desk).propose_rule(PACK, "xh-account", "li", "money is about to leave", **options)
    for person in approvers:
        holding(desk).rule_act(made.id, "approve", person)
    return made


def changed(found: Grounds, **changes: object) -> Grounds:
    return msgspec.structs.replace(found, **changes)
