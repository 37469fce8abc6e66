"""Invitations to meetings, and what calendars answer to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from reminder.store.types import JsonText, SafeText, UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables of their own; nobody was invited before."""
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("uid", sa.String(length=255), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("meeting", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("parties", JsonText(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("place", SafeText(), nullable=False),
        sa.Column("message", sa.String(length=40), sa.ForeignKey("message.id", name="fk_invitation_message"), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("uid", "sequence", name="uq_invitation_uid_sequence"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invitation_programme_round", "invitation", ["programme", "round"])
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("uid", sa.String(length=255), nullable=False),
        sa.Column("inbound", sa.Integer(), sa.ForeignKey("inbound.id", name="fk_attendance_inbound"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("attendance", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("stamped_at", UtcDateTime(), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("comment", SafeText(), nullable=False),
        sa.Column("proposed_start", UtcDateTime(), nullable=True),
        sa.Column("proposed_end", UtcDateTime(), nullable=True),
        sa.Column("is_old", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("uid", "inbound", name="uq_attendance_uid_inbound"),
        sqlite_autoincrement=True,
    )
