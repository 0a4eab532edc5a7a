"""Random histories of decisions, by the docket and by hand in the database, and what must hold after each.

Seeded and self-contained: `run` with the same seed tries the same acts. What must hold is read from the
sealed records and judged here in plain Python, not by the triggers' own SQL.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import DBAPIError

from cases.examples import SMALLER, START, Clock, assessment
from ringfence.cases.appeal import Ruling
from ringfence.cases.approval import Approval
from ringfence.cases.docket import Cases
from ringfence.cases.event import Event, record_event
from ringfence.cases.hearing_tables import appeals, deferrals, deliveries, notices, rulings
from ringfence.cases.notice import Deferral, Delivery, Notice
from ringfence.cases.order import Order, Scope
from ringfence.cases.people import People
from ringfence.cases.roles import HOUSE
from ringfence.cases.tables import approvals, case_events, orders, roles
from ringfence.core.canonical import digest
from ringfence.core.database import Database
from ringfence.core.errors import RingfenceError
from ringfence.core.time import parse_stamp, stamp
from ringfence.rulebook.assessment import Assessment, Exclusion

STAFF = {
    "li": "analyst", "ana": "analyst", "wang": "approver", "chen": "approver", "zhao": "approver",
    "sun": "appeals_officer", "wu": "appeals_officer", "pub": "publisher", "audit": "auditor", "guest": "",
}  # fmt: skip
NOTICES: list[dict[str, object]] = [
    {"notice": "after"},
    {"notice": "before", "reply_days": 7},
    {"notice": "before", "reply_days": 7, "urgency": "rule on imminent harm"},
    {"notice": "deferred", "notice_basis": "rule against tipping-off"},
    {"notice": "none", "notice_basis": "rule that needs none"},
    {"notice": "before", "reply_days": 7},
    {"notice": "none"},  # a wrong pack: no text says so
]


def no_seal(connection: Connection, kind: str, record_id: str, record: bytes) -> None:
    """The log is measured elsewhere."""
    assert connection.in_transaction()


@dataclass
class World:
    """A database with its people, in which histories follow one another, each with a case of its own."""

    database: Database
    clock: Clock = field(default_factory=lambda: Clock(START))
    tried: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    disturbed: bool = False  # somebody's role was changed
    looked: str = stamp(START)  # when the house last wrote down what time had ended

    def __post_init__(self) -> None:
        self.cases = Cases(self.database, no_seal, self.clock)
        self.people = People(self.database, no_seal, self.clock)
        for person, role in STAFF.items():
            self.people.add(person, person.title(), *([role] if role else []))

    def restore(self) -> None:
        """Everybody has their role again, and no other."""
        if not self.disturbed:
            return
        self.disturbed = False
        for person in self.people.list():
            for grant in person.roles:
                if grant.until is None and grant.role != STAFF.get(person.id):
                    self.people.end(person.id, grant.role)
        for person, role in STAFF.items():
            if role:
                self.people.grant(person, role)


class History:
    """One case, from its first assessment on."""

    steps = 18
    measures = ("block_access", "block_access", "warn_public")
    why_not_smaller = SMALLER

    def __init__(self, world: World, number: int, draw: random.Random) -> None:
        self.world, self.draw = world, draw
        self.number, self.host = number, f"h{number}.example"
        self.case = world.cases.open(self._first()).id
        self.orders: list[Order] = []  # as last seen, the latest last
        self.state = ""  # of the latest order, as last seen: what is going on decides what is tried
        nothing = [*[self.propose] * 6, self.renew, self.find, self.wait, self.appeal, self.rule]
        waiting = [self.wait, self.activate, self.activate, self.tamper]
        heard = [self.appeal, self.rule, self.revoke, self.wait, self.find, self.tamper, self.tamper]
        self.likely: dict[str, list[Callable[[], object]]] = {
            "": [self.propose],
            "proposed": [
                *[self.approve] * 12,
                self.withdraw,
                self.revoke,
                self.notify,
                self.find,
                self.tamper,
            ],
            "approved": [*waiting, self.appeal, self.find, self.tamper],
            "approved before": [
                self.notify,
                *[self.deliver] * 3,
                self.wait,
                *waiting,
                self.reply,
                self.consider,
            ],
            "approved deferred": [self.defer, self.defer, self.defer, *waiting],
            "active": [*heard, self.appeal, self.appeal, self.rule, self.suspend, self.reply, self.renew],
            "suspended": [*heard, self.resume, self.resume, self.resume, self.defer, self.notify],
        }
        self.acts = [
            *nothing,
            *(act for acts in self.likely.values() for act in dict.fromkeys(acts)),
            self.role,
        ]
        self.nothing = nothing

    def step(self) -> bool:
        """Try one act; a refusal is an answer, and changes nothing. Whether something was done."""
        act = self._chosen()
        name = act.__name__  # type: ignore[attr-defined]
        self.world.tried[name] += 1
        try:
            done = act() is not False
        except (RingfenceError, DBAPIError):
            return False
        self.world.done[name] += done
        self.world.disturbed |= name == "role"
        return done

    def _chosen(self) -> Callable[[], object]:
        likely = self.likely.get(self.state, self.nothing)
        return self.draw.choice(likely if self.draw.random() < 0.85 else self.acts)

    # --- by the docket -------------------------------------------------------------------------
    def propose(self, renews: str | None = None) -> object:
        draw, now = self.draw, self.world.clock.at
        found = self._assessed(draw.choice(NOTICES)) if draw.random() < 0.93 else self._doubtful()
        measure = draw.choice(self.measures)
        why = " " if draw.random() < 0.05 else "an order book for residents"
        return self.world.cases.propose(
            self.case, found, measure, self._person("li"),
            self._scope(), why, now + timedelta(days=draw.choice([1, 30, 90, *[180] * 6, 400])),
            why_not_smaller=self.why_not_smaller,
            needed=draw.choice([0, *[1] * 6, 2, 2]),
            urgency="losses every hour" if found.measures[0].urgency or draw.random() < 0.05 else "",
            renews=renews,
        )  # fmt: skip

    def renew(self) -> object:
        return self.propose(self._order())

    def approve(self) -> object:
        return self.world.cases.approve(self._order(), self._person("wang", "chen", "zhao"))

    def withdraw(self) -> object:
        return self.world.cases.withdraw(self._order(), self._person("wang", "chen", "zhao"))

    def activate(self) -> object:
        return self.world.cases.activate(self._order(), self._person("wang", "chen"))

    def revoke(self) -> object:
        return self.world.cases.revoke(self._order(), self._person("li", "sun"), "it left the market")

    def notify(self) -> object:
        return self.world.cases.notify(
            self._order(), self._person("li"), language=self.draw.choice(["en", "zh"])
        )

    def deliver(self) -> object:
        order = self._order()
        given = self.world.cases.notices(order)
        if not given and self.draw.random() < 0.8:
            given = [self.world.cases.notify(order, "li")]
        notice = self.draw.choice(given).id if given else "notice:none"
        fate, why = self.draw.choice(
            [("sent", ""), ("delivered", ""), ("failed", "no address"), ("failed", "")]
        )
        return self.world.cases.deliver(notice, self._person("li"), fate, channel="letter", why=why)

    def defer(self) -> object:
        review = self.world.clock.at + timedelta(days=self.draw.choice([-1, 5, 60, 200]))
        return self.world.cases.defer(
            self._order(),
            self._person("wang", "chen"),
            "rule against tipping-off",
            "a report is open",
            review,
        )

    def reply(self) -> object:
        return self.world.cases.reply(self._order(), self._person("li"), "the operator", "we left in May")

    def consider(self) -> object:
        order = self._order()
        waiting = [e.id for e in self.world.cases.events(order=order) if e.kind == "replied"]
        reply = self.draw.choice(waiting) if waiting else "event:none"
        return self.world.cases.consider(order, self._person("wang"), reply, "the order book is still there")

    def appeal(self) -> object:
        return self.world.cases.appeal(self._order(), "the operator", "it is a newspaper", self._person("li"))

    def rule(self) -> object:
        filed = self.world.cases.appeals(self._order())
        appeal = self.draw.choice(filed).id if filed else "appeal:none"
        outcome = self.draw.choice(["upheld", "dismissed", "partly"])
        return self.world.cases.rule(appeal, self._person("sun", "wu"), outcome, "read again in full")

    def suspend(self) -> object:
        return self.world.cases.suspend(self._order(), self._person("wang", "sun"), "while it is heard")

    def resume(self) -> object:
        return self.world.cases.resume(self._order(), self._person("wang", "sun"), "the appeal failed")

    def find(self) -> object:
        """Another assessment is filed: by the instruments, or by a person."""
        found = self._doubtful() if self.draw.random() < 0.4 else self._assessed({})
        return self.world.cases.open(found, self.draw.choice([HOUSE, HOUSE, HOUSE, self._person("li")]))

    def role(self) -> object:
        person = self.draw.choice(list(STAFF))
        role = self.draw.choice(["analyst", "approver", "appeals_officer"])
        if self.draw.random() < 0.5:
            return self.world.people.end(person, role)
        return self.world.people.grant(person, role)

    def wait(self) -> object:
        self.world.clock.pass_(days=self.draw.choice([0.01, 3, 8, 8, 8, 40]))
        ended = [*self.world.cases.expire_due(), *self.world.cases.lapse_due()]
        self.world.looked = stamp(self.world.clock.at)
        return ended

    # --- by hand -------------------------------------------------------------------------------
    def tamper(self) -> object:
        """Write rows that look right, as somebody with the file would."""
        how = self.draw.choice(self._by_hand())
        with self.world.database.begin() as connection:
            return how(connection)

    def _by_hand(self) -> list[Callable[[Connection], object]]:
        return [*[self._force] * 4, self._sign, self._judge, self._blot, self._clear]

    def _force(self, connection: Connection) -> object:
        """Move an order, told by an event or not."""
        order = self._read()
        if order is None:
            return False
        at = stamp(self.world.clock())
        state = self.draw.choice(["approved", "active", "active", "active", "suspended", "proposed"])
        if self.draw.random() < 0.7:
            kind = {"approved": "decided", "active": "activated"}.get(state, state)
            kind = "resumed" if (order.state, state) == ("suspended", "active") else kind
            who = self._person("wang", "sun", "li")
            record_event(connection, no_seal, kind, at, who, case=self.case, order=order.id)
        changes = {"needed": 1} if self.draw.random() < 0.1 else {}
        active = {"activated_at": order.activated_at or at} if state == "active" else {}
        moved = msgspec.structs.replace(order, state=state, moved_at=at, **active, **changes)
        row = moved.to_row() | {"record": moved.record, "digest": digest(moved.record)}
        connection.execute(update(orders).where(orders.c.id == order.id).values(**row))
        return True

    def _sign(self, connection: Connection) -> object:
        """An approval for somebody."""
        order = self._read()
        if order is None:
            return False
        who, act = (
            self.draw.choice([*STAFF, order.proposer]),
            self.draw.choice(["approve", "approve", "withdraw"]),
        )
        at = self.draw.choice([stamp(self.world.clock.at), order.proposed_at, stamp(START)])
        made = Approval(order.id, digest(order.record), who, act, at, "", "00" * 16)
        self._insert(connection, approvals, made, order_id=order.id, approver=who, act=act, at=at)
        return True

    def _judge(self, connection: Connection) -> object:
        """A ruling without its consequences, by anybody."""
        order = self._read()
        if order is None:
            return False
        filed = connection.execute(select(appeals.c.id).where(appeals.c.order_id == order.id)).scalars().all()
        who, outcome = self.draw.choice(list(STAFF)), self.draw.choice(["upheld", "dismissed", "partly"])
        name = filed[0] if filed else "appeal:none"
        made = Ruling(name, order.id, who, outcome, "because", stamp(self.world.clock.at), "00" * 16)
        self._insert(
            connection, rulings, made, appeal=name, order_id=order.id, decider=who, outcome=outcome,
            reasons="because", at=made.at,
        )  # fmt: skip
        return True

    def _blot(self, connection: Connection) -> object:
        """History is rewritten or forgotten."""
        table = self.draw.choice([approvals, notices, deliveries, deferrals, rulings, case_events, roles])
        if self.draw.random() < 0.5:
            gone = connection.execute(table.delete()).rowcount
            return gone > 0
        column = {"approvals": "approver", "roles": "person"}.get(table.name, "digest")
        return connection.execute(table.update().values({column: "zhao"})).rowcount > 0

    def _clear(self, connection: Connection) -> object:
        """An assessment that protects is filed over the heads of those who must suspend first."""
        found = self._doubtful()
        at = stamp(self.world.clock())
        body = {"assessment": msgspec.to_builtins(found, str_keys=True)}
        record_event(
            connection, no_seal, "assessed", at, "li", case=self.case, about=found.id, body=body,
            outcome="protected",
        )  # fmt: skip
        return True

    # --- what it draws from --------------------------------------------------------------------
    def _first(self) -> Assessment:
        return assessment(self.host)

    def _scope(self) -> Scope:
        return Scope(self.host, self.draw.random() < 0.5)

    def _assessed(self, grant: dict[str, object]) -> Assessment:
        reason = f"everything is met ({self.draw.randrange(3)})"
        return assessment(self.host, grant=grant or None, reason=reason)

    def _doubtful(self) -> Assessment:
        state = self.draw.choice(["met", "unclear", "not_met"])
        exclusion = Exclusion("journalism", "house", state, "reporting", "a page")
        outcome = "unclear" if state == "unclear" else "not_made_out"
        return assessment(
            self.host, exclusions=self.draw.choice([(exclusion,), ()]), state=outcome, reason="seen again"
        )

    def _person(self, *usual: str) -> str:
        return self.draw.choice(usual) if self.draw.random() < 0.8 else self.draw.choice([*STAFF, "nobody"])

    def _order(self) -> str:
        order = self._read()
        return order.id if order else "RF-none"

    def _read(self) -> Order | None:
        # The latest more often than the others: most acts are about what is going on.
        if not self.orders:
            return None
        return self.orders[-1] if self.draw.random() < 0.8 else self.draw.choice(self.orders)

    def _insert(self, connection: Connection, table: object, item: object, **columns: object) -> None:
        row = {"id": item.id, "record": item.record, "digest": digest(item.record), **columns}  # type: ignore[attr-defined]
        connection.execute(insert(table).values(**row))  # type: ignore[call-overload]

    def tell(self) -> None:
        """Count what was reached."""
        for order in self.orders:
            self.world.reached[order.state] += 1
            if order.activated_at:
                notice = "urgent" if order.urgency else order.notice
                self.world.reached[f"in force at some time, notice {notice}"] += 1

    # --- what must hold ------------------------------------------------------------------------
    def check(self) -> None:
        """Every order in force has what it needs. Raises `AssertionError` with the order."""
        database = self.world.database
        with database.read() as connection:
            rows = connection.execute(
                select(orders.c.record, orders.c.state).where(orders.c.case_id == self.case)
            ).all()
            self.orders = sorted(
                (Order.from_record(record) for record, _ in rows), key=lambda order: order.proposed_at
            )
            self.state = _going_on(self.orders[-1]) if self.orders else ""
            assert sorted(order.state for order in self.orders) == sorted(state for _, state in rows)
            for order in self.orders:
                state = order.state
                if state == "active":
                    self._complete(connection, order)
                if order.activated_at is not None or state == "approved":
                    self._counted(connection, order)

    def _complete(self, connection: Connection, order: Order) -> None:
        at = order.moved_at or ""
        assert order.reasons.strip() and order.legal_basis.strip() and order.appeal, order
        assert order.activated_at and order.activated_at < order.expires_at, order
        assert _heard(connection, order, at), order
        # What time had ended when the house last looked is out of force.
        assert order.expires_at > self.world.looked and _lasts(connection, order, self.world.looked), order
        events = [
            Event.from_record(record)
            for record in connection.execute(
                select(case_events.c.record)
                .where(case_events.c.case_id == self.case)
                .order_by(case_events.c.seq)
            ).scalars()
        ]
        filed = [event for event in events if event.kind == "assessed"]
        own = next(event for event in filed if event.about == order.assessment)
        assert _journalism(own) == {"not_met"}, order
        last = next(event for event in reversed(filed) if event.at <= at)
        assert _journalism(last) == {"not_met"} and last.body["assessment"]["state"] == "made_out", order
        for event in filed:
            if event.at > at:
                found = _journalism(event)
                assert "met" not in found, (order, event)
                assert event.actor == HOUSE or found == {"not_met"}, (order, event)
        ruled = connection.execute(select(rulings.c.record).where(rulings.c.order_id == order.id)).scalars()
        for record in ruled:
            ruling = Ruling.from_record(record)
            assert ruling.outcome == "dismissed", (order, ruling)
            assert ruling.decider not in {order.proposer, *self._approvers(connection, order)}, (
                order,
                ruling,
            )

    def _counted(self, connection: Connection, order: Order) -> None:
        approvers = self._approvers(connection, order) - {order.proposer}
        assert order.needed >= 1 and len(approvers) >= order.needed, order

    def _approvers(self, connection: Connection, order: Order) -> set[str]:
        acts = [
            Approval.from_record(record)
            for record in connection.execute(
                select(approvals.c.record).where(approvals.c.order_id == order.id)
            ).scalars()
        ]
        held = connection.execute(select(roles).where(roles.c.role == "approver")).all()
        for act in acts:
            assert any(
                row.person == act.approver
                and row.since <= act.at
                and (row.until is None or row.until > act.at)
                for row in held
            ), act
        withdrawn = {act.approver for act in acts if act.act == "withdraw"}
        return {act.approver for act in acts if act.act == "approve"} - withdrawn


def _going_on(order: Order) -> str:
    waits = order.state == "approved" and order.notice in ("before", "deferred")
    return f"approved {order.notice}" if waits else order.state


def _journalism(event: Event) -> set[str]:
    return {item["state"] for item in event.body["assessment"]["exclusions"] if item["basis"] == "house"} or {
        "none"
    }


def _heard(connection: Connection, order: Order, at: str) -> bool:
    """Whether notice was given as the measure needs it, when the order came into force at ``at``."""

    def read(table: object, kind: type) -> list:  # type: ignore[type-arg]
        found = select(table.c.record).where(table.c.order_id == order.id)  # type: ignore[attr-defined]
        return [kind.from_record(record) for record in connection.execute(found).scalars()]  # type: ignore[attr-defined]

    given = [notice for notice in read(notices, Notice) if notice.at <= at and notice.text.strip()]
    if order.notice == "none":
        return bool(order.notice_basis.strip())
    if order.notice == "after":
        return bool(given)
    if order.notice == "deferred":
        named = [item for item in read(deferrals, Deferral) if item.ground and item.decider != order.proposer]
        return bool(order.notice_basis.strip()) and any(
            item.at <= at and (at < item.review_at or given) for item in named
        )
    if order.urgency.strip() and order.urgency_reasons.strip():
        return bool(given)
    days = timedelta(days=order.reply_days)
    tried = {
        delivery.notice for delivery in read(deliveries, Delivery)
        if stamp(parse_stamp(delivery.at) + days) <= at
    }  # fmt: skip
    return order.reply_days >= 1 and any(
        notice.id in tried and notice.reply_until <= at
        for notice in given
        if notice.reply_until
    )  # fmt: skip


def _lasts(connection: Connection, order: Order, at: str) -> bool:
    """Whether notice that was put off was given by its review, or put off again by name, at ``at``."""
    if order.notice != "deferred":
        return True
    told = connection.execute(select(notices.c.id).where(notices.c.order_id == order.id)).first()
    found = connection.execute(select(deferrals.c.record).where(deferrals.c.order_id == order.id)).scalars()
    put_off = [Deferral.from_record(record) for record in found]
    return told is not None or any(item.review_at > at and item.decider for item in put_off)


def run(world: World, first: int, count: int, *, seed: int, of: type[History] = History) -> None:
    """Histories ``first`` to ``first + count``, each checked after every step."""
    for number in range(first, first + count):
        draw = random.Random(f"{seed}/{number}")
        history = of(world, number, draw)
        for _ in range(draw.randint(of.steps // 2, of.steps)):
            if history.step():
                history.check()
        history.check()
        history.tell()
        world.restore()


assert datetime(2018, 1, 1, tzinfo=UTC) < START
