"""The tables of decisions. Their triggers are in `guards`.

Tables that are only ever looked up by a text key have no row number of their own: SQLite's
``replace`` could otherwise displace a row through its hidden row number.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from ringfence.cases.roles import ROLES
from ringfence.core.database import metadata

STATES = ("proposed", "approved", "active", "suspended", "expired", "revoked")
LIVE = STATES[:4]  # an order that may still take effect, or has
OUTCOMES = ("actionable", "not_actionable", "protected")
POLICIES = ("nodata", "nxdomain", "redirect")


def _among(column: str, words: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} in ({', '.join(repr(word) for word in words)})")


# Who made and who ended a grant before the table said so: the events do.
_BY = """(select e.actor from case_events e where e.kind = '{}' and e.about = person and {} limit 1)"""
_GRANTED = "json_extract(cast(e.record as text), '$.body.grant') = roles.id"
_ENDED = "json_extract(cast(e.record as text), '$.body.role') = role and e.at = until"

people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("name", String, nullable=False),
    Column("added_at", String, nullable=False),
    sqlite_with_rowid=False,
)

# One row a grant; ending a role fills ``until`` once, a new grant is a new row.
roles = Table(
    "roles",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("person", String, nullable=False),
    Column("role", String, nullable=False),
    Column("since", String, nullable=False),
    Column("until", String),
    # Who granted and who ended it: an administrator, or whoever founds the store before there is one.
    Column("granted_by", String, nullable=False, info={"carried": _BY.format("granted", _GRANTED)}),
    Column("ended_by", String, info={"carried": _BY.format("ended", _ENDED)}),
    _among("role", ROLES),
    Index("roles_by_person", "person"),
    sqlite_with_rowid=False,
)

cases = Table(
    "cases",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("subject", String, nullable=False),
    Column("jurisdiction", String, nullable=False),
    Column("provision", String, nullable=False),
    Column("state", String, nullable=False),
    Column("opened_at", String, nullable=False),
    Column("closed_at", String),
    Column("laboratory", Boolean, nullable=False),
    _among("state", ("open", "closed")),
    Index(
        "cases_one_open", "subject", "provision", "laboratory", unique=True,
        sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
    ),
    sqlite_with_rowid=False,
)  # fmt: skip

orders = Table(
    "orders",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("case_id", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("host", String, nullable=False),
    Column("subdomains", Boolean, nullable=False),
    # JSON arrays, as in the record: single IP addresses, and reasons of the guard set aside.
    Column("addresses", Text, nullable=False, default="[]", server_default="[]", info={"json": True}),
    Column("overrides", Text, nullable=False, default="[]", server_default="[]", info={"json": True}),
    Column("assessment", String, nullable=False),
    Column("measure", String, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("addressee", Text, nullable=False),
    Column("notice", String, nullable=False),
    Column("notice_basis", Text, nullable=False, default="", info={"carried": "''"}),
    Column("reply_days", Integer, nullable=False, default=0, info={"carried": "0"}),
    Column("urgency", Text, nullable=False, default="", info={"carried": "''"}),
    Column("urgency_reasons", Text, nullable=False, default="", info={"carried": "''"}),
    Column("renews", String),
    Column("appeal", Text, nullable=False),
    Column("policy", String, nullable=False),
    Column("state", String, nullable=False),
    Column("proposer", String, nullable=False),
    Column("needed", Integer, CheckConstraint("needed >= 1"), nullable=False),
    Column("proposed_at", String, nullable=False),
    Column("activated_at", String),
    # When it came into its present state, which an event of that time must tell of.
    Column(
        "moved_at",
        String,
        nullable=False,
        info={"carried": "coalesce(ended_at, activated_at, proposed_at)"},
    ),
    Column("ended_at", String),
    Column("expires_at", String, nullable=False),
    Column("review_at", String, nullable=False),
    Column("laboratory", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    _among("state", STATES),
    _among("policy", POLICIES),
    # Everything that a list is made from, in its order: a million orders are read without their records.
    Index(
        "orders_by_state",
        "state",
        "laboratory",
        "measure",
        "host",
        "id",
        "expires_at",
        "subject",
        "subdomains",
        "policy",
        "addresses",
        "overrides",
    ),
    Index("orders_by_case", "case_id"),
    sqlite_with_rowid=False,
)

# One approval and one withdrawal a person and order; a withdrawal is a new row.
approvals = Table(
    "approvals",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("order_id", String, nullable=False),
    Column("approver", String, nullable=False),
    Column("act", String, nullable=False, default="approve", server_default="approve"),
    Column("at", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    _among("act", ("approve", "withdraw")),
    UniqueConstraint("order_id", "approver", "act"),
    Index("approvals_by_day", "approver", "at"),
    sqlite_with_rowid=False,
)

# What happened, in the order in which it happened. ``about`` is the record an event refers to
# (an assessment, an approval, a person). ``outcome`` of an assessment that was filed: whether an order may
# rest on it, and whether it says that journalism is to be protected.
case_events = Table(
    "case_events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("case_id", String),
    Column("order_id", String),
    Column("kind", String, nullable=False),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("about", String),
    Column("outcome", String),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    Index("case_events_by_case", "case_id"),
    Index("case_events_by_order", "order_id"),
    Index("case_events_by_about", "about"),
)
