"""Letting go: what becomes of a hold is written and sealed, in the caller's transaction."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, insert, select

from ringfence.cases.hold import Deed, Hold, HoldAct
from ringfence.cases.hold_tables import hold_acts, holds
from ringfence.cases.roles import HOUSE
from ringfence.cases.seal import Seal, salt
from ringfence.core.canonical import digest


def keep_act(
    connection: Connection, seal: Seal, hold: str, act: Deed, actor: str, at: str, reasons: str
) -> None:
    """Write what became of a hold, and seal it."""
    made = HoldAct(hold, act, actor, at, reasons, salt())
    connection.execute(
        insert(hold_acts).values(
            id=made.id, hold=hold, act=act, actor=actor, at=at, reasons=reasons, record=made.record,
            digest=digest(made.record),
        )
    )  # fmt: skip
    seal(connection, "event", made.id, made.record)


def open_holds(connection: Connection, *where: ColumnElement[bool]) -> list[Hold]:
    """Holds of which no end is written yet."""
    ended = select(hold_acts.c.id).where(
        hold_acts.c.hold == holds.c.id, hold_acts.c.act.in_(("released", "expired"))
    )
    found = select(holds.c.record).where(~ended.exists(), *where).order_by(holds.c.began_at, holds.c.id)
    return [Hold.from_record(record) for record in connection.execute(found).scalars().all()]


def let_go(connection: Connection, seal: Seal, case: str, at: str, reasons: str, actor: str = HOUSE) -> None:
    """Release every payment of a case that is still held: its account is protected, or its case closed."""
    for hold in open_holds(connection, holds.c.case_id == case, holds.c.until_at > at):
        keep_act(connection, seal, hold.id, "released", actor, at, reasons)
