"""Which tables of decisions hold sealed records, and what their columns must say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ringfence.cases.hearing_tables import WORDS, appeals, deferrals, deliveries, notices, rulings
from ringfence.cases.hold_tables import hold_acts, holds, rule_acts, rules
from ringfence.cases.tables import approvals, case_events, orders
from ringfence.core.canonical import canonical
from ringfence.evidence.sealed import Says, named_after, sealed


def _began(fields: Mapping[str, Any], _: str) -> Any:  # noqa: ANN401
    """When the present state began; orders from before this was recorded say it by their other times."""
    times = ("moved_at", "ended_at", "activated_at", "proposed_at")
    return next(fields[name] for name in times if fields.get(name))


def _or(name: str, otherwise: object) -> Says:
    """A field that older records lack."""
    return lambda fields, _: fields.get(name, otherwise)


sealed(
    orders, "order", room=__name__, changing=True,
    words=("reasons", "why_not_smaller", "ended_because"),
    case_id="case", host="scope.host", subdomains="scope.subdomains",
    appeal=lambda fields, _: "\n".join(fields["appeal"]),
    addresses=lambda fields, _: canonical(fields["scope"].get("addresses", [])).decode(),
    overrides=lambda fields, _: canonical(fields.get("overrides", [])).decode(),
    notice_basis=_or("notice_basis", ""), reply_days=_or("reply_days", 0), urgency=_or("urgency", ""),
    urgency_reasons=_or("urgency_reasons", ""), renews=_or("renews", None), moved_at=_began,
)  # fmt: skip
sealed(approvals, "approval", room=__name__, id=named_after("approval"), order_id="order", words=("note",))
sealed(
    case_events, "event", room=__name__, id=named_after("event"), case_id="case", order_id="order",
    outcome=_or("outcome", None), words=("body.reasons", "body.who", "body.text", "body.address"),
)  # fmt: skip
sealed(
    notices, "notice", room=__name__, id=named_after("notice"), order_id="order", timing="when",
    by_whom="by", words=WORDS["notices"],
)  # fmt: skip
sealed(
    deliveries, "notice", room=__name__, id=named_after("delivery"), order_id="order", by_whom="by",
    words=WORDS["notice_deliveries"],
)  # fmt: skip
sealed(
    deferrals, "notice", room=__name__, id=named_after("deferral"), order_id="order",
    words=WORDS["notice_deferrals"],
)  # fmt: skip
sealed(
    appeals, "appeal", room=__name__, id=named_after("appeal"), order_id="order", by_whom="by",
    words=WORDS["appeals"],
)  # fmt: skip
sealed(
    rulings, "appeal", room=__name__, id=named_after("ruling"), order_id="order",
    words=WORDS["appeal_rulings"],
)  # fmt: skip
sealed(rules, "event", room=__name__, id=named_after("holdrule"), words=("reasons",))
sealed(rule_acts, "event", room=__name__, id=named_after("holdruleact"), words=("note",))
sealed(holds, "event", room=__name__, id=named_after("hold"), case_id="case")
sealed(hold_acts, "event", room=__name__, id=named_after("holdact"), words=("reasons",))
