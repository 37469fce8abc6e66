"""The days of Finland and Sweden as the product has them: golden dates, an own table beside the library, names, the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminder.compose.reasons import explain_date
from reminder.configuration.calendars import build_calendar
from reminder.domain.programme import LANGUAGES
from reminder.domain.workdays import Calendar, DeadlineRule, Reason, ReasonKind, Unit

YEARS = range(2024, 2064)
HELSINKI = ZoneInfo("Europe/Helsinki")


def calendar_of(country: str, zone: str) -> Calendar:
    """The calendar of a country over forty years, as a configuration would get it."""
    return build_calendar(ZoneInfo(zone), country=country, subdivision="", years=YEARS, closed_days={})


FINLAND = calendar_of("FI", "Europe/Helsinki")
SWEDEN = calendar_of("SE", "Europe/Stockholm")

GOLDEN = {
    "2026-02-28": "2026-03-02",
    "2027-02-28": "2027-03-01",
    "2028-02-29": "2028-02-29",
    "2029-02-28": "2029-02-28",
    "2029-03-31": "2029-04-03",
    "2030-03-31": "2030-04-01",
    "2026-05-31": "2026-06-01",
    "2031-05-31": "2031-06-02",
    "2029-06-30": "2029-07-02",
    "2030-06-30": "2030-07-01",
    "2026-04-03": "2026-04-07",
    "2026-05-01": "2026-05-04",
    "2026-05-14": "2026-05-15",
    "2026-06-19": "2026-06-22",
    "2026-12-24": "2026-12-28",
    "2026-12-06": "2026-12-07",
    "2026-10-31": "2026-11-02",
    "2027-01-06": "2027-01-07",
}


@pytest.mark.parametrize(("written", "due"), GOLDEN.items())
def test_golden_dates_of_the_act(written: str, due: str) -> None:
    """What ends on a closed day ends on the next working day (Act 150/1930 § 5); each closed weekday has its name in three languages."""
    found = FINLAND.settle(date.fromisoformat(written), DeadlineRule.FI_150_1930)

    assert found.on.isoformat() == due
    for link in found.chain:
        if link.on.weekday() < 5:
            assert link.name is not None
            assert len({link.name.in_language(language) for language in LANGUAGES}) == 3


def easter(year: int) -> date:
    """Easter Day of the Gregorian calendar (J. Meeus, Astronomical Algorithms, chapter 8)."""
    century, rest = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    correction = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


def saturday_from(year: int, month: int, day: int) -> date:
    """The Saturday on that day or after it."""
    first = date(year, month, day)
    return first + timedelta(days=(5 - first.weekday()) % 7)


def common_days(year: int) -> set[date]:
    """Church days and fixed days that Finland and Sweden share, with the eves of Midsummer and Christmas."""
    sunday, midsummer = easter(year), saturday_from(year, 6, 20)
    church = {sunday + timedelta(days=offset) for offset in (-2, 0, 1, 39, 49)}
    fixed = {date(year, month, day) for month, day in ((1, 1), (1, 6), (5, 1), (12, 24), (12, 25), (12, 26))}
    return church | fixed | {midsummer - timedelta(days=1), midsummer, saturday_from(year, 10, 31)}


OWN_DAYS: Mapping[str, tuple[Calendar, tuple[tuple[int, int], ...]]] = {
    "FI": (FINLAND, ((12, 6),)),
    "SE": (SWEDEN, ((6, 6), (12, 31))),
}


@pytest.mark.parametrize("country", OWN_DAYS)
@pytest.mark.parametrize("year", YEARS)
def test_holidays_of_the_library_are_those_of_the_law(country: str, year: int) -> None:
    """Beside Saturdays and Sundays exactly these days are closed, in each of forty years."""
    calendar, own = OWN_DAYS[country]
    expected = common_days(year) | {date(year, month, day) for month, day in own}

    assert {day for day in calendar.holidays if day.year == year} == expected


def test_every_finnish_day_has_its_name_in_three_languages() -> None:
    """No name of one language stands in for another."""
    for day, name in FINLAND.holidays.items():
        assert set(name.texts) == set(LANGUAGES), day
        assert name.in_language("fi") not in {name.in_language("sv"), name.in_language("en")}, day


CHANGES = [(2026, 3, 29, 10, 25), (2027, 3, 28, 10, 31), (2028, 3, 26, 10, 29), (2029, 3, 25, 10, 28)]


@pytest.mark.parametrize(("year", "spring_month", "spring", "autumn_month", "autumn"), CHANGES)
def test_the_clock_changes_when_it_is_said_to(year: int, spring_month: int, spring: int, autumn_month: int, autumn: int) -> None:
    """At 01:00Z: in spring 03:00 becomes 04:00, in autumn 04:00 becomes 03:00; mails at eight are at eight on both sides."""
    for month, day, before, after in ((spring_month, spring, 2, 3), (autumn_month, autumn, 3, 2)):
        change = datetime(year, month, day, 1, tzinfo=UTC)

        assert (change - timedelta(seconds=1)).astimezone(HELSINKI).utcoffset() == timedelta(hours=before)
        assert change.astimezone(HELSINKI).utcoffset() == timedelta(hours=after)
        for offset in (-1, 0, 1):
            instant = FINLAND.at(date(year, month, day) + timedelta(days=offset), time(8))
            assert instant.astimezone(HELSINKI).time() == time(8)


@pytest.mark.fault("C4", "C5")
def test_half_past_three_on_both_nights() -> None:
    """03:30 of 29.3.2026 does not exist; of the two on 25.10.2026, 00:30Z and 01:30Z, the first is meant."""
    assert FINLAND.at(date(2026, 3, 29), time(3, 30)).astimezone(HELSINKI).time() == time(4, 30)
    assert FINLAND.at(date(2026, 10, 25), time(3, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert datetime(2026, 10, 25, 1, 30, tzinfo=UTC).astimezone(HELSINKI).time() == time(3, 30)


def test_why_of_a_date_names_each_skipped_day_in_three_languages() -> None:
    """Two working days after Wednesday 1.4.2026 is Tuesday 7.4.2026; Good Friday and Easter Monday were not counted."""
    found = FINLAND.add(date(2026, 4, 1), 2, Unit.WORKING_DAYS)
    result = (Reason(kind=ReasonKind.BASE, on=date(2026, 4, 1)), *found.chain, Reason(kind=ReasonKind.RESULT, on=found.on))
    why = type(found)(on=found.on, chain=result)

    assert [explain_date(why, language) for language in LANGUAGES] == [
        "1.4.2026, plus 2 arkipäivää on 7.4.2026; väliin jäivät 3.4. Pitkäperjantai, 6.4. Toinen pääsiäispäivä",
        "1.4.2026, plus 2 arbetsdagar ger 7.4.2026; däremellan låg 3.4. Långfredagen, 6.4. Annandag påsk",
        "1 Apr 2026, plus 2 working days gives 7 Apr 2026; not counting 3 Apr Good Friday, 6 Apr Easter Monday",
    ]
