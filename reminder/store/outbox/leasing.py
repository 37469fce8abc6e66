"""The lease of a mail that is being sent: claim, the mark before the final dot, the result.

A lease has an epoch that grows with each claim. Whoever writes with an older epoch, or after the lease was taken away, is
told False and changes nothing (invariant O9).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, literal, or_, select, update

from reminder.domain.messages import Envelope, Item, MailKind, OutboxState
from reminder.store.documents import read_items
from reminder.store.schema import attempt, message, message_body, step
from reminder.store.types import SafeText, UtcDateTime

# What a result of the relay makes of the mail. Trouble with the relay is none of the message's (invariant O11).
_STATE_OF_RESULT = {
    "accepted": OutboxState.ACCEPTED,
    "failed": OutboxState.FAILED,
    "unknown": OutboxState.UNKNOWN,
    "deferred": OutboxState.DEFERRED,
    "relay_down": OutboxState.DEFERRED,
    "relay_refused": OutboxState.DEFERRED,
}
_BEFORE_DOT = message.c.dot_epoch < message.c.lease_epoch
REFUSED_NOW = "An earlier copy may have arrived, its answer was lost; a further one was refused:"
_RELAY_TROUBLE = frozenset({"relay_down", "relay_refused"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A mail under lease: all that sending needs. `lease_epoch` must come back with every word about it."""

    id: str
    kind: MailKind
    person: str
    envelope: Envelope
    raw: bytes
    lease_epoch: int
    attempts: int
    """This one included."""
    steps: tuple[str, ...]
    items: tuple[Item, ...]
    created_at: datetime
    expires_at: datetime | None
    ambiguous_resends: int
    lease_until: datetime
    not_before: datetime
    message_id: str
    details: Mapping[str, str] = field(default_factory=dict)


def claim(
    conn: Connection, owner: str, now: datetime, *, lease: timedelta, limit: int, kinds: frozenset[str] | None = None
) -> tuple[Claimed, ...]:
    """Leases up to `limit` mails that are due, the longest due first, and those last that may have gone already; each goes to one
    worker only.

    `kinds` restricts to these kinds of mail. A mail past its `expires_at` is never claimed (invariant O7). The caller
    commits before it talks to the relay.
    """
    due = (
        select(message.c.id)
        .where(message.c.state.in_((OutboxState.QUEUED.value, OutboxState.DEFERRED.value)))
        .where(message.c.next_attempt_at <= now)
        .where(or_(message.c.expires_at.is_(None), message.c.expires_at > now))
        .order_by(message.c.ambiguous_resends > 0, message.c.next_attempt_at, message.c.id)
        .limit(limit)
    )
    if kinds is not None:
        due = due.where(message.c.kind.in_(sorted(kinds)))
    # SQLite ignores SKIP LOCKED; there BEGIN IMMEDIATE keeps the others out. A common table expression with FOR UPDATE is
    # evaluated once, which an IN (… LIMIT …) of PostgreSQL does not promise.
    picked = due.with_for_update(skip_locked=True).cte("due")
    rows = conn.execute(
        update(message)
        .where(message.c.id.in_(select(picked.c.id)))
        .values(
            state=OutboxState.LEASED.value,
            lease_owner=owner,
            lease_until=now + lease,
            lease_epoch=message.c.lease_epoch + 1,
            attempts=message.c.attempts + 1,
        )
        .returning(message)
    ).all()
    if not rows:
        return ()
    opened = [{"message": row.id, "lease_epoch": row.lease_epoch, "owner": owner, "state": "open", "started_at": now} for row in rows]
    conn.execute(attempt.insert(), opened)
    return _load_claimed(conn, sorted(rows, key=lambda row: (row.ambiguous_resends > 0, row.next_attempt_at, row.id)))


def mark_dot(conn: Connection, claimed: Claimed, now: datetime) -> bool:
    """Says, in its own transaction, that the final dot is about to go out; False: it must not go.

    Then the lease is lost, or the dot was announced under this lease before: one lease is one copy at most (invariant O4).
    """
    held = update(message).where(_holds(claimed), _BEFORE_DOT, message.c.lease_until > now)
    if conn.execute(held.values(dot_at=now, dot_epoch=claimed.lease_epoch)).rowcount != 1:
        return False
    conn.execute(update(attempt).where(_attempt_of(claimed)).values(state="dot", dot_at=now))
    return True


def has_dot(conn: Connection, claimed: Claimed) -> bool:
    """Whether the dot was announced under this lease, and the lease is still held."""
    return conn.execute(select(message.c.id).where(_holds(claimed), ~_BEFORE_DOT)).first() is not None


