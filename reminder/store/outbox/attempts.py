"""The journal of attempts: what was tried with each mail, and how often one was sent again since nobody knew whether it had gone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, exists, func, or_, select

from reminder.domain.messages import OutboxState
from reminder.domain.rounds import StepKind
from reminder.store.schema import attempt, bounce, message, step

LONGEST = timedelta(minutes=20)
"""Longer than any attempt may take; narrows what the journal is searched for."""


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
    return tuple(_read(row) for row in rows)


def count_ambiguous_resends(conn: Connection) -> int:
    """How often bytes went out again after an attempt whose end nobody knows. Counts what was done, not what was planned."""
    earlier = attempt.alias()
    before = and_(earlier.c.message == attempt.c.message, earlier.c.lease_epoch < attempt.c.lease_epoch, earlier.c.state == "unknown")
    query = select(func.count()).select_from(attempt).join(message, message.c.id == attempt.c.message)
    query = query.where(message.c.ambiguous_resends > 0, attempt.c.dot_at.is_not(None), exists().where(before))
    return conn.execute(query).scalar_one()


class Taken(NamedTuple):
    """When our relay took the first mail that asked a person for the report of a party in a round."""

    round: str
    party: str
    person: str
    at: datetime


_ASKING = (StepKind.REQUEST.value, StepKind.REMINDER.value, StepKind.LAST_CALL.value, StepKind.OVERDUE.value)


def first_taken(conn: Connection, programme: str) -> tuple[Taken, ...]:
    """One entry a round, party and person of a programme. A notice asks for nothing, and does not count."""
    columns = (step.c.round, step.c.party, step.c.person)
    query = select(*columns, func.min(message.c.finished_at)).join(message, message.c.id == step.c.message)
    asked = (step.c.programme == programme, step.c.step.in_(_ASKING), message.c.state == OutboxState.ACCEPTED.value)
    return tuple(Taken(*row) for row in conn.execute(query.where(*asked).group_by(*columns)))


def list_undeliverable(conn: Connection, persons: Collection[str], *, in_a_row: int) -> frozenset[str]:
    """Those of these people whose newest mails, so many in a row, were all refused or came back for good."""
    ended = (OutboxState.ACCEPTED.value, OutboxState.FAILED.value)
    returned = exists().where(bounce.c.message == message.c.id, bounce.c.is_permanent)
    found = set()
    for person in persons:
        newest = select(message.c.state, returned).where(message.c.person == person, message.c.state.in_(ended))
        rows = conn.execute(newest.order_by(message.c.created_at.desc(), message.c.id).limit(in_a_row)).all()
        if len(rows) == in_a_row and all(state == OutboxState.FAILED.value or has_returned for state, has_returned in rows):
            found.add(person)
    return frozenset(found)


def list_step_mails(conn: Connection, programme: str, round_id: str, party: str, kind: str) -> tuple[str, ...]:
    """The ids of the mails that carried the steps of one kind of a party in a round, oldest first."""
    query = select(message.c.id).join(step, step.c.message == message.c.id)
    of_party = (step.c.programme == programme, step.c.round == round_id, step.c.party == party, step.c.step == kind)
    found = conn.execute(query.where(*of_party).order_by(message.c.created_at, message.c.id)).scalars()
    return tuple(dict.fromkeys(found))


def list_under_way(conn: Connection, since: datetime, now: datetime) -> tuple[datetime, ...]:
    """When the mails went that left since an instant or are just being sent, oldest first: the time of the final dot, else of the claim."""
    begun = (attempt.c.started_at > since - LONGEST, attempt.c.started_at <= now)
    went = and_(attempt.c.dot_at > since, attempt.c.dot_at <= now)
    query = select(attempt.c.started_at, attempt.c.dot_at).where(*begun)
    query = query.where(or_(went, and_(attempt.c.state == "open", attempt.c.started_at > since)))
    return tuple(sorted(row.dot_at or row.started_at for row in conn.execute(query)))


def count_dots(conn: Connection, since: datetime, now: datetime) -> int:
    """How many final dots were announced since an instant."""
    query = select(func.count()).select_from(attempt).where(attempt.c.started_at > since - LONGEST)
    return conn.execute(query.where(attempt.c.dot_at > since, attempt.c.dot_at <= now)).scalar_one()


def newest_fates(conn: Connection, count: int) -> tuple[Attempt, ...]:
    """The newest attempts that the relay decided, taken or refused for good, newest first."""
    query = select(attempt).where(attempt.c.state.in_(("accepted", "failed"))).order_by(attempt.c.id.desc()).limit(count)
    return tuple(_read(row) for row in conn.execute(query))


def _read(row: Row[Any]) -> Attempt:
    return Attempt(started_at=row.started_at, dot_at=row.dot_at, ended_at=row.ended_at, result=row.state, code=row.code, text=row.text)
