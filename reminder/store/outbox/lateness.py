"""Who was late, who was warned of it, and who above them has been told: what an escalation looks back on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, true

from reminder.domain.messages import OutboxState
from reminder.domain.rounds import StepKind
from reminder.store.agenda import Place, of_places
from reminder.store.schema import message, step

_UNTOLD = (OutboxState.WAITING_APPROVAL.value, OutboxState.EXPIRED.value)
LATE_STEPS = (StepKind.OVERDUE.value, StepKind.ESCALATION.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateMail:
    """One mail to one person about a report that was late."""

    programme: str
    round: str
    party: str
    step: StepKind
    ordinal: int
    deadline_version: int
    person: str
    decided_at: datetime


def load_late_mails(conn: Connection, places: Iterable[Place] | None = None) -> tuple[LateMail, ...]:
    """Every mail that told somebody of a late report, oldest first; of these places where given. What was skipped is not among them.

    Nor is a mail that waits for approval, or has waited for it until it was too late: nobody has been told anything by it.
    """
    query = select(step).join(message, message.c.id == step.c.message)
    query = query.where(step.c.step.in_(LATE_STEPS), step.c.outcome == "message", message.c.state.not_in(_UNTOLD))
    rows = [row for where in ([true()] if places is None else of_places(step, places)) for row in conn.execute(query.where(where))]
    return tuple(
        LateMail(
            programme=row.programme,
            round=row.round,
            party=row.party,
            step=StepKind(row.step),
            ordinal=row.ordinal,
            deadline_version=row.deadline_version,
            person=row.person,
            decided_at=row.decided_at,
        )
        for row in sorted(rows, key=lambda row: (row.decided_at, row.dedupe_key))
    )
