"""Cap: how many orders against accounts one person may approve a day, so that each is read."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from ringfence.cases.tables import approvals, orders
from ringfence.core.errors import RefusedError


def capped(connection: Connection, person: str, at: str, most: int) -> None:
    """Refuse where a person has approved more than ``most`` orders against accounts on the day (UTC) of a
    stamp, the one just written included. The database holds a ceiling that no setting lifts."""
    found = (
        select(func.count())
        .select_from(approvals.join(orders, orders.c.id == approvals.c.order_id))
        .where(
            approvals.c.approver == person, approvals.c.act == "approve",
            approvals.c.at >= at[:10], approvals.c.at <= at,
            orders.c.subject.startswith("account:"),
        )
    )  # fmt: skip
    if connection.execute(found).scalar_one() > most:
        raise RefusedError(
            f"{person} has approved {most} orders on accounts today",
            hint="another approver, or another day (RINGFENCE_ACCOUNT_ORDERS)",
        )
