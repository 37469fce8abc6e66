"""What parsing yields: a closed set of readings, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from reminder.domain.absences import Substitute
from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.commands import Orders
from reminder.domain.hearings import CalendarAnswer, Invitation
from reminder.domain.messages import Item
from reminder.domain.party_requests import PartyRequest
from reminder.domain.surveys import SurveyReply


class InboundState(StrEnum):
    """Where an inbound mail stands (DESIGN, decision 4). `held` waits for a person and is shown until settled."""

    CAPTURED = "captured"
    APPLIED = "applied"
    ASKED_BACK = "asked_back"
    HELD = "held"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"
    DISCARDED = "discarded"


class ReadingKind(StrEnum):
    """What kind of mail it is."""

    REPLY = "reply"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    CALENDAR = "calendar"
    COMMAND = "command"
    OWN = "own"
    READ_RECEIPT = "read_receipt"
    COMPLAINT = "complaint"
    ENCRYPTED = "encrypted"
    FEEDBACK = "feedback"  # on the accessibility of the public page
    OTHER = "other"


class ReadingCause(StrEnum):
    """Why there is a reading of a mail. What was decided by hand is never overruled by reading the mail again."""

    READ = "read"
    REPLAY = "replay"
    ACCEPT = "accept"
    REJECT = "reject"
    DISCARD = "discard"
    ANSWERED = "answered"

    @property
    def is_by_hand(self) -> bool:
        """Whether a person decided it."""
        return self in {ReadingCause.ACCEPT, ReadingCause.REJECT, ReadingCause.DISCARD, ReadingCause.ANSWERED}


class Verdict(StrEnum):
    """What is to be done with it."""

    APPLIED = "applied"
    ASKED_BACK = "asked_back"
    HELD = "held"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"


class SignKind(StrEnum):
    """What a mail that came in proves of a mail of ours that it names: each kind that our relay has taken it, some more than that."""

    COPY = "copy"  # our own copy of it came back
    RELAYED = "relayed"  # handed on to a system that reports no more (RFC 3464: relayed, expanded)
    DELAYED = "delayed"  # a server on its way has it still
    RETURNED = "returned"  # it could not be delivered
    DELIVERED = "delivered"  # it is in the mailbox
    AUTOMATIC = "automatic"  # a program at the recipient's answered it: an absence note, a read receipt, a calendar
    REPLY = "reply"  # a person answered it

    @property
    def is_of_life(self) -> bool:
        """Whether the recipient's mailbox is alive."""
        return self in {SignKind.DELIVERED, SignKind.AUTOMATIC, SignKind.REPLY}


class Decision(StrEnum):
    """What a coordinator answers to a mail that asks for a decision."""

    APPROVE = "approve"  # yes: let them go, or, of a list: it is right
    REJECT = "reject"
    UNCLEAR = "unclear"  # neither, or both


class Trust(StrEnum):
    """Who the sender is to us (DESIGN, decision 19)."""

    LISTED = "listed"
    DEPUTY = "deputy"
    DOMAIN = "domain"
    STRANGER = "stranger"
    REFUSED = "refused"


FORM_SOURCE = "sheet"
"""What the rule of an answer begins with, and where it stands, if it was read from an attached answer form."""
ATTACHMENT_RULE = "attachment"
FEEDBACK_RULE = "feedback"
"""The rule of a mail that gives feedback on accessibility and waits for its answer."""
OVERSIZE_RULE = "oversize"
"""The rule of a mail that is held because it is too large to be fetched whole. The same word is its mark."""
UNFETCHABLE = "unfetchable"
SENDERS_RULE = "answers_from"
"""The mail waits only because of the setting of that name in service.yaml."""
"""The rule of a mail that is held because its answer may be in an attachment."""


