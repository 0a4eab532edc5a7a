"""Agenda: everything about orders that waits for a person, with its date, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, func, select

from ringfence.cases.hearing_tables import appeals, deferrals, notices, rulings
from ringfence.cases.hold_lift import open_holds
from ringfence.cases.hold_read import rules_at
from ringfence.cases.hold_tables import hold_acts, holds
from ringfence.cases.noticing import Noticing
from ringfence.cases.order import Order
from ringfence.cases.outbox import outbox
from ringfence.cases.reading import approvers, case_by, order_by, orders_where
from ringfence.cases.tables import LIVE, case_events, orders
from ringfence.core.errors import InputError
from ringfence.core.time import parse_stamp, stamp
from ringfence.rulebook.measures import answer_days
from ringfence.rulebook.pack import load_pack

Kind = Literal[
    "approve", "notice", "give", "defer", "activate", "reply", "deferral", "appeal", "suspended", "review",
    "expiry", "publish", "withdraw", "rule", "hold",
]  # fmt: skip
DAYS = 14  # how far ahead dates are looked for


class Item(msgspec.Struct, frozen=True):
    """``order`` is its id (of a rule or a hold: theirs), ``since`` when it began to wait, ``by`` when it is
    due (UTC stamps; None: as soon as may be). ``do`` is the command, with capitals for what a person has to
    fill in."""

    kind: Kind
    order: str
    case: str
    since: str
    by: str | None
    overdue: bool
    what: str
    do: str

    @property
    def urgency(self) -> tuple[bool, str, str, str]:
        """Sorts the overdue before the rest, each by its date."""
        return (not self.overdue, self.by or self.since, self.order, self.kind)


class Agenda(Noticing):
    """What waits for people. `enforce.behind` adds the lists that lag behind."""

    def agenda(self, days: int = DAYS, *, mailed: bool = False) -> list[Item]:
        """The items of today and of the days ahead. ``mailed``: a worker sends notices by mail, so that only
        those it cannot send, or has not sent in time, wait for a person."""
        at = self.clock()
        until = stamp(at + timedelta(days=days))
        with self.database.read() as connection:
            found = [
                *_unsent(connection, at, mailed),
                *_proposed(connection, at),
                *self._approved(connection, at),
                *_replies(connection),
                *_deferrals(connection, at, until),
                *_appeals(connection, at),
                *_in_force(connection, at, until),
                *_rules(connection, at),
                *_holds(connection, at),
            ]
        return sorted(found, key=lambda item: item.urgency)

    def _approved(self, connection: Connection, at: datetime) -> Iterator[Item]:
        for order in orders_where(connection, orders.c.state == "approved"):
            if stamp(at) >= order.expires_at:
                continue
            told = select(notices.c.id).where(notices.c.order_id == order.id)
            since = order.moved_at or order.proposed_at
            if not self._heard(connection, order, at, by_house=False):
                over = self._window(connection, order) if order.notice == "before" else None
                what = "all that was needed is there" if over is None else "the time to reply is over"
                yield _item(
                    "activate", order, over or since, None, at, what,
                    f"ringfence orders activate {order.id} --by PERSON",
                )  # fmt: skip
            elif order.notice == "deferred":
                yield _item(
                    "defer", order, since, None, at, "its notice needs to be deferred by name",
                    f"ringfence orders notice defer {order.id} --by PERSON --ground LAW --reasons TEXT "
                    "--review DATE",
                )  # fmt: skip
            elif connection.execute(told.limit(1)).first() is None:
                yield _item(
                    "give", order, since, None, at, "notice is to be given before the measure",
                    f'ringfence orders notice give {order.id} --by PERSON --to "NAME <MAIL>"',
                )  # fmt: skip


def _item(kind: Kind, order: Order, since: str, by: str | None, at: datetime, what: str, do: str) -> Item:
    return Item(kind, order.id, order.case, since, by, by is not None and by <= stamp(at), what, do)


def _proposed(connection: Connection, at: datetime) -> Iterator[Item]:
    for order in orders_where(connection, orders.c.state == "proposed", orders.c.expires_at > stamp(at)):
        given = approvers(connection, order)
        yield _item(
            "approve", order, order.proposed_at, None, at,
            f"{given} of {order.needed} approvals are given",
            f"ringfence orders approve {order.id} --by PERSON",
        )  # fmt: skip


def _unsent(connection: Connection, at: datetime, mailed: bool) -> Iterator[Item]:
    for one in outbox(connection, at):
        overdue = one.overdue(at)
        if mailed and one.by != "people" and not overdue:
            continue
        name, to = one.notice.id, one.notice.recipient
        why = one.why or ("a worker sends it" if mailed else "no mail server is set")
        do = f"ringfence orders notice deliver {name} --by PERSON --fate sent --channel TEXT"
        if one.address is None and not one.laboratory and mailed:
            do = f"ringfence orders notice address {name} MAIL --by PERSON"
        yield Item(
            "notice", one.order, one.case, one.notice.at, one.due_at, overdue,
            f"the notice to {to} is not sent: {why}", do,
        )  # fmt: skip


def _replies(connection: Connection) -> Iterator[Item]:
    answered = case_events.alias()
    waiting = (
        select(case_events.c.id, case_events.c.at, case_events.c.order_id, case_events.c.case_id)
        .join(orders, orders.c.id == case_events.c.order_id)
        .where(
            case_events.c.kind == "replied", orders.c.state.in_(LIVE),
            ~select(answered.c.id)
            .where(answered.c.about == case_events.c.id, answered.c.kind == "considered").exists(),
        )
    )  # fmt: skip
    for name, at, order, case in connection.execute(waiting):
        do = f"ringfence orders notice consider {order} {name} --by PERSON --reasons TEXT"
        yield Item("reply", order, case, at, None, False, "a reply waits to be considered", do)


def _deferrals(connection: Connection, at: datetime, until: str) -> Iterator[Item]:
    last: Any = func.max(deferrals.c.review_at)
    told = select(notices.c.id).where(notices.c.order_id == deferrals.c.order_id)
    due = (
        select(deferrals.c.order_id, last, func.max(deferrals.c.at))
        .where(~told.exists())
        .group_by(deferrals.c.order_id)
        .having(last <= until)
    )
    for name, review, since in connection.execute(due).all():
        for order in orders_where(connection, orders.c.id == name, orders.c.state.in_(LIVE)):
            if order.standing(at) == "expired":
                continue
            yield _item(
                "deferral", order, since, review, at,
                "notice is put off until then: give it, or put it off again",
                f"ringfence orders notice defer {order.id} --by PERSON --ground LAW --reasons TEXT "
                "--review DATE",
            )  # fmt: skip


def _appeals(connection: Connection, at: datetime) -> Iterator[Item]:
    ruled = select(rulings.c.id).where(rulings.c.appeal == appeals.c.id)
    pending = select(appeals.c.id, appeals.c.filed_at, appeals.c.order_id).where(~ruled.exists())
    for name, filed, about in connection.execute(pending).all():
        order = order_by(connection, about)
        by = _answer_by(order, case_by(connection, order.case).jurisdiction, filed)
        do = f"ringfence orders appeal rule {name} --by PERSON --outcome OUTCOME --reasons TEXT"
        what = f"an appeal waits; the order is {order.state}"
        if by is not None:
            what = f"an objection waits, to be answered by then by law; the order is {order.state}"
        yield _item("appeal", order, filed, by, at, what, do)


def _answer_by(order: Order, jurisdiction: str, filed: str) -> str | None:
    """The instant by which law has an objection answered: the end of the last day; None where no text of
    the pack says one."""
    try:
        pack = load_pack(jurisdiction)
    except InputError:  # a pack that is not here: nothing is known of its limits
        return None
    when = parse_stamp(filed)
    days = answer_days(pack, order.power, order.measure, when.date())
    if not days:
        return None
    return stamp(datetime.combine(when.date() + timedelta(days=days + 1), time(), UTC))


def _in_force(connection: Connection, at: datetime, until: str) -> Iterator[Item]:
    near = orders.c.state.in_(("active", "suspended")), orders.c.expires_at > stamp(at)
    succeeded = select(rulings.c.order_id).where(rulings.c.outcome != "dismissed")
    for order in orders_where(connection, *near, orders.c.review_at <= until):
        yield _item(
            "review", order, order.activated_at or order.proposed_at, order.review_at, at,
            "it is to be looked at again: is the breach still there?",
            f"ringfence cases assess {order.scope.host or order.subject}",
        )  # fmt: skip
    for order in orders_where(connection, *near, orders.c.expires_at <= until):
        yield _item(
            "expiry", order, order.activated_at or order.proposed_at, order.expires_at, at,
            "it ends then: let it, or renew it by a new decision",
            f"ringfence orders propose {order.case} --renews {order.id} --measure {order.measure} "
            "--by PERSON --reasons TEXT --expires DATE",
        )  # fmt: skip
    waiting = orders.c.state == "suspended", orders.c.expires_at > stamp(at), orders.c.id.not_in(succeeded)
    for order in orders_where(connection, *waiting):
        yield _item(
            "suspended", order, order.moved_at or order.proposed_at, None, at, "resume it, or revoke it",
            f"ringfence orders resume {order.id} --by PERSON --reasons TEXT",
        )  # fmt: skip


def _rules(connection: Connection, at: datetime) -> Iterator[Item]:
    """Rules for holds that still lack approvals."""
    for one in rules_at(connection, at):
        rule = one.rule
        if one.ended is None and len(one.approvers) < rule.needed and stamp(at) < rule.expires_at:
            what = f"{len(one.approvers)} of {rule.needed} approvals of a rule for holds are given"
            do = f"ringfence payments hold approve {rule.id} --by PERSON"
            yield Item("rule", rule.id, "", rule.proposed_at, None, False, what, do)


def _holds(connection: Connection, at: datetime) -> Iterator[Item]:
    """Payments that are held and that no person has looked at."""
    seen = select(hold_acts.c.id).where(hold_acts.c.hold == holds.c.id, hold_acts.c.act == "confirmed")
    for hold in open_holds(connection, holds.c.until_at > stamp(at), ~seen.exists()):
        do = f"ringfence payments hold release {hold.id} --by PERSON --reasons TEXT (or confirm)"
        what = f"a payment of {hold.account} is held until then, and nobody has looked at it"
        yield Item("hold", hold.id, hold.case, hold.began_at, hold.until_at, False, what, do)
