"""Holding: rules proposed and approved, payments held by them, and let go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import ColumnElement, Connection, select

from ringfence.cases.acts import Acts, said
from ringfence.cases.hold import (
    LEAST_INDICATORS,
    Deed,
    Grounds,
    Hold,
    HoldAct,
    HoldRule,
    RuleAct,
    RuleDeed,
    Standing,
    against,
)
from ringfence.cases.hold_lift import keep_act, open_holds
from ringfence.cases.hold_read import Rule, rule_by, rules_at
from ringfence.cases.hold_tables import hold_acts, holds, rule_acts, rules
from ringfence.cases.proposal import MAX_LIFE
from ringfence.cases.reading import case_by
from ringfence.cases.roles import HOUSE
from ringfence.cases.seal import salt
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.time import stamp
from ringfence.rulebook.measures import holds as granted
from ringfence.rulebook.measures import routes
from ringfence.rulebook.provision import Pack

PAYMENT = re.compile(r"payment:[0-9a-f]{32}", re.ASCII)


class Held(msgspec.Struct, frozen=True):
    """A hold with what became of it, as it stands at the instant it was read."""

    hold: Hold
    standing: Standing
    acts: tuple[HoldAct, ...]


class Holding(Acts):
    """Holds over one database; see `Acts` for what it is made with."""

    # --- rules ---------------------------------------------------------------------------------
    def propose_rule(
        self,
        pack: Pack,
        provision: str,
        proposer: str,
        reasons: str,
        expires: datetime,
        *,
        typologies: Iterable[str],
        least_score: int,
        least_indicators: int = LEAST_INDICATORS,
        hours: int | None = None,
        power: str | None = None,
        laboratory: bool = False,
    ) -> HoldRule:
        """Propose a rule under a pack's hold against a breach. Raises `RefusedError` where law in force
        gives the firm none, or not for so long; `InputError` for a rule that says too little."""
        at = self.clock()
        found = [pair for pair in granted(pack, provision, at.date()) if power in (None, pair[0].id)]
        if not found:
            why = pack.head.no_hold or f"no law of the pack gives one against {provision}"
            raise RefusedError(
                f"payment firms have no hold of their own in {pack.head.jurisdiction}: {why}",
                hint="propose an order on the account: ringfence orders propose",
            )
        text, hold = found[0]
        hours = hold.hours if hours is None else hours
        if not 1 <= hours <= hold.hours:
            raise RefusedError(f"{hours} hours; {text.id} gives {hold.hours} at most")
        kinds = tuple(sorted(set(typologies)))
        if not kinds or least_indicators < LEAST_INDICATORS:
            raise InputError(
                "a rule names typologies and asks for two different ones at least",
                hint="a single indicator never suffices",
            )
        if not 0 < least_score <= 1000:
            raise InputError(f"a score in thousandths, 1 to 1000: {least_score}")
        if not at < expires <= at + MAX_LIFE:
            raise InputError("a rule ends on a day to come, at most 366 days ahead")
        rule = HoldRule(
            jurisdiction=pack.head.jurisdiction, provision=provision, power=text.id,
            legal_basis=text.citation, mark=hold.mark, condition=hold.condition,
            appeal=routes(pack, hold.appeal, at.date()), hours=hours, law_hours=hold.hours, typologies=kinds,
            least_score=least_score, least_indicators=least_indicators, reasons=said(reasons, "the reasons"),
            proposer=proposer, needed=pack.head.approvals, proposed_at=stamp(at), expires_at=stamp(expires),
            laboratory=laboratory, salt=salt(),
        )  # fmt: skip
        with self._act() as connection:
            self._keep(
                connection, rules, "event", rule,
                jurisdiction=rule.jurisdiction, legal_basis=rule.legal_basis,
                hours=rule.hours, law_hours=rule.law_hours, least_indicators=rule.least_indicators,
                reasons=rule.reasons, proposer=proposer, needed=rule.needed, proposed_at=rule.proposed_at,
                expires_at=rule.expires_at, laboratory=laboratory,
            )  # fmt: skip
        return rule

    def rule_act(self, rule: str, act: RuleDeed, person: str, note: str = "") -> Rule:
        """Approve a rule, take that back, or end it (one person of the desk is enough). Raises
        `RefusedError` where the database refuses the person or the act."""
        at = self.clock()
        if act == "end":
            said(note, "the reasons")
        with self._act() as connection:
            found = rule_by(connection, rule, at)
            if act != "end" and person == found.rule.proposer:
                raise RefusedError("no one approves their own proposal", hint="another approver must")
            if act == "approve" and person in found.approvers:
                raise RefusedError(f"{person} has approved it already", hint=f"it is {found.state}")
            done = RuleAct(found.rule.id, act, person, stamp(at), note.strip(), salt())
            self._keep(
                connection, rule_acts, "event", done, rule=rule, act=act,
                person=person, at=done.at, note=done.note,
            )  # fmt: skip
            return rule_by(connection, rule, at)

    def rules(self) -> list[Rule]:
        """Every rule by the time of its proposal."""
        at = self.clock()
        with self.database.read() as connection:
            return rules_at(connection, at)

    # --- holds ---------------------------------------------------------------------------------
    def hold(self, rule: str, case: str, payment: str, grounds: Grounds) -> Hold:
        """Hold a payment of the account of a case, because an approved rule says so of what was found.
        Raises `RefusedError` where the rule is not in force or does not cover it, or the case's latest
        assessment is none to act on."""
        at = self.clock()
        if not PAYMENT.fullmatch(payment):
            raise InputError(
                "a payment is named by its pseudonym: payment: and 32 hexadecimal digits",
                hint="ringfence payments pseudonym makes it with the firm's vault",
            )
        with self._act() as connection:
            found = rule_by(connection, rule, at)
            there = case_by(connection, case)
            if not found.in_force:
                over = found.state.startswith("over")
                raise RefusedError(
                    f"{rule} is not in force" + (f": {found.state}" if over else found.state[12:]),
                    hint=f"ringfence payments hold {'propose' if over else f'approve {rule} --by PERSON'}",
                )
            if there.state != "open":
                raise RefusedError(f"case {case} is closed", hint="nothing is held for a case that is over")
            if before := _of_payment(connection, payment, there.laboratory, at):
                raise RefusedError(
                    f"{payment} is held once, and was: {before.hold.id} is {before.standing}",
                    hint="for longer than a hold lasts, propose an order on the account",
                )
            if there.provision != found.rule.provision or there.jurisdiction != found.rule.jurisdiction:
                raise RefusedError(f"{rule} is against {found.rule.provision}, not {there.provision}")
            why = against(found.rule, grounds)
            if why:
                raise RefusedError(f"the rule does not cover this: {why}")
            made = Hold(
                rule=rule, case=case, account=there.subject, payment=payment, assessment=there.assessment,
                grounds=grounds, began_at=stamp(at), until_at=stamp(at + timedelta(hours=found.rule.hours)),
                laboratory=there.laboratory, salt=salt(),
            )  # fmt: skip
            self._keep(
                connection, holds, "event", made, rule=rule, case_id=case, account=made.account,
                payment=payment, assessment=made.assessment, began_at=made.began_at, until_at=made.until_at,
                laboratory=made.laboratory,
            )  # fmt: skip
        return made

    def confirm(self, hold: str, person: str, reasons: str) -> Held:
        """A person has looked: the hold stands until its time is over, and no longer."""
        return self._deed(hold, "confirmed", person, reasons)

    def release(self, hold: str, person: str, reasons: str) -> Held:
        """Let a payment go. One person of the desk, or an appeals officer, is enough."""
        return self._deed(hold, "released", person, reasons)

    def end_due(self) -> list[Held]:
        """Write down the end of every hold whose time is up (none counts after its time anyway)."""
        at = self.clock()
        with self._act() as connection:
            due = open_holds(connection, holds.c.until_at <= stamp(at))
            for one in due:
                keep_act(connection, self.seal, one.id, "expired", HOUSE, stamp(at), "its time was up")
            return [_held(connection, one, at) for one in due]

    def held(self, *where: ColumnElement[bool]) -> list[Held]:
        """Holds, all or those that fulfil conditions, by the time they began."""
        at = self.clock()
        with self.database.read() as connection:
            found = select(holds.c.record).where(*where).order_by(holds.c.began_at, holds.c.id)
            records = connection.execute(found).scalars().all()
            return [_held(connection, Hold.from_record(record), at) for record in records]

    def _deed(self, hold: str, act: Deed, person: str, reasons: str) -> Held:
        at = self.clock()
        reasons = said(reasons, "the reasons")
        with self._act() as connection:
            record = connection.execute(select(holds.c.record).where(holds.c.id == hold)).scalar()
            if record is None:
                raise InputError(f"no such hold: {hold}", hint="see ringfence payments hold list")
            found = Hold.from_record(record)
            stands = _held(connection, found, at)
            if stands.standing in ("released", "expired"):
                raise RefusedError(f"{hold} is {stands.standing} already")
            if act in {one.act for one in stands.acts}:
                who = next(one.actor for one in stands.acts if one.act == act)
                raise RefusedError(f"{hold} is {act} already, by {who}", hint="release it, or let it end")
            keep_act(connection, self.seal, hold, act, person, stamp(at), reasons)
            return _held(connection, found, at)


def _of_payment(connection: Connection, payment: str, laboratory: bool, at: datetime) -> Held | None:
    found = select(holds.c.record).where(holds.c.payment == payment, holds.c.laboratory == laboratory)
    record = connection.execute(found).scalar()
    return None if record is None else _held(connection, Hold.from_record(record), at)


def _held(connection: Connection, hold: Hold, at: datetime) -> Held:
    found = select(hold_acts.c.record).where(hold_acts.c.hold == hold.id).order_by(hold_acts.c.at)
    acts = tuple(HoldAct.from_record(record) for record in connection.execute(found).scalars())
    return Held(hold, hold.standing(frozenset(act.act for act in acts), at), acts)
