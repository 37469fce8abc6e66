"""What becomes of mails that no worker speaks for: ended leases, unknown fates, stale ones, cancelled ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, case, delete, or_, select, update

from reminder.domain.messages import MailKind, OutboxState
from reminder.store.schema import attempt, message, step

_WAITING = (OutboxState.WAITING_APPROVAL.value, OutboxState.QUEUED.value, OutboxState.DEFERRED.value)
UNAPPROVED = "It waited for approval past its date."
_NO_LEASE = {"lease_owner": None, "lease_until": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What ended leases became."""

    requeued: int
    unknown: int


def recover_leases(conn: Connection, now: datetime) -> Recovered:
    """Takes back the leases that have ended. Not yet at the dot: surely not sent, due again at once. At the dot: unknown."""
    ended = select(message.c.id, message.c.lease_epoch, message.c.dot_epoch).where(
        message.c.state == OutboxState.LEASED.value, message.c.lease_until <= now
    )
    requeued = unknown = 0
    for mail, epoch, dot_epoch in conn.execute(ended.with_for_update(skip_locked=True)).all():
        this = and_(attempt.c.message == mail, attempt.c.lease_epoch == epoch)
        is_ambiguous = dot_epoch == epoch
        state = OutboxState.UNKNOWN if is_ambiguous else OutboxState.QUEUED
        reason = "The lease ended after the final dot was announced; it may have been sent." if is_ambiguous else ""
        values = {"state": state.value, "reason": reason, **_NO_LEASE, **({} if is_ambiguous else {"next_attempt_at": now})}
        conn.execute(update(message).where(message.c.id == mail).values(values))
        conn.execute(update(attempt).where(this).values(state="unknown" if is_ambiguous else "deferred", ended_at=now, text="lease ended"))
        unknown += is_ambiguous
        requeued += not is_ambiguous
    return Recovered(requeued=requeued, unknown=unknown)


def requeue_unknown(conn: Connection, now: datetime, *, grace: timedelta, max_resends: int) -> int:
    """Mails whose fate has stayed unknown for `grace`: queued again with the same bytes, at most `max_resends` times.

    Beyond that, or where their time has passed, they need a person (`needs_review`). Returns how many were queued.
    """
    old = and_(message.c.state == OutboxState.UNKNOWN.value, message.c.dot_at <= now - grace)
    is_late = message.c.expires_at <= now
    review = {"state": OutboxState.NEEDS_REVIEW.value, "finished_at": now}
    too_late = "It is unknown whether it was sent, and its time has passed."
    conn.execute(update(message).where(old, is_late).values(reason=too_late, **review))
    too_often = "It is unknown whether it was sent; it has been sent again as often as is allowed."
    conn.execute(update(message).where(old, message.c.ambiguous_resends >= max_resends).values(reason=too_often, **review))
    again = {"state": OutboxState.QUEUED.value, "next_attempt_at": now, "ambiguous_resends": message.c.ambiguous_resends + 1}
    return conn.execute(update(message).where(old).values(**again)).rowcount


def put_off(conn: Connection, kinds: frozenset[str], until: datetime, now: datetime) -> int:
    """Lets the mails of these kinds that are due at `now` wait until another time, sent before or not; how many."""
    waiting = message.c.state.in_((OutboxState.QUEUED.value, OutboxState.DEFERRED.value))
    due = (waiting, message.c.kind.in_(sorted(kinds)), message.c.next_attempt_at <= now)
    return conn.execute(update(message).where(*due).values(next_attempt_at=until)).rowcount


def expire_stale(conn: Connection, now: datetime) -> int:
    """Ends the mails that wait past their `expires_at`, so that nothing stale is ever sent (invariant O7)."""
    values = {"state": OutboxState.EXPIRED.value, "finished_at": now, "reason": UNAPPROVED}
    unapproved = and_(message.c.state == OutboxState.WAITING_APPROVAL.value, message.c.expires_at <= now)
    expired = conn.execute(update(message).where(unapproved).values(values)).rowcount
    values["reason"] = "Its time had passed before it could be sent."
    never_sent = and_(message.c.state.in_(_WAITING), message.c.expires_at <= now, message.c.ambiguous_resends == 0)
    expired += conn.execute(update(message).where(never_sent).values(values)).rowcount
    maybe_sent = and_(message.c.state.in_(_WAITING), message.c.expires_at <= now, message.c.ambiguous_resends > 0)
    values |= {"state": OutboxState.NEEDS_REVIEW.value, "reason": "It is unknown whether it was sent, and its time has passed."}
    return expired + conn.execute(update(message).where(maybe_sent).values(values)).rowcount


def give_up(conn: Connection, made_before: datetime, reason: str, now: datetime) -> int:
    """Ends the mails that were due before an instant and surely never left, whatever their own time; how many. Alerts are kept."""
    due_at = case((message.c.not_before > message.c.created_at, message.c.not_before), else_=message.c.created_at)
    waits = message.c.state.in_((OutboxState.QUEUED.value, OutboxState.DEFERRED.value))
    where = (waits, message.c.ambiguous_resends == 0, due_at <= made_before, message.c.kind != MailKind.ALERT.value)
    values = {"state": OutboxState.EXPIRED.value, "reason": reason, "finished_at": now}
    return conn.execute(update(message).where(*where).values(values)).rowcount


def cancel(conn: Connection, mail_id: str, reason: str, now: datetime) -> bool:
    """Ends a mail that is no longer wanted; False where it is final, or where its final dot may be on the wire just now.

    A worker that holds the lease before the dot learns it from `mark_dot`.
    """
    before_dot = and_(message.c.state == OutboxState.LEASED.value, message.c.dot_epoch < message.c.lease_epoch)
    waits = message.c.state.in_((*_WAITING, OutboxState.UNKNOWN.value, OutboxState.NEEDS_REVIEW.value))
    values = {"state": OutboxState.CANCELLED.value, "reason": reason, "finished_at": now, **_NO_LEASE}
    if conn.execute(update(message).where(message.c.id == mail_id, or_(waits, before_dot)).values(values)).rowcount != 1:
        return False
    open_attempt = update(attempt).where(attempt.c.message == mail_id, attempt.c.ended_at.is_(None))
    conn.execute(open_attempt.values(state="deferred", ended_at=now, text=reason))
    return True


def reopen_steps(conn: Connection, mail_id: str) -> None:
    """Makes the steps of a mail open again, which was cancelled before it could have gone. Raises ValueError for any other mail."""
    row = conn.execute(select(message.c.state, message.c.ambiguous_resends).where(message.c.id == mail_id)).one()
    if (row.state, row.ambiguous_resends) != (OutboxState.CANCELLED.value, 0):
        raise ValueError(f"the mail {mail_id} may have gone, so its steps stay settled")
    conn.execute(delete(step).where(step.c.message == mail_id))


def settle_unknown_by_evidence(conn: Connection, message_id: str, evidence: str, now: datetime) -> bool:
    """A copy, a delivery report or a reply proves that the mail went out: it is accepted, and not sent again.

    `message_id` is our id of the mail. Also where it was already queued for one more try, or left to a person.
    """
    again = and_(message.c.state.in_((OutboxState.QUEUED.value, OutboxState.DEFERRED.value)), message.c.ambiguous_resends > 0)
    doubtful = or_(message.c.state.in_((OutboxState.UNKNOWN.value, OutboxState.NEEDS_REVIEW.value)), again)
    values = {"state": OutboxState.ACCEPTED.value, "reason": evidence, "finished_at": now}
    return conn.execute(update(message).where(message.c.id == message_id, doubtful).values(values)).rowcount == 1
