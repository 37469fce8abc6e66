"""What is known of the mails that came in; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, func, select

from reminder.domain.readings import InboundMail, InboundState, ReadingCause, ReadingKind, StoredMail
from reminder.store.inbox.interpreting import MAX_ATTEMPTS
from reminder.store.schema import inbound, inbound_body, reading

BY_HAND = frozenset(cause.value for cause in ReadingCause if cause.is_by_hand)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundRow:
    """An inbound mail as it stands, without its bytes."""

    id: int
    account: str
    folder: str
    uid: str
    size: int
    internal_date: datetime
    captured_at: datetime
    state: InboundState
    reason: str
    attempts: int
    error: str
    duplicate_of: int | None
    is_moved: bool
    marks: tuple[str, ...]
    next_attempt_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """How a mail was understood, or what a person decided of it. The highest generation counts."""

    generation: int
    parser_version: str
    kind: str
    verdict: str
    document: str
    made_at: datetime
    cause: ReadingCause
    because: str


def load_inbound(conn: Connection, inbound_id: int) -> StoredMail | None:
    """One mail with its bytes; a duplicate has those of its original."""
    row = conn.execute(_stored().where(inbound.c.id == inbound_id)).first()
    return None if row is None else _stored_mail(row)


def next_captured(conn: Connection, now: datetime, *, limit: int) -> tuple[int, ...]:
    """The numbers of the mails to be interpreted now, in the order in which the server received them. Their bytes are loaded one by
    one, since a hundred of them may be more than the memory holds."""
    is_due = (inbound.c.state == InboundState.CAPTURED.value) & (inbound.c.attempts < MAX_ATTEMPTS) & (inbound.c.next_attempt_at <= now)
    query = select(inbound.c.id).where(is_due).order_by(inbound.c.internal_date, inbound.c.id).limit(limit)
    return tuple(conn.execute(query).scalars())


def list_inbound(conn: Connection, *, states: Collection[InboundState] | None = None, limit: int = 100) -> tuple[InboundRow, ...]:
    """The newest mails, newest first; of some states where given."""
    query = select(inbound).order_by(inbound.c.internal_date.desc(), inbound.c.id.desc()).limit(limit)
    if states is not None:
        query = query.where(inbound.c.state.in_(sorted(state.value for state in states)))
    return tuple(_inbound_row(row) for row in conn.execute(query))


def find_unfinished(conn: Connection) -> tuple[InboundRow, ...]:
    """The mails that have not come to an end yet, oldest capture first."""
    query = select(inbound).where(inbound.c.state == InboundState.CAPTURED.value).order_by(inbound.c.captured_at, inbound.c.id)
    return tuple(_inbound_row(row) for row in conn.execute(query))


def find_read_as(conn: Connection, kind: ReadingKind, *, state: InboundState) -> tuple[tuple[int, datetime], ...]:
    """The mails of a state whose newest reading is of this kind, as (number, received at), oldest first."""
    later = reading.alias()
    is_newest = ~exists().where(later.c.inbound == reading.c.inbound, later.c.generation > reading.c.generation)
    query = select(inbound.c.id, inbound.c.internal_date).join(reading, reading.c.inbound == inbound.c.id)
    query = query.where(is_newest, inbound.c.state == state.value, reading.c.kind == kind.value)
    return tuple((row.id, row.internal_date) for row in conn.execute(query.order_by(inbound.c.internal_date, inbound.c.id)))


def load_readings(conn: Connection, inbound_id: int) -> tuple[ReadingRow, ...]:
    """How a mail was read, newest generation first."""
    query = select(reading).where(reading.c.inbound == inbound_id).order_by(reading.c.generation.desc())
    return tuple(_reading_row(row) for row in conn.execute(query))


def count_by_state(conn: Connection) -> dict[InboundState, int]:
    """How many mails are in each state; states without a mail are left out."""
    rows = conn.execute(select(inbound.c.state, func.count()).group_by(inbound.c.state))
    return {InboundState(state): count for state, count in rows}


def count_marked(conn: Connection, mark: str, *, since: datetime) -> int:
    """How many mails with a mark were captured since an instant, duplicates left out."""
    found = select(inbound.c.marks).where(inbound.c.captured_at >= since, inbound.c.duplicate_of.is_(None))
    return sum(mark in marks for marks in conn.execute(found).scalars())


def find_inbound(conn: Connection, inbound_id: int) -> InboundRow | None:
    """One mail as it stands, also where its bytes are no longer kept."""
    row = conn.execute(select(inbound).where(inbound.c.id == inbound_id)).first()
    return None if row is None else _inbound_row(row)


def find_rereadable(conn: Connection, *, since: datetime | None = None, older_than: str | None = None) -> tuple[int, ...]:
    """Mails that were read, or broke the reader, in the order in which the server received them: all, or those received
    since an instant, or those whose newest reading is not of the parser `older_than` and not a person's decision."""
    later = reading.alias()
    is_newest = ~exists().where(later.c.inbound == reading.c.inbound, later.c.generation > reading.c.generation)
    query = select(inbound.c.id).select_from(inbound.outerjoin(reading, reading.c.inbound == inbound.c.id)).where(is_newest)
    query = query.where(reading.c.inbound.is_not(None) | (inbound.c.state == InboundState.QUARANTINED.value))
    if since is not None:
        query = query.where(inbound.c.internal_date >= since)
    if older_than is not None:
        query = query.where(reading.c.parser_version != older_than, reading.c.cause.not_in(sorted(BY_HAND)))
    return tuple(conn.execute(query.order_by(inbound.c.internal_date, inbound.c.id)).scalars())


def _reading_row(row: Row[Any]) -> ReadingRow:
    return ReadingRow(
        generation=row.generation,
        parser_version=row.parser_version,
        kind=row.kind,
        verdict=row.verdict,
        document=row.document,
        made_at=row.made_at,
        cause=ReadingCause(row.cause),
        because=row.because,
    )


def _stored() -> Select[Any]:
    original = func.coalesce(inbound.c.duplicate_of, inbound.c.id)
    return select(inbound, inbound_body.c.raw).join(inbound_body, inbound_body.c.inbound == original)


def _stored_mail(row: Row[Any]) -> StoredMail:
    mail = InboundMail(
        account=row.account,
        folder=row.folder,
        uidvalidity=row.uidvalidity,
        uid=row.uid,
        raw=row.raw,
        internal_date=row.internal_date,
        size=row.size,
        marks=tuple(row.marks),
    )
    return StoredMail(
        id=row.id,
        mail=mail,
        content_hash=row.content_hash,
        state=InboundState(row.state),
        attempts=row.attempts,
        captured_at=row.captured_at,
        reason=row.reason,
    )


def _inbound_row(row: Row[Any]) -> InboundRow:
    return InboundRow(
        id=row.id,
        account=row.account,
        folder=row.folder,
        uid=row.uid,
        size=row.size,
        internal_date=row.internal_date,
        captured_at=row.captured_at,
        state=InboundState(row.state),
        reason=row.reason,
        attempts=row.attempts,
        error=row.error,
        duplicate_of=row.duplicate_of,
        is_moved=row.is_moved,
        marks=tuple(row.marks),
        next_attempt_at=row.next_attempt_at,
    )
