"""Which mails belong to a round: ours that asked, told or answered in it, and theirs that are recorded of it or answered ours."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from reminder.domain.messages import OutboxState
from reminder.store.agenda import in_parts
from reminder.store.schema import (
    assessment,
    attendance,
    bounce,
    command,
    event,
    inbound,
    inbound_body,
    invitation,
    message,
    message_body,
    reading,
    sign,
    step,
)

NEVER_SENT = frozenset({OutboxState.CANCELLED.value, OutboxState.EXPIRED.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundMail:
    """A mail of a round, without its bytes."""

    id: str
    """Our id, or the number in the inbox."""
    at: datetime
    """When it was made, or when the server received it."""
    kind: str
    state: str
    person: str = ""
    """Pseudonymous id of who it went to; empty for one that came in."""
    answers: int | None = None
    """Of ours: the number of the mail that it answers."""


def list_round_mails(conn: Connection, programme: str, round_id: str) -> tuple[tuple[RoundMail, ...], tuple[RoundMail, ...]]:
    """The mails that came in and those that went out, oldest first. What was never sent, and copies, are left out."""
    ours = _ours(conn, programme, round_id)
    theirs = _theirs(conn, programme, round_id, ours)
    ours |= set(_in_parts(conn, select(message.c.id), message.c.answers_inbound, theirs))
    return _load_theirs(conn, theirs), _load_ours(conn, ours)


def load_bytes_in(conn: Connection, number: int) -> bytes:
    """The bytes of a mail that came in; empty where they are no longer kept."""
    return conn.execute(select(inbound_body.c.raw).where(inbound_body.c.inbound == number)).scalar() or b""


def load_bytes_out(conn: Connection, mail_id: str) -> bytes:
    """The bytes of a mail of ours; empty where they are no longer kept."""
    return conn.execute(select(message_body.c.raw).where(message_body.c.message == mail_id)).scalar() or b""


def _ours(conn: Connection, programme: str, round_id: str) -> set[str]:
    of_steps = select(step.c.message).where(step.c.programme == programme, step.c.round == round_id, step.c.message.is_not(None))
    of_meetings = select(invitation.c.message).where(invitation.c.programme == programme, invitation.c.round == round_id)
    return {str(found) for query in (of_steps, of_meetings) for found in conn.execute(query).scalars()}


def _theirs(conn: Connection, programme: str, round_id: str, ours: Collection[str]) -> set[int]:
    found: set[int] = set()
    for table in (assessment, command):
        query = select(table.c.inbound).where(table.c.programme == programme, table.c.round == round_id, table.c.inbound.is_not(None))
        found.update(conn.execute(query).scalars())
    told = select(event.c.document).where(event.c.programme == programme, event.c.round == round_id)
    found.update(document["inbound"] for document in conn.execute(told).scalars() if isinstance(document.get("inbound"), int))
    uids = select(invitation.c.uid).where(invitation.c.programme == programme, invitation.c.round == round_id)
    found.update(conn.execute(select(attendance.c.inbound).where(attendance.c.uid.in_(uids))).scalars())
    for table in (sign, bounce):
        found.update(_in_parts(conn, select(table.c.inbound), table.c.message, ours))
    return found


def _in_parts(conn: Connection, query: Select[Any], column: ColumnElement[Any], values: Collection[Any]) -> list[Any]:
    return [found for part in in_parts(sorted(values)) for found in conn.execute(query.where(column.in_(part))).scalars()]


def _load_theirs(conn: Connection, numbers: Collection[int]) -> tuple[RoundMail, ...]:
    rows = []
    for part in in_parts(sorted(numbers)):
        read = select(reading.c.inbound, reading.c.kind).where(reading.c.inbound.in_(part)).order_by(reading.c.generation)
        kinds = {row.inbound: row.kind for row in conn.execute(read)}
        query = select(inbound.c.id, inbound.c.internal_date, inbound.c.state)
        for row in conn.execute(query.where(inbound.c.id.in_(part), inbound.c.duplicate_of.is_(None))):
            rows.append(RoundMail(id=str(row.id), at=row.internal_date, kind=kinds.get(row.id, ""), state=row.state))
    return tuple(sorted(rows, key=lambda one: (one.at, int(one.id))))


def _load_ours(conn: Connection, ids: Collection[str]) -> tuple[RoundMail, ...]:
    rows = []
    for part in in_parts(sorted(ids)):
        query = select(message).where(message.c.id.in_(part), message.c.state.not_in(sorted(NEVER_SENT)))
        rows += [
            RoundMail(id=row.id, at=row.created_at, kind=row.kind, state=row.state, person=row.person, answers=row.answers_inbound)
            for row in conn.execute(query)
        ]
    return tuple(sorted(rows, key=lambda one: (one.at, one.id)))