class AskReason(StrEnum):
    """Why an answer was not taken; each has its own plain question."""

    TWO_LIGHTS = "two_lights"
    NEGATION = "negation"
    NO_LIGHT = "no_light"  # words, but no light
    UNKNOWN_WORD = "unknown_word"  # something on the light line that is no light
    UNKNOWN_NUMBER = "unknown_number"
    UNKNOWN_ROW = "unknown_row"  # a row of the answer form that cannot be told apart
    QUESTION_MARK = "question_mark"
    ALL_COVERS_NONE = "all_covers_none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A stretch of the readable text of a mail, which is a body without its quotation marks.

    `source` is `text` or `html`; `line` and `column` count from 1, the column in characters of that line. In an attached answer
    form (`sheet`) they are row and column of the cell.
    """

    source: str
    line: int
    column: int
    text: str

    @property
    def is_in_form(self) -> bool:
        """Whether it stands in an attached answer form, not in the mail's own text."""
        return self.source == FORM_SOURCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the sender said of one action. `marked` is the text it was taken from, `places` are where that stands."""

    item: Item
    light: TrafficLight | None
    phase: Phase | None = None
    text: str = ""
    next_step: str = ""
    next_on: date | None = None
    is_provisional: bool = False
    rule: str = ""
    marked: str = ""
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBack:
    """An answer that was not understood: which action, why, and the words in question."""

    number: str
    reason: AskReason
    quote: str = ""
    item: Item | None = None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who the mail claims to be from, and what that is worth."""

    address: str
    trust: Trust
    person: str = ""
    is_authenticated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedDocument:
    """A file that came with a mail and holds no answers that a program may take: for a person to read."""

    name: str
    """A cleaned base name; may be empty."""
    media_type: str
    size: int
    """Bytes."""
    text: str = ""
    """Its text, or the beginning of it; empty where none can be read."""
    trouble: str = ""
    """Why its text cannot be read, in one sentence; empty where it can, or where nobody tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceReport:
    """A delivery failure that names a mail of ours. 4.x.x and `delayed` are temporary (RFC 3463, RFC 3464)."""

    recipient: str
    is_permanent: bool
    status: str = ""
    diagnostic: str = ""
    message: str = ""
    """Id of the sent message; empty where it could not be matched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one mail was read. `answers` are what would be recorded; nothing else of it is ever taken as an answer."""

    kind: ReadingKind
    verdict: Verdict
    answers: tuple[Answer, ...] = ()
    ask_back: tuple[AskBack, ...] = ()
    missing: tuple[Item, ...] = ()
    """Asked and not answered, without those in `ask_back`."""
    sender: Sender | None = None
    marks: tuple[str, ...] = ()
    reason: str = ""
    """One plain sentence."""
    rules: tuple[str, ...] = ()
    message: str = ""
    """Id of the sent message that it answers; empty where unknown."""
    bounce: BounceReport | None = None
    away_until: date | None = None
    """The last day on which the writer of an automatic reply is away."""
    substitutes: tuple[Substitute, ...] = ()
    """Who stands in, as an automatic reply names them."""
    asks_status_of: tuple[str, ...] = ()
    """The parties of which the sender asks how things stand; empty where they do not ask."""
    note: str = ""
    """The sender's own words that belong to no action."""
    may_answer: bool = False
    """Whether an automatic answer may go to the sender (RFC 3834)."""
    decision: Decision | None = None
    """The coordinator's answer to a preview or a list, which `message` names."""
    orders: Orders | None = None
    """What the coordinator orders in the answer to a digest, which `message` names."""
    requests: tuple[PartyRequest, ...] = ()
    """What the party asks for beside its answers, or instead of them: a person decides about it, and it changes nothing by itself."""
    attachments: tuple[AttachedDocument, ...] = ()
    """What came with it and was not read as an answer; pictures and filled-in forms are not among them."""
    calendar: CalendarAnswer | None = None
    """What a calendar program answers to `invited`, an invitation of ours."""
    invited: Invitation | None = None
    """What that person was told last."""
    survey: SurveyReply | None = None
    """What it says to a survey, which `message` names; then it says nothing else."""
    sign: SignKind | None = None
    """What it proves of the mail of ours that `message` names; None where it names none by a token or an id."""

    @property
    def waits_for_attachment(self) -> bool:
        """Whether it is held for its attachments alone: the sender is known and is told that they have arrived."""
        return self.verdict is Verdict.HELD and ATTACHMENT_RULE in self.rules

    @property
    def is_too_large(self) -> bool:
        """Whether it is held because it was not fetched whole: the sender is known and is told."""
        return self.verdict is Verdict.HELD and OVERSIZE_RULE in self.rules

    @property
    def is_empty(self) -> bool:
        """Whether a person's reply holds nothing but what we sent."""
        said = self.answers or self.ask_back or self.note or self.asks_status_of
        return self.kind is ReadingKind.REPLY and self.verdict is Verdict.ASKED_BACK and not said

    @property
    def only_asks_status(self) -> bool:
        """Whether it asks how things stand and says nothing."""
        return bool(self.asks_status_of) and not (self.answers or self.ask_back or self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMail:
    """A mail as captured: the bytes and where they came from. `uid` is text: a Maildir's identity is a base name."""

    account: str
    folder: str
    uidvalidity: int
    uid: str
    raw: bytes
    internal_date: datetime
    size: int
    marks: tuple[str, ...] = ()
    """`oversize` where only headers and the first text part were fetched, `unfetchable` where the connection broke at all else than
    the headers, `undated` where the server gave no date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMail:
    """An inbound mail in the raw message store."""

    id: int
    mail: InboundMail
    content_hash: str
    state: InboundState
    attempts: int
    captured_at: datetime
    reason: str = ""
