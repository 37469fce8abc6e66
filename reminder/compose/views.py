"""What composing needs to know: one view a kind of mail, prepared by the flows, complete in itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from reminder.domain.absences import Substitute
from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.messages import Attachment, Item, MailKind, Span
from reminder.domain.programme import Decision, Language, Localised, ResponsibleParty
from reminder.domain.readings import AskBack, Trust
from reminder.domain.rounds import StepKind
from reminder.domain.setup import Office
from reminder.domain.workdays import DatedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands at the head and the foot of every mail."""

    language: Language
    office: Office
    programme: Localised
    round_name: Localised
    reply_address: str
    """With its token, where plus addresses are used."""
    tag: str
    """`ELVO-7K3Q`, in the subject and the reference line."""
    token: str
    today: date
    legend: dict[str, Localised] = field(default_factory=dict)
    case_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTime:
    """What the party said of the action in an earlier round."""

    on: date
    light: TrafficLight | None = None
    phase: Phase | None = None
    text: str = ""
    is_imported: bool = False
    """Told by lights.yaml, not answered to this service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionView:
    """One action as a mail shows it."""

    item: Item
    full_text: str = ""
    focus_area: str = ""
    goal: str = ""
    measure: str = ""
    years: tuple[int, ...] = ()
    last_time: LastTime | None = None
    is_contribution: bool = False
    """The party contributes without leading: asked once, never chased."""


class ReportStanding(StrEnum):
    """How a party stands: decides the words of a mail to it, and its place in the digest."""

    SILENT = "silent"
    PARTIAL = "partial"
    NOT_UNDERSTOOD = "not_understood"
    BOUNCED = "bounced"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySection:
    """One party's part of a mail in one round; a person who stands for two parties gets two sections in one mail."""

    party: ResponsibleParty
    programme_name: Localised
    round_name: Localised
    kind: MailKind
    """The step that is due for this party."""
    due_on: date
    due_why: DatedReason
    closes_on: date
    working_days_left: int = 0
    working_days_late: int = 0
    request_on: date | None = None
    """When the party will be asked; for the notice."""
    actions: tuple[ActionView, ...] = ()
    """What this mail asks for: in a request all actions, in a reminder only those that are missing."""
    answered: tuple[ActionView, ...] = ()
    """What has been received already."""
    standing: ReportStanding = ReportStanding.SILENT
    is_extended: bool = False
    told_on: date | None = None
    """For an escalation: the day on which whoever stands above the party is told; None where nobody is."""
    names_deputies: bool = False
    """Those above are its deputies, since no manager is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleMailView:
    """Notice, request, reminder, last call, overdue mail or escalation to one person."""

    kind: MailKind
    heading: Heading
    sections: tuple[PartySection, ...]
    decision: Decision = field(default_factory=Decision)
    programme_url: str = ""
    attachments: tuple[Attachment, ...] = ()
    is_above: bool = False
    """Goes to somebody above the party, and says so."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """The tag of each programme, by its id: before a number that two programmes have."""
    sheet_name: str = ""
    """File name of the answer form that goes with it; empty: none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAnswer:
    """One answer as it was recorded; `was` is what stood there before, where it changed."""

    item: Item
    light: TrafficLight | None
    phase: Phase | None = None
    text: str = ""
    next_step: str = ""
    next_on: date | None = None
    was: TrafficLight | None = None
    is_provisional: bool = False


class AnsweredBy(StrEnum):
    """In what role somebody answered for a party; a mail names roles, never persons."""

    CONTACT = "contact"
    DEPUTY = "deputy"
    COLLEAGUE = "colleague"
    OFFICE = "office"  # written down by the coordinator, or by a command


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingAnswer:
    """One answer as it stands: what counts, when it came and from whom."""

    item: Item
    light: TrafficLight | None
    phase: Phase | None = None
    text: str = ""
    next_step: str = ""
    next_on: date | None = None
    on: date
    by: AnsweredBy
    is_provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingSection:
    """How things stand for one party: what is recorded, what it still owes, and by when."""

    party: Localised
    due_on: date
    closes_on: date
    request_on: date | None = None
    """When the party will be asked, where that is still to come."""
    answered: tuple[StandingAnswer, ...] = ()
    missing: tuple[ActionView, ...] = ()
    open_contributions: tuple[ActionView, ...] = ()
    """What it may add to and has not; never owed."""
    working_days_left: int = 0
    working_days_late: int = 0
    is_extended: bool = False
    is_closed: bool = False

    @property
    def owed(self) -> int:
        """How many answers the party owes, or has owed and given."""
        return len(self.missing) + sum(not answer.item.is_contribution for answer in self.answered)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingView:
    """The answer to a question how things stand."""

    heading: Heading
    sections: tuple[StandingSection, ...]
    their_subject: str = ""

    @property
    def answered(self) -> tuple[StandingAnswer, ...]:
        """All that is recorded."""
        return tuple(answer for section in self.sections for answer in section.answered)

    @property
    def missing(self) -> tuple[ActionView, ...]:
        """All that is owed."""
        return tuple(action for section in self.sections for action in section.missing)

    @property
    def owed(self) -> int:
        """How many answers are or were owed."""
        return sum(section.owed for section in self.sections)


