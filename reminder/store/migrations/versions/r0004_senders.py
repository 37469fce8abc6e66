"""How many mails of one sender are read in an hour has a limit: each mail keeps a pseudonym of its sender and when it was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from reminder.store.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mails that were read before have neither, and count for nobody."""
    op.add_column("inbound", sa.Column("sender", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("inbound", sa.Column("read_at", UtcDateTime(), nullable=True))
    op.create_index("ix_inbound_sender_read_at", "inbound", ["sender", "read_at"])
