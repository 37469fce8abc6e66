"""What templates ask of a view: counts, earliest and latest dates; computed once, so that templates only speak."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reminder.compose.views import ActionView, DigestRow, DigestView, ReportStanding, ScheduleMailView
from reminder.domain.workdays import DatedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleFacts:
    """A schedule mail in numbers, over all its sections."""

    asked: int
    """Actions that the reader's parties lead."""
    contributions: int
    answered: int
    due_on: date
    """The earliest deadline of those that still have something to answer."""
    closes_on: date
    request_on: date | None
    is_due_today: bool
    is_due_tomorrow: bool
    working_days_left: int
    working_days_late: int
    is_extended: bool
    led: tuple[ActionView, ...]
    reasons: tuple[DatedReason, ...]
    """Why these deadlines; each reason once."""

    @classmethod
    def of(cls, view: ScheduleMailView) -> ScheduleFacts:
        """The numbers of a view. Raises ValueError where it has no section."""
        sections = [section for section in view.sections if section.actions] or list(view.sections)
        led = tuple(action for section in sections for action in section.actions if not action.is_contribution)
        due_on = min(section.due_on for section in sections)
        days = (due_on - view.heading.today).days
        return cls(
            asked=len(led),
            contributions=sum(len(section.actions) for section in sections) - len(led),
            answered=sum(len(section.answered) for section in view.sections),
            due_on=due_on,
            closes_on=min(section.closes_on for section in sections),
            request_on=min((section.request_on for section in sections if section.request_on), default=None),
            is_due_today=days == 0,
            is_due_tomorrow=days == 1,
            working_days_left=min(section.working_days_left for section in sections),
            working_days_late=max(section.working_days_late for section in sections),
            is_extended=any(section.is_extended for section in sections),
            led=led,
            reasons=tuple({section.due_why.on: section.due_why for section in sections}.values()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFacts:
    """The round in one sentence's numbers."""

    parties: int
    complete: int
    partial: int
    late: int
    open_rows: tuple[DigestRow, ...]
    """Those that still owe something, worst first, as given."""

    @classmethod
    def of(cls, view: DigestView) -> DigestFacts:
        """The numbers of a digest."""
        open_rows = tuple(row for row in view.rows if row.standing is not ReportStanding.COMPLETE)
        return cls(
            parties=len(view.rows),
            complete=len(view.rows) - len(open_rows),
            partial=sum(row.standing is ReportStanding.PARTIAL for row in open_rows),
            late=sum(row.working_days_late > 0 for row in open_rows),
            open_rows=open_rows,
        )
