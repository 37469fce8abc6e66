"""Mails of one sender that wait their turn: stored, captured, and read later (DESIGN, limits: ingest from one sender)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select, update

from reminder.domain.readings import InboundState
from reminder.store.schema import inbound

DEFERRED = "Deferred: its sender has sent more mails than are read in an hour."
"""Reason of a captured mail that waits for this, and for nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderTally:
    """How much of one sender was read lately, when the first of it, and how many of their mails wait."""

    read: int
    first_read_at: datetime | None
    waiting: int


def tally_sender(conn: Connection, sender: str, *, since: datetime, now: datetime) -> SenderTally:
    """Counts the mails of a sender whose reading was begun since an instant, and those that wait their turn at `now`."""
    lately = (inbound.c.sender == sender) & (inbound.c.read_at >= since)
    read, first = conn.execute(select(func.count(), func.min(inbound.c.read_at)).where(lately)).one()
    waits = (inbound.c.sender == sender) & _is_deferred() & (inbound.c.next_attempt_at > now)
    return SenderTally(read=read, first_read_at=first, waiting=conn.execute(select(func.count()).where(waits)).scalar_one())


def defer(conn: Connection, inbound_id: int, *, sender: str, until: datetime) -> None:
    """Lets a captured mail wait without counting an attempt. Repeated, it waits until the later instant given."""
    is_open = (inbound.c.id == inbound_id) & (inbound.c.state == InboundState.CAPTURED.value)
    conn.execute(update(inbound).where(is_open).values(next_attempt_at=until, reason=DEFERRED, sender=sender))


def count_deferred(conn: Connection, now: datetime) -> int:
    """How many mails of all senders wait their turn."""
    return conn.execute(select(func.count()).select_from(inbound).where(_is_deferred(), inbound.c.next_attempt_at > now)).scalar_one()


def _is_deferred() -> ColumnElement[bool]:
    return (inbound.c.state == InboundState.CAPTURED.value) & (inbound.c.reason == DEFERRED)
