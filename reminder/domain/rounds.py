"""Reporting round, its schedule as written, deadlines and extensions: when reports are open, due and overdue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from reminder.domain.programme import Action, Localised, Programme
from reminder.domain.workdays import DeadlineRule, Unit


class StepKind(StrEnum):
    """An element of the schedule. The order is the order of urgency."""

    NOTICE = "notice"
    REQUEST = "request"
    REMINDER = "reminder"
    LAST_CALL = "last_call"
    OVERDUE = "overdue"
    DIGEST = "digest"

    @property
    def urgency(self) -> int:
        """Higher is more urgent; of several due at once the most urgent names the mail."""
        return tuple(StepKind).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRule:
    """A date as written: `due - 5 working days`. `base` is an anchor, `due`, `request` or an ISO date."""

    base: str
    amount: int = 0
    unit: Unit = Unit.DAYS
    written: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """`then every 2 weeks`: goes on after the last dated step until the round closes."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRule:
    """`every monday 08:30 from request until complete`: weekday 0 is Monday; `None` means every working day."""

    weekday: int | None
    at: time
    start: DateRule


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSchedule:
    """The steps of a round as written in schedule.yaml."""

    request: DateRule
    due: DateRule
    closes: DateRule
    notice: DateRule | None = None
    reminders: tuple[DateRule, ...] = ()
    last_call: DateRule | None = None
    overdue: tuple[DateRule, ...] = ()
    overdue_repeat: Repeat | None = None
    digest: DigestRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A date of the city's year that steps hang on, such as the date of the financial statements."""

    id: str
    name: Localised
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingWindow:
    """When schedule mails may leave: local time, on working days only."""

    opens: time = time(8, 0)
    closes: time = time(16, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingRound:
    """One round of reporting on a programme: which years it asks for, and when."""

    id: str
    programme: str
    name: Localised
    years: frozenset[int]
    schedule: RoundSchedule
    anchors: Mapping[str, Anchor]
    deadline_rule: DeadlineRule = DeadlineRule.FI_150_1930
    window: SendingWindow = field(default_factory=SendingWindow)

    def asks_for(self, action: Action) -> bool:
        """Whether the round asks for this action: one of its years is a year of the round."""
        return bool(action.years & self.years)

    def actions_of(self, programme: Programme, party: str) -> tuple[Action, ...]:
        """The actions that `party` leads and this round asks for, in the order of the programme."""
        return tuple(action for action in programme.actions if action.lead == party and self.asks_for(action))

    def contributions_of(self, programme: Programme, party: str) -> tuple[Action, ...]:
        """The actions of this round to which `party` contributes without leading them."""
        return tuple(action for action in programme.actions if party in action.contributors and self.asks_for(action))


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A later deadline for one party, with its reason. Each makes a new deadline version, and so its own reminders."""

    programme: str
    round: str
    party: str
    due_on: date
    because: str
    decided_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepKey:
    """What makes a step unique (DESIGN, decision 1). A recipient is added when it becomes a message or a skip."""

    programme: str
    round: str
    party: str
    step: StepKind
    ordinal: int
    deadline_version: int = 0

    def for_recipient(self, person: str) -> str:
        """The idempotency key of this step for one recipient; never empty, since NULL does not dedupe in SQL."""
        parts = (self.programme, self.round, self.party, self.step.value, str(self.ordinal), f"v{self.deadline_version}", person)
        return "/".join(parts)

    @classmethod
    def read(cls, dedupe_key: str) -> tuple[StepKey, str]:
        """What `for_recipient` wrote: the step and the person. Raises ValueError for a malformed key."""
        parts = dedupe_key.split("/")
        if len(parts) != 7 or not parts[5].startswith("v"):
            raise ValueError(f"not a step key: {dedupe_key!r}")
        programme, round_id, party, kind, ordinal, version, person = parts
        step = cls(
            programme=programme,
            round=round_id,
            party=party,
            step=StepKind(kind),
            ordinal=int(ordinal),
            deadline_version=int(version[1:]),
        )
        return step, person
