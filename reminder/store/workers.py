"""Which service processes live: each says so every few seconds, and is shown as gone when it no longer does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from reminder.store.dialects import upsert
from reminder.store.schema import worker

FORGOTTEN_AFTER = timedelta(days=1)
"""How long one that was killed stays in sight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One service process: the program and the files that it runs with, and when it was last heard of."""

    owner: str
    version: str
    configuration: str
    configuration_since: datetime
    started_at: datetime
    seen_at: datetime


def note_worker(conn: Connection, worker_: Worker) -> None:
    """Says that it lives, and forgets those that were not heard of for a day."""
    names = ("owner", "version", "configuration", "configuration_since", "started_at", "seen_at")
    upsert(conn, worker, {name: getattr(worker_, name) for name in names})
    conn.execute(delete(worker).where(worker.c.seen_at < worker_.seen_at - FORGOTTEN_AFTER))


def forget_worker(conn: Connection, owner: str) -> None:
    """It ends in order."""
    conn.execute(delete(worker).where(worker.c.owner == owner))


def load_workers(conn: Connection) -> tuple[Worker, ...]:
    """Those that live and those that were killed lately, the oldest first."""
    rows = conn.execute(select(worker).order_by(worker.c.started_at, worker.c.owner))
    return tuple(
        Worker(
            owner=row.owner,
            version=row.version,
            configuration=row.configuration,
            configuration_since=row.configuration_since,
            started_at=row.started_at,
            seen_at=row.seen_at,
        )
        for row in rows
    )
