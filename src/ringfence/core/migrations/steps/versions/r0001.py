"""The first schema, of SQLite alone."""

from __future__ import annotations

from alembic import op

from ringfence.core.migrations import run

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the scripts."""
    run(op.get_bind(), revision)
