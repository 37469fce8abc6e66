"""A mail can be read again: readings and facts carry a generation, and an answer to a mail says which of them it answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from reminder.store.types import SafeText, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The readings that are there are numbered in their order; every fact and every answer so far is of the first one."""
    op.rename_table("reading", "reading_before")
    op.create_table(
        "reading",
        sa.Column("inbound", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("parser_version", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("document", SafeText(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("cause", sa.String(length=10), nullable=False),
        sa.Column("because", SafeText(), nullable=False),
        sa.ForeignKeyConstraint(["inbound"], ["inbound.id"], name="fk_reading_generation_inbound"),
        sa.PrimaryKeyConstraint("inbound", "generation", name="pk_reading_generation"),
    )
    op.execute(
        "INSERT INTO reading (inbound, generation, parser_version, kind, verdict, document, made_at, cause, because) "
        "SELECT inbound, ROW_NUMBER() OVER (PARTITION BY inbound ORDER BY made_at, parser_version) - 1, "
        "parser_version, kind, verdict, document, made_at, 'read', '' FROM reading_before"
    )
    op.drop_table("reading_before")
    op.add_column("assessment", sa.Column("generation", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("message", sa.Column("answers_generation", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("uq_message_automatic_answer", table_name="message")
    op.create_index(
        "uq_message_automatic_answer",
        "message",
        ["answers_inbound", "answers_generation", "kind", "person"],
        unique=True,
        sqlite_where=sa.text("kind IN ('acknowledgement', 'question')"),
        postgresql_where=sa.text("kind IN ('acknowledgement', 'question')"),
    )
