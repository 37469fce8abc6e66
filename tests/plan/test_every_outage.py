"""Every outage: of each length from an hour to sixty days, from each morning and each hour of a working day of the round (slow).

The year is worked out once; an outage goes on from the state at its beginning. `test_outages.py` has a coarser grid for every day.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from reminder.domain.intents import SkipReason
from reminder.domain.rounds import StepKind
from tests.plan.cast import CALENDAR, local
from tests.plan.test_outages import TICKS, back_from, histories, may_send, schedule_mails, undisturbed
from tests.plan.year import Year, after, hours

DAYS = [timedelta(days=days) for days in range(1, 61)]
HOURS = [timedelta(hours=count) for count in range(1, 24)]
pytestmark = pytest.mark.slow


def check(year: Year, begin: datetime, length: timedelta) -> None:
    """No burst, no silence, nothing lost without a word, and the coordinator hears of it."""
    where = f"down from {begin} for {length}"
    days = Counter((mail.person, CALENDAR.local_day(mail.at)) for mail in schedule_mails(year))
    assert max(days.values()) == 1, f"a burst, {where}"
    assert year.settled == undisturbed().settled, f"steps without an end, {where}"
    usual = {key for mail in undisturbed().mails for key in mail.keys}
    sent = {key for mail in year.mails for key in mail.keys}
    assert sent <= usual, where
    assert {year.skips[key] for key in usual - sent} <= {SkipReason.COLLAPSED, SkipReason.EXPIRED}, where
    back = next((moment for moment in after(TICKS, begin + length) if may_send(moment)), None)
    if back is None:
        return
    missed = {
        step.key.party
        for step in year.timeline
        if begin <= step.not_before <= back < step.expires_at and step.key.step is not StepKind.DIGEST and step.key.ordinal < 5
    }
    assert missed <= {key.split("/")[2] for mail in year.mails if mail.at == back for key in mail.keys}, f"silence, {where}"
    told = [mail.at for mail in year.mails if mail.kinds[0] is StepKind.DIGEST and mail.at >= back]
    if local("2025-02-17 08:00") <= back <= local("2025-04-14 00:00"):
        assert told, f"the coordinator hears nothing, {where}"
        assert told[0] - back <= timedelta(days=8), f"the coordinator hears late, {where}"


@pytest.mark.parametrize("length", DAYS, ids=str)
def test_an_outage_of_days_from_every_morning_of_the_round(length: timedelta) -> None:
    """From the first notice until the close."""
    for begin in (moment for moment in histories(1) if moment < local("2025-04-26 00:00")):
        check(back_from(begin, length), begin, length)


@pytest.mark.parametrize("day", [date(2025, 2, 14), date(2025, 2, 21), date(2025, 2, 28), date(2025, 3, 3), date(2025, 4, 22)], ids=str)
def test_an_outage_of_hours_from_every_hour_of_a_day_with_mails(day: date) -> None:
    """Passes every hour of the day; down for one to twenty-three of them, from each."""
    morning = max(moment for moment in histories(1) if moment <= CALENDAR.at(day, datetime.min.time()))
    ahead = [moment for moment in after(TICKS, morning) if CALENDAR.local_day(moment) < day]
    before = histories(1)[morning].copy().run([morning, *ahead])
    passes = hours(CALENDAR.at(day, datetime.min.time()), CALENDAR.at(day + timedelta(days=1), datetime.min.time()))
    rest = [moment for moment in TICKS if CALENDAR.local_day(moment) > day]
    for begin in passes:
        for length in HOURS:
            live = [moment for moment in (*passes, *rest) if not begin <= moment < begin + length]
            year = before.copy().run(live)
            days = Counter((mail.person, CALENDAR.local_day(mail.at)) for mail in schedule_mails(year))
            assert max(days.values()) == 1, f"a burst, down from {begin} for {length}"
            assert year.settled == undisturbed().settled, f"down from {begin} for {length}"
