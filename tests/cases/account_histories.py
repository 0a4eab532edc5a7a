"""Random histories of payment accounts: holds and their rules, measures, notice put off, the list that is
published; by the docket and by hand. What must hold is judged from the sealed records in plain Python."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from cases.accounts import BASE, GROUNDS, LADDER, PACK, account, changed, granting
from cases.histories import STAFF, History, World, no_seal
from ringfence.cases.approval import Approval
from ringfence.cases.event import Event
from ringfence.cases.hold import Grounds, Hold, HoldAct, HoldRule, RuleAct
from ringfence.cases.hold_read import rule_by
from ringfence.cases.hold_tables import hold_acts, holds, rule_acts, rules
from ringfence.cases.holding import Holding
from ringfence.cases.ladder import ACCOUNT_LADDER, milder
from ringfence.cases.order import Order, Scope
from ringfence.cases.roles import HOUSE
from ringfence.cases.tables import approvals, case_events, cases, orders, roles
from ringfence.core.canonical import digest
from ringfence.core.ids import reference
from ringfence.core.time import parse_stamp, stamp
from ringfence.enforce.guard import Context
from ringfence.enforce.publish import Publisher
from ringfence.enforce.targets import payments
from ringfence.rulebook.assessment import Assessment

MOST = 3  # approvals of orders on accounts, a person and day
LAW_HOURS = 24  # of the invented country
BY_HAND = "by hand"
_CONTEXT = Context()
_KINDS = ("exchange_match", "pass_through", "night", "memo")


class Accounts(World):
    """A database in which histories of accounts follow one another."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.cases.most = MOST
        self.holding = Holding(self.database, no_seal, self.clock)
        self.publisher = Publisher(self.database, no_seal, self.clock)
        self.rules: list[str] = []


