"""What an order says, in the database itself: why nothing milder does, and an end within a year.

Like `guards`, these hold against any client of the store.
"""

from __future__ import annotations

from ringfence.cases.guards import words
from ringfence.cases.ladder import ACCOUNT_LADDER, BESIDE, LADDER, binding, milder
from ringfence.cases.proposal import MAX_LIFE
from ringfence.cases.tables import orders
from ringfence.core.database import Sql, any_of, refuse

_BINDING = [measure for measure in dict.fromkeys([*LADDER, *BESIDE]) if binding(measure)]


def _unanswered(rung: str) -> Sql:
    """That a measure needs the reason why a rung below it does not do, and its record gives none."""
    above = words(measure for measure in _BINDING if rung in milder(measure))
    said = Sql(
        f"json_extract(cast(new.record as text), '$.why_not_smaller.{rung}')",
        f"(ringfence_record(new.record) #>> '{{why_not_smaller,{rung}}}')",
    )
    return Sql(*(f"new.measure in ({above}) and coalesce(trim({one}), '') = ''" for one in said))


refuse(
    orders, "smallest", "before insert", "an order says why no smaller measure does",
    any_of(*(_unanswered(rung) for rung in (*LADDER[:-1], *ACCOUNT_LADDER[:-1]))),
)  # fmt: skip
# SQLite counts days in reals, and in milliseconds.
refuse(
    orders, "within_a_year", "before insert", "an order ends within a year, and is looked at again before",
    Sql(
        f"""coalesce(not (julianday(new.expires_at) <= julianday(new.proposed_at) + {MAX_LIFE.days}.00000002
          and new.review_at > new.proposed_at and new.review_at <= new.expires_at), true)""",
        f"""coalesce(not (new.expires_at::timestamptz
          <= new.proposed_at::timestamptz + {MAX_LIFE.days} * interval '24 hours'
          and new.review_at > new.proposed_at and new.review_at <= new.expires_at), true)""",
    ),
)  # fmt: skip
