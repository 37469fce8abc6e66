"""The dates of one round, as one party sees it: what is out of order, what is never sent, what falls outside the sending window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from reminder.configuration import wording as say
from reminder.configuration.drafts import PlacedRule
from reminder.configuration.findings import Report
from reminder.configuration.phrases import WEEKEND
from reminder.configuration.rules import DUE, REQUEST
from reminder.configuration.wording import Complaint
from reminder.domain.programme import LANGUAGES, Language, Localised
from reminder.domain.rounds import ReportingRound
from reminder.domain.workdays import Calendar, DatedReason, ReasonKind
from reminder.plan.dates import deadline_date, request_date, rule_date


class DateOrder:
    """Judges the order of the dates of one round."""

    def __init__(self, one: ReportingRound, rules: Sequence[PlacedRule], calendar: Calendar, report: Report) -> None:
        self.round, self.rules, self.calendar, self.report = one, rules, calendar, report
        self.days: list[tuple[PlacedRule, date]] = []

    def check(self) -> None:
        """Reports what is out of order."""
        self._check_times()
        if not self._compute():
            return
        due, closes = deadline_date(self.round, self.calendar), self._day("closes")
        request = request_date(self.round, self.calendar).on
        self._note_moved(due)
        self._complain("due", lambda _: due.on <= request, say.DUE_BEFORE_REQUEST, due=due.on, request=request)
        self._complain("closes", lambda day: day < due.on, say.CLOSES_BEFORE_DUE, closes=closes, due=due.on)
        self._complain("notice", lambda day: day >= request, say.NOTICE_AFTER_REQUEST, request=request)
        self._complain("contacts", lambda day: day >= request, say.CONTACTS_AFTER_REQUEST, request=request)
        for key in ("reminders", "last_call"):
            self._complain(key, lambda day: day <= request < due.on, say.REMINDER_BEFORE_REQUEST, request=request)
            self._complain(key, lambda day: day > due.on, say.REMINDER_AFTER_DUE, due=due.on)
        for key in ("overdue", "escalate"):
            self._complain(key, lambda day: day <= due.on, say.OVERDUE_TOO_EARLY, due=due.on)
            self._complain(key, lambda day: day > closes >= due.on, say.AFTER_CLOSES, closes=closes)

    def _check_times(self) -> None:
        window = self.round.window
        for placed in self.rules:
            at = placed.rule.at
            if at is not None and placed.key not in {"due", "closes", "digest"} and not window.opens <= at < window.closes:
                shown = {"at": f"{at:%H:%M}", "opens": f"{window.opens:%H:%M}", "closes": f"{window.closes:%H:%M}"}
                self.report.add(say.OUTSIDE_WINDOW, placed.node, **shown)

    def _compute(self) -> bool:
        circle = self._find_circle()
        for placed in circle:
            self.report.add(say.RULE_CIRCLE, placed.node, value=placed.rule.written)
        sound = not circle
        for placed in self.rules if sound else ():
            try:
                self.days.append((placed, rule_date(self.round, self.calendar, placed.rule).on))
            except (ValueError, OverflowError):
                self.report.add(say.DATE_OUT_OF_REACH, placed.node, value=placed.rule.written)
                sound = False
        return sound

    def _find_circle(self) -> list[PlacedRule]:
        """The rules of `request` and `due` where they hang on themselves or on each other."""
        base = {REQUEST: self.round.schedule.request.base, DUE: self.round.schedule.due.base}
        circular = {key for key, first in base.items() if key in {first, base.get(first)}}
        return [placed for placed in self.rules if placed.key in circular]

    def _day(self, key: str) -> date:
        return next(day for placed, day in self.days if placed.key == key)

    def _complain(self, key: str, is_wrong: Callable[[date], bool], complaint: Complaint, **values: date) -> None:
        for placed, day in self.days:
            if placed.key == key and is_wrong(day):
                self.report.add(complaint, placed.node, on=day, **values)

    def _note_moved(self, due: DatedReason) -> None:
        written = self._day("due")
        if written == due.on:
            return
        place = next(placed for placed, _ in self.days if placed.key == "due")
        names = [link.name for link in due.chain if link.kind is ReasonKind.MOVED and link.name is not None]
        why = Localised({language: _listed(names, language) for language in LANGUAGES}) if names else WEEKEND
        self.report.add(say.DEADLINE_MOVED, place.node, written=place.rule.written, day=written, why=why, due=due.on)


def _listed(names: Sequence[Localised], language: Language) -> str:
    """The names, each once."""
    return ", ".join(dict.fromkeys(name.in_language(language) for name in names))