class AcknowledgementTone(StrEnum):
    """Which story an acknowledgement tells."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NOTHING_UNDERSTOOD = "nothing_understood"
    LATE = "late"  # the round is closed; kept as late
    ATTACHMENT = "attachment"  # nothing but a document, which a person reads
    REQUESTED = "requested"  # no answer, but it asks for something that a person decides about
    TOO_LARGE = "too_large"  # only its beginning was fetched; a person looks at it


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementView:
    """What was understood of a reply, action by action, and what is still missing."""

    heading: Heading
    tone: AcknowledgementTone
    party_names: tuple[Localised, ...]
    recorded: tuple[RecordedAnswer, ...] = ()
    ask_back: tuple[AskBack, ...] = ()
    missing: tuple[ActionView, ...] = ()
    due_on: date | None = None
    their_subject: str = ""
    """Subject of the mail that is answered; the acknowledgement keeps to its thread."""
    sender_trust: Trust = Trust.LISTED
    is_for_the_party: bool = False
    """Goes to the listed contact because somebody else of the same domain answered for the party."""
    answered_by: str = ""
    note: str = ""
    """Words of the sender that belong to no action; kept, and said so."""
    stands: tuple[StandingAnswer, ...] = ()
    """What stood there before, where the sender also asks how things stand."""
    has_request: bool = False
    """Whether it asks for something that the coordinator decides about."""
    documents: tuple[str, ...] = ()
    """Names of attached files that a person reads; an empty name is a file without one."""
    is_judgement: bool = False
    """The sub-committee has given its own lights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRow:
    """One party in the digest's table."""

    party: Localised
    standing: ReportStanding
    missing_numbers: tuple[str, ...]
    asked_count: int
    due_on: date
    working_days_late: int = 0
    last_mail_kind: MailKind | None = None
    last_mail_on: date | None = None
    is_extended: bool = False
    was_late_before: bool | None = None
    """Whether it got a reminder after the due date in an earlier round; None where no earlier round was followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestProblem:
    """Something that needs a person: held, not understood, bounced, failed, unknown, quarantined, no contact."""

    kind: str
    what: str
    """The party's name or, for a mail of nobody we know, its subject."""
    on: date | None = None
    detail: str = ""
    reason: str = ""
    """The name of the rule that held it, where the templates know its sentence; else `detail` is shown."""
    excerpt: str = ""
    """The beginning of what was attached to it."""
    until: date | None = None
    """Of a request for more time: until when. Of feedback: by when it is to be answered."""
    address: str = ""
    """Of a request that names somebody."""
    reference: str = ""
    """`inbox 12` or `outbox abcd…`, as the CLI takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpcomingMail:
    """What goes out next, counted."""

    on: date
    kind: MailKind
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LightCount:
    """How many actions have which light in one round, for the digest's comparison with earlier rounds."""

    round_name: Localised
    green: int = 0
    yellow: int = 0
    red: int = 0
    other: int = 0
    """Answered by a phase alone."""
    awaited: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReminder:
    """One mail that waits for somebody's return."""

    kind: MailKind
    planned_on: date
    on: date
    gives_way: bool = False
    """It is left out, and the last call goes out on its day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsentContact:
    """Who of a party is away, as an automatic reply said, and what follows."""

    party: Localised
    who: str
    last_day: date | None
    """None where the reply names no day."""
    waits: tuple[WaitingReminder, ...] = ()
    substitutes: tuple[Substitute, ...] = ()
    """Whom the reply names and nobody has listed yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One action to which the lead and a contributor give different lights."""

    item: Item
    lead: Localised
    light: TrafficLight
    other: Localised
    other_light: TrafficLight
    text: str = ""
    """The contributor's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpublishedText:
    """Words of a party that wait for the coordinator to let them be published."""

    number: str
    party: Localised
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedOtherwise:
    """An action to which the sub-committee gave another light than its party."""

    number: str
    title: str
    party: Localised
    light: TrafficLight
    judged: TrafficLight
    text: str = ""
    spread: tuple[tuple[TrafficLight, int], ...] = ()
    """How many members gave each light, where several did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """The overdue digest to the coordinator."""

    heading: Heading
    as_of: datetime
    rows: tuple[DigestRow, ...]
    """All parties of the round, worst first."""
    problems: tuple[DigestProblem, ...] = ()
    upcoming: tuple[UpcomingMail, ...] = ()
    lights: tuple[LightCount, ...] = ()
    """This round first, then earlier ones."""
    oldest_due_on: date | None = None
    warnings: tuple[str, ...] = ()
    """What is red: a broken configuration, a relay that refuses us, a poll that failed for long."""
    opening: str = ""
    """Why this reader gets it, where that is not plain."""
    notes: tuple[str, ...] = ()
    """What is good to know and asks for nothing: at the end."""
    approvals: tuple[WaitingApproval, ...] = ()
    """What waits for the coordinator's word."""
    expired: tuple[tuple[StepKind, int], ...] = ()
    """What has waited for it past its date since the last week, counted by kind."""
    absent: tuple[AbsentContact, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    judged: tuple[JudgedOtherwise, ...] = ()
    """Where the sub-committee sees it differently than the party; good to know, and nothing to be decided."""
    unpublished: tuple[UnpublishedText, ...] = ()
    """Those that are shown."""
    unpublished_more: int = 0
    """How many more wait."""
    is_short: bool = False
    """An all-clear: the sentence about the round and what goes out next, no more."""

    @property
    def is_clear(self) -> bool:
        """Nobody is late, nothing went wrong on the way, nothing is to be decided, and nothing is to be known."""
        told = (self.problems, self.warnings, self.notes, self.approvals, self.expired, self.absent, self.disagreements, self.unpublished)
        troubled = {ReportStanding.BOUNCED, ReportStanding.NOT_UNDERSTOOD}
        return not any(told) and not any(row.working_days_late or row.standing in troubled for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """To the admin: what is wrong, since when, what it means for the mails, what to do, the command."""

    heading: Heading
    what: str
    since: datetime
    means: str
    to_do: str
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMail:
    """A mail of ours as another one shows it, with its links dead and its token left out, so that nobody can answer it from there."""

    kind: MailKind
    language: Language
    recipient: str
    """The name of the person that it goes to."""
    parties: tuple[Localised, ...]
    subject: str
    text: tuple[str, ...]
    html: str
    spans: tuple[Span, ...]
    files: tuple[str, ...] = ()
    """Names of what is attached to it."""
    is_above: bool = False
    """Goes to somebody above the party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """To the coordinator: the mails of one kind of a round that wait for a word, one of each sort in full."""

    heading: Heading
    kind: StepKind
    count: int
    """How many mails wait."""
    parties: tuple[Localised, ...]
    """For whom they are."""
    leaves_at: datetime
    """When they leave if they are approved now; local time."""
    expires_at: datetime
    """When the first of them is too late; local time."""
    samples: tuple[ShownMail, ...]
    lets_later_go: bool
    """Whether later mails of this kind then leave without being asked for."""
    is_changed: bool = False
    """They were approved once, and what they say has changed since."""
    command: str = ""


class DecidedTone(StrEnum):
    """What came of the coordinator's word."""

    APPROVED = "approved"
    REJECTED = "rejected"
    UNCLEAR = "unclear"
    NOTHING_WAITS = "nothing_waits"  # approved, expired or withdrawn before
    RECEIVED = "received"  # an answer to the test mail
    CONFIRMED = "confirmed"  # a list of contacts
    NOTED = "noted"  # words about a list of contacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEdit:
    """One change of contacts.yaml that a correction by mail asks for."""

    party: Localised
    entry: str
    """The id of the contact whose address changes; empty: the party needs a first contact."""
    address: str
    was: str = ""
    shared_with: tuple[Localised, ...] = ()
    """Other parties that the same contact stands for."""
    others: tuple[str, ...] = ()
    """Ids of further contacts of the party, one of which may be meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedView:
    """The answer to the coordinator's word."""

    heading: Heading
    tone: DecidedTone
    kind: StepKind | None = None
    count: int = 0
    leaves_at: datetime | None = None
    """When the first of the approved mails leaves; local time."""
    their_subject: str = ""
    command: str = ""
    note: str = ""
    edits: tuple[ContactEdit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    """The test mail before `arm`: that it is one, and what the coordinator does with it."""

    heading: Heading
    is_copy: bool = False
    """Goes to our own mailbox, where only the program reads it."""
    first: UpcomingMail | None = None
    """The first mails to parties."""
    is_shown_first: bool = False
    """The coordinator sees and approves these before they leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingApproval:
    """A kind of mails that waits for the coordinator's word, in the digest."""

    kind: StepKind
    count: int
    since: date
    is_stopped: bool = False
    """The coordinator has said no."""
    command: str = ""
