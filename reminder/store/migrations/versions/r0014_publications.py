"""Which words of parties may stand on the public page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from reminder.store.types import SafeText, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of its own; nothing was published by a decision before."""
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("words_hash", sa.String(length=64), nullable=False),
        sa.Column("is_corrected", sa.Boolean(), nullable=False),
        sa.Column("text", SafeText(), nullable=False),
        sa.Column("because", SafeText(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sqlite_autoincrement=True,
    )
