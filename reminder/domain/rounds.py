"""Reporting round, its schedule as written, deadlines and extensions: when reports are open, due and overdue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum

from reminder.domain.assessments import Phase
from reminder.domain.hearings import Meeting
from reminder.domain.programme import Action, Localised, Programme
from reminder.domain.surveys import Survey
from reminder.domain.workdays import DeadlineRule, Unit


class StepKind(StrEnum):
    """An element of the schedule. The order is the order of urgency."""

    CONTACTS = "contacts"
    NOTICE = "notice"
    REQUEST = "request"
    REMINDER = "reminder"
    LAST_CALL = "last_call"
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    DIGEST = "digest"
    REPORT = "report"

    @property
    def urgency(self) -> int:
        """Higher is more urgent; of several due at once the most urgent names the mail."""
        return tuple(StepKind).index(self)

    @property
    def is_for_coordinator(self) -> bool:
        """Whether it goes to the coordinators and is for no party: no demand, so that it never takes the place of one."""
        return self in {StepKind.CONTACTS, StepKind.DIGEST, StepKind.REPORT}


class RoundKind(StrEnum):
    """What a round asks for."""

    REPORT = "report"
    SURVEY = "survey"


class ApprovalPolicy(StrEnum):
    """Which mails of a round the coordinator sees and approves before they leave."""

    FIRST = "first"  # the first notice, request, reminder and escalation; once approved, the others of that kind leave by themselves
    ALL = "all"  # every mail to a party, each time
    NONE = "none"

    def asks_for(self, kind: StepKind) -> bool:
        """Whether mails of this kind need an approval; what goes to the coordinator itself never does."""
        if self is ApprovalPolicy.FIRST:
            return kind in _FIRST_APPROVED
        return self is ApprovalPolicy.ALL and not kind.is_for_coordinator


_FIRST_APPROVED = frozenset({StepKind.NOTICE, StepKind.REQUEST, StepKind.REMINDER, StepKind.ESCALATION})


class EscalationTarget(StrEnum):
    """Whom an escalation names beside the party's own contacts."""

    MANAGER = "manager"
    DEPUTIES = "deputies"


DEFAULT_GRACE = 5
"""Working days between the two steps of an escalation."""
ROUND_DUE = "round due"
"""Base of a party's own `due` that hangs on the deadline of the round; the blank keeps it from being an anchor's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """`second monday after …`, `2 weeks before council on or after …`: a weekday or a date of an anchor near the day before it.

    `turn` counts: 1 is the first after, -2 the second before. With `includes_day` the day itself counts as the first.
    `amount` and `unit` are an offset from the picked day.
    """

    turn: int
    weekday: int | None = None
    """0 is Monday; None where an anchor is picked."""
    anchor: str = ""
    includes_day: bool = False
    amount: int = 0
    unit: Unit = Unit.DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRule:
    """A date as written: `due - 5 working days`. `base` is an anchor, `due`, `request`, `notice` or an ISO date.

    The date is that of the base with the offset, then each pick in turn. `at` is a local time of day of its own; None
    means when the sending window opens.
    """

    base: str
    amount: int = 0
    unit: Unit = Unit.DAYS
    picks: tuple[Pick, ...] = ()
    at: time | None = None
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
    until: DateRule | None = None
    """The last day of the digests; None: until all is in or the round closes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationRule:
    """`escalate: due + 10 working days`: when lateness is told beyond the party, and to whom.

    The step of ordinal 0 is on `at`, the step of ordinal 1 `grace` working days later. Who is late for the first time is
    warned alone by ordinal 0, and the others are named by ordinal 1; for who was late before, ordinal 0 names them.
    """

    at: DateRule
    to: tuple[EscalationTarget, ...] = (EscalationTarget.MANAGER,)
    grace: int = DEFAULT_GRACE


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSchedule:
    """The steps of a round as written in schedule.yaml."""

    request: DateRule
    due: DateRule
    closes: DateRule
    contacts: DateRule | None = None
    """When the coordinator gets the list of contacts to confirm; the files say two weeks before the first mail where they say nothing."""
    notice: DateRule | None = None
    reminders: tuple[DateRule, ...] = ()
    last_call: DateRule | None = None
    overdue: tuple[DateRule, ...] = ()
    overdue_repeat: Repeat | None = None
    escalation: EscalationRule | None = None
    digest: DigestRule | None = None
    report: DateRule | None = None
    """When the coordinator gets the report for the executive; None: not by mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A date of the city's year that steps hang on, such as the date of the financial statements."""

    id: str
    name: Localised
    on: date
    """Its date in the round's year; the first where it has several, as meetings have."""
    is_planned: bool = False
    """The date is planned and not yet confirmed; shown with every date that hangs on it."""
    dates: tuple[date, ...] = ()
    """All its dates of all years, earliest first: what `first council after due` picks from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which actions a round asks for beside their years. What is empty does not restrict; all that is given must hold."""

    focus_areas: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    """Printed numbers; one that ends in `*` stands for all that begin so."""
    phases: frozenset[Phase] = frozenset()
    """Phases as programme.yaml states them; an action without one has none of them."""

    @property
    def is_empty(self) -> bool:
        """Whether it restricts nothing."""
        return not (self.focus_areas or self.numbers or self.phases)

    def takes(self, action: Action) -> bool:
        """Whether an action is among those selected."""
        return (
            (not self.focus_areas or action.focus_area in self.focus_areas)
            and (not self.numbers or any(_has_number(action, number) for number in self.numbers))
            and (not self.phases or action.phase in self.phases)
        )


