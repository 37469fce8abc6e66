"""What is due for somebody who is away waits until they are back: one place where a step leaves later for one recipient.

Only reminders before the deadline wait: the notice, the request and the last call go out as planned, and so does everything
once the duty is late, since lateness is told upwards too. A reminder never waits beyond its use: at the longest until the last
call, into which it then collapses, or where there is none until the last working day before the deadline. So an absence, a
mistaken date included, makes fewer mails and never silence. Others of the same party are mailed as usual.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from reminder.domain.absences import Absence
from reminder.domain.intents import PlannedStep, PlanState
from reminder.domain.rounds import StepKey, StepKind
from reminder.domain.setup import Setup
from reminder.plan.dates import instant_on
from reminder.plan.known import Due, Known

WAITS = frozenset({StepKind.REMINDER})
_A_MOMENT = timedelta(microseconds=1)

Ladder = tuple[str, str, str, int]
"""Programme, round, party and version of the deadline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """When steps leave for those who are away. Works out nothing where nobody is."""

    setup: Setup
    away: Mapping[str, Absence]
    last_calls: Mapping[Ladder, datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, setup: Setup, state: PlanState, timeline: Sequence[PlannedStep]) -> Moves:
        """The moves of one pass."""
        if not state.away:
            return cls(setup=setup, away={})
        calls = {_ladder(step.key): step.not_before for step in timeline if step.key.step is StepKind.LAST_CALL}
        return cls(setup=setup, away=state.away, last_calls=calls)

    def find(self, step: PlannedStep, person: str) -> Absence | None:
        """The absence for which the step waits; None where it leaves as planned."""
        absence = self.away.get(person)
        return absence if absence is not None and self.leaves_at(step, person) > step.not_before else None

    def leaves_at(self, step: PlannedStep, person: str) -> datetime:
        """When the step is due for this person: as planned, or at the same time on the first working day that they are back."""
        absence = self.away.get(person)
        if absence is None or absence.back_on is None or step.key.step not in WAITS:
            return step.not_before
        back = self._on(step, self.setup.calendar.next_working_day(absence.back_on).on)
        return max(step.not_before, min(back, self._latest(step)))

    def gives_way(self, step: PlannedStep, person: str) -> bool:
        """Whether the step waits so long that the last call is sent instead of it."""
        call = self.last_calls.get(_ladder(step.key))
        return call is not None and step.not_before < call == self.leaves_at(step, person)

    def find_waiting(self, known: Known, steps: Sequence[PlannedStep], now: datetime) -> list[tuple[Due, datetime]]:
        """What of these steps waits at `now` for somebody's return, with the instant at which it becomes due."""
        away = (due for step in steps if self.away and step.key.step in WAITS for due in known.open_dues(step))
        return [(due, at) for due in away if due.step.not_before <= now < (at := self.leaves_at(due.step, due.recipient.person))]

    def _latest(self, step: PlannedStep) -> datetime:
        if (call := self.last_calls.get(_ladder(step.key))) is not None:
            return call
        calendar = self.setup.calendar
        last_day = calendar.local_day(step.expires_at - _A_MOMENT)
        return self._on(step, calendar.next_working_day(last_day, step=-1).on)

    def _on(self, step: PlannedStep, day: date) -> datetime:
        calendar = self.setup.calendar
        return instant_on(calendar, day, step.not_before.astimezone(calendar.zone).time())


def _ladder(key: StepKey) -> Ladder:
    return (key.programme, key.round, key.party, key.deadline_version)
