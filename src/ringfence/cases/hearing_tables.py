"""The tables of being heard: notices, deliveries, deferrals, appeals, rulings. Triggers: `hearing_guards`.

All are append-only, and every column follows from the sealed record.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, String, Table, Text, UniqueConstraint

from ringfence.core.database import metadata

FATES = ("sent", "delivered", "failed")
RULINGS = ("upheld", "dismissed", "partly")
# What people wrote freely, by table: it can be erased by order (`evidence.words`).
WORDS = {
    "notices": ("recipient", "text"),
    "notice_deliveries": ("why",),
    "notice_deferrals": ("reasons",),
    "appeals": ("appellant", "grounds"),
    "appeal_rulings": ("reasons",),
}

notices = Table(
    "notices",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("order_id", String, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("timing", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by_whom", String, nullable=False),
    Column("reply_until", String),
    Column("due_at", String),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    CheckConstraint("timing in ('before', 'after')"),
    Index("notices_by_order", "order_id"),
    sqlite_with_rowid=False,
)

deliveries = Table(
    "notice_deliveries",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("notice", String, nullable=False),
    Column("order_id", String, nullable=False),
    Column("fate", String, nullable=False),
    Column("channel", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", String, nullable=False),
    Column("by_whom", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    CheckConstraint("fate in ('sent', 'delivered', 'failed')"),
    Index("notice_deliveries_by_order", "order_id"),
    Index("notice_deliveries_by_notice", "notice"),
    sqlite_with_rowid=False,
)

deferrals = Table(
    "notice_deferrals",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("order_id", String, nullable=False),
    Column("ground", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("decider", String, nullable=False),
    Column("review_at", String, nullable=False),
    Column("at", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    Index("notice_deferrals_by_order", "order_id"),
    sqlite_with_rowid=False,
)

appeals = Table(
    "appeals",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("order_id", String, nullable=False),
    Column("appellant", Text, nullable=False),
    Column("grounds", Text, nullable=False),
    Column("filed_at", String, nullable=False),
    Column("by_whom", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    Index("appeals_by_order", "order_id"),
    sqlite_with_rowid=False,
)

# One ruling an appeal: whoever is not content with it goes on to the statutory routes.
rulings = Table(
    "appeal_rulings",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("appeal", String, nullable=False),
    Column("order_id", String, nullable=False),
    Column("decider", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("at", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    CheckConstraint("outcome in ('upheld', 'dismissed', 'partly')"),
    UniqueConstraint("appeal"),
    Index("appeal_rulings_by_order", "order_id"),
    sqlite_with_rowid=False,
)
