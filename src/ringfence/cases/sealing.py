"""Which tables of decisions hold sealed records, and what their columns must say."""

from __future__ import annotations

from ringfence.cases.tables import approvals, case_events, orders
from ringfence.core.canonical import canonical
from ringfence.evidence.sealed import named_after, sealed

sealed(
    orders, "order", room=__name__, changing=True,
    words=("reasons", "why_not_smaller", "ended_because"),
    case_id="case", host="scope.host", subdomains="scope.subdomains",
    appeal=lambda fields, _: "\n".join(fields["appeal"]),
    addresses=lambda fields, _: canonical(fields["scope"]["addresses"]).decode(),
    overrides=lambda fields, _: canonical(fields["overrides"]).decode(),
)  # fmt: skip
sealed(approvals, "approval", room=__name__, id=named_after("approval"), order_id="order", words=("note",))
sealed(
    case_events, "event", room=__name__, id=named_after("event"), case_id="case", order_id="order",
    words=("body.reasons",),
)  # fmt: skip
