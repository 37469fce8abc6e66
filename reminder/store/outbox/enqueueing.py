"""Into the outbox: a mail with the steps that it settles, or a step that ends without one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from reminder.domain.intents import SkipReason
from reminder.domain.messages import OutboxState, OutgoingMessage
from reminder.domain.rounds import StepKey, StepKind
from reminder.store.agenda import Place, of_places
from reminder.store.dialects import insert_new
from reminder.store.documents import write_items, write_spans
from reminder.store.schema import message as message_table
from reminder.store.schema import message_body, step


def enqueue(conn: Connection, message: OutgoingMessage, now: datetime, *, state: OutboxState = OutboxState.QUEUED) -> bool:
    """Puts a mail into the outbox together with all its steps; False, and nothing is written, where that was done before.

    "Before" means: one of its steps is settled, its id or Message-ID is known, or its inbound mail has this answer.
    Of two transactions that race for a step one gets it (invariant O3). Raises ValueError for a malformed key.
    """
    # In one order everywhere, so that two transactions cannot wait for each other.
    steps = [_step_row(key, "message", now, message=message.id) for key in sorted(set(message.steps))]
    with conn.begin_nested() as savepoint:  # it ends with the block, since the caller may go on after an error
        if add_without_steps(conn, message, now, state=state) and len(insert_new(conn, step, steps)) == len(steps):
            return True
        savepoint.rollback()
    return False


def add_without_steps(conn: Connection, message: OutgoingMessage, now: datetime, *, state: OutboxState) -> bool:
    """Adds the mail alone; False where its id, its Message-ID or its answer is known already."""
    if not insert_new(conn, message_table, [_message_row(message, now, state)]):
        return False
    conn.execute(message_body.insert().values(_body_row(message)))
    return True


def skip_step(conn: Connection, key: str, reason: str, now: datetime) -> bool:
    """Records that a step ends without a mail, and why; False where it is settled already."""
    return bool(insert_new(conn, step, [_step_row(key, "skipped", now, reason=reason)]))


def why_skipped(conn: Connection, key: str) -> str | None:
    """Why a step has ended without a mail; empty where it has become one, whatever became of that, None where it has not ended."""
    row = conn.execute(select(step.c.outcome, step.c.reason).where(step.c.dedupe_key == key)).first()
    return None if row is None else str(row.reason) if row.outcome == "skipped" else ""


def count_skipped(conn: Connection, programme: str, round_id: str, *, since: datetime) -> dict[str, int]:
    """How many steps of a round ended without a mail since an instant, by reason; a list of contacts, or a digest whose
    time had passed, is missed by nobody."""
    skipped = (
        step.c.programme == programme,
        step.c.round == round_id,
        step.c.outcome == "skipped",
        step.c.decided_at >= since,
        step.c.step != StepKind.CONTACTS.value,
        or_(step.c.step != StepKind.DIGEST.value, step.c.reason != SkipReason.EXPIRED.value),
    )
    rows = conn.execute(select(step.c.reason, func.count()).where(*skipped).group_by(step.c.reason))
    return {str(row.reason): int(row[1]) for row in rows}


def load_settled(conn: Connection, places: Iterable[Place] | None = None) -> frozenset[str]:
    """The dedupe keys of all steps that have ended as a mail or a skip; of these places where given."""
    if places is None:
        return frozenset(conn.execute(select(step.c.dedupe_key)).scalars())
    return frozenset(key for where in of_places(step, places) for key in conn.execute(select(step.c.dedupe_key).where(where)).scalars())


def _message_row(message: OutgoingMessage, now: datetime, state: OutboxState) -> dict[str, Any]:
    return {
        "id": message.id,
        "tag": message.id[:4],
        "kind": message.kind.value,
        "language": message.language,
        "person": message.person,
        "message_id": message.message_id,
        "subject": message.subject,
        "size": len(message.raw),
        "not_before": message.not_before,
        "expires_at": message.expires_at,
        "answers_inbound": message.in_reply_to,
        "answers_generation": message.answers_generation,
        "details": dict(message.details),
        "state": state.value,
        "next_attempt_at": message.not_before,
        "created_at": now,
    }


def _body_row(message: OutgoingMessage) -> dict[str, Any]:
    return {
        "message": message.id,
        "envelope_sender": message.envelope.sender,
        "envelope_recipient": message.envelope.recipient,
        "raw": message.raw,
        "spans": write_spans(message.spans),
        "items": write_items(message.items),
    }


def _step_row(key: str, outcome: str, now: datetime, *, message: str | None = None, reason: str = "") -> dict[str, Any]:
    """The row of a dedupe key."""
    read, person = StepKey.read(key)
    return {
        "dedupe_key": key,
        "programme": read.programme,
        "round": read.round,
        "party": read.party,
        "step": read.step.value,
        "ordinal": read.ordinal,
        "deadline_version": read.deadline_version,
        "person": person,
        "outcome": outcome,
        "message": message,
        "reason": reason,
        "decided_at": now,
    }
