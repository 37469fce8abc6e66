"""When each party must be looked at next, who leads which action, and the indexes by which one party is found among many."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from reminder.store.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Both tables begin empty: the first pass fills them."""
    op.create_table(
        "agenda",
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=80), nullable=False),
        sa.Column("next_look_at", UtcDateTime(), nullable=True),
        sa.Column("looked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("programme", "round", "party", name=op.f("pk_agenda")),
    )
    op.create_index(op.f("ix_agenda_next_look_at"), "agenda", ["next_look_at"], unique=False)
    op.create_index(op.f("ix_agenda_looked_at"), "agenda", ["looked_at"], unique=False)
    op.create_table(
        "roster",
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("lead", sa.String(length=80), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("programme", "round", "action", name=op.f("pk_roster")),
    )
    op.create_index("ix_assessment_programme_action", "assessment", ["programme", "action"], unique=False)
    op.create_index("ix_event_programme_round_party", "event", ["programme", "round", "party"], unique=False)
