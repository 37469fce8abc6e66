"""The configuration in force, as it was taken up: a broken file leaves it in force, also over a restart.

One row only: what was in force before is in the admin's own hands. The contents hold addresses, like `person` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from reminder.store.schema import configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredConfiguration:
    """Files by name, the hash over them, and since when they are in force."""

    version: str
    taken_up_at: datetime
    files: Mapping[str, bytes]


def save_configuration(conn: Connection, version: str, files: Mapping[str, bytes], now: datetime) -> None:
    """Puts these files, which are UTF-8, in the place of those before."""
    conn.execute(delete(configuration))
    texts = {name: content.decode("utf-8") for name, content in files.items()}
    conn.execute(configuration.insert().values(version=version, taken_up_at=now, files=texts))


def load_version(conn: Connection) -> str:
    """The version of what is in force; empty where nothing was taken up yet."""
    return conn.execute(select(configuration.c.version)).scalar() or ""


def load_configuration(conn: Connection) -> StoredConfiguration | None:
    """What is in force; None where nothing was taken up yet."""
    row = conn.execute(select(configuration)).first()
    if row is None:
        return None
    files = {name: text.encode("utf-8") for name, text in row.files.items()}
    return StoredConfiguration(version=row.version, taken_up_at=row.taken_up_at, files=files)
