"""A flood of automatic answers: past the cap of all addresses nothing more is written that hour, and a person is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.store import control

KEY, ONE_ADDRESS = "automatic_answers_capped_at", "answers_to_one_capped_at"


def note_flood(conn: Connection, now: datetime) -> None:
    """Remembers that an answer was kept back because too many have gone to all."""
    control.set_state(conn, KEY, now.isoformat())


def find_flood(conn: Connection, now: datetime, *, within: timedelta) -> datetime | None:
    """When an answer was last kept back, where that is not longer ago than `within`."""
    stored = control.get_state(conn, KEY)
    at = datetime.fromisoformat(stored) if stored else None
    return at if at is not None and now - at <= within else None


def note_loop(conn: Connection, now: datetime) -> None:
    """Remembers that one address has had its answers of the day, as where a machine answers ours (fault A7)."""
    control.set_state(conn, ONE_ADDRESS, now.isoformat())


def find_loop(conn: Connection, now: datetime, *, within: timedelta) -> datetime | None:
    """When that was so last, where it is not longer ago than `within`."""
    stored = control.get_state(conn, ONE_ADDRESS)
    at = datetime.fromisoformat(stored) if stored else None
    return at if at is not None and now - at <= within else None
