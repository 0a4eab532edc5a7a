"""The second schema of SQLite alone, with lists of a million names; PostgreSQL begins with 0003."""

from __future__ import annotations

from alembic import op

from ringfence.core.migrations import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the scripts."""
    run(op.get_bind(), revision)
