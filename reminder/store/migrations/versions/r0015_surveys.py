"""What surveys have brought in, and what is still to be deleted on a mail server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from reminder.store.types import JsonText, UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables of their own; no survey was sent before."""
    for name, column in (("survey_tally", "document"), ("survey_roll", "persons")):
        op.create_table(
            name,
            sa.Column("programme", sa.String(length=80), primary_key=True),
            sa.Column("round", sa.String(length=80), primary_key=True),
            sa.Column(column, JsonText(), nullable=False),
        )
    op.create_table(
        "survey_answer",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("inbound", sa.Integer(), sa.ForeignKey("inbound.id"), nullable=False),
        sa.Column("answers", JsonText(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("inbound"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_survey_answer_programme_round", "survey_answer", ["programme", "round"])
    op.create_table("shredding", sa.Column("inbound", sa.Integer(), sa.ForeignKey("inbound.id"), primary_key=True))
