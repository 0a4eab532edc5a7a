"""Accounts, in the database itself: pseudonyms only, and no more approvals a day than a person can weigh.

Like `guards`, these hold against any client of the store.
"""

from __future__ import annotations

from sqlalchemy import Table

from ringfence.cases.tables import approvals, cases, orders
from ringfence.core.database import Sql, both, refuse
from ringfence.rulebook.records import assessments, findings

# Approvals of orders against accounts, a person and day (UTC): the most that any setting allows (ours; that
# orders a reviewer and day are to be capped is AUSTRAC's advice against dropping customers wholesale).
MOST_A_DAY = 100


def pseudonym(column: str, prefix: str = "account:") -> Sql:
    """The condition that a column holds no pseudonym: the prefix and the 32 hexadecimal digits of a MAC."""
    size, start = len(prefix) + 32, len(prefix) + 1
    return Sql(
        f"(length({column}) <> {size} or substr({column}, 1, {len(prefix)}) <> '{prefix}' "
        f"or substr({column}, {start}) glob '*[^0-9a-f]*')",
        f"({column} !~ '^{prefix}[0-9a-f]{{32}}$')",
    )


def _accounts_only(table: Table) -> None:
    named = pseudonym("new.subject")
    refuse(
        table, "pseudonym", "before insert", "an account is named by its pseudonym and nothing else",
        Sql(*(f"substr(new.subject, 1, 8) = 'account:' and {one}" for one in both(named))),
    )  # fmt: skip


_accounts_only(cases)
_accounts_only(orders)
_accounts_only(findings)
_accounts_only(assessments)
_OF_ACCOUNT = "exists (select 1 from orders o where o.id = {} and substr(o.subject, 1, 8) = 'account:')"
refuse(
    approvals, "a_day", "before insert",
    "this person has approved as many orders on accounts as one may a day",
    f"""new.act = 'approve' and {_OF_ACCOUNT.format("new.order_id")} and (select count(*) from approvals a
      where a.approver = new.approver and a.act = 'approve'
      and a.at >= substr(new.at, 1, 10) and substr(a.at, 1, 10) = substr(new.at, 1, 10)
      and {_OF_ACCOUNT.format("a.order_id")}) >= {MOST_A_DAY}""",  # noqa: S608
)  # fmt: skip
