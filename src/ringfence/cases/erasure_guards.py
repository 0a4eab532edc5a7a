"""Who may have what erased, in the database itself: an administrator, and nothing that is still needed.

What a case rests on is taken widely here: everything seen of its subject. Whoever has the file can drop a
trigger; then the log tells.
"""

from __future__ import annotations

from sqlalchemy import Table

from ringfence.cases.guards import holds, words
from ringfence.cases.hearing_tables import WORDS
from ringfence.cases.tables import LIVE
from ringfence.core.database import refuse
from ringfence.evidence.redaction import redactions
from ringfence.evidence.retention_order import retention_orders

ROLE = "administrator"
_SEEN = "select 1 from observations o join cases c on c.subject = o.subject where o.capture = new.blob"
_COUNT = "(select count(*) from redactions a where a.scope = h.scope and a.act = '{}')"
_HELD = f"""exists (select 1 from redactions h where h.case_id = c.id and h.scope is not null
  and h.act = 'hold' and {_COUNT.format("hold")} > {_COUNT.format("release")})"""  # noqa: S608
# An order that may take effect or has; and one against which an appeal waits.
_LIVE = f"""(c.state = 'open' or exists (select 1 from orders r where r.case_id = c.id
  and (r.state in ({words(LIVE)}) or exists (select 1 from appeals p where p.order_id = r.id
    and not exists (select 1 from appeal_rulings d where d.appeal = p.id)))))"""  # noqa: S608
_OF_AN_ORDER = " or ".join(
    f"exists (select 1 from {table} a join orders o on o.id = a.order_id where a.id = new.row_id "  # noqa: S608
    "and o.case_id = new.case_id)"
    for table in ("approvals", *WORDS)
)
_ITS_CASE = f"""(exists (select 1 from case_events e where e.id = new.row_id and e.case_id = new.case_id)
  or exists (select 1 from orders o where o.id = new.row_id and o.case_id = new.case_id)
  or {_OF_AN_ORDER})"""  # noqa: S608
# A hold on a case and the erasure of what it rests on lock the same row: of two sessions one is second.
_CASES = (
    "cases where id = new.case_id",
    "cases where subject in (select o.subject from observations o where o.capture = new.blob)",
)


def _erases_of_a_case(condition: str) -> str:
    """An erasure of what was seen of a case's subject, or of words in a case of which something holds."""
    own = "select 1 from cases c where c.id = new.case_id"
    return f"new.act = 'erase' and (exists ({_SEEN} and {condition}) or exists ({own} and {condition}))"


def _by_an_administrator(table: Table, when: str) -> None:
    refuse(
        table, "by_an_administrator", "before insert", "this person is not an administrator at that time",
        f"{when} and not {holds('new.person', repr(ROLE), 'new.at')}",
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
refuse(
    redactions, "words_of_a_case", "before insert", "the record is not of this case",
    f"new.row_id is not null and not {_ITS_CASE}",
)  # fmt: skip
refuse(
    redactions, "held_by_case", "before insert", "a legal hold forbids this erasure: it is on a case",
    _erases_of_a_case(_HELD), lock=_CASES,
)  # fmt: skip
refuse(
    redactions, "needed", "before insert", "an open case or a live order rests on this",
    _erases_of_a_case(_LIVE), lock=_CASES,
)  # fmt: skip
