"""How many mails were read again is counted in each pass that looks at the page."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index alone: nothing is changed."""
    op.create_index(
        "ix_reading_again", "reading", ["inbound"], sqlite_where=text("generation > 0"), postgresql_where=text("generation > 0")
    )