def _has_number(action: Action, written: str) -> bool:
    return action.number.startswith(written[:-1]) if written.endswith("*") else action.number == written


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingWindow:
    """When schedule mails may leave: local time, on working days only."""

    opens: time = time(8, 0)
    closes: time = time(16, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnView:
    """When the sub-committee hears of the parties' lights, and when it is asked for its own: `sub_committee` of a round."""

    inform_on: date | None
    """The first day of the mail before the meeting; None: there is none."""
    ask_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingRound:
    """One round of reporting on a programme: which actions it asks for, and when. Without years it asks whatever the year."""

    id: str
    programme: str
    name: Localised
    years: frozenset[int]
    schedule: RoundSchedule
    anchors: Mapping[str, Anchor]
    deadline_rule: DeadlineRule = DeadlineRule.FI_150_1930
    window: SendingWindow = field(default_factory=SendingWindow)
    kind: RoundKind = RoundKind.REPORT
    selection: Selection = field(default_factory=Selection)
    members: tuple[str, ...] = ()
    """The parties whose contacts a survey asks; empty for a round of reports."""
    overrides: Mapping[str, RoundSchedule] = field(default_factory=dict)
    """The whole schedule of each party that has one of its own."""
    approve: ApprovalPolicy = ApprovalPolicy.NONE
    """Which mails wait for the coordinator's approval; the files say `first` where they say nothing."""
    general: RoundSchedule | None = None
    """The schedule of the round, where `schedule` is that of one party."""
    meetings: tuple[Meeting, ...] = ()
    """The hearings and the seminar; at most one of each kind."""
    survey: Survey | None = None
    """What a survey asks; None for a round of reports, and for a survey of which only the dates are known."""
    own_view: OwnView | None = None
    """None: the sub-committee gives no light of its own in this round."""

    def for_party(self, party: str) -> ReportingRound:
        """The round as this party sees it: with its own schedule, where it has one."""
        own = self.overrides.get(party)
        return self if own is None else replace(self, schedule=own, general=self.general or self.schedule, overrides={})

    def asks_for(self, action: Action) -> bool:
        """Whether the round asks for this action: one of its years is a year of the round, and the selection takes it."""
        if self.kind is RoundKind.SURVEY or not (self.years or not self.selection.is_empty):
            return False
        return (not self.years or bool(action.years & self.years)) and self.selection.takes(action)

    def actions_of(self, programme: Programme, party: str) -> tuple[Action, ...]:
        """The actions that `party` leads and this round asks for, in the order of the programme."""
        return tuple(action for action in programme.led_by(party) if self.asks_for(action))

    def contributions_of(self, programme: Programme, party: str) -> tuple[Action, ...]:
        """The actions of this round to which `party` contributes without leading them."""
        return tuple(action for action in programme.contributed_by(party) if self.asks_for(action))


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
