"""Mails that we send: what they ask for, their text as spans, and the finished bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class MailKind(StrEnum):
    """The type of a mail that we send."""

    NOTICE = "notice"
    REQUEST = "request"
    REMINDER = "reminder"
    LAST_CALL = "last_call"
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    DIGEST = "digest"
    ACKNOWLEDGEMENT = "acknowledgement"
    QUESTION = "question"
    ALERT = "alert"
    PREVIEW = "preview"
    """Shows the coordinator the first mails of a kind, to be approved."""
    CONTACTS = "contacts"
    """Shows the coordinator who will be asked, to be confirmed."""
    DESK = "desk"
    """Tells the coordinator what came of their commands."""
    INVITATION = "invitation"
    """Tells a party when it is heard, or that it is not, as a calendar understands it."""
    SURVEY = "survey"
    """Asks the questions of a survey, or reminds of them."""
    SURVEY_RECEIPT = "survey_receipt"
    """Tells a respondent whether their answer to a survey counts."""
    LIGHTS = "lights"
    """Shows the sub-committee before its meeting what the parties said."""
    JUDGEMENT = "judgement"
    """Asks for the sub-committee's own light."""
    REPORT = "report"
    """Brings the coordinator the report for the executive."""
    TEST = "test"
    """Shows before `arm` that our mails leave and come back."""

    @property
    def is_schedule_mail(self) -> bool:
        """Schedule mails are held by arm and pause; the others pass once armed."""
        return self in _SCHEDULE_MAILS or self in {MailKind.CONTACTS, MailKind.DIGEST, MailKind.SURVEY, MailKind.REPORT}

    @property
    def keeps_window(self) -> bool:
        """Whether it leaves in the sending window only, at whatever attempt. A digest has an hour of its own (invariant O6)."""
        return self in _SCHEDULE_MAILS or self in {MailKind.CONTACTS, MailKind.SURVEY, MailKind.REPORT}

    @property
    def is_chasing(self) -> bool:
        """A chasing mail asks for what is missing, and nothing else."""
        return self in _SCHEDULE_MAILS - {MailKind.NOTICE, MailKind.REQUEST}

    @property
    def is_of_survey(self) -> bool:
        """Whether what answers it is an answer to a survey."""
        return self in {MailKind.SURVEY, MailKind.SURVEY_RECEIPT}

    @property
    def takes_a_decision(self) -> bool:
        """Whether the coordinator answers it, and nobody else does: with a decision in one word, or to say that it is there."""
        return self in {MailKind.PREVIEW, MailKind.CONTACTS, MailKind.TEST}

    @property
    def takes_orders(self) -> bool:
        """Whether the coordinator settles what waits by answering it, a command a line (decision 0029)."""
        return self in {MailKind.DIGEST, MailKind.DESK}


_SCHEDULE_MAILS = frozenset(
    {MailKind.NOTICE, MailKind.REQUEST, MailKind.REMINDER, MailKind.LAST_CALL, MailKind.OVERDUE, MailKind.ESCALATION}
)


class OutboxState(StrEnum):
    """Where an outgoing mail stands (DESIGN, decision 4). `accepted` means by our relay, not read by anybody."""

    WAITING_APPROVAL = "waiting_approval"
    QUEUED = "queued"
    LEASED = "leased"
    UNKNOWN = "unknown"
    DEFERRED = "deferred"
    ACCEPTED = "accepted"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NEEDS_REVIEW = "needs_review"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to the mail by itself."""
        return self in {OutboxState.ACCEPTED, OutboxState.FAILED, OutboxState.EXPIRED, OutboxState.CANCELLED, OutboxState.NEEDS_REVIEW}


class DeliveryReports(StrEnum):
    """Which delivery reports are asked for."""

    NO = "no"
    FAILURES = "failures"  # what failed or is delayed; of a mail that is sent again since nobody knows its fate, also what arrived
    ALL = "all"  # also each mail that arrived


class SpanKind(StrEnum):
    """What a piece of our own text is. Kept beside the bytes, so that it can be subtracted from every reply for ever."""

    PROSE = "prose"
    HEAD = "head"  # [12] Title of the action
    LIGHT_LABEL = "light_label"  # Tila (vihreä / keltainen / punainen):
    DONE_LABEL = "done_label"  # Mitä tehtiin:
    NEXT_LABEL = "next_label"  # Seuraavaksi ja milloin:
    LAST_TIME = "last_time"  # what the party said last time
    LEGEND = "legend"
    LINK = "link"  # the text of a light link, HTML part only
    ANSWER_LABEL = "answer_label"  # (1–5):
    REFERENCE = "reference"  # the reference line, always our last


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One line or paragraph of our text, in the order of the mail. `item` is the index into the message's items."""

    kind: SpanKind
    text: str
    item: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One answer that a message asks for. `number` is the printed number, unique within the message."""

    programme: str
    round: str
    party: str
    action: str
    number: str
    title: str = ""
    is_contribution: bool = False
    """The party contributes without leading: asked once, never missing."""
    is_anonymous: bool = False
    """A question of a survey that has promised its respondents that nobody will know: as it was asked, whatever the files say later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPart:
    """A calendar object that goes with a mail, beside its texts and as a file (RFC 6047)."""

    method: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftMessage:
    """A composed mail, not yet addressed: everything that a person reads."""

    kind: MailKind
    language: str
    subject: str
    text: str
    html: str
    spans: tuple[Span, ...] = ()
    items: tuple[Item, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    calendar: CalendarPart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """RFC 5321 envelope: one recipient a transaction, and our own copy where that is wanted."""

    sender: str
    recipient: str
    copy_to: str = ""
    """An address of our own that gets the mail in the same transaction; empty: none. Whether it is taken decides nothing."""
    envelope_id: str = ""
    """What names the mail in delivery reports (RFC 3461, section 4.4)."""
    notify: tuple[str, ...] = ()
    """The delivery reports that are asked for, as RFC 3461, section 4.1 writes them; none: not a word is said about reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """A finished mail on its way into the outbox. `raw` never changes: a retry sends the same bytes."""

    id: str
    """Twelve base32 characters, named by the token of the reply address."""
    kind: MailKind
    language: str
    person: str
    """Pseudonymous id of the recipient."""
    envelope: Envelope
    message_id: str
    subject: str
    raw: bytes
    spans: tuple[Span, ...]
    items: tuple[Item, ...]
    not_before: datetime
    expires_at: datetime | None = None
    in_reply_to: int | None = None
    """Inbound id that this mail answers."""
    answers_generation: int = 0
    """Which reading of that mail it answers."""
    steps: tuple[str, ...] = ()
    """Dedupe keys of the steps that it carries."""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """What reading a reply needs to know of a mail that we sent."""

    id: str
    kind: MailKind
    language: str
    person: str
    recipient: str
    message_id: str
    subject: str
    created_at: datetime
    spans: tuple[Span, ...]
    items: tuple[Item, ...]
