"""${message}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from reminder.store.types import JsonText, SafeText, UtcDateTime

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Goes up from ${repr(down_revision)}."""
    ${upgrades if upgrades else "pass"}
