"""Sanction: an order as a FollowTheMoney entity, with its subject. Pure; ids are derived, so that exporting
twice gives the same entities. Only orders that took effect: a proposal is nobody's sanction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from ringfence.cases.order import Order
from ringfence.register.ftm import Entity, entity_id, to_ftm
from ringfence.register.subject import Subject, make_site


def sanction(order: Order, at: datetime) -> Entity:
    """The order as it stands at an instant. FollowTheMoney asks for ``entity``; dates are days."""
    status = order.standing(at)
    ended = order.ended_at or (order.expires_at if status == "expired" else None)
    properties: dict[str, list[str]] = {
        "entity": [entity_id(order.subject)],
        "authority": [order.authority],
        "authorityId": [order.id],
        "program": [order.provision],
        "provisions": [order.measure, order.power],
        "status": [status],
        "reason": [order.reasons],
        "duration": [f"until {order.expires_at[:10]} at the latest"],
        "listingDate": [order.proposed_at[:10]],
        "startDate": [(order.activated_at or order.proposed_at)[:10]],
        "endDate": [(ended or order.expires_at)[:10]],
        "recordId": [order.id],
        "summary": [f"{order.measure.replace('_', ' ')}: {order.legal_basis}"],
    }
    if order.laboratory:
        properties["summary"].append("ringfence:laboratory: invented, says nothing of a real firm")
    return {"id": entity_id(order.id), "schema": "Sanction", "properties": properties}


def write_sanctions(
    orders: Iterable[Order], subjects: Mapping[str, Subject | None], at: datetime
) -> Iterator[bytes]:
    """JSON lines: each subject once (as the register knows it, or as the site alone), before its orders."""
    encoder = msgspec.json.Encoder(order="sorted")
    seen: set[str] = set()
    for order in orders:
        if order.subject not in seen:
            seen.add(order.subject)
            for entity in to_ftm(subjects.get(order.subject) or _bare(order)):
                yield encoder.encode(entity) + b"\n"
        yield encoder.encode(sanction(order, at)) + b"\n"


def _bare(order: Order) -> Subject:
    kind, _, name = order.subject.partition(":")
    if kind == "site":
        made = make_site(name, "", "ringfence order")
    else:
        made = Subject(id=order.subject, kind="firm", name=name, source="ringfence order")
    return msgspec.structs.replace(made, laboratory=order.laboratory)