class AccountHistory(History):
    """One account: its case, orders, rules for holds, and payments that are held."""

    world: Accounts
    steps = 40
    measures = ACCOUNT_LADDER
    why_not_smaller = LADDER

    def __init__(self, world: Accounts, number: int, draw: Any) -> None:
        self.subject = account(number + 1)
        self.rules: list[str] = []
        self.by_docket: set[str] = set()  # rules that were not written by hand
        self.holds: list[Hold] = []
        self.over: set[str] = set()  # holds that were seen to be over
        self.paid = 0
        super().__init__(world, number, draw)
        mine = [self.place, self.place, self.confirm, self.release, self.publish, self.rule_end, self.close]
        self.acts = [*self.acts, *mine, self.rule_propose, self.rule_approve, self.rule_withdraw]

    def _chosen(self) -> Any:
        if self.draw.random() < 0.5:
            published = self.state in ("active", "suspended") and self.draw.random() < 0.2
            return self.publish if published else super()._chosen()
        if not self.rules:
            return self.draw.choice([self.rule_propose, self.rule_propose, self.place])
        if not self._in_force(self.rules[-1]):
            after = [self.place, self.rule_withdraw, self.rule_propose, self.tamper]
            return self.draw.choice([*[self.rule_approve] * 8, *after])
        if not self.holds:
            return self.draw.choice([*[self.place] * 6, self.tamper, self.rule_end, self.rule_withdraw])
        return self.draw.choice(
            [
                *[self.confirm] * 3, *[self.release] * 2, *[self.place] * 2, *[self.wait] * 3,
                *[self.publish] * 2, *[self.tamper] * 3, self.find, self.rule_end, self.close,
            ]
        )  # fmt: skip

    # --- by the docket -------------------------------------------------------------------------
    def propose(self, renews: str | None = None) -> object:
        # Sometimes a reason is left out, or blank: a harder measure is refused then.
        left = self.draw.choice(["", "", "", *ACCOUNT_LADDER[:-1]])
        self.why_not_smaller = {**LADDER, **({left: self.draw.choice(["", " "])} if left else {})}
        return super().propose(renews)

    def approve(self) -> object:
        person = self._person("wang", "chen", "zhao")
        done = self.world.cases.approve(self._order(), person)
        today = stamp(self.world.clock.at)[:10]
        with self.world.database.read() as connection:
            given = select(approvals.c.record).join(orders, orders.c.id == approvals.c.order_id)
            found = connection.execute(given.where(approvals.c.approver == person)).scalars()
            own = [Approval.from_record(record) for record in found]
        assert sum(one.act == "approve" and one.at[:10] == today for one in own) <= MOST, (person, today)
        return done

    def rule_propose(self) -> object:
        draw, at = self.draw, self.world.clock.at
        asked: dict[str, Any] = {
            "typologies": draw.choice([["exchange_match"], ["exchange_match", "night"], ["memo"]]),
            "least_score": draw.choice([500, 800]), "least_indicators": draw.choice([2, 2, 3]),
            "hours": draw.choice([None, 1, 6]),
        }  # fmt: skip
        wrong = [{"typologies": []}, {"least_score": 0}, {"least_indicators": 1}, {"hours": 25}]
        if draw.random() < 0.15:
            asked |= draw.choice(wrong)
        made = self.world.holding.propose_rule(
            PACK, draw.choice(["xh-account"] * 19 + ["xh-nothing"]), self._person("li"),
            "money is about to leave", at + timedelta(days=draw.choice([1, 30, 90, 90, 90, 400])), **asked,
        )  # fmt: skip
        self.by_docket.add(made.id)
        self._ruled(made.id)
        return made

    def rule_approve(self) -> object:
        return self.world.holding.rule_act(self._rule(), "approve", self._person("wang", "chen", "zhao"))

    def rule_withdraw(self) -> object:
        return self.world.holding.rule_act(self._rule(), "withdraw", self._person("wang", "chen"))

    def rule_end(self) -> object:
        return self.world.holding.rule_act(self._rule(), "end", self._person("li", "sun"), "it is over")

    def place(self) -> object:
        return self.world.holding.hold(self._rule(), self.case, self._payment(), self._grounds())

    def confirm(self) -> object:
        return self.world.holding.confirm(self._hold(), self._person("li", "wang"), "I have looked")

    def release(self) -> object:
        return self.world.holding.release(self._hold(), self._person("li", "sun"), "a salary")

    def wait(self) -> object:
        days = self.draw.choice([0.05, 0.3, 0.9, 1.1, 3, 8, 8, 40])
        self.world.clock.pass_(days=days)
        self.world.cases.expire_due()
        self.world.cases.lapse_due()
        self.world.looked = stamp(self.world.clock.at)
        if self.draw.random() < 0.7:  # no hold counts after its time, whoever writes that down or not
            self.world.holding.end_due()
        return True

    def close(self) -> object:
        if self.draw.random() < 0.8:
            return False  # it ends nearly everything
        return self.world.cases.close(self.case, self._person("li", "wang"), "nothing is left to do")

    def publish(self) -> object:
        # Read before: a database in memory has one connection, and the publisher's transaction has it.
        with self.world.database.read() as connection:
            every = connection.execute(select(orders.c.id, orders.c.record)).all()
        known = {name: Order.from_record(record) for name, record in every}
        made = self.world.publisher.publish(payments.target(known.__getitem__), _CONTEXT)
        listed = {one.name: one for one in payments.parse(self.world.publisher.content(made.artefact))}
        at = self.world.clock.at
        with self.world.database.read() as connection:
            found = connection.execute(select(orders.c.record).where(orders.c.state == "active")).scalars()
            live = [order for order in map(Order.from_record, found) if order.in_force(at)]
        hardest: dict[str, int] = {}
        for order in live:
            rank = ACCOUNT_LADDER.index(order.measure)
            hardest[order.subject] = max(rank, hardest.get(order.subject, 0))
        assert {name: ACCOUNT_LADDER.index(one.measure) for name, one in listed.items()} == hardest
        behind = {order.id: order for order in live}
        for name, one in listed.items():
            order = behind[one.order]
            assert (order.subject, order.measure, order.expires_at) == (name, one.measure, one.expires), one
        return made.new

    # --- by hand -------------------------------------------------------------------------------
    def _by_hand(self) -> list[Any]:
        own = [*[self._write_hold] * 5, *[self._write_deed] * 4, self._write_rule, self._write_yes]
        return [*super()._by_hand(), *own, self._write_order, self._write_order]

    def _write_hold(self, connection: Connection) -> object:
        """A hold that looks right, with a flaw or two (or none)."""
        at, hours = self.world.clock(), self.draw.choice([1, 6, 24, 24])
        seen = connection.execute(
            select(case_events.c.about).where(
                case_events.c.case_id == self.case, case_events.c.kind == "assessed"
            )
        ).scalars().all()  # fmt: skip
        made = Hold(
            rule=self._rule(), case=self.case, account=self.subject, payment=self._payment(),
            assessment=seen[-1], grounds=GROUNDS, began_at=stamp(at),
            until_at=stamp(at + timedelta(hours=hours)), laboratory=False, salt="00" * 16,
        )  # fmt: skip
        flaws: list[dict[str, object]] = [
            {"rule": "holdrule:none"}, {"account": account(99_999)}, {"account": "6222020200112233445"},
            {"payment": "T-1"}, {"assessment": seen[0]}, {"assessment": "assessment:none"},
            {"grounds": self._grounds()}, {"until_at": stamp(at + timedelta(days=30))},
            {"began_at": stamp(at - timedelta(days=5))}, {"laboratory": True}, {"until_at": stamp(at)}, {},
        ]  # fmt: skip
        for flaw in self.draw.sample(flaws, self.draw.choice([1, 1, 2])):
            made = msgspec.structs.replace(made, **flaw)
        row = {"case_id": made.case, **_columns(made, holds)}
        self._insert(connection, holds, made, **row)
        return True

    def _write_deed(self, connection: Connection) -> object:
        """What became of a hold, by anybody and at another time."""
        if not self.holds:
            return False
        one = self.draw.choice(self.holds)
        at = self.draw.choice([stamp(self.world.clock.at), one.until_at, stamp(_before(one.until_at))])
        act = self.draw.choice(["confirmed", "confirmed", "released", "expired"])
        made = HoldAct(one.id, act, self.draw.choice([HOUSE, *STAFF]), at, BY_HAND, "00" * 16)
        self._insert(connection, hold_acts, made, **_columns(made, hold_acts))
        return True

    def _write_rule(self, connection: Connection) -> object:
        at = self.world.clock()
        made = HoldRule(
            jurisdiction="xh", provision="xh-account", power="xh-power", legal_basis="Payments Law, Art 2",
            mark="S", condition="", appeal=("objection",), hours=24, law_hours=24,
            typologies=("exchange_match",), least_score=800, least_indicators=2, reasons="by hand",
            proposer=self.draw.choice(list(STAFF)), needed=2, proposed_at=stamp(at),
            expires_at=stamp(at + timedelta(days=90)), laboratory=False, salt=f"{self.paid:032x}",
        )  # fmt: skip
        flaws: list[dict[str, object]] = [
            {"jurisdiction": "xx"}, {"provision": "xh-other"}, {"hours": 48}, {"least_indicators": 1},
            {"needed": 0}, {"needed": 1}, {"expires_at": stamp(at + timedelta(days=4000))}, {"hours": 0}, {},
        ]  # fmt: skip
        made = msgspec.structs.replace(made, **self.draw.choice(flaws))
        self._insert(connection, rules, made, **_columns(made, rules))
        self._ruled(made.id)
        return True

    def _write_yes(self, connection: Connection) -> object:
        """A yes to a rule for somebody."""
        who, at = self.draw.choice(list(STAFF)), stamp(self.world.clock.at)
        made = RuleAct(self._rule(), "approve", who, at, "", f"{self.paid:032x}")
        self._insert(connection, rule_acts, made, **_columns(made, rule_acts))
        return True

    def _write_order(self, connection: Connection) -> object:
        """An order as if the docket had proposed it."""
        like = self._read()
        if like is None:
            return False
        at = self.world.clock()
        why = {name: LADDER.get(name, "") for name in self.draw.sample(ACCOUNT_LADDER[:-1], 2)}
        days = self.draw.choice([30, 30, 400])
        made = msgspec.structs.replace(
            like, id=reference("RF"), measure=self.draw.choice(ACCOUNT_LADDER), state="proposed",
            why_not_smaller=self.draw.choice([LADDER, why, {**LADDER, "warn_payers": " "}]),
            proposer=self._person("li"), proposed_at=stamp(at), moved_at=stamp(at), activated_at=None,
            ended_at=None, ended_because=None, expires_at=stamp(at + timedelta(days=days)),
            review_at=stamp(at + timedelta(days=self.draw.choice([20, 20, 500]))), renews=None,
        )  # fmt: skip
        row = made.to_row() | {"record": made.record, "digest": digest(made.record)}
        connection.execute(insert(orders).values(**row))
        return True

    # --- what it draws from --------------------------------------------------------------------
    def _first(self) -> Assessment:
        return self._granting({})

    def _granting(self, grant: dict[str, object], **changes: object) -> Assessment:
        return granting(self.subject, grant, **changes)

    def _assessed(self, grant: dict[str, object]) -> Assessment:
        return self._granting(grant, reason=f"everything is met ({self.draw.randrange(3)})")

    def _doubtful(self) -> Assessment:
        state, which = (
            self.draw.choice(["met", "unclear", "not_met"]),
            self.draw.choice(["journalism", "own_account_customer", "own_account_customer"]),
        )
        shown = tuple(
            msgspec.structs.replace(one, state=state if one.id == which else one.state)
            for one in BASE.exclusions
        )
        outcome = "unclear" if state == "unclear" else "not_made_out"
        return self._granting(
            {}, exclusions=self.draw.choice([shown, shown, ()]), state=outcome, reason="again"
        )

    def _scope(self) -> Scope:
        return Scope()

    def _grounds(self) -> Grounds:
        draw = self.draw
        if draw.random() < 0.6:
            return GROUNDS
        return changed(
            GROUNDS, score=draw.choice([499, 700, 1000]),
            typologies=tuple(draw.choices(_KINDS, k=draw.choice([0, 1, 2, 3]))),
            transactions=draw.choice([(), GROUNDS.transactions]),
        )  # fmt: skip

    def _payment(self) -> str:
        if self.holds and self.draw.random() < 0.25:
            return self.draw.choice(self.holds).payment
        self.paid += 1
        return f"payment:{self.number:016x}{self.paid:016x}"

    def _in_force(self, rule: str) -> bool:
        with self.world.database.read() as connection:
            return rule_by(connection, rule, self.world.clock.at).in_force

    def _ruled(self, name: str) -> None:
        self.rules.append(name)
        self.world.rules = [*self.world.rules[-20:], name]

    def _rule(self) -> str:
        self.paid += 1
        known = self.rules if self.rules and self.draw.random() < 0.9 else self.world.rules
        if not known:
            return "holdrule:none"
        return known[-1] if self.draw.random() < 0.8 else self.draw.choice(known)

    def _hold(self) -> str:
        if not self.holds:
            return "hold:none"
        return (self.holds[-1] if self.draw.random() < 0.7 else self.draw.choice(self.holds)).id

    # --- what must hold ------------------------------------------------------------------------
    def check(self) -> None:
        """Every order in force and every payment held has what it needs."""
        super().check()
        for order in self.orders:
            if order.measure != "warn_payers":
                assert all(order.why_not_smaller.get(one, "").strip() for one in milder(order.measure)), order
            life = parse_stamp(order.expires_at) - parse_stamp(order.proposed_at)
            assert life <= timedelta(days=366) and order.review_at <= order.expires_at, order
        with self.world.database.read() as connection:
            found = connection.execute(select(holds.c.record).where(holds.c.case_id == self.case)).scalars()
            self.holds = sorted(map(Hold.from_record, found), key=lambda one: one.began_at)
            events = [
                Event.from_record(record)
                for record in connection.execute(
                    select(case_events.c.record)
                    .where(case_events.c.case_id == self.case).order_by(case_events.c.seq)
                ).scalars()
            ]  # fmt: skip
            state = connection.execute(select(cases.c.state).where(cases.c.id == self.case)).scalar_one()
            held = connection.execute(select(roles)).all()
            for one in self.holds:
                self._ruled_by(connection, one, held)
                self._rests(one, events)
                self._ends(connection, one, events, held)
        payments_held = [one.payment for one in self.holds]
        assert len(set(payments_held)) == len(payments_held), "a payment held twice"
        for item in self.world.holding.held(holds.c.case_id == self.case):
            one = item.hold
            if item.standing in ("released", "expired"):
                self.over.add(one.id)
            else:
                assert one.id not in self.over, ("it blocks again", one)
                assert stamp(self.world.clock.at) < one.until_at and state == "open", one

    def _ruled_by(self, connection: Connection, one: Hold, held: Any) -> None:
        """People approved the rule before; it covers what was found, within its hours and the law's."""
        record = connection.execute(select(rules.c.record).where(rules.c.id == one.rule)).scalar_one()
        rule = HoldRule.from_record(record)
        assert rule.proposed_at <= one.began_at < rule.expires_at and not rule.laboratory, (rule, one)
        acts = [
            msgspec.json.decode(record, type=RuleAct)
            for record in connection.execute(
                select(rule_acts.c.record).where(rule_acts.c.rule == rule.id)
            ).scalars()
        ]
        before = [act for act in acts if act.at <= one.began_at]
        gone = {act.person for act in before if act.act == "withdraw"}
        yes = {
            act.person for act in before
            if act.act == "approve" and _role(held, act.person, ("approver",), act.at)
        }  # fmt: skip
        assert len(yes - gone - {rule.proposer}) >= max(rule.needed, 1), (rule, acts, one)
        assert not [act for act in before if act.act == "end"], (rule, one)
        span = parse_stamp(one.until_at) - parse_stamp(one.began_at)
        assert timedelta(0) < span <= timedelta(hours=rule.hours), (rule, one)
        assert rule.hours <= rule.law_hours, rule
        assert rule.id not in self.by_docket or (rule.law_hours, rule.needed) == (LAW_HOURS, 2), rule
        assert (rule.jurisdiction, rule.provision) == ("xh", "xh-account"), (rule, one)
        kinds = set(one.grounds.typologies)
        assert one.account == self.subject and one.grounds.transactions, one
        assert one.grounds.score >= rule.least_score and kinds & set(rule.typologies), (rule, one)
        assert len(kinds) >= max(rule.least_indicators, 2), (rule, one)

    def _rests(self, one: Hold, events: list[Event]) -> None:
        """The assessment that counted then was one to act on: made out, and no buyer protected."""
        filed = [event for event in events if event.kind == "assessed" and event.at <= one.began_at]
        latest = filed[-1].body["assessment"]
        assert filed[-1].about == one.assessment and latest["state"] == "made_out", one
        house = {item["id"]: item["state"] for item in latest["exclusions"] if item["basis"] == "house"}
        assert house.get("own_account_customer") == "not_met" and set(house.values()) == {"not_met"}, one

    def _ends(self, connection: Connection, one: Hold, events: list[Event], held: Any) -> None:
        """Confirmed within its time by the desk, over once, and at once where a buyer is protected."""
        found = connection.execute(select(hold_acts.c.record).where(hold_acts.c.hold == one.id)).scalars()
        acts = {act.act: act for act in map(HoldAct.from_record, found)}
        assert not {"released", "expired"} <= set(acts), (one, acts)
        if confirmed := acts.get("confirmed"):
            assert one.began_at <= confirmed.at < one.until_at, (one, confirmed)
            assert _role(held, confirmed.actor, ("analyst", "approver"), confirmed.at), confirmed
        if released := acts.get("released"):
            assert released.at < one.until_at and released.reasons, released
            able = ("analyst", "approver", "appeals_officer")
            assert released.actor == HOUSE or _role(held, released.actor, able, released.at), released
        if expired := acts.get("expired"):
            assert expired.actor == HOUSE and expired.at >= one.until_at, expired
        for event in events:
            said = event.body.get("assessment", {}).get("exclusions", ()) if event.body else ()
            met = [item["id"] for item in said if item["basis"] == "house" and item["state"] == "met"]
            if event.kind == "assessed" and met and one.began_at <= event.at < one.until_at:
                # Written by hand it may be dated later, and lets go at once all the same.
                early = released is not None and released.at <= event.at
                assert early or (released is not None and released.reasons == BY_HAND), (one, event)

    def tell(self) -> None:
        """Count what was reached."""
        super().tell()
        for item in self.world.holding.held(holds.c.case_id == self.case):
            done = {act.act for act in item.acts}
            self.world.reached[f"hold {item.standing}"] += 1
            self.world.reached["hold confirmed at some time"] += "confirmed" in done
        for order in self.orders:
            if order.activated_at:
                self.world.reached[f"in force at some time, {order.measure}"] += 1


class ForgedHistory(AccountHistory):
    """One in which nearly everything is written by hand: what a missing trigger lets through is seen soon."""

    steps = 60

    def _chosen(self) -> Any:
        if not self.rules:
            return self.rule_propose
        if not self.orders and self.draw.random() < 0.2:
            return self.propose
        return self.draw.choice([*[self.tamper] * 8, *[self.rule_approve] * 4, self.find, self.wait])

    def _by_hand(self) -> list[Any]:
        return [*[self._write_hold] * 6, *[self._write_deed] * 3, *[self._write_order] * 2, self._clear]


def _role(held: Any, person: str, wanted: tuple[str, ...], at: str) -> bool:
    return any(
        row.person == person and row.role in wanted and row.since <= at
        and (row.until is None or row.until > at)
        for row in held
    )  # fmt: skip


def _before(text: str) -> Any:
    return parse_stamp(text) - timedelta(milliseconds=1)


def _columns(made: Any, table: Any) -> dict[str, Any]:
    names = [column.name for column in table.columns if column.name not in ("id", "record", "digest")]
    return {name: getattr(made, name) for name in names if hasattr(made, name)}
