"""Orders as tables, lines and JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from ringfence.interfaces.cli.common import emit, note, table

if TYPE_CHECKING:
    from ringfence.cases.docket import Cases
    from ringfence.cases.order import Order
    from ringfence.evidence.store import Store


def order_json(cases: Cases, order: Order) -> dict[str, Any]:
    """The order with the state that counts now and its approvals, without salts."""
    plain: dict[str, Any] = msgspec.to_builtins(order, str_keys=True)
    approvals = [msgspec.to_builtins(item) for item in cases.approvals(order.id)]
    for record in (plain, *approvals):
        record.pop("salt")
    return {**plain, "state": order.standing(cases.clock()), "approvals": approvals}


def order_line(order: Order, at: datetime) -> str:
    """One line about an order."""
    what = f"{order.measure} on {order.scope.host or order.subject}"
    below = " and every name below it" if order.scope.host and order.scope.subdomains else ""
    return f"{order.id} {order.standing(at)}: {what}{below}, until {order.expires_at}"


def facts(order: Order) -> list[tuple[str, str]]:
    """What an order says, as (label, text)."""
    from ringfence.cases.ladder import ACCOUNT_LADDER, LADDER

    return [
        ("case", f"{order.case}, {order.subject}, {order.provision}, {order.assessment}"),
        ("form", f"{order.form} by {order.authority} to {order.addressee or '–'}"),
        ("basis", f"{order.legal_basis} ({order.power}) [{order.mark}]"),
        ("reasons", order.reasons),
        *(
            (f"why not {name}", order.why_not_smaller[name])
            for name in (*LADDER, *ACCOUNT_LADDER)
            if name in order.why_not_smaller
        ),
        *((("answer", order.policy),) if order.scope.host else ()),
        *(("address", address) for address in order.scope.addresses),
        *((f"overrides {item.reason}", item.ground) for item in order.overrides),
        ("notice", _notice(order)),
        *([("urgent", f"{order.urgency}: {order.urgency_reasons}")] if order.urgency else []),
        *([("renews", order.renews)] if order.renews else []),
        *(("appeal", route) for route in order.appeal),
        ("proposed", f"{order.proposed_at} by {order.proposer}; {order.needed} approvals needed"),
        ("review", order.review_at),
        *([("ended", f"{order.ended_at}: {order.ended_because}")] if order.ended_at else []),
    ]


def _notice(order: Order) -> str:
    if order.notice == "before":
        return f"before, with {order.reply_days} days to reply"
    return f"{order.notice} ({order.notice_basis})" if order.notice_basis else order.notice


def said(cases: Cases, order: Order, as_json: bool, still: list[str] | None = None) -> None:
    """An order after an act: a line for a person, or JSON. ``still`` are the lists that yet hold it, where
    that was asked."""
    if as_json:
        emit(order_json(cases, order) | ({} if still is None else {"still_in": still}))
        return
    note(order_line(order, cases.clock()))
    if order.state == "approved":
        needs = cases.needs(order.id)
        note(f"not in force yet: {needs or f'ringfence orders activate {order.id} --by PERSON'}")
    if still is not None:
        note(leaving(still))


def still_in(house: Store, order: str) -> list[str]:
    """The lists that hold an order, as recorded: targets, and primaries as ``live ADDRESS:PORT/ZONE``."""
    from ringfence.enforce.behind import holding

    with house.database.read() as connection:
        return holding(connection, order)


def leaving(still: list[str]) -> str:
    """What is to be done about lists that still hold an order."""
    if not still:
        return "no published list holds it"
    return (
        f"still in: {', '.join(still)}; ringfence work --keep withdraws it, or publish now, and verify then"
    )


def listing(cases: Cases, orders: list[Order], title: str, as_json: bool) -> None:
    """Orders as a table, or one JSON line each."""
    if as_json:
        for order in orders:
            emit(order_json(cases, order))
        return
    at = cases.clock()
    rows = []
    for order in orders:
        names = f"{order.scope.host} and below" if order.scope.subdomains else order.scope.host
        yes = {a.approver for a in cases.approvals(order.id) if a.act == "approve"}
        no = {a.approver for a in cases.approvals(order.id) if a.act == "withdraw"}
        count = f"{len(yes - no)} of {order.needed}"
        rows.append(
            (order.id, order.standing(at), order.measure, names or order.subject, order.proposer, count,
             order.expires_at[:10], order.case)
        )  # fmt: skip
    columns = ("order", "state", "measure", "scope", "proposer", "approvals", "until", "case")
    table(f"{len(rows)} {title}", columns, rows)
