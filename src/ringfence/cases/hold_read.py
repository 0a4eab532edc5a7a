"""Reading rules for holds back, inside a caller's transaction."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from ringfence.cases.hold import HoldRule
from ringfence.cases.hold_tables import rule_acts, rules
from ringfence.core.errors import InputError
from ringfence.core.time import stamp


class Rule(msgspec.Struct, frozen=True):
    """A rule with what people did with it; ``in_force`` at the instant it was read, ``state`` in words."""

    rule: HoldRule
    approvers: tuple[str, ...]
    ended: str | None
    in_force: bool
    state: str


def rule_by(connection: Connection, rule: str, at: datetime) -> Rule:
    """One rule. Raises `InputError` if there is none of this id."""
    record = connection.execute(select(rules.c.record).where(rules.c.id == rule)).scalar()
    if record is None:
        raise InputError(f"no such rule: {rule}", hint="see ringfence payments hold rules")
    found = HoldRule.from_record(record)
    done = connection.execute(
        select(rule_acts.c.act, rule_acts.c.person, rule_acts.c.at).where(rule_acts.c.rule == rule)
    ).all()
    taken_back = {person for act, person, _ in done if act == "withdraw"}
    approvers = tuple(
        sorted(person for act, person, _ in done if act == "approve" and person not in taken_back)
    )
    ended = next((when for act, _, when in done if act == "end"), None)
    in_force = ended is None and len(approvers) >= found.needed and stamp(at) < found.expires_at
    given = f"{len(approvers)} of {found.needed} approvals"
    state = "in force" if in_force else f"not in force: {given}"
    if ended is not None or stamp(at) >= found.expires_at:
        state = f"over since {(ended or found.expires_at)[:16]}Z"
    return Rule(found, approvers, ended, in_force, state)


def rules_at(connection: Connection, at: datetime) -> list[Rule]:
    """Every rule by the time of its proposal, as it stands at an instant."""
    found = select(rules.c.id).order_by(rules.c.proposed_at, rules.c.id)
    return [rule_by(connection, name, at) for name in connection.execute(found).scalars().all()]
