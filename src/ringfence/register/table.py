"""The register's tables: the subjects as they are now, every version of each, and where to look."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, LargeBinary, String, Table

from ringfence.core.database import append_only, metadata

subjects = Table(
    "subjects",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    # The import that last wrote the row, so that a second row of one file is told from a later file.
    Column("batch", String, nullable=False),
    Column("laboratory", Boolean, nullable=False),
)

# What the register said before is never overwritten: an order may rest on it.
subject_versions = Table(
    "subject_versions",
    metadata,
    Column("key", String, primary_key=True),
    Column("id", String, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("batch", String, nullable=False),
    Column("time", String, nullable=False),
)
append_only(subject_versions)

# `what` is host or name; a name is folded (NFKC, case) so that 火币 and ＯＫＥＸ are found as typed.
subject_keys = Table(
    "subject_keys",
    metadata,
    Column("key", String, primary_key=True),
    Column("what", String, primary_key=True),
    Column("id", String, primary_key=True, index=True),
)
