"""A year that runs hour by hour: decides, settles what was decided, and remembers each mail. No database, the pure core only."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from reminder.domain.absences import Absence
from reminder.domain.intents import PartyStanding, PlannedStep, PlanState, SendIntent, SkipReason
from reminder.domain.rounds import StepKind
from reminder.domain.setup import Setup
from reminder.plan.deciding import decide
from reminder.plan.timeline import plan_timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One mail of the year."""

    at: datetime
    person: str
    kinds: tuple[StepKind, ...]
    keys: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Year:
    """What has happened so far. Settling a key twice is an error at once (O3)."""

    setup: Setup
    timeline: Sequence[PlannedStep]
    settled: set[str] = field(default_factory=set)
    mails: list[Sent] = field(default_factory=list)
    skips: dict[str, SkipReason] = field(default_factory=dict)
    mailed_on: dict[str, date] = field(default_factory=dict)
    standings: Mapping[tuple[str, str, str], PartyStanding] = field(default_factory=dict)
    away: Mapping[str, Absence] = field(default_factory=dict)
    late_before: frozenset[tuple[str, str, str]] = frozenset()
    warned_on: dict[tuple[str, str, str, int], date] = field(default_factory=dict)
    told_above: set[tuple[str, str, str, int, str]] = field(default_factory=set)

    @classmethod
    def of(cls, setup: Setup) -> Year:
        """A year in which nothing has happened yet."""
        return cls(setup=setup, timeline=plan_timeline(setup))

    def copy(self) -> Year:
        """The same history, to go on from."""
        return Year(
            setup=self.setup,
            timeline=self.timeline,
            settled=set(self.settled),
            mails=list(self.mails),
            skips=dict(self.skips),
            mailed_on=dict(self.mailed_on),
            standings=self.standings,
            away=self.away,
            late_before=self.late_before,
            warned_on=dict(self.warned_on),
            told_above=set(self.told_above),
        )

    def tick(self, now: datetime) -> None:
        """One pass at `now`."""
        state = PlanState(
            settled=frozenset(self.settled),
            mailed_on=self.mailed_on,
            standings=self.standings,
            away=self.away,
            late_before=self.late_before,
            warned_on=self.warned_on,
            told_above=frozenset(self.told_above),
        )
        for intent in decide(self.setup, self.timeline, state, now):
            if isinstance(intent, SendIntent):
                self._send(intent, now)
            else:
                self._settle((intent.key,))
                self.skips[intent.key] = intent.reason

    def run(self, instants: Iterable[datetime]) -> Year:
        """Passes at these instants."""
        for now in instants:
            self.tick(now)
        return self

    def _send(self, intent: SendIntent, now: datetime) -> None:
        self._settle(intent.keys)
        kinds = tuple(step.key.step for step in intent.steps)
        self.mails.append(Sent(at=now, person=intent.recipient.person, kinds=kinds, keys=intent.keys))
        for key in (step.key for step in intent.steps if step.key.step is StepKind.ESCALATION):
            place = (key.programme, key.round, key.party, key.deadline_version)
            if intent.recipient.is_above:
                self.told_above.add((*place, intent.recipient.person))
            else:
                self.warned_on.setdefault(place, self.setup.calendar.local_day(now))
        if kinds[0] is not StepKind.DIGEST:
            self.mailed_on[intent.recipient.person] = self.setup.calendar.local_day(now)

    def _settle(self, keys: Iterable[str]) -> None:
        for key in keys:
            assert key not in self.settled, f"{key} is settled twice"
            self.settled.add(key)


def hours(start: datetime, end: datetime, *, step: int = 1) -> list[datetime]:
    """Every `step` hours from `start` until before `end`."""
    count = int((end - start) / timedelta(hours=step)) + 1
    return [moment for moment in (start + timedelta(hours=step * index) for index in range(count)) if moment < end]


def after(instants: Sequence[datetime], moment: datetime) -> Sequence[datetime]:
    """The instants later than `moment`."""
    return instants[bisect_right(instants, moment) :]
