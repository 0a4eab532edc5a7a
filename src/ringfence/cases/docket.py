"""The docket: cases opened, orders proposed, approved, ended. Each act is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from ringfence.cases.acts import said
from ringfence.cases.agenda import Agenda
from ringfence.cases.appealing import Appealing
from ringfence.cases.approval import Approval
from ringfence.cases.cap import capped
from ringfence.cases.case import Case
from ringfence.cases.finding import Finds, with_people
from ringfence.cases.hold_lift import let_go
from ringfence.cases.order import Order, Policy, Scope
from ringfence.cases.override import Override
from ringfence.cases.posting import Posting
from ringfence.cases.proposal import propose
from ringfence.cases.reading import approvers, case_by, filed, order_by, orders_where
from ringfence.cases.roles import HOUSE
from ringfence.cases.seal import salt
from ringfence.cases.tables import LIVE, approvals, cases, orders
from ringfence.core.canonical import digest
from ringfence.core.errors import RefusedError
from ringfence.core.ids import reference
from ringfence.core.time import stamp
from ringfence.rulebook.assessment import Assessment

MOST = 20  # by default; RINGFENCE_ACCOUNT_ORDERS
APPROVERS = 2  # besides the proposer; a pack may ask for more, never for none


class Cases(Agenda, Posting, Appealing, Finds):
    """Everything that is decided, over one database; see `Acts` for what it is made with. ``most`` orders
    against accounts may one person approve a day."""

    most = MOST

    # --- cases ---------------------------------------------------------------------------------
    def open(self, assessment: Assessment, actor: str = HOUSE) -> Case:
        """The open case of this subject under this provision; opened if there is none.

        Opening twice with the same assessment writes nothing; with another one it files that
        assessment in the case. The assessment's content is kept in the event. What people have found of
        the subject goes into it, whoever made it.
        """
        at = stamp(self.clock())
        with self._act() as connection:
            assessment = with_people(connection, assessment)
            there = connection.execute(
                select(cases.c.id).where(
                    cases.c.subject == assessment.subject,
                    cases.c.provision == assessment.provision,
                    cases.c.laboratory == assessment.laboratory,
                    cases.c.state == "open",
                )
            ).scalar()
            if there is None:
                there = reference("CA")
                connection.execute(
                    insert(cases).values(
                        id=there, subject=assessment.subject, jurisdiction=assessment.jurisdiction,
                        provision=assessment.provision, state="open", opened_at=at, closed_at=None,
                        laboratory=assessment.laboratory,
                    )
                )  # fmt: skip
                self._event(connection, "opened", at, actor, case=there)
            case = case_by(connection, there)
            if case.assessment != assessment.id:
                self._file(connection, there, assessment, at, actor)
                case = case_by(connection, there)
            return case

    def close(self, case: str, person: str, reasons: str) -> Case:
        """Close a case without live orders, by an analyst or approver; payments that are still held go
        with it. Raises `RefusedError`."""
        at = stamp(self.clock())
        reasons = said(reasons, "the reasons")
        with self._act() as connection:
            case_by(connection, case)
            let_go(connection, self.seal, case, at, f"the case is closed: {reasons}", person)
            self._event(connection, "closed", at, person, case=case, body={"reasons": reasons})
            connection.execute(update(cases).where(cases.c.id == case).values(state="closed", closed_at=at))
            return case_by(connection, case)

    # --- orders --------------------------------------------------------------------------------
    def propose(
        self,
        case: str,
        assessment: Assessment,
        measure: str,
        proposer: str,
        scope: Scope,
        reasons: str,
        expires: datetime,
        *,
        why_not_smaller: Mapping[str, str] | None = None,
        needed: int = APPROVERS,
        policy: Policy = "nodata",
        review: datetime | None = None,
        overrides: Iterable[Override] = (),
        urgency: str = "",
        renews: str | None = None,
    ) -> Order:
        """Propose an order in a case; see `proposal` for what is refused, and why.

        A live order for the same case, measure and scope is refused too, unless it is the one that this
        one ``renews``: a renewal is a new decision, with its own approvals. ``urgency`` says why the
        measure may not wait for an answer, where the power has a rule for that.
        """
        at = self.clock()
        with self._act() as connection:
            order = propose(
                case_by(connection, case), assessment, measure, proposer, scope, reasons, expires, at,
                why_not_smaller=why_not_smaller or {}, needed=needed, policy=policy, review=review,
                overrides=overrides, urgency=urgency, renews=renews,
            )  # fmt: skip
            if renews is not None and order_by(connection, renews).subject != order.subject:
                raise RefusedError(f"{renews} is an order against somebody else")
            for other in orders_where(connection, orders.c.case_id == case):
                same = (other.measure, other.scope) == (measure, scope) and other.id != renews
                if same and other.standing(at) in LIVE:
                    raise RefusedError(
                        f"order {other.id} already says this", hint="approve or revoke that one"
                    )
            if not filed(connection, case, assessment.id):
                self._file(connection, case, assessment, order.proposed_at, proposer)
            record = order.record
            connection.execute(insert(orders).values(**order.to_row(), record=record, digest=digest(record)))
            self.seal(connection, "order", order.id, record)
            self._event(connection, "proposed", order.proposed_at, proposer, case=case, order=order.id)
        return order

    def approve(self, order: str, person: str, note: str = "") -> Order:
        """Record one approval; with the last one needed the order is approved, and takes effect in the same
        transaction unless notice, or the time to reply to it, comes first (`activate`).

        Raises `RefusedError` for the proposer, a person who is no approver now, a second approval
        by the same person, and an order that is no longer proposed.
        """
        at = self.clock()
        with self._act() as connection:
            found = order_by(connection, order)
            if found.proposer == person:
                raise RefusedError(
                    "no one approves their own proposal", hint="another person with the role approver must"
                )
            self._approval(connection, found, person, "approve", at, note)
            if found.subject.startswith("account:"):
                capped(connection, person, stamp(at), self.most)
            if approvers(connection, found) >= found.needed:
                found = self._move(connection, found, "approved", stamp(at), person)
                if not self._heard(connection, found, at, by_house=True):
                    found = self._move(connection, found, "active", stamp(at), person, activated_at=stamp(at))
        return found

    def activate(self, order: str, person: str) -> Order:
        """Put an approved order into force once those concerned were heard. Raises `RefusedError` with what
        is still needed."""
        at = self.clock()
        with self._act() as connection:
            found = order_by(connection, order)
            if found.state != "approved":
                raise RefusedError(f"order {order} is {found.standing(at)}, not approved")
            if found.proposer == person:
                raise RefusedError("no one puts their own proposal into force", hint="another person must")
            needs = self._heard(connection, found, at, by_house=False)
            if needs:
                raise RefusedError(f"order {order} may not take effect yet: {needs}", hint="see orders show")
            return self._move(connection, found, "active", stamp(at), person, activated_at=stamp(at))

    def needs(self, order: str) -> str:
        """What an approved order still needs before it may take effect; empty where nothing."""
        at = self.clock()
        with self.database.read() as connection:
            found = order_by(connection, order)
            return self._heard(connection, found, at, by_house=False) if found.state == "approved" else ""

    def withdraw(self, order: str, person: str, note: str = "") -> Order:
        """Take back one's approval while the order is still proposed (afterwards: `revoke`)."""
        with self._act() as connection:
            found = order_by(connection, order)
            self._approval(connection, found, person, "withdraw", self.clock(), note)
        return found

    def revoke(self, order: str, person: str, reasons: str) -> Order:
        """End an order: refuse a proposal, or lift an active measure. One person is enough to lift, but it
        must be one of the desk: analyst, approver or appeals officer."""
        reasons = said(reasons, "the reasons")
        at = self.clock()
        with self._act() as connection:
            found = order_by(connection, order)
            if found.standing(at) not in LIVE:
                raise RefusedError(f"order {order} is {found.standing(at)} already")
            return self._end(connection, found, "revoked", stamp(at), person, reasons)

    def expire_due(self, at: datetime | None = None) -> list[Order]:
        """Move every active or suspended order whose time is up to *expired*; returns those moved."""
        moment = stamp(at or self.clock())
        with self._act() as connection:
            due = orders_where(
                connection, orders.c.state.in_(("active", "suspended")), orders.c.expires_at <= moment
            )
            reasons = "its time was up"
            return [self._end(connection, order, "expired", moment, HOUSE, reasons) for order in due]

    # --- inside --------------------------------------------------------------------------------
    def _approval(
        self, connection: Connection, order: Order, person: str, act: str, at: datetime, note: str
    ) -> None:
        approval = Approval(
            order=order.id, order_digest=digest(order.record), approver=person,
            act="approve" if act == "approve" else "withdraw", at=stamp(at), note=note, salt=salt(),
        )  # fmt: skip
        self._keep(
            connection, approvals, "approval", approval, order_id=order.id, approver=person, act=act,
            at=approval.at,
        )  # fmt: skip
        kind = "approved" if act == "approve" else "withdrawn"
        self._event(connection, kind, approval.at, person, case=order.case, order=order.id, about=approval.id)
