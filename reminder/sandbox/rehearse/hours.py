"""When a simulated person sits down to answer: working days of the city, office hours, chosen by the seed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from reminder.domain.workdays import Calendar

OPENS, CLOSES = 8 * 60 + 10, 15 * 60 + 50
"""Office hours in minutes of the day."""
AT_LEAST = timedelta(minutes=20)
"""Nobody answers sooner than this."""


def pick_hour(rng: Random, calendar: Calendar, *, after: datetime, first: date, last: date) -> datetime:
    """A local time in office hours on a working day from `first` to `last`; the first working day where there is none between.

    Always later than `after`.
    """
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    chosen = rng.choice([day for day in days if calendar.is_working_day(day)] or [calendar.next_working_day(first).on])
    minute = rng.randrange(OPENS, CLOSES)
    moment = calendar.at(chosen, time(minute // 60, minute % 60))
    return max(moment, after + AT_LEAST + timedelta(minutes=rng.randrange(90))).astimezone(calendar.zone)
