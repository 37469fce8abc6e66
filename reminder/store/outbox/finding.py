"""What is known of the mails in the outbox; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, case, func, select

from reminder.domain.messages import MailKind, OutboxState, SentMessage, Span
from reminder.store.agenda import in_parts
from reminder.store.documents import read_items, read_spans
from reminder.store.schema import message, message_body, step

_SCHEDULE_KINDS = tuple(kind.value for kind in MailKind if kind.is_schedule_mail)
DUTY_KINDS = tuple(kind for kind in _SCHEDULE_KINDS if kind not in {MailKind.CONTACTS.value, MailKind.DIGEST.value, MailKind.REPORT.value})
_AUTOMATIC_KINDS = (MailKind.ACKNOWLEDGEMENT.value, MailKind.QUESTION.value, MailKind.SURVEY_RECEIPT.value)
_NEVER_SENT = (OutboxState.CANCELLED.value, OutboxState.EXPIRED.value)
UNKNOWN_GRACE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A mail as it stands in the outbox, without its bytes."""

    id: str
    kind: MailKind
    language: str
    person: str
    message_id: str
    subject: str
    size: int
    state: OutboxState
    reason: str
    attempts: int
    ambiguous_resends: int
    not_before: datetime
    expires_at: datetime | None
    next_attempt_at: datetime
    lease_owner: str | None
    lease_until: datetime | None
    lease_epoch: int
    dot_at: datetime | None
    created_at: datetime
    finished_at: datetime | None
    in_reply_to: int | None
    details: Mapping[str, str]


class LastMail(NamedTuple):
    """The newest mail to a party in a round. `at` is when it ended, else when it was made."""

    kind: MailKind
    at: datetime
    state: OutboxState


def find_sent(conn: Connection, ids: Sequence[str]) -> tuple[SentMessage, ...]:
    """The mails with these ids, newest first; unknown ids are left out."""
    return _load_sent(conn, _sent().where(message.c.id.in_(ids))) if ids else ()


def find_sent_by_message_ids(conn: Connection, message_ids: Sequence[str]) -> tuple[SentMessage, ...]:
    """The mails with these Message-IDs, angle brackets included, newest first."""
    return _load_sent(conn, _sent().where(message.c.message_id.in_(message_ids))) if message_ids else ()


def find_sent_by_tag(conn: Connection, prefix4: str) -> tuple[SentMessage, ...]:
    """The mails whose id begins with the four characters of a short tag, in any case, newest first."""
    return _load_sent(conn, _sent().where(message.c.tag == prefix4.lower()))


def find_sent_to(conn: Connection, person: str, *, limit: int = 10) -> tuple[SentMessage, ...]:
    """What was sent to a person and asks or confirms something: schedule mails and acknowledgements with items, newest first.

    A mail counts as sent once its final dot was announced.
    """
    kinds = (*_SCHEDULE_KINDS, MailKind.ACKNOWLEDGEMENT.value)
    asking = _sent().where(message.c.person == person, message.c.kind.in_(kinds), message.c.dot_at.is_not(None))
    return _load_sent(conn, asking.where(message_body.c["items"] != []).limit(limit))


def load_message(conn: Connection, mail_id: str) -> MessageRow | None:
    """One mail by our id."""
    row = conn.execute(select(message).where(message.c.id == mail_id)).first()
    return None if row is None else _message_row(row)


def load_raw(conn: Connection, mail_id: str) -> bytes | None:
    """The bytes of a mail, as they are or were handed to the relay."""
    return conn.execute(select(message_body.c.raw).where(message_body.c.message == mail_id)).scalar()


def load_wording(conn: Connection, mail_id: str) -> tuple[str, tuple[Span, ...]]:
    """The subject of a mail, and its text in pieces. Raises NoResultFound for an unknown id."""
    row = conn.execute(select(message.c.subject, message_body.c.spans).join(message_body).where(message.c.id == mail_id)).one()
    return row.subject, read_spans(row.spans)


