"""Mails that only a person can decide about: those that an older copy of the database would send a second time, and their release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from reminder.domain.messages import OutboxState
from reminder.store.schema import attempt, message

HELD_AS = "held_as"
"""Key of a mail's details: the state in which a restore has found it."""

_MIGHT_HAVE_GONE = (
    OutboxState.WAITING_APPROVAL.value,
    OutboxState.QUEUED.value,
    OutboxState.DEFERRED.value,
    OutboxState.LEASED.value,
    OutboxState.UNKNOWN.value,
)
_KNOWN_OF = {
    OutboxState.WAITING_APPROVAL.value: "it waited for approval",
    OutboxState.QUEUED.value: "it was queued",
    OutboxState.DEFERRED.value: "the relay had put it off",
    OutboxState.LEASED.value: "it was being sent",
    OutboxState.UNKNOWN.value: "it was unknown whether it had gone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A mail in `needs_review`. `held_as` is its state in the copy that was restored; empty where it waits for another reason."""

    id: str
    held_as: str
    expires_at: datetime | None

    def is_past(self, now: datetime) -> bool:
        """Whether its time has passed, so that nobody would want it any more."""
        return self.expires_at is not None and self.expires_at <= now


def hold_all_unsent(conn: Connection, copied_at: datetime | None, now: datetime) -> int:
    """Puts every mail that may have gone out since the copy was made before a person, with what is known of it. How many they are."""
    since = f"When the copy was made ({copied_at:%Y-%m-%d %H:%M} UTC)" if copied_at else "In the copy"
    rows = conn.execute(select(message).where(message.c.state.in_(_MIGHT_HAVE_GONE)).order_by(message.c.id)).all()
    for row in rows:
        tries = f" after {row.attempts} attempts" if row.attempts else ""
        dot = f", its final dot announced at {row.dot_at:%Y-%m-%d %H:%M} UTC" if row.dot_at else ""
        values = {
            "state": OutboxState.NEEDS_REVIEW.value,
            "reason": f"{since} {_KNOWN_OF[row.state]}{tries}{dot}; it may have been sent since.",
            "details": {**row.details, HELD_AS: row.state},
            "lease_owner": None,
            "lease_until": None,
            "finished_at": now,
        }
        conn.execute(update(message).where(message.c.id == row.id).values(values))
    conn.execute(update(attempt).where(attempt.c.ended_at.is_(None)).values(state="unknown", ended_at=now, text="restored from a copy"))
    return len(rows)


def hold_for_review(conn: Connection, mail_id: str, reason: str, now: datetime) -> None:
    """Puts one mail that has not gone before a person."""
    values = {"state": OutboxState.NEEDS_REVIEW.value, "reason": reason[:500], "lease_owner": None, "lease_until": None, "finished_at": now}
    conn.execute(update(message).where(message.c.id == mail_id).values(values))
    ended = {"state": "cancelled", "ended_at": now, "text": "held for a person"}
    conn.execute(update(attempt).where(attempt.c.message == mail_id, attempt.c.ended_at.is_(None)).values(ended))


def list_review(conn: Connection) -> tuple[Waiting, ...]:
    """The mails that a person must decide about, oldest first."""
    found = select(message).where(message.c.state == OutboxState.NEEDS_REVIEW.value).order_by(message.c.created_at, message.c.id)
    return tuple(Waiting(id=row.id, held_as=str(row.details.get(HELD_AS, "")), expires_at=row.expires_at) for row in conn.execute(found))


def release_reviewed(conn: Connection, mail_id: str, now: datetime) -> bool:
    """Lets a mail go that a person wants to be sent, byte for byte the same; False where it does not wait for a person.

    One that waited for approval waits for it again. The others count as sent again, so that a reply to the first copy still settles them.
    """
    found = select(message).where(message.c.id == mail_id, message.c.state == OutboxState.NEEDS_REVIEW.value)
    row = conn.execute(found.with_for_update()).first()
    if row is None:
        return False
    kept = {key: value for key, value in row.details.items() if key != HELD_AS}
    waits = row.details.get(HELD_AS) == OutboxState.WAITING_APPROVAL.value
    state = OutboxState.WAITING_APPROVAL if waits else OutboxState.QUEUED
    values = {"state": state.value, "reason": "", "details": kept, "next_attempt_at": max(now, row.not_before), "finished_at": None}
    if not waits:
        values["ambiguous_resends"] = message.c.ambiguous_resends + 1
    conn.execute(update(message).where(message.c.id == mail_id).values(values))
    return True


def retry_failed(conn: Connection, mail_id: str, now: datetime) -> bool:
    """Lets a mail that was refused for good be tried anew, byte for byte the same, as if it had been made now; False where it did not fail.

    Only a person asks for it, since they know that what was wrong with the address is mended (invariant O10 is about us).
    """
    anew = {"state": OutboxState.QUEUED.value, "reason": "", "attempts": 0, "not_before": now, "next_attempt_at": now, "finished_at": None}
    failed = update(message).where(message.c.id == mail_id, message.c.state == OutboxState.FAILED.value)
    return conn.execute(failed.values(anew)).rowcount == 1


def put_away_failed(conn: Connection, mail_id: str, reason: str, now: datetime) -> bool:
    """A person knows that a mail was refused for good, and wants no more of it; False where it did not fail."""
    values = {"state": OutboxState.CANCELLED.value, "reason": reason[:500], "finished_at": now}
    failed = update(message).where(message.c.id == mail_id, message.c.state == OutboxState.FAILED.value)
    return conn.execute(failed.values(values)).rowcount == 1
