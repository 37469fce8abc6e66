"""What one reply costs does not grow with what others have said: the queries on its way have an index each."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Indexes alone: nothing is changed."""
    op.drop_index("ix_assessment_programme_round", "assessment")
    op.create_index("ix_assessment_programme_round_party", "assessment", ["programme", "round", "party"])
    op.create_index("ix_message_created_at", "message", ["created_at"])
    op.create_index("ix_overlay_kind_subject", "overlay", ["kind", "subject"])
    op.create_index(
        "ix_inbound_unmoved",
        "inbound",
        ["instance", "account", "folder", "uidvalidity"],
        sqlite_where=text("is_moved IS 0"),
        postgresql_where=text("is_moved IS false"),
    )
