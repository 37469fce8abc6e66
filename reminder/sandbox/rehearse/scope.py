"""Which rounds are rehearsed, and from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from reminder.domain.intents import PlannedStep
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.errors import UsageFailure
from reminder.plan.timeline import asked_parties, plan_timeline

ONE_DAY, ONE_YEAR = timedelta(days=1), timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The configuration with the chosen rounds alone, and the time that is played. Instants in UTC."""

    setup: Setup
    start: datetime
    until: datetime
    is_past: bool = False
    """No round lies ahead, so that the last one is rehearsed."""

    @property
    def parties(self) -> tuple[tuple[str, str], ...]:
        """(programme, party) of those that owe an answer in one of the rounds, in the order of the files."""
        found = {
            (one.programme, party): None
            for one in self.setup.rounds
            for party, leads in asked_parties(one, self.setup.programmes[one.programme]).items()
            if leads
        }
        return tuple(found)

    @property
    def first_day(self) -> date:
        """The local day on which it begins."""
        return self.setup.calendar.local_day(self.start)

    @property
    def last_day(self) -> date:
        """The last local day that is played."""
        return self.setup.calendar.local_day(self.until - timedelta(microseconds=1))


def choose_scope(
    setup: Setup, now: datetime, *, rounds: Sequence[ReportingRound] = (), first: date | None = None, last: date | None = None
) -> Scope:
    """The named rounds; without one those that are not over and begin within a year of `now`, else the last that there was.

    It begins the day before the first step and ends the day after the last one, unless `first` and `last` say otherwise.
    Raises UsageFailure where nothing would happen.
    """
    spans = {(one.programme, one.id): _span(setup, one) for one in setup.rounds}
    found = [one for one in setup.rounds if spans[one.programme, one.id]]
    ahead = [one for one in found if _lies_ahead(spans[one.programme, one.id], now)]
    newest = sorted(found, key=lambda one: spans[one.programme, one.id][-1].not_before)[-1:]
    chosen = tuple(rounds) or tuple(ahead) or tuple(newest)
    steps = [step for one in chosen for step in spans[one.programme, one.id]]
    if not steps:
        raise UsageFailure("No round of these files has a step to rehearse.", advice="Look at `reminder plan`.")
    calendar = setup.calendar
    start = calendar.at(first, time.min) if first else min(step.not_before for step in steps) - ONE_DAY
    until = calendar.end_of(last) if last else max(step.expires_at for step in steps) + ONE_DAY
    if until <= start:
        raise UsageFailure("The rehearsal would end before it begins.", advice="Name a later --until or an earlier --from.")
    return Scope(setup=replace(setup, rounds=chosen), start=start, until=until, is_past=not rounds and not ahead)


def _span(setup: Setup, one: ReportingRound) -> tuple[PlannedStep, ...]:
    return plan_timeline(replace(setup, rounds=(one,)))


def _lies_ahead(steps: Sequence[PlannedStep], now: datetime) -> bool:
    return steps[0].not_before < now + ONE_YEAR and max(step.expires_at for step in steps) > now
