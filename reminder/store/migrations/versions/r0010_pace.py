"""The attempt journal is asked what went in the last minute."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index alone: nothing is changed."""
    op.create_index("ix_attempt_started_at", "attempt", ["started_at"])
