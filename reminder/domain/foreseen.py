"""What is foreseen: the mails to come if nobody answers, and what an edit of the files changes about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from reminder.domain.intents import PlannedStep, Recipient
from reminder.domain.programme import Localised
from reminder.domain.rounds import StepKey, StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenMail:
    """One mail to come: to whom, when it leaves, and the steps that it carries, most urgent first."""

    recipient: Recipient
    leaves_at: datetime
    steps: tuple[PlannedStep, ...]
    asks: frozenset[tuple[str, str]] = frozenset()
    """(party, printed number of the action) that it asks for; empty for a digest."""
    is_due_already: bool = False
    """Its time had come when the forecast was made: it leaves as soon as mails may leave."""

    @property
    def head(self) -> PlannedStep:
        """The step that names the mail."""
        return self.steps[0]

    @property
    def kind(self) -> StepKind:
        """The kind of the mail."""
        return self.head.key.step

    @property
    def place(self) -> tuple[str, str]:
        """Programme and round."""
        return (self.head.key.programme, self.head.key.round)

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties that it is for, in the order of the steps; none for a digest."""
        return tuple(dict.fromkeys(step.key.party for step in self.steps if step.key.party))


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledStep:
    """A step that has ended for one person: as a mail, or as a skip with its reason."""

    key: StepKey
    person: str
    at: datetime
    is_mail: bool
    reason: str = ""
    state: str = ""
    """State of the mail in the outbox; empty for a skip."""

    @property
    def dedupe_key(self) -> str:
        """The key under which it is settled."""
        return self.key.for_recipient(self.person)


class ChangeKind(StrEnum):
    """What an edit does to a mail to come."""

    MOVED = "moved"
    CANCELLED = "cancelled"
    ADDED = "added"
    REDIRECTED = "redirected"  # to another address, on the same day or another
    REWORDED = "reworded"  # it asks for other actions than before


class CauseKind(StrEnum):
    """Why a mail moves, comes or goes."""

    ANCHOR = "anchor"  # `name` was on `was`, is on `now`
    RULE = "rule"  # the schedule's own words for this date were changed
    CLOSED_DAYS = "closed_days"  # `days` are closed now, or no longer
    HOURS = "hours"  # the sending window, or the hour of the digest
    EXTENSION = "extension"
    ROUND = "round"  # the round is new, or gone from the files
    PARTY = "party"  # the round asks the party, or no longer does
    CONTACT = "contact"  # the person reads for the party, or no longer does
    STEP = "step"  # the schedule has the step, or no longer does
    CLOSES = "closes"  # the round closes on `now`, it was `was`
    ACTIONS = "actions"
    NEW_ACTIONS = "new_actions"  # the party has got actions in mid-round, and is asked once more
    ORDER = "order"  # follows from the other mails: one a day, the newest of several, the limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The one reason that a person would name first."""

    kind: CauseKind
    name: Localised | None = None
    was: date | None = None
    now: date | None = None
    days: tuple[tuple[date, Localised | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChange:
    """One mail to come that an edit changes. `before` is None for a new one, `after` for a cancelled one."""

    kind: ChangeKind
    cause: Cause
    before: ForeseenMail | None = None
    after: ForeseenMail | None = None

    @property
    def mail(self) -> ForeseenMail:
        """The mail as it will be, or as it would have been."""
        mail = self.after or self.before
        assert mail is not None
        return mail

    @property
    def comes_at_once(self) -> bool:
        """Whether it leaves as soon as mails may leave, and only because of the edit."""
        return self.after is not None and self.after.is_due_already and not (self.before and self.before.is_due_already)


class EffectKind(StrEnum):
    """How an edit touches a mail that has gone already."""

    DATE = "date"  # sent on `sent_on`; by the new files it would be on `now`. It is not sent again
    GONE = "gone"  # the new files have no such mail
    DEADLINE = "deadline"  # the party was told the deadline `was`, and it is `now`
    ASKS_MORE = "asks_more"  # actions that the request did not name
    ASKS_LESS = "asks_less"  # actions that it named and that are asked no longer


@dataclass(frozen=True, slots=True, kw_only=True)
class SentEffect:
    """What has gone out to one party and no longer agrees with the files."""

    kind: EffectKind
    step: StepKind
    programme: str
    round: str
    party: str
    sent_on: date
    was: date | None = None
    now: date | None = None
    actions: tuple[str, ...] = ()
    """Printed numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDifference:
    """What an edit of the files changes: the mails to come, and what has gone already and no longer agrees."""

    changes: tuple[MailChange, ...] = ()
    effects: tuple[SentEffect, ...] = ()
    is_armed: bool = True
    sent: int = 0
    """How many mails have gone out already."""
    names: dict[str, Localised] = field(default_factory=dict)
    """Names of the parties by id, of both sets of files."""
    has_several_rounds: bool = False

    def count(self, kind: ChangeKind) -> int:
        """How many mails change in this way."""
        return sum(change.kind is kind for change in self.changes)

    @property
    def at_once(self) -> tuple[MailChange, ...]:
        """The mails that would leave at once."""
        return tuple(change for change in self.changes if change.comes_at_once)
