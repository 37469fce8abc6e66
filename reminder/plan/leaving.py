"""When a mail leaves that was held for a person's word and may go now: under the same rules as any other schedule mail."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from reminder.domain.rounds import SendingWindow
from reminder.domain.workdays import FURTHEST_WALK, Calendar
from reminder.plan.dates import after_night, instant_on


def next_leave(calendar: Calendar, window: SendingWindow, now: datetime, mailed_on: date | None) -> datetime:
    """`now`, or the next opening of the window on a working day; on a day after `mailed_on`, on which the person has had their mail."""
    local = now.astimezone(calendar.zone)
    for offset in range(FURTHEST_WALK):
        day = local.date() + timedelta(days=offset)
        if not calendar.is_working_day(day) or (mailed_on is not None and day <= mailed_on):
            continue
        if offset or local.time() < after_night(window.opens):
            return instant_on(calendar, day, window.opens)
        if local.time() < window.closes:
            return now
    raise ValueError("no working day within 400 days")
