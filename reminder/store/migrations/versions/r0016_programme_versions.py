"""The versions of the programmes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from reminder.store.types import JsonText, UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of its own; what the files said before is not known here."""
    op.create_table(
        "programme_version",
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("content", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("programme", "number", name="pk_programme_version"),
    )
