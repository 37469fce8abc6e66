"""The coordinator approves the first mails of a kind: what is asked, what it holds, and the answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from reminder.store.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mails that are on their way already were not held, and are not held now."""
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("is_changed", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("previewed_at", UtcDateTime(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.UniqueConstraint("programme", "round", "kind", "batch", name="uq_approval_programme_round_kind_batch"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "approval_mail",
        sa.Column("approval", sa.Integer(), sa.ForeignKey("approval.id", name="fk_approval_mail_approval"), nullable=False),
        sa.Column("message", sa.String(length=40), sa.ForeignKey("message.id", name="fk_approval_mail_message"), nullable=False),
        sa.PrimaryKeyConstraint("approval", "message", name="pk_approval_mail"),
    )
    op.create_index("ix_approval_mail_message", "approval_mail", ["message"])