def list_messages(
    conn: Connection, *, state: OutboxState | None = None, kind: MailKind | None = None, limit: int = 100
) -> tuple[MessageRow, ...]:
    """The newest mails, newest first; of one state or kind where given."""
    query = select(message).order_by(message.c.created_at.desc(), message.c.id).limit(limit)
    if state is not None:
        query = query.where(message.c.state == state.value)
    if kind is not None:
        query = query.where(message.c.kind == kind.value)
    return tuple(_message_row(row) for row in conn.execute(query))


def count_by_state(conn: Connection) -> dict[OutboxState, int]:
    """How many mails are in each state; states without a mail are left out."""
    rows = conn.execute(select(message.c.state, func.count()).group_by(message.c.state))
    return {OutboxState(state): count for state, count in rows}


def count_automatic(conn: Connection, *, person: str | None, kind: MailKind | str | None, since: datetime) -> int:
    """Acknowledgements and questions made since an instant, to a person or to all; what was cancelled does not count."""
    kinds = _AUTOMATIC_KINDS if kind is None else (str(kind),)
    query = select(func.count()).select_from(message).where(message.c.kind.in_(kinds), message.c.created_at >= since)
    query = query.where(message.c.state != OutboxState.CANCELLED.value)
    if person is not None:
        query = query.where(message.c.person == person)
    return conn.execute(query).scalar_one()


def has_notice(conn: Connection, *, person: str, notice: str, since: datetime) -> bool:
    """Whether a notice of this name was made for a person since an instant; what was cancelled does not count."""
    query = select(message.c.details).where(message.c.kind.in_(_AUTOMATIC_KINDS), message.c.created_at >= since)
    query = query.where(message.c.person == person, message.c.state != OutboxState.CANCELLED.value)
    return any(details.get("notice") == notice for details in conn.execute(query).scalars())


def load_steps(conn: Connection, mail_id: str) -> tuple[str, ...]:
    """The dedupe keys of the steps that a mail carries."""
    return tuple(conn.execute(select(step.c.dedupe_key).where(step.c.message == mail_id).order_by(step.c.dedupe_key)).scalars())


def last_schedule_days(
    conn: Connection, zone: ZoneInfo, persons: Collection[str] | None = None, *, with_waiting: bool = True
) -> dict[str, date]:
    """The local day on which the newest schedule mail to each person leaves; neither never-sent ones count nor the coordinator's.

    Without an approval that is the day on which it was made; one that waits for approval counts for the day on which it was made,
    or not at all.

    A digest is no duty: a coordinator who also reads for a party still gets that party's mail on the day of the digest.
    """
    states = _NEVER_SENT if with_waiting else (*_NEVER_SENT, OutboxState.WAITING_APPROVAL.value)
    wanted = message.c.kind.in_(DUTY_KINDS) & message.c.state.not_in(states)
    # What was made late has a `not_before` of the past; what was released from waiting was made on an earlier day.
    leaves_at = case((message.c.not_before > message.c.created_at, message.c.not_before), else_=message.c.created_at)
    # And what could not leave at first, or was sent again, left on the day of its last final dot.
    leaves_at = case((message.c.dot_at > leaves_at, message.c.dot_at), else_=leaves_at)
    query = select(message.c.person, func.max(leaves_at)).where(wanted).group_by(message.c.person)
    chosen = [query] if persons is None else [query.where(message.c.person.in_(part)) for part in in_parts(sorted(persons))]
    return {person: newest.astimezone(zone).date() for part in chosen for person, newest in conn.execute(part)}


def last_mails(conn: Connection, place: tuple[str, str] | None = None) -> dict[tuple[str, str, str], LastMail]:
    """The newest mail that carried a step, by (programme, round, party); in one round where given, as (programme, round)."""
    query = (
        select(step.c.programme, step.c.round, step.c.party, message.c.kind, message.c.state, message.c.created_at, message.c.finished_at)
        .join(message, message.c.id == step.c.message)
        .order_by(message.c.created_at, message.c.id)
    )
    if place is not None:
        query = query.where(step.c.programme == place[0], step.c.round == place[1])
    return {
        (row.programme, row.round, row.party): LastMail(MailKind(row.kind), row.finished_at or row.created_at, OutboxState(row.state))
        for row in conn.execute(query)
    }


