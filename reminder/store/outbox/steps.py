"""The steps that have ended, each as a mail or as a skip, for those who show the year."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from reminder.domain.foreseen import SettledStep
from reminder.domain.messages import OutboxState
from reminder.domain.rounds import StepKey, StepKind
from reminder.store.outbox.settling import UNAPPROVED
from reminder.store.schema import message, step

_NOT_SENT = frozenset({OutboxState.CANCELLED.value, OutboxState.EXPIRED.value, OutboxState.FAILED.value})


def list_settled_steps(conn: Connection) -> tuple[SettledStep, ...]:
    """Every settled step, oldest first. A mail that was cancelled, expired or refused counts as a skip with its reason."""
    query = (
        select(
            step.c.dedupe_key, step.c.outcome, step.c.reason, step.c.decided_at, message.c.state, message.c.reason, message.c.finished_at
        )
        .join_from(step, message, message.c.id == step.c.message, isouter=True)
        .order_by(step.c.decided_at, step.c.dedupe_key)
    )
    found = []
    for dedupe_key, outcome, reason, decided_at, state, state_reason, finished_at in conn.execute(query):
        key, person = StepKey.read(dedupe_key)
        is_mail = outcome == "message" and state not in _NOT_SENT
        why = reason or (state_reason or state or "")
        found.append(
            SettledStep(
                key=key,
                person=person,
                at=finished_at or decided_at,
                is_mail=is_mail,
                reason="" if is_mail else why,
                state=state or "",
            )
        )
    return tuple(found)


def list_unsent(conn: Connection, programme: str, round_id: str, *, since: datetime) -> tuple[tuple[str, StepKind], ...]:
    """The party and kind of each step of a round whose mail surely never left, since it could not leave in time: the relay was away for
    days, or its own time had passed meanwhile. What waited in vain for an approval is told elsewhere."""
    query = select(step.c.party, step.c.step).join(message, message.c.id == step.c.message)
    of_round = (step.c.programme == programme, step.c.round == round_id, step.c.party != "")
    ended = (message.c.state == OutboxState.EXPIRED.value, message.c.finished_at >= since, message.c.reason != UNAPPROVED)
    rows = conn.execute(query.where(*of_round, *ended).order_by(step.c.party, step.c.step).distinct())
    return tuple((party, StepKind(kind)) for party, kind in rows)
