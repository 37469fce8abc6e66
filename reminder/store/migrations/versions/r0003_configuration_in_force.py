"""The configuration in force is kept, so that a broken file leaves it in force, also over a restart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from reminder.store.types import JsonText, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row at most; the next pass of the service fills it."""
    op.create_table(
        "configuration",
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("taken_up_at", UtcDateTime(), nullable=False),
        sa.Column("files", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_configuration")),
    )
