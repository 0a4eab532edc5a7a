"""Noticing: telling those concerned, hearing what they say, and putting it off where a law says so."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from ringfence.cases.acts import Acts, said
from ringfence.cases.event import Event
from ringfence.cases.hearing_tables import deferrals, deliveries, notices
from ringfence.cases.notice import SEND_WITHIN, Deferral, Delivery, Fate, Notice, later
from ringfence.cases.order import Order
from ringfence.cases.reading import filed_assessment, order_by, orders_where
from ringfence.cases.reasons.plain import notice_text
from ringfence.cases.roles import HOUSE
from ringfence.cases.seal import salt
from ringfence.cases.tables import LIVE, case_events, orders
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.time import parse_stamp, stamp

MAX_DEFERRAL = timedelta(days=90)


class Noticing(Acts):
    """Notices of orders. Each method raises `RefusedError` where the person's role does not allow it."""

    def notify(
        self, order: str, person: str, *, recipient: str = "", language: str = "", text: str = ""
    ) -> Notice:
        """Give notice of a live order: to whom, in which language, and what is said (by default the
        operator, the pack's language, and the plain text made from the order's own data)."""
        at = self.clock()
        with self._act() as connection:
            found = order_by(connection, order)
            if found.standing(at) not in LIVE:
                raise RefusedError(f"order {order} is {found.standing(at)} already")
            if found.notice == "deferred" and not _lapsed(connection, order, stamp(at)):
                raise RefusedError(
                    "the law has this notice put off",
                    hint=f"{found.notice_basis}; ringfence orders notice defer",
                )
            return self._notice(connection, found, at, person, recipient, language, text)

    def deliver(self, notice: str, person: str, fate: Fate, *, channel: str, why: str = "") -> Delivery:
        """Record what became of a notice: *sent*, *delivered*, or *failed* and then why."""
        at = stamp(self.clock())
        if fate == "failed":
            why = said(why, "why it could not be delivered")
        with self._act() as connection:
            order = connection.execute(select(notices.c.order_id).where(notices.c.id == notice)).scalar()
            if order is None:
                raise InputError(f"no such notice: {notice}", hint="see ringfence orders show")
            delivery = Delivery(
                notice, order, fate, said(channel, "the channel"), why.strip(), at, person, salt()
            )
            self._keep(
                connection, deliveries, "notice", delivery, notice=notice, order_id=order, fate=fate,
                channel=delivery.channel, why=delivery.why, at=at, by_whom=person,
            )  # fmt: skip
            case = order_by(connection, order).case
            self._event(connection, "delivered", at, person, case=case, order=order, about=delivery.id)
        return delivery

    def defer(self, order: str, person: str, ground: str, reasons: str, review: datetime) -> Deferral:
        """Put notice off by law, until ``review`` at the latest (90 days at most). Only for a measure whose
        provision says so, and by an approver who is not the proposer."""
        at = self.clock()
        if not at < review <= at + MAX_DEFERRAL:
            raise InputError(
                f"{stamp(review)} is no review within {MAX_DEFERRAL.days} days", hint="choose an earlier day"
            )
        with self._act() as connection:
            found = order_by(connection, order)
            if found.notice != "deferred":
                raise RefusedError(
                    f"no law puts off the notice of this measure (it is: {found.notice})",
                    hint="give notice: ringfence orders notice give",
                )
            made = Deferral(
                order, said(ground, "the ground"), said(reasons, "the reasons"), person,
                stamp(min(review, parse_stamp(found.expires_at))), stamp(at), salt(),
            )  # fmt: skip
            self._keep(
                connection, deferrals, "notice", made, order_id=order, ground=made.ground,
                reasons=made.reasons, decider=person, review_at=made.review_at, at=made.at,
            )  # fmt: skip
            self._event(connection, "deferred", made.at, person, case=found.case, order=order, about=made.id)
        return made

    def lapse_due(self, at: datetime | None = None) -> list[Order]:
        """Suspend every active order whose notice was put off until a day that has passed, without notice
        given or put off again; returns those suspended. Only one of these two lets it be resumed."""
        moment = stamp(at or self.clock())
        lasting = select(deferrals.c.id).where(
            deferrals.c.order_id == orders.c.id, deferrals.c.review_at > moment
        )
        given = select(notices.c.id).where(notices.c.order_id == orders.c.id)
        with self._act() as connection:
            due = orders_where(
                connection, orders.c.state == "active", orders.c.notice == "deferred",
                orders.c.expires_at > moment, ~lasting.exists(), ~given.exists(),
            )  # fmt: skip
            reasons = "its notice was put off until {}, and was neither given then nor put off again"
            return [
                self._move(
                    connection, order, "suspended", moment, HOUSE,
                    reasons.format(_lapsed(connection, order.id, moment)),
                )
                for order in due
            ]  # fmt: skip

    def reply(self, order: str, person: str, who: str, text: str) -> Event:
        """Enter what somebody says to a notice. Until it is considered the order cannot take effect."""
        at = stamp(self.clock())
        with self._act() as connection:
            found = order_by(connection, order)
            body = {"who": said(who, "who replies"), "text": said(text, "the reply")}
            return self._event(connection, "replied", at, person, case=found.case, order=order, body=body)

    def consider(self, order: str, person: str, reply: str, reasons: str) -> Event:
        """Answer a reply (the id of its event): what is made of it, and why."""
        at = stamp(self.clock())
        with self._act() as connection:
            found = order_by(connection, order)
            if reply not in unanswered(connection, order):
                raise InputError(f"no reply {reply} waits for an answer", hint="see ringfence orders show")
            body = {"reasons": said(reasons, "the answer")}
            return self._event(
                connection, "considered", at, person, case=found.case, order=order, about=reply, body=body
            )

    def _notice(
        self, connection: Connection, order: Order, at: datetime, by: str, recipient: str = "",
        language: str = "", text: str = "",
    ) -> Notice:  # fmt: skip
        moment = stamp(at)
        first = order.notice == "before" and not order.urgency and order.activated_at is None
        until = later(moment, timedelta(days=max(1, order.reply_days))) if first else None
        language = language.strip() or order.language
        assessment = filed_assessment(connection, order.assessment)
        notice = Notice(
            order=order.id,
            recipient=recipient.strip() or _concerned(order.subject),
            language=language,
            text=text.strip() or notice_text(order, assessment, language, until),
            when="before" if first else "after",
            at=moment,
            by=by,
            reply_until=until,
            due_at=None if first else later(moment, SEND_WITHIN),
            salt=salt(),
        )
        self._keep(
            connection, notices, "notice", notice, order_id=order.id, recipient=notice.recipient,
            language=language, text=notice.text, timing=notice.when, at=moment, by_whom=by,
            reply_until=until, due_at=notice.due_at,
        )  # fmt: skip
        self._event(connection, "noticed", moment, by, case=order.case, order=order.id, about=notice.id)
        return notice

    def _heard(self, connection: Connection, order: Order, at: datetime, by_house: bool) -> str:
        """What still stands between an approved order and its taking effect; empty where nothing does. With
        ``by_house`` a notice that follows the measure is made ready here. The triggers judge again."""
        if unanswered(connection, order.id):
            return "a reply waits to be considered"
        given = connection.execute(
            select(notices.c.id, notices.c.reply_until, notices.c.timing).where(
                notices.c.order_id == order.id
            )
        ).all()
        moment = stamp(at)
        if order.notice == "deferred":
            lasting = select(deferrals.c.id).where(
                deferrals.c.order_id == order.id, deferrals.c.review_at > moment
            )
            there = connection.execute(lasting.limit(1)).first()
            return (
                ""
                if there or (given and _lapsed(connection, order.id, moment))
                else f"its notice needs to be deferred by name ({order.notice_basis})"
            )
        if order.notice == "after" or order.urgency:
            if not given and by_house:
                self._notice(connection, order, at, HOUSE)
            return "" if given or by_house else "notice is to be given"
        if order.notice == "none":
            return ""
        first = self._window(connection, order)
        if first is None:
            return "notice must be given and sent before the measure"
        return "" if first <= moment else f"the time to reply lasts until {first}"

    def _window(self, connection: Connection, order: Order) -> str | None:
        """When the time to reply to a notice before the measure is over; None where none was sent, nor tried.
        Who was told late has the whole time nevertheless."""
        given = connection.execute(
            select(notices.c.reply_until, func.min(deliveries.c.at))
            .join(deliveries, deliveries.c.notice == notices.c.id)
            .where(notices.c.order_id == order.id, notices.c.timing == "before")
            .group_by(notices.c.id, notices.c.reply_until)
        ).all()
        whole = timedelta(days=order.reply_days)
        return min((max(until or "", later(sent, whole)) for until, sent in given), default=None)


def _concerned(subject: str) -> str:
    kind, _, name = subject.partition(":")
    return f"holder of the account {name}" if kind == "account" else f"operator of {name}"


def _lapsed(connection: Connection, order: str, moment: str) -> str | None:
    """Until when an order's notice was put off, where that time is over; else None."""
    last = select(func.max(deferrals.c.review_at)).where(deferrals.c.order_id == order)
    until = connection.execute(last).scalar()
    return until if until is not None and until <= moment else None


def unanswered(connection: Connection, order: str) -> list[str]:
    """The replies (ids of events) that nobody has considered yet, oldest first."""
    found = connection.execute(
        select(case_events.c.id, case_events.c.kind, case_events.c.about)
        .where(case_events.c.order_id == order, case_events.c.kind.in_(("replied", "considered")))
        .order_by(case_events.c.seq)
    ).all()
    done = {about for _, kind, about in found if kind == "considered"}
    return [name for name, kind, _ in found if kind == "replied" and name not in done]
