"""Moving a date off closed days and quiet weeks, in the direction that its step allows, with each day that was passed.

Steps before the deadline move earlier, later ones move on (DESIGN, decision 9). A quiet week never loses a mail that
tells of a deadline: where no day outside it is left, and for the last reminder always, the quiet week is not heeded.
"""

from __future__ import annotations

from datetime import date, timedelta

from reminder.domain.programme import Localised
from reminder.domain.workdays import Calendar, DatedReason, Reason, ReasonKind

BEFORE_REQUEST = Localised(
    {"fi": "pyyntö ei ole vielä lähtenyt", "sv": "begäran har inte gått ut ännu", "en": "the request has not gone out yet"}
)
NOT_YET_LATE = Localised({"fi": "määräaika ei ole vielä päättynyt", "sv": "tiden har inte gått ut ännu", "en": "not late yet"})

ONE_DAY = timedelta(days=1)


def move_later(
    calendar: Calendar, wished: DatedReason, *, first: date | None = None, because: Localised | None = None, keeps_quiet: bool = False
) -> DatedReason:
    """The next working day, not before `first`; `because` names why `first` holds."""
    start, reasons = wished.on, tuple[Reason, ...]()
    if first is not None and first > start:
        start, reasons = first, (Reason(kind=ReasonKind.MOVED, on=wished.on, name=because),)
    moved = calendar.next_working_day(start, keeps_quiet=keeps_quiet)
    return moved_to(wished, moved.on, (*reasons, *moved.chain))


def move_request(calendar: Calendar, wished: DatedReason) -> DatedReason:
    """The next working day; where that lies in a quiet week, the working day before the quiet week, so that nobody loses time."""
    later = move_later(calendar, wished)
    return later if later.on not in calendar.quiet else _back(calendar, wished, keeps_quiet=True)


def move_notice(calendar: Calendar, wished: DatedReason, *, request_on: date) -> DatedReason:
    """The next working day, where that is still before the request and not in a quiet week; else the working day before."""
    later = move_request(calendar, wished)
    return later if later.on < request_on or later.on <= wished.on else _back(calendar, wished, keeps_quiet=True)


def move_reminder(calendar: Calendar, wished: DatedReason, *, request_on: date, due_on: date, is_last: bool) -> DatedReason:
    """The working day before, but after the day of the request; else the next working day.

    Out of a quiet week the same way, and on beyond it only where that is not after the deadline. The last reminder
    before a deadline heeds no quiet week.
    """
    after_request = request_on + ONE_DAY
    if not is_last:
        back = _back(calendar, wished, keeps_quiet=True)
        if back.on > request_on:
            return back
        later = move_later(calendar, wished, first=after_request, because=BEFORE_REQUEST, keeps_quiet=True)
        if later.on <= due_on:
            return later
    back = _back(calendar, wished, keeps_quiet=False)
    return back if back.on > request_on else move_later(calendar, wished, first=after_request, because=BEFORE_REQUEST)


def moved_to(wished: DatedReason, day: date, reasons: tuple[Reason, ...]) -> DatedReason:
    """The date wished for, moved to `day` for these reasons; itself where there are none."""
    return with_result(day, (*wished.chain[:-1], *reasons)) if reasons else wished


def with_result(day: date, chain: tuple[Reason, ...]) -> DatedReason:
    """A date at the end of its chain."""
    return DatedReason(on=day, chain=(*chain, Reason(kind=ReasonKind.RESULT, on=day)))


def _back(calendar: Calendar, wished: DatedReason, *, keeps_quiet: bool) -> DatedReason:
    back = calendar.next_working_day(wished.on, step=-1, keeps_quiet=keeps_quiet)
    return moved_to(wished, back.on, back.chain)
