"""Who may have what erased, in the database itself: an administrator, and nothing that is still needed.

What a case rests on is taken widely here: everything seen of its subject. Whoever has the file can drop a
trigger; then the log tells.
"""

from __future__ import annotations

from sqlalchemy import Table

from ringfence.cases.guards import holds_role
from ringfence.core.database import refuse
from ringfence.evidence.redaction import redactions
from ringfence.evidence.retention_order import retention_orders

ROLE = "administrator"
_SEEN = "from observations o join cases c on c.subject = o.subject"
# A hold on a case and the erasure of what it rests on lock the same row: of two sessions one is second.
_CASES = (
    "cases where id = new.case_id",
    "cases where subject in (select o.subject from observations o where o.capture = new.blob)",
)


def _by_an_administrator(table: Table, when: str) -> None:
    refuse(
        table, "by_an_administrator", "before insert", "this person is not an administrator at that time",
        f"{when} and not {holds_role('new.person', repr(ROLE), 'new.at')}",
        lock="roles where person = new.person",
    )  # fmt: skip


_by_an_administrator(retention_orders, "true")
_by_an_administrator(redactions, "new.standing is null")  # its order was given by one
refuse(
    redactions, "of_a_case", "before insert", "a hold is on a blob, or on a case or an order in it",
    """new.scope is not null and not (new.scope = new.case_id and exists (select 1 from cases c
      where c.id = new.scope)) and not exists (select 1 from orders o where o.id = new.scope
      and o.case_id = new.case_id)""",
)  # fmt: skip
_COUNT = "(select count(*) from redactions a where a.scope = h.scope and a.act = '{}')"
refuse(
    redactions, "held_by_case", "before insert", "a legal hold forbids this erasure: it is on a case",
    f"""new.act = 'erase' and exists (select 1 {_SEEN} join redactions h on h.case_id = c.id
      where o.capture = new.blob and h.act = 'hold'
      and {_COUNT.format("hold")} > {_COUNT.format("release")})""",
    lock=_CASES,
)  # fmt: skip
refuse(
    redactions, "needed", "before insert", "an open case or a live order rests on this",
    f"""new.act = 'erase' and exists (select 1 {_SEEN} where o.capture = new.blob and (c.state = 'open'
      or exists (select 1 from orders r where r.case_id = c.id and r.state in ('proposed', 'active'))))""",  # noqa: S608
    lock=_CASES,
)  # fmt: skip
