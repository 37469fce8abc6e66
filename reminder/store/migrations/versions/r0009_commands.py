"""What a coordinator orders by mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from reminder.store.types import JsonText, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of its own; nothing was ordered before."""
    op.create_table(
        "command",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("inbound", sa.Integer(), sa.ForeignKey("inbound.id", name="fk_command_inbound"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=20), nullable=False),
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("document", JsonText(), nullable=False),
        sa.Column("result", JsonText(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("code_until", UtcDateTime(), nullable=True),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.UniqueConstraint("inbound", "place", name="uq_command_inbound_place"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_command_state", "command", ["state"])
    op.create_table(
        "desk_mail",
        sa.Column("inbound", sa.Integer(), sa.ForeignKey("inbound.id", name="fk_desk_mail_inbound"), nullable=False),
        sa.Column("document", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("inbound", name="pk_desk_mail"),
    )
