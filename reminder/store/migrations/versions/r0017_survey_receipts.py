"""An index of the receipts of surveys, which every pass looks for among all mails."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index and nothing else."""
    op.create_index(
        "ix_message_survey_receipt",
        "message",
        ["state"],
        sqlite_where=sa.text("kind = 'survey_receipt'"),
        postgresql_where=sa.text("kind = 'survey_receipt'"),
    )
