"""Both engines, from one set of declarations. Unreleased: ``make schema`` writes its scripts."""

from __future__ import annotations

from alembic import op

from ringfence.core.migrations import run

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the scripts."""
    run(op.get_bind(), revision)
