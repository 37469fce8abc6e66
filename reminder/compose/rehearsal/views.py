"""What the page of a rehearsal needs to know, complete in itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from reminder.domain.programme import Localised
from reminder.domain.rounds import StepKind
from reminder.domain.workdays import DatedReason


class Character(StrEnum):
    """How a simulated party answers."""

    EARLY = "early"  # everything, in the first days
    TIMELY = "timely"  # everything, before the deadline
    LATE = "late"  # everything, after the deadline
    PART = "part"  # a part in time, the rest after the next reminder
    NEVER = "never"
    WRONG = "wrong"  # at first in a way that nobody can record, and rightly when asked back
    AWAY = "away"  # an automatic note first, and everything after the return


class SignKind(StrEnum):
    """What a mark of the time line stands for: mails that were sent, then mails that came in."""

    CONTACTS = "contacts"
    NOTICE = "notice"
    REQUEST = "request"
    REMINDER = "reminder"
    LAST_CALL = "last_call"
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    DIGEST = "digest"
    ACKNOWLEDGEMENT = "acknowledgement"
    QUESTION = "question"
    PREVIEW = "preview"
    ALERT = "alert"
    ANSWER = "answer"  # everything that was still owed
    PART = "part"
    UNCLEAR = "unclear"
    AUTOMATIC = "automatic"
    APPROVAL = "approval"

    @property
    def is_incoming(self) -> bool:
        """Whether it came to us."""
        return self in _INCOMING


_INCOMING = frozenset({SignKind.ANSWER, SignKind.PART, SignKind.UNCLEAR, SignKind.AUTOMATIC, SignKind.APPROVAL})


class Cause(StrEnum):
    """Why a mail went on that day, where it is no date of the schedule."""

    REPLY = "reply"  # answers a mail that came in
    ASKS_FIRST = "asks_first"  # the coordinator is asked before the first mails of a kind leave
    TROUBLE = "trouble"  # something is wrong that a person must know
    CHARACTER = "character"  # so this party answers
    RECEIVED = "received"  # a machine answers at once
    APPROVES = "approves"  # the coordinator says yes to what was shown


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedMail:
    """One mail that went by. Instants are local."""

    number: int
    at: datetime
    kind: SignKind
    sender: str
    recipient: str
    subject: str
    name: str
    """File name of its page without the ending."""
    text: str
    parties: tuple[tuple[str, str], ...] = ()
    """(programme, party) that it is about; empty: the coordinator's."""
    why: DatedReason | None = None
    cause: Cause | None = None
    because: str = ""
    """The subject of the mail that it answers, where the cause is a reply."""
    step: StepKind | None = None
    ordinal: int = 0
    waited: bool = False
    """It left later than planned, since the coordinator was asked first."""

    @property
    def on(self) -> date:
        """The local day."""
        return self.at.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedDeadline:
    """When a party's report was due in a round, when the round closes, and what came of it."""

    round_name: Localised
    due_on: date
    closes_on: date
    asked: int
    answered: int
    """Actions that were answered at the end."""
    first_on: date | None = None
    """Local day of the first answer."""
    complete_on: date | None = None
    """Local day on which the last missing answer came; None where something is missing."""

    @property
    def is_late(self) -> bool:
        """Whether the last answer came after the deadline."""
        return self.complete_on is not None and self.complete_on > self.due_on


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedParty:
    """One row of the time line."""

    programme: str
    id: str
    name: Localised
    character: Character | None
    """None for one that only contributes and so owes nothing."""
    addresses: tuple[str, ...] = ()
    deadlines: tuple[RehearsedDeadline, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """By this its mails are found."""
        return (self.programme, self.id)

    @property
    def page(self) -> str:
        """File name of its own page."""
        return f"{self.programme}-{self.id}.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalView:
    """Everything that the page shows."""

    title: Localised
    office: Localised
    first: date
    last: date
    seed: int
    shares: str
    rounds: tuple[Localised, ...]
    parties: tuple[RehearsedParty, ...]
    mails: tuple[RehearsedMail, ...]
    coordinators: tuple[str, ...] = ()
    closed: Mapping[date, Localised] = field(default_factory=dict)
    quiet: Mapping[date, Localised] = field(default_factory=dict)
    differences: tuple[str, ...] = ()
    """Where the database and what the parties said differ."""
    troubles: tuple[str, ...] = ()
    """What the service could not do, such as a mail that could not be written."""
    is_cut_short: bool = False
    reached: date
    """The last day that was played."""
    has_site: bool = False

    @property
    def days(self) -> int:
        """Days from the first to the last, both counted."""
        return (self.last - self.first).days + 1

    def day(self, index: int) -> date:
        """A day by its place."""
        return self.first + timedelta(days=index)

    def is_open(self, day: date) -> bool:
        """Whether offices are open."""
        return day.weekday() < 5 and day not in self.closed

    def mails_of(self, key: tuple[str, str] | None) -> tuple[RehearsedMail, ...]:
        """The mails of a party; with None those that are nobody's, which are the coordinator's."""
        return tuple(mail for mail in self.mails if (key in mail.parties if key is not None else not mail.parties))
