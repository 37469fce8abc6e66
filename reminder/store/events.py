"""History: what happened, when, and by whose hand. Append-only; people by pseudonymous id."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select

from reminder.store.schema import assessment, event, invitation, overlay, published

PUBLISHED_KEPT = 10
"""So many of the states that were published are remembered; only the newest decides anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of the history."""

    id: int
    at: datetime
    kind: str
    actor: str
    programme: str
    round: str
    party: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The newest state that stands on the public page."""

    state_hash: str
    at: datetime


def append_event(
    conn: Connection,
    kind: str,
    now: datetime,
    *,
    actor: str = "",
    programme: str = "",
    round_id: str = "",
    party: str = "",
    document: Mapping[str, Any] | None = None,
) -> int:
    """Adds an entry, in the transaction of the change that it tells of, and gives back its id."""
    row = {"at": now, "kind": kind, "actor": actor, "programme": programme, "round": round_id, "party": party}
    return int(conn.execute(event.insert().values(document=dict(document or {}), **row).returning(event.c.id)).scalar_one())


def load_events(
    conn: Connection,
    *,
    kinds: Collection[str] | None = None,
    programme: str | None = None,
    round_id: str | None = None,
    party: str | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> tuple[Event, ...]:
    """The entries that match all that is given, oldest first; with `limit`, the newest so many of them."""
    query = select(event)
    if kinds is not None:
        query = query.where(event.c.kind.in_(sorted(kinds)))
    for column, value in ((event.c.programme, programme), (event.c.round, round_id), (event.c.party, party)):
        if value is not None:
            query = query.where(column == value)
    if since is not None:
        query = query.where(event.c.at >= since)
    rows = conn.execute(query.order_by(event.c.id.desc()).limit(limit)).all()
    return tuple(
        Event(
            id=row.id,
            at=row.at,
            kind=row.kind,
            actor=row.actor,
            programme=row.programme,
            round=row.round,
            party=row.party,
            document=row.document,
        )
        for row in reversed(rows)
    )


def list_actors(conn: Connection, kind: str) -> frozenset[str]:
    """Who ever did something of this kind, by pseudonym."""
    return frozenset(conn.execute(select(event.c.actor).where(event.c.kind == kind, event.c.actor != "").distinct()).scalars())


def find_marks(conn: Connection) -> tuple[int, ...]:
    """Marks that differ whenever something was said, read, decided or told since: the newest of each kind of row, at no cost."""
    newest = [conn.execute(select(func.max(table.c.id))).scalar() for table in (assessment, event, overlay, invitation)]
    ended = conn.execute(select(func.count()).select_from(overlay).where(overlay.c.ended_at.is_not(None))).scalar()
    return tuple(int(mark or 0) for mark in (*newest, ended))


def record_published(conn: Connection, state_hash: str, now: datetime) -> None:
    """Says that this state is on the public page; written after the files were put in place. Of earlier ones the last few are kept."""
    newest = conn.execute(published.insert().values(state_hash=state_hash, at=now).returning(published.c.id)).scalar_one()
    conn.execute(delete(published).where(published.c.id <= newest - PUBLISHED_KEPT))


def last_published(conn: Connection) -> Published | None:
    """What was published last, or None."""
    row = conn.execute(select(published).order_by(published.c.id.desc()).limit(1)).first()
    return None if row is None else Published(state_hash=row.state_hash, at=row.at)
