"""Appealing: our own review of an order, beside the statutory routes that the order names."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ringfence.cases.acts import Acts, said
from ringfence.cases.appeal import Appeal, Outcome, Ruling
from ringfence.cases.hearing_tables import appeals, deferrals, rulings
from ringfence.cases.order import Order
from ringfence.cases.reading import order_by
from ringfence.cases.seal import salt
from ringfence.cases.tables import LIVE, approvals, case_events
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.time import stamp

_TOOK_PART = ("proposed", "approved", "decided", "considered", "activated", "deferred")


class Appealing(Acts):
    """Appeals, and the suspension of orders. Each method raises `RefusedError` where the person's role or
    part in the order does not allow it."""

    def appeal(self, order: str, appellant: str, grounds: str, person: str) -> Appeal:
        """Enter an appeal against an order that was decided, whatever became of it since. It suspends
        nothing by itself: see `suspend`."""
        at = stamp(self.clock())
        with self._act() as connection:
            found = order_by(connection, order)
            if found.state == "proposed":
                raise RefusedError(
                    "nothing was decided yet that could be appealed against",
                    hint="enter it as a reply: ringfence orders notice reply",
                )
            made = Appeal(
                order, said(appellant, "who appeals"), said(grounds, "the grounds"), at, person, salt()
            )
            self._keep(
                connection, appeals, "appeal", made, order_id=order, appellant=made.appellant,
                grounds=made.grounds, filed_at=at, by_whom=person,
            )  # fmt: skip
            self._event(connection, "appealed", at, person, case=found.case, order=order, about=made.id)
        return made

    def rule(self, appeal: str, person: str, outcome: Outcome, reasons: str) -> Ruling:
        """Rule on an appeal. Upheld, the order is revoked here and now, and leaves every artefact with the
        next publication; partly, it is out of force and only a new order may follow; dismissed, it stands.
        """
        at = stamp(self.clock())
        reasons = said(reasons, "the reasons of a ruling")
        with self._act() as connection:
            row = connection.execute(select(appeals.c.order_id).where(appeals.c.id == appeal)).scalar()
            if row is None:
                raise InputError(f"no such appeal: {appeal}", hint="see ringfence orders show")
            order = order_by(connection, row)
            if took_part(connection, order, person):
                raise RefusedError(
                    "nobody hears an appeal against an order they took part in",
                    hint="an appeals officer who neither proposed nor approved it must rule",
                )
            if outcome == "upheld" and order.state in LIVE:
                self._end(connection, order, "revoked", at, person, f"appeal upheld: {reasons}")
            elif outcome == "partly" and order.state == "active":
                self._move(connection, order, "suspended", at, person, f"appeal upheld in part: {reasons}")
            made = Ruling(appeal, order.id, person, outcome, reasons, at, salt())
            self._keep(
                connection, rulings, "appeal", made, appeal=appeal, order_id=order.id, decider=person,
                outcome=outcome, reasons=reasons, at=at,
            )  # fmt: skip
            body = {"reasons": f"{outcome}: {reasons}"}
            self._event(
                connection, "ruled", at, person, case=order.case, order=order.id, about=made.id, body=body
            )
        return made

    def suspend(self, order: str, person: str, reasons: str) -> Order:
        """Take an active order out of force for the time being, for example while an appeal is heard."""
        return self._turn(order, person, reasons, "active", "suspended")

    def resume(self, order: str, person: str, reasons: str) -> Order:
        """Put a suspended order back into force, where everything that it needs is still there. Not by its
        proposer, and never after an appeal that succeeded in part."""
        return self._turn(order, person, reasons, "suspended", "active")

    def _turn(self, order: str, person: str, reasons: str, state: str, to: str) -> Order:
        at = self.clock()
        reasons = said(reasons, "the reasons")
        with self._act() as connection:
            found = order_by(connection, order)
            if found.standing(at) != state:
                raise RefusedError(f"order {order} is {found.standing(at)}, not {state}")
            if to == "active" and found.proposer == person:
                raise RefusedError("no one puts their own proposal into force", hint="another person must")
            return self._move(
                connection, found, "active" if to == "active" else "suspended", stamp(at), person, reasons
            )


def took_part(connection: Connection, order: Order, person: str) -> bool:
    """Whether a person proposed, approved (also if taken back), deferred, weighed or activated an order."""
    if order.proposer == person:
        return True
    looked = (
        select(approvals.c.id).where(approvals.c.order_id == order.id, approvals.c.approver == person),
        select(deferrals.c.id).where(deferrals.c.order_id == order.id, deferrals.c.decider == person),
        select(case_events.c.id).where(
            case_events.c.order_id == order.id, case_events.c.actor == person,
            case_events.c.kind.in_(_TOOK_PART),
        ),
    )  # fmt: skip
    return any(connection.execute(found.limit(1)).first() is not None for found in looked)