def next_due_at(conn: Connection, *, grace: timedelta = UNKNOWN_GRACE, kinds: frozenset[str] | None = None) -> datetime | None:
    """When the outbox next has something to do: a mail to send, a lease that ends, an unknown fate past its grace."""
    states = message.c.state
    waiting = select(func.min(message.c.next_attempt_at)).where(states.in_((OutboxState.QUEUED.value, OutboxState.DEFERRED.value)))
    if kinds is not None:
        waiting = waiting.where(message.c.kind.in_(sorted(kinds)))
    leased = select(func.min(message.c.lease_until)).where(states == OutboxState.LEASED.value)
    unknown = select(func.min(message.c.dot_at)).where(states == OutboxState.UNKNOWN.value)
    first_dot = conn.execute(unknown).scalar()
    moments = (conn.execute(waiting).scalar(), conn.execute(leased).scalar(), None if first_dot is None else first_dot + grace)
    return min((moment for moment in moments if moment is not None), default=None)


def is_due(conn: Connection, now: datetime, kinds: frozenset[str]) -> bool:
    """Whether a mail of these kinds waits to be sent now."""
    waits = message.c.state.in_((OutboxState.QUEUED.value, OutboxState.DEFERRED.value))
    due = select(message.c.id).where(waits, message.c.next_attempt_at <= now, message.c.kind.in_(sorted(kinds)))
    return conn.execute(due.limit(1)).first() is not None


def oldest_due_at(conn: Connection, *, without: frozenset[str] = frozenset()) -> datetime | None:
    """Since when the mail that has waited longest has been due without having come to an end; None where none is open.

    That is from its own first time on, however often it was put off; what waits for approval waits for a person and does not count.
    Nor do the kinds of `without`, for which it is not the time of day.
    """
    open_states = (OutboxState.QUEUED, OutboxState.DEFERRED, OutboxState.LEASED, OutboxState.UNKNOWN)
    due = case((message.c.not_before > message.c.created_at, message.c.not_before), else_=message.c.created_at)
    counts = message.c.state.in_(tuple(state.value for state in open_states)) & message.c.kind.not_in(sorted(without))
    return conn.execute(select(func.min(due)).where(counts)).scalar()


def first_written_at(conn: Connection) -> datetime | None:
    """When the first mail of all was written; None where none was."""
    return conn.execute(select(func.min(message.c.created_at))).scalar()


def _sent() -> Select[Any]:
    query = select(message, message_body.c.envelope_recipient, message_body.c.spans, message_body.c["items"])
    return query.join(message_body, message_body.c.message == message.c.id).order_by(message.c.created_at.desc(), message.c.id)


def _load_sent(conn: Connection, query: Select[Any]) -> tuple[SentMessage, ...]:
    return tuple(
        SentMessage(
            id=row.id,
            kind=MailKind(row.kind),
            language=row.language,
            person=row.person,
            recipient=row.envelope_recipient,
            message_id=row.message_id,
            subject=row.subject,
            created_at=row.created_at,
            spans=read_spans(row.spans),
            items=read_items(row.items),
        )
        for row in conn.execute(query)
    )


def _message_row(row: Row[Any]) -> MessageRow:
    return MessageRow(
        id=row.id,
        kind=MailKind(row.kind),
        language=row.language,
        person=row.person,
        message_id=row.message_id,
        subject=row.subject,
        size=row.size,
        state=OutboxState(row.state),
        reason=row.reason,
        attempts=row.attempts,
        ambiguous_resends=row.ambiguous_resends,
        not_before=row.not_before,
        expires_at=row.expires_at,
        next_attempt_at=row.next_attempt_at,
        lease_owner=row.lease_owner,
        lease_until=row.lease_until,
        lease_epoch=row.lease_epoch,
        dot_at=row.dot_at,
        created_at=row.created_at,
        finished_at=row.finished_at,
        in_reply_to=row.answers_inbound,
        details=row.details,
    )
