"""What the mails that came in prove of those that we sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from reminder.store.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table begins empty: what earlier mails proved is told by their readings, and `replay` finds it again."""
    op.create_table(
        "sign",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("message", sa.String(length=40), sa.ForeignKey("message.id", name="fk_sign_message"), nullable=False),
        sa.Column("inbound", sa.Integer(), sa.ForeignKey("inbound.id", name="fk_sign_inbound"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("inbound", "message", name="uq_sign_inbound_message"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sign_message", "sign", ["message"])
