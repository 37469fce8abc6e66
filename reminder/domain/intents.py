"""What the planner wants done: the year as planned steps, and what is due as intents with idempotency keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from reminder.domain.absences import Absence
from reminder.domain.programme import Language
from reminder.domain.rounds import Extension, StepKey
from reminder.domain.workdays import DatedReason


class SkipReason(StrEnum):
    """Why a step became no mail; recorded once and shown in `plan` and `status`."""

    COLLAPSED = "collapsed"  # missed in an outage; a newer step of the same duty was sent instead
    COMPLETE = "complete"  # the party has reported everything
    EXPIRED = "expired"  # its time had passed before it could be sent
    BEFORE_ARM = "before_arm"  # was already due when the service was armed
    ENOUGH = "enough"  # the cap on mails of one duty is reached; the coordinator takes over
    WARNED_ALONE = "warned_alone"  # late for the first time: the party is warned before anybody else hears of it
    TOLD = "told"  # who stands above the party was told of this deadline already
    ALL_CLEAR = "all_clear"  # a digest with nothing to say, which by the settings is not sent
    CLOSED = "closed"  # the coordinator has closed the round


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom a step is addressed to. `person` is the pseudonymous id (the contact's id where there is no database)."""

    person: str
    address: str
    name: str
    language: Language
    is_above: bool = False
    """Told of a party that others answer for: its manager, or a deputy that an escalation names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One step of the year for one party: when it may leave, when it is stale, and why that date."""

    key: StepKey
    not_before: datetime
    expires_at: datetime
    why: DatedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDeadline:
    """When a party's report is due in a round, with the reason and the version (0 until extended)."""

    programme: str
    round: str
    party: str
    due_on: date
    closes_on: date
    version: int
    why: DatedReason
    extension: Extension | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyStanding:
    """What is known of a party's report in a round. Actions by id."""

    asked: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    has_replied: bool = False

    @property
    def is_complete(self) -> bool:
        """Nothing more is owed."""
        return not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanState:
    """What deciding needs to know beside the configuration and the time."""

    settled: frozenset[str] = frozenset()
    """Dedupe keys of steps that ended as a message or a skip."""
    standings: Mapping[tuple[str, str, str], PartyStanding] = field(default_factory=dict)
    """By (programme, round, party)."""
    extensions: tuple[Extension, ...] = ()
    waived: frozenset[tuple[str, str, str]] = frozenset()
    """(programme, round, action) that the coordinator has waived."""
    mailed_on: Mapping[str, date] = field(default_factory=dict)
    """Local day of the newest schedule mail to a person."""
    persons: Mapping[str, str] = field(default_factory=dict)
    """Address, lower case, to pseudonymous id."""
    late_before: frozenset[tuple[str, str, str]] = frozenset()
    """(programme, round, party) of those that were late in an earlier round, and so are not warned alone first."""
    warned_on: Mapping[tuple[str, str, str, int], date] = field(default_factory=dict)
    """Local day on which a party itself was warned, by programme, round, party and version of the deadline."""
    told_above: frozenset[tuple[str, str, str, int, str]] = frozenset()
    """The same with the person above the party who has been told."""
    closed: frozenset[tuple[str, str]] = frozenset()
    """(programme, round) that the coordinator has closed."""
    away: Mapping[str, Absence] = field(default_factory=dict)
    """Who is away, by person; `plan.absences` is the one place that reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendIntent:
    """One mail that is due: the steps that it carries, most urgent and newest first, of whatever programmes and rounds."""

    recipient: Recipient
    steps: tuple[PlannedStep, ...]

    @property
    def head(self) -> PlannedStep:
        """The step that names the mail; the others may be of other rounds and programmes."""
        return self.steps[0]

    @property
    def keys(self) -> tuple[str, ...]:
        """The idempotency keys that are settled with the mail."""
        return tuple(step.key.for_recipient(self.recipient.person) for step in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipIntent:
    """One step that ends without a mail, and why."""

    recipient: Recipient
    step: PlannedStep
    reason: SkipReason

    @property
    def key(self) -> str:
        """The idempotency key that is settled."""
        return self.step.key.for_recipient(self.recipient.person)


Intent = SendIntent | SkipIntent
