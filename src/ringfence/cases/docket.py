"""The docket: cases opened, orders proposed, approved, ended. Each act is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from ringfence.cases.approval import Approval
from ringfence.cases.case import Case
from ringfence.cases.event import record_event
from ringfence.cases.order import Order, Policy, Scope, State
from ringfence.cases.override import Override
from ringfence.cases.proposal import propose
from ringfence.cases.reading import approvers, case_by, filed, order_by, orders_where
from ringfence.cases.records import Records
from ringfence.cases.seal import Seal, salt
from ringfence.cases.tables import approvals, cases, orders
from ringfence.core.canonical import digest
from ringfence.core.database import Database, said
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.ids import reference
from ringfence.core.time import now, stamp
from ringfence.rulebook.assessment import Assessment

_RULES = "the rules that it holds are in docs/method/enforcement.md"
# What the database says to anybody, said to the person who asked.
_IN_WORDS = {
    "approvals: this key exists": (
        "this person has approved this order already",
        "one approval a person; another approver must sign",
    ),
    "this person is not an approver at that time": (
        "nobody of this name holds the role of approver",
        "see ringfence orders people list",
    ),
    "only a proposed order is approved": (
        "the order is no longer proposed",
        "see ringfence orders show",
    ),
    "a case can only be closed, and only without live orders": (
        "the case has an order that is proposed or active",
        "revoke it first: see ringfence orders list",
    ),
}
APPROVERS = 2  # besides the proposer; a pack may ask for more, never for none


class Cases(Records):
    """Everything that is decided, over one database. ``seal`` puts each record into the evidence log
    in the same transaction; ``clock`` is the present instant (tests turn it)."""

    def __init__(self, database: Database, seal: Seal, clock: Callable[[], datetime] = now) -> None:
        super().__init__(database, clock)
        self.seal = seal

    # --- cases ---------------------------------------------------------------------------------
    def open(self, assessment: Assessment, actor: str = "ringfence") -> Case:
        """The open case of this subject under this provision; opened if there is none.

        Opening twice with the same assessment writes nothing; with another one it files that
        assessment in the case. The assessment's content is kept in the event.
        """
        at = stamp(self.clock())
        with self._act() as connection:
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
                body = {"assessment": msgspec.to_builtins(assessment, str_keys=True)}
                self._event(connection, "assessed", at, actor, case=there, about=assessment.id, body=body)
                case = case_by(connection, there)
            return case

    def close(self, case: str, person: str, reasons: str) -> Case:
        """Close a case none of whose orders is proposed or active. Raises `RefusedError`."""
        at = stamp(self.clock())
        with self._act() as connection:
            case_by(connection, case)
            connection.execute(update(cases).where(cases.c.id == case).values(state="closed", closed_at=at))
            self._event(connection, "closed", at, person, case=case, body={"reasons": reasons})
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
    ) -> Order:
        """Propose an order in a case; see `proposal` for what is refused, and why.

        A live order (proposed or in force) for the same case, measure and scope is refused too.
        """
        at = self.clock()
        with self._act() as connection:
            order = propose(
                case_by(connection, case), assessment, measure, proposer, scope, reasons, expires, at,
                why_not_smaller=why_not_smaller or {}, needed=needed, policy=policy, review=review,
                overrides=overrides,
            )  # fmt: skip
            for other in orders_where(connection, orders.c.case_id == case):
                same = (other.measure, other.scope) == (measure, scope)
                if same and other.standing(at) in ("proposed", "active"):
                    raise RefusedError(
                        f"order {other.id} already says this", hint="approve or revoke that one"
                    )
            if not filed(connection, case, assessment.id):
                body = {"assessment": msgspec.to_builtins(assessment, str_keys=True)}
                self._event(
                    connection, "assessed", order.proposed_at, proposer,
                    case=case, about=assessment.id, body=body,
                )  # fmt: skip
            record = order.record
            connection.execute(insert(orders).values(**order.to_row(), record=record, digest=digest(record)))
            self.seal(connection, "order", order.id, record)
            self._event(connection, "proposed", order.proposed_at, proposer, case=case, order=order.id)
        return order

    def approve(self, order: str, person: str, note: str = "") -> Order:
        """Record one approval; with the last one needed the order becomes active, in one transaction.

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
            if approvers(connection, found) >= found.needed:
                found = msgspec.structs.replace(found, state="active", activated_at=stamp(at))
                self._move(connection, found)
                self._event(connection, "activated", stamp(at), person, case=found.case, order=order)
        return found

    def withdraw(self, order: str, person: str, note: str = "") -> Order:
        """Take back one's approval while the order is still proposed (afterwards: `revoke`)."""
        with self._act() as connection:
            found = order_by(connection, order)
            self._approval(connection, found, person, "withdraw", self.clock(), note)
        return found

    def revoke(self, order: str, person: str, reasons: str) -> Order:
        """End an order: refuse a proposal, or lift an active measure. One person is enough to lift."""
        if not reasons.strip():
            raise InputError("a revocation needs reasons")
        at = self.clock()
        with self._act() as connection:
            found = order_by(connection, order)
            if found.standing(at) not in ("proposed", "active"):
                raise RefusedError(f"order {order} is {found.standing(at)} already")
            return self._end(connection, found, "revoked", stamp(at), person, reasons.strip())

    def expire_due(self, at: datetime | None = None) -> list[Order]:
        """Move every active order whose time is up to *expired*; returns those moved."""
        moment = stamp(at or self.clock())
        with self._act() as connection:
            due = orders_where(connection, orders.c.state == "active", orders.c.expires_at <= moment)
            reasons = "its time was up"
            return [self._end(connection, order, "expired", moment, "ringfence", reasons) for order in due]

    # --- inside --------------------------------------------------------------------------------
    @contextmanager
    def _act(self) -> Iterator[Connection]:
        """A transaction in which a refusal by the database reads like one of ours."""
        try:
            with self.database.begin() as connection:
                yield connection
        except IntegrityError as error:
            message, hint = _IN_WORDS.get(said(error), (f"the database refuses: {said(error)}", _RULES))
            raise RefusedError(message, hint=hint) from error

    def _event(
        self,
        connection: Connection,
        kind: str,
        at: str,
        actor: str,
        **more: Any,  # noqa: ANN401
    ) -> None:
        record_event(connection, self.seal, kind, at, actor, **more)

    def _approval(
        self, connection: Connection, order: Order, person: str, act: str, at: datetime, note: str
    ) -> None:
        approval = Approval(
            order=order.id, order_digest=digest(order.record), approver=person,
            act="approve" if act == "approve" else "withdraw", at=stamp(at), note=note, salt=salt(),
        )  # fmt: skip
        record = approval.record
        connection.execute(
            insert(approvals).values(
                id=approval.id, order_id=order.id, approver=person, act=act, at=approval.at,
                record=record, digest=digest(record),
            )
        )  # fmt: skip
        self.seal(connection, "approval", approval.id, record)
        kind = "approved" if act == "approve" else "withdrawn"
        self._event(connection, kind, approval.at, person, case=order.case, order=order.id, about=approval.id)

    def _end(
        self, connection: Connection, order: Order, state: State, at: str, person: str, reasons: str
    ) -> Order:
        ended = msgspec.structs.replace(order, state=state, ended_at=at, ended_because=reasons)
        self._move(connection, ended)
        body = {"reasons": reasons}
        self._event(connection, state, at, person, case=order.case, order=order.id, body=body)
        return ended

    def _move(self, connection: Connection, order: Order) -> None:
        record = order.record
        connection.execute(
            update(orders)
            .where(orders.c.id == order.id)
            .values(
                state=order.state, activated_at=order.activated_at, ended_at=order.ended_at,
                record=record, digest=digest(record),
            )
        )  # fmt: skip
        self.seal(connection, "order", order.id, record)