def record_result(
    conn: Connection,
    claimed: Claimed,
    result: str,
    *,
    now: datetime,
    code: int | None = None,
    text: str = "",
    next_attempt_at: datetime | None = None,
) -> bool:
    """What the relay said. `result` is a value of `edges.ports.SendResult`; the deferring ones need `next_attempt_at`.

    False, and nothing is changed, where another has the mail by now. A late answer to the newest attempt counts even
    when the lease has ended and the mail has become `unknown`: it is the truth that the mail was waiting for. Where an
    earlier copy may have arrived, a refusal of this one is not the whole truth: the mail is left to a person, as `needs_review`.
    """
    state = _STATE_OF_RESULT[result]
    if state is OutboxState.DEFERRED and next_attempt_at is None:
        raise ValueError(f"the result {result} needs the time of the next attempt")
    values: dict[str, Any] = {"state": state.value, "reason": text, "lease_owner": None, "lease_until": None}
    if state is OutboxState.FAILED:
        values |= _unless_one_may_have_gone(text)
    values["finished_at"] = now if state.is_final else None
    if state is OutboxState.DEFERRED:
        values["next_attempt_at"] = next_attempt_at
    if state in {OutboxState.ACCEPTED, OutboxState.UNKNOWN}:
        values["dot_at"] = func.coalesce(message.c.dot_at, literal(now, UtcDateTime()))
    if result in _RELAY_TROUBLE:
        values["attempts"] = message.c.attempts - 1
    unknown = (message.c.id == claimed.id) & (message.c.lease_epoch == claimed.lease_epoch) & (message.c.state == OutboxState.UNKNOWN.value)
    if conn.execute(update(message).where(or_(_holds(claimed), unknown)).values(**values)).rowcount != 1:
        return False
    conn.execute(update(attempt).where(_attempt_of(claimed)).values(state=result, ended_at=now, code=code, text=text))
    return True


def _unless_one_may_have_gone(text: str) -> dict[str, Any]:
    """What a refusal makes of a mail, by whether the fate of an earlier copy has stayed unknown."""
    is_doubtful = message.c.ambiguous_resends > 0
    told = f"{REFUSED_NOW} {text}".rstrip()
    return {
        "state": case((is_doubtful, OutboxState.NEEDS_REVIEW.value), else_=OutboxState.FAILED.value),
        "reason": case((is_doubtful, literal(told, SafeText())), else_=literal(text, SafeText())),
    }


def release(conn: Connection, claimed: Claimed, now: datetime, reason: str, *, next_attempt_at: datetime | None = None) -> bool:
    """Gives back a lease that led to nothing, as at a shutdown: the mail is queued as if it had not been claimed, or until later.

    False where the lease is lost, or where the dot was marked: then it may have gone, and only a result or the end of the
    lease may speak.
    """
    values: dict[str, Any] = {"state": OutboxState.QUEUED.value, "lease_owner": None, "lease_until": None}
    values["attempts"] = message.c.attempts - 1
    if next_attempt_at is not None:
        values["next_attempt_at"] = next_attempt_at
    if conn.execute(update(message).where(_holds(claimed), _BEFORE_DOT).values(**values)).rowcount != 1:
        return False
    conn.execute(update(attempt).where(_attempt_of(claimed)).values(state="deferred", ended_at=now, text=reason))
    return True


def _holds(claimed: Claimed) -> ColumnElement[bool]:
    """Whether the claimer still has the lease."""
    leased = message.c.state == OutboxState.LEASED.value
    return (message.c.id == claimed.id) & (message.c.lease_epoch == claimed.lease_epoch) & leased


def _attempt_of(claimed: Claimed) -> ColumnElement[bool]:
    return (attempt.c.message == claimed.id) & (attempt.c.lease_epoch == claimed.lease_epoch)


def load_claimed(conn: Connection, mail_id: str) -> Claimed | None:
    """A mail as whoever sends it would have it, without a lease: for a look at whether it would be sent. None for an unknown id."""
    rows = conn.execute(select(message).where(message.c.id == mail_id)).all()
    return next(iter(_load_claimed(conn, list(rows))), None)


def _load_claimed(conn: Connection, rows: list[Row[Any]]) -> tuple[Claimed, ...]:
    ids = [row.id for row in rows]
    bodies = {row.message: row for row in conn.execute(select(message_body).where(message_body.c.message.in_(ids)))}
    steps: dict[str, list[str]] = {}
    for key, owner in conn.execute(select(step.c.dedupe_key, step.c.message).where(step.c.message.in_(ids)).order_by(step.c.dedupe_key)):
        steps.setdefault(owner, []).append(key)
    return tuple(
        Claimed(
            id=row.id,
            kind=MailKind(row.kind),
            person=row.person,
            envelope=Envelope(sender=bodies[row.id].envelope_sender, recipient=bodies[row.id].envelope_recipient),
            raw=bodies[row.id].raw,
            lease_epoch=row.lease_epoch,
            attempts=row.attempts,
            steps=tuple(steps.get(row.id, ())),
            items=read_items(bodies[row.id].items),
            created_at=row.created_at,
            expires_at=row.expires_at,
            ambiguous_resends=row.ambiguous_resends,
            lease_until=row.lease_until,
            not_before=row.not_before,
            message_id=row.message_id,
            details=row.details,
        )
        for row in rows
    )
