"""The fixed cast of these tests: one round of one programme, mails to the culture manager, replies from there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from reminder.domain.assessments import Assessment, TrafficLight
from reminder.domain.messages import Envelope, Item, MailKind, OutgoingMessage, Span, SpanKind
from reminder.domain.readings import InboundMail

NOW = datetime(2026, 2, 5, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=15)
GRACE = timedelta(minutes=30)
INSTANCE = "koskela"
ACCOUNT = "seuranta@imap.koskela.example"
ITEM = Item(programme="elvo", round="2024", party="kulttuuri", action="a12", number="12", title="Taidenäyttelyt")


def step_key(step: str = "request", *, party: str = "kulttuuri", person: str = "pkulttuuri2", ordinal: int = 1) -> str:
    """The dedupe key of a step, as the domain writes it."""
    return f"elvo/2024/{party}/{step}/{ordinal}/v0/{person}"


def outgoing(
    mail_id: str = "kulttuuri234",
    *,
    kind: MailKind = MailKind.REQUEST,
    steps: tuple[str, ...] = (),
    person: str = "pkulttuuri2",
    not_before: datetime = NOW,
    expires_at: datetime | None = None,
    in_reply_to: int | None = None,
    items: tuple[Item, ...] = (ITEM,),
    generation: int = 0,
) -> OutgoingMessage:
    """A finished mail to the culture manager."""
    return OutgoingMessage(
        id=mail_id,
        kind=kind,
        language="fi",
        person=person,
        envelope=Envelope(sender="seuranta@koskela.example", recipient="kulttuuripaallikko@koskela.example"),
        message_id=f"<{mail_id}@koskela.example>",
        subject="Toimenpiteiden tilanne – määräaika 2.3.2026",
        raw=f"Message-ID: <{mail_id}@koskela.example>\r\n\r\nTila:\r\n".encode(),
        spans=(Span(kind=SpanKind.HEAD, text="[12] Taidenäyttelyt", item=0), Span(kind=SpanKind.PROSE, text="Hei")),
        items=items,
        not_before=not_before,
        expires_at=expires_at,
        in_reply_to=in_reply_to,
        answers_generation=generation,
        steps=steps,
        details={"round": "elvo/2024"},
    )


def incoming(
    uid: str = "7", text: str = "12: vihreä", *, uidvalidity: int = 1, folder: str = "INBOX", received: str = "relay-a"
) -> InboundMail:
    """A reply from the culture manager as it lies in the mailbox."""
    raw = f"Received: from {received}\r\nFrom: kulttuuripaallikko@koskela.example\r\nSubject: Re: Tilanne\r\n\r\n{text}\r\n".encode()
    return InboundMail(
        account=ACCOUNT,
        folder=folder,
        uidvalidity=uidvalidity,
        uid=uid,
        raw=raw,
        internal_date=NOW - timedelta(hours=1),
        size=len(raw),
    )


def assessment(
    light: TrafficLight | None = TrafficLight.GREEN,
    *,
    inbound_id: int | None = None,
    received_at: datetime = NOW,
    text: str = "Kolme näyttelyä",
) -> Assessment:
    """What the culture manager says of action 12."""
    return Assessment(
        programme="elvo",
        round="2024",
        party="kulttuuri",
        action="a12",
        light=light,
        text=text,
        received_at=received_at,
        inbound_id=inbound_id,
        actor="pkulttuuri2",
        rule="block",
    )
