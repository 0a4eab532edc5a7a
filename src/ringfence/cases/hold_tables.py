"""The tables of holds: rules, what people did with them, holds, what became of them. Triggers: `hold_guards`.

All are append-only, and every column follows from the sealed record.
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
)

from ringfence.core.database import metadata

rules = Table(
    "hold_rules",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("jurisdiction", String, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("hours", Integer, nullable=False),
    Column("law_hours", Integer, nullable=False),
    Column("least_indicators", Integer, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("proposer", String, nullable=False),
    Column("needed", Integer, CheckConstraint("needed >= 1"), nullable=False),
    Column("proposed_at", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Column("laboratory", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    sqlite_with_rowid=False,
)

rule_acts = Table(
    "hold_rule_acts",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("rule", String, nullable=False),
    Column("act", String, nullable=False),
    Column("person", String, nullable=False),
    Column("at", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    CheckConstraint("act in ('approve', 'withdraw', 'end')"),
    UniqueConstraint("rule", "person", "act"),
    sqlite_with_rowid=False,
)

# A payment is held once: what the law's time ends, no second hold begins again.
holds = Table(
    "holds",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("rule", String, nullable=False),
    Column("case_id", String, nullable=False),
    Column("account", String, nullable=False),
    Column("payment", String, nullable=False),
    Column("assessment", String, nullable=False),
    Column("began_at", String, nullable=False),
    Column("until_at", String, nullable=False),
    Column("laboratory", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    UniqueConstraint("payment", "laboratory"),
    Index("holds_by_case", "case_id"),
    Index("holds_by_end", "until_at"),
    sqlite_with_rowid=False,
)

hold_acts = Table(
    "hold_acts",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("hold", String, nullable=False),
    Column("act", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("at", String, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    CheckConstraint("act in ('confirmed', 'released', 'expired')"),
    UniqueConstraint("hold", "act"),
    sqlite_with_rowid=False,
)
