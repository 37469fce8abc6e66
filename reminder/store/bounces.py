"""What could not be delivered: a fact about a delivery, not a state of the mail (DESIGN, decision 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from reminder.store.dialects import insert_new
from reminder.store.schema import bounce


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """One delivery report about a mail of ours. `message` is our id of it."""

    message: str
    inbound: int
    recipient_person: str
    is_permanent: bool
    status: str
    diagnostic: str
    at: datetime


def record_bounce(conn: Connection, fact: Bounce) -> bool:
    """Adds a delivery report; False where this mail has told it before."""
    row = {"message": fact.message, "inbound": fact.inbound, "recipient_person": fact.recipient_person, "at": fact.at}
    row |= {"is_permanent": fact.is_permanent, "status": fact.status, "diagnostic": fact.diagnostic}
    return bool(insert_new(conn, bounce, [row]))


def load_bounces(conn: Connection, *, since: datetime | None = None, message: str | None = None) -> tuple[Bounce, ...]:
    """The delivery reports, oldest first."""
    query = select(bounce).order_by(bounce.c.at, bounce.c.id)
    if since is not None:
        query = query.where(bounce.c.at >= since)
    if message is not None:
        query = query.where(bounce.c.message == message)
    return tuple(
        Bounce(
            message=row.message,
            inbound=row.inbound,
            recipient_person=row.recipient_person,
            is_permanent=row.is_permanent,
            status=row.status,
            diagnostic=row.diagnostic,
            at=row.at,
        )
        for row in conn.execute(query)
    )
