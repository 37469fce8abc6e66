"""Where the steps of a round fall, as far as `check` must know: plain dates, before sending windows and bundling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reminder.configuration.rules import DUE, REQUEST
from reminder.domain.rounds import Anchor, DateRule, RoundSchedule
from reminder.domain.workdays import Calendar, DatedReason, DeadlineRule


class CircularRule(ValueError):
    """`request` and `due` hang on each other or on themselves."""


@dataclass(frozen=True, slots=True)
class RoundDates:
    """Computes dates of one round. `due` includes the move of a closed day; raises ValueError where there is no date."""

    schedule: RoundSchedule
    anchors: Mapping[str, Anchor]
    calendar: Calendar
    deadline_rule: DeadlineRule

    def written(self, rule: DateRule, *, passed: frozenset[str] = frozenset()) -> date:
        """The date of a rule as written."""
        return self.calendar.add(self._base(rule.base, passed), rule.amount, rule.unit).on

    def due(self, *, passed: frozenset[str] = frozenset()) -> DatedReason:
        """The deadline."""
        return self.calendar.settle(self.written(self.schedule.due, passed=passed), self.deadline_rule)

    def _base(self, base: str, passed: frozenset[str]) -> date:
        if base in passed:
            raise CircularRule(base)
        if base == DUE:
            return self.due(passed=passed | {DUE}).on
        if base == REQUEST:
            return self.written(self.schedule.request, passed=passed | {REQUEST})
        anchor = self.anchors.get(base)
        return date.fromisoformat(base) if anchor is None else anchor.on
