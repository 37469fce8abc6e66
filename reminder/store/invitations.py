"""Who was invited to which meeting, each SEQUENCE once, and what was answered (decision 0032). Both are histories: nothing is changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from reminder.domain.hearings import Attendance, Invitation, InviteMethod, MeetingKind
from reminder.store.agenda import in_parts
from reminder.store.dialects import insert_new
from reminder.store.schema import attendance, invitation


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one mail answered to one invitation."""

    uid: str
    inbound: int
    sequence: int
    """The SEQUENCE that it is about."""
    attendance: Attendance
    at: datetime
    """INTERNALDATE of the mail."""
    stamped_at: datetime | None = None
    actor: str = ""
    """Pseudonymous id of the sender."""
    comment: str = ""
    proposed_start: datetime | None = None
    proposed_end: datetime | None = None
    is_old: bool = False
    """It answers an earlier SEQUENCE: kept, and without effect."""


def record_invitation(conn: Connection, one: Invitation, now: datetime) -> bool:
    """Adds what a person is told; False, and nothing is written, where this SEQUENCE was told before."""
    row = {
        "uid": one.uid,
        "sequence": one.sequence,
        "method": one.method.value,
        "programme": one.programme,
        "round": one.round,
        "meeting": one.meeting.value,
        "person": one.person,
        "parties": list(one.parties),
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "place": one.place,
        "message": one.message,
        "made_at": now,
    }
    return bool(insert_new(conn, invitation, [row]))


def load_invitations(
    conn: Connection, *, programme: str = "", round_id: str = "", uids: Collection[str] | None = None
) -> tuple[Invitation, ...]:
    """Everything that was told, in the order in which it was; of one round, or of these UIDs, where given."""
    query = select(invitation).order_by(invitation.c.id)
    if programme:
        query = query.where(invitation.c.programme == programme, invitation.c.round == round_id)
    parts = [query] if uids is None else [query.where(invitation.c.uid.in_(part)) for part in in_parts(sorted(uids))]
    return tuple(_invitation(row) for part in parts for row in conn.execute(part))


def newest(told: Collection[Invitation]) -> dict[str, Invitation]:
    """What holds, by UID: that of the highest SEQUENCE."""
    found: dict[str, Invitation] = {}
    for one in sorted(told, key=lambda one: one.sequence):
        found[one.uid] = one
    return found


def record_answer(conn: Connection, one: Answered) -> bool:
    """Adds an answer; False where this mail has given it before."""
    row = {
        "uid": one.uid,
        "inbound": one.inbound,
        "sequence": one.sequence,
        "attendance": one.attendance.value,
        "at": one.at,
        "stamped_at": one.stamped_at,
        "actor": one.actor,
        "comment": one.comment,
        "proposed_start": one.proposed_start,
        "proposed_end": one.proposed_end,
        "is_old": one.is_old,
    }
    return bool(insert_new(conn, attendance, [row]))


def load_answers(conn: Connection, uids: Collection[str]) -> tuple[Answered, ...]:
    """The answers to these invitations, in the order in which they came."""
    query = select(attendance).order_by(attendance.c.at, attendance.c.inbound)
    parts = [query.where(attendance.c.uid.in_(part)) for part in in_parts(sorted(uids))]
    return tuple(_answered(row) for part in parts for row in conn.execute(part))


def fold_answers(answers: Collection[Answered]) -> dict[tuple[str, int], Answered]:
    """The answer that counts, by UID and SEQUENCE: no proposal, the one stamped last, else the one that came last."""
    found: dict[tuple[str, int], Answered] = {}
    for one in sorted(answers, key=lambda one: (one.stamped_at or one.at, one.at, one.inbound)):
        if one.attendance is not Attendance.COUNTER:
            found[one.uid, one.sequence] = one
    return found


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(
        uid=row.uid,
        sequence=row.sequence,
        method=InviteMethod(row.method),
        programme=row.programme,
        round=row.round,
        meeting=MeetingKind(row.meeting),
        person=row.person,
        parties=tuple(row.parties),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        message=row.message,
    )


def _answered(row: Row[Any]) -> Answered:
    return Answered(
        uid=row.uid,
        inbound=row.inbound,
        sequence=row.sequence,
        attendance=Attendance(row.attendance),
        at=row.at,
        stamped_at=row.stamped_at,
        actor=row.actor,
        comment=row.comment,
        proposed_start=row.proposed_start,
        proposed_end=row.proposed_end,
        is_old=row.is_old,
    )
