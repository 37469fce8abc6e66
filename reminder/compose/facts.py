"""What templates ask of a view: counts, earliest and latest dates; computed once, so that templates only speak."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reminder.compose.views import ActionView, DigestRow, DigestView, PartySection, ReportStanding, ScheduleMailView
from reminder.domain.programme import Localised
from reminder.domain.workdays import DatedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleFacts:
    """A schedule mail in numbers, over those of its sections that are of the step which names it."""

    asked: int
    """Actions that the reader's parties lead."""
    contributions: int
    others: int
    """Actions in sections of another step: the same person stands for them, and their time is another."""
    spans_rounds: bool
    """Whether the sections are of several rounds or programmes, so that each must say which."""
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
    is_puzzling: bool
    """Something came that was not understood."""
    has_bounced: bool
    """Our last mail came back."""
    told_on: date | None
    """When those above hear of it."""
    is_warning: bool
    """That day is still ahead."""
    names_deputies: bool
    led: tuple[ActionView, ...]
    """Those of all sections, for the link that opens the whole form."""
    reasons: tuple[DatedReason, ...]
    """Why these deadlines; each reason once."""

    @classmethod
    def of(cls, view: ScheduleMailView) -> ScheduleFacts:
        """The numbers of a view. Raises ValueError where it has no section."""
        asking = [section for section in view.sections if section.actions] or list(view.sections)
        sections = [section for section in asking if section.kind is view.kind] or asking
        led = tuple(action for section in sections for action in section.actions if not action.is_contribution)
        due_on = min(section.due_on for section in sections)
        days = (due_on - view.heading.today).days
        return cls(
            asked=len(led),
            contributions=sum(len(section.actions) for section in sections) - len(led),
            others=sum(len(section.actions) for section in asking if section not in sections),
            spans_rounds=any(_round(section) != _round(asking[0]) for section in asking),
            answered=sum(len(section.answered) for section in sections),
            due_on=due_on,
            closes_on=min(section.closes_on for section in sections),
            request_on=min((section.request_on for section in sections if section.request_on), default=None),
            is_due_today=days == 0,
            is_due_tomorrow=days == 1,
            working_days_left=min(section.working_days_left for section in sections),
            working_days_late=max(section.working_days_late for section in sections),
            is_extended=any(section.is_extended for section in sections),
            is_puzzling=any(section.standing is ReportStanding.NOT_UNDERSTOOD for section in sections),
            has_bounced=any(section.standing is ReportStanding.BOUNCED for section in sections),
            told_on=(told_on := min((section.told_on for section in sections if section.told_on), default=None)),
            is_warning=told_on is not None and told_on > view.heading.today,
            names_deputies=any(section.names_deputies for section in sections),
            led=tuple(action for section in asking for action in section.actions if not action.is_contribution),
            reasons=tuple({section.due_why.on: section.due_why for section in asking}.values()),
        )


def _round(section: PartySection) -> tuple[Localised, Localised]:
    return section.programme_name, section.round_name


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
