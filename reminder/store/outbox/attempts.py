"""The journal of attempts: what was tried with each mail, and how often one was sent again since nobody knew whether it had gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, exists, func, select

from reminder.store.schema import attempt, message, step


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt. `dot_at` is when its final dot was announced; `result` is `open` or `dot` while it is under way."""

    started_at: datetime
    dot_at: datetime | None
    ended_at: datetime | None
    result: str
    code: int | None
    text: str


def load_attempts(conn: Connection, mail_id: str) -> tuple[Attempt, ...]:
    """The attempts of one mail, oldest first."""
    rows = conn.execute(select(attempt).where(attempt.c.message == mail_id).order_by(attempt.c.lease_epoch))
    return tuple(
        Attempt(started_at=row.started_at, dot_at=row.dot_at, ended_at=row.ended_at, result=row.state, code=row.code, text=row.text)
        for row in rows
    )


def count_ambiguous_resends(conn: Connection) -> int:
    """How often bytes went out again after an attempt whose end nobody knows. Counts what was done, not what was planned."""
    earlier = attempt.alias()
    before = and_(earlier.c.message == attempt.c.message, earlier.c.lease_epoch < attempt.c.lease_epoch, earlier.c.state == "unknown")
    query = select(func.count()).select_from(attempt).join(message, message.c.id == attempt.c.message)
    query = query.where(message.c.ambiguous_resends > 0, attempt.c.dot_at.is_not(None), exists().where(before))
    return conn.execute(query).scalar_one()


def list_step_mails(conn: Connection, programme: str, round_id: str, party: str, kind: str) -> tuple[str, ...]:
    """The ids of the mails that carried the steps of one kind of a party in a round, oldest first."""
    query = select(message.c.id).join(step, step.c.message == message.c.id)
    of_party = (step.c.programme == programme, step.c.round == round_id, step.c.party == party, step.c.step == kind)
    found = conn.execute(query.where(*of_party).order_by(message.c.created_at, message.c.id)).scalars()
    return tuple(dict.fromkeys(found))
