"""The two desks as people look at them: rows with sender and subject, read from the kept bytes when they are shown."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.readings import FEEDBACK_RULE, InboundState
from reminder.edges.ports import MailReader
from reminder.errors import ReadingFailed
from reminder.flows.meeting_answers import read_proposal
from reminder.parse.gist import Gist
from reminder.parse.interpreting import INVITATION_RULE, LIGHTS_RULE
from reminder.store import inbox, outbox

INBOX_WAITING = frozenset({InboundState.HELD, InboundState.QUARANTINED})
EXCERPT_LENGTH = 300
_SHOWN_RULES = frozenset({INVITATION_RULE, LIGHTS_RULE, FEEDBACK_RULE})
"""Of these mails the words are shown, since a person has to read them."""
OUTBOX_WAITING = frozenset({OutboxState.WAITING_APPROVAL, OutboxState.FAILED, OutboxState.NEEDS_REVIEW, OutboxState.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEntry:
    """One mail that came in."""

    id: int
    received_at: datetime
    state: InboundState
    reason: str
    sender: str
    subject: str
    rule: str = ""
    """The last rule of its newest reading: why it waits, in one word."""
    excerpt: str = ""
    """The beginning of the first file that is attached and waits to be read."""
    proposed: datetime | None = None
    """The time that a calendar proposes for a hearing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """One mail that goes out, with the parties that it is for."""

    id: str
    created_at: datetime
    kind: MailKind
    recipient: str
    subject: str
    state: OutboxState
    attempts: int
    reason: str
    parties: tuple[str, ...]


def list_inbox(
    conn: Connection, reader: MailReader, states: Collection[InboundState] | None = None, *, limit: int = 200
) -> tuple[InboxEntry, ...]:
    """The mails that came in; sender and subject are read from the bytes, since nothing personal is stored beside them."""
    entries = []
    for row in inbox.list_inbound(conn, states=states, limit=limit):
        stored = inbox.load_inbound(conn, row.id)
        mail = _glance(reader, stored.mail.raw) if stored is not None else Gist()
        document = _newest_reading(conn, row.id)
        rule = str(rules[-1]) if (rules := document.get("rules")) else ""
        entries.append(
            InboxEntry(
                id=row.id,
                received_at=row.internal_date,
                state=row.state,
                reason=row.reason or row.error,
                sender=mail.sender,
                subject=mail.subject,
                rule=rule,
                excerpt=_excerpt(document.get("attachments") or []) or (str(document.get("note", "")) if rule in _SHOWN_RULES else ""),
                proposed=read_proposal(document),
            )
        )
    return tuple(entries)


def _glance(reader: MailReader, raw: bytes) -> Gist:
    """Sender and subject; empty where even these break the reader."""
    try:
        return reader.glance(raw)
    except ReadingFailed:
        return Gist()


def _newest_reading(conn: Connection, inbound_id: int) -> dict[str, Any]:
    readings = inbox.load_readings(conn, inbound_id)
    document = json.loads(readings[0].document) if readings else {}
    return document if isinstance(document, dict) else {}


def _excerpt(attachments: list[dict[str, Any]]) -> str:
    """`muistio.docx: Näyttelyt avattiin …`, or the name and size of a file whose text cannot be read."""
    if not attachments:
        return ""
    first = attachments[0]
    said = " ".join(str(first.get("text", "")).split())[:EXCERPT_LENGTH] or f"{max(1, int(first.get('size', 0)) // 1000)} kB"
    return f"{first.get('name') or first.get('type', '')}: {said}"


def list_outbox(conn: Connection, states: Collection[OutboxState] | None = None, *, limit: int = 200) -> tuple[OutboxEntry, ...]:
    """The mails that go out, newest first."""
    wanted = [None] if states is None else sorted(states)
    rows = [row for state in wanted for row in outbox.list_messages(conn, state=state, limit=limit)]
    sent = {message.id: message for message in outbox.find_sent(conn, [row.id for row in rows])}
    return tuple(
        OutboxEntry(
            id=row.id,
            created_at=row.created_at,
            kind=row.kind,
            recipient=sent[row.id].recipient if row.id in sent else "",
            subject=row.subject,
            state=row.state,
            attempts=row.attempts,
            reason=row.reason,
            parties=tuple(dict.fromkeys(item.party for item in sent[row.id].items)) if row.id in sent else (),
        )
        for row in rows
    )
