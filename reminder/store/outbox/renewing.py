"""A mail that became stale while it waited is replaced by another one with the same steps (decision 0003)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from reminder.domain.messages import OutboxState, OutgoingMessage
from reminder.store.outbox.enqueueing import add_without_steps
from reminder.store.outbox.settling import cancel
from reminder.store.schema import message, step


def replace_stale(
    conn: Connection, mail_id: str, renewed: OutgoingMessage, reason: str, now: datetime, *, state: OutboxState = OutboxState.QUEUED
) -> bool:
    """Cancels a mail that was surely not sent and puts the renewed one into its place; its steps move along.

    False, and nothing is written, where the old mail can no longer be cancelled, or may have arrived already: another text
    would tell the duty twice. Each step still ends as one message.
    """
    resends = conn.execute(select(message.c.ambiguous_resends).where(message.c.id == mail_id)).scalar_one_or_none()
    if resends != 0:
        return False
    with conn.begin_nested() as savepoint:  # it ends with the block, since the caller may go on after an error
        if cancel(conn, mail_id, reason, now) and add_without_steps(conn, renewed, now, state=state):
            conn.execute(update(step).where(step.c.message == mail_id).values(message=renewed.id, decided_at=now))
            return True
        savepoint.rollback()
    return False
