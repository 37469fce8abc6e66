"""Finnish days: the golden dates of the Act 150/1930, working-day arithmetic, and both changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.domain.programme import Localised
from reminder.domain.workdays import Calendar, DatedReason, DeadlineRule, ReasonKind, Unit

YEARS = range(2023, 2065)


def calendar_of(country: str, zone: str) -> Calendar:
    """A country by the holidays library."""
    days = holidays.country_holidays(country, years=YEARS)
    return Calendar(zone=ZoneInfo(zone), holidays={day: Localised.everywhere(name) for day, name in days.items()})


def finland() -> Calendar:
    """Finland with Finnish names."""
    days = holidays.country_holidays("FI", years=YEARS, language="fi")
    return Calendar(zone=ZoneInfo("Europe/Helsinki"), holidays={day: Localised.everywhere(name) for day, name in days.items()})


FINLAND = finland()
COUNTRIES = {"Finland": FINLAND, "Sweden": calendar_of("SE", "Europe/Stockholm"), "Portugal": calendar_of("PT", "Atlantic/Azores")}
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2063, 12, 31))

GOLDEN = [
    ("2026-02-28", "2026-03-02", "a Saturday"),
    ("2027-02-28", "2027-03-01", "a Sunday"),
    ("2028-02-29", "2028-02-29", "the leap day, a Tuesday"),
    ("2029-02-28", "2029-02-28", "a Wednesday"),
    ("2029-03-31", "2029-04-03", "a Saturday, then both days of Easter"),
    ("2030-03-31", "2030-04-01", "a Sunday"),
    ("2026-05-31", "2026-06-01", "a Sunday"),
    ("2031-05-31", "2031-06-02", "a Saturday"),
    ("2029-06-30", "2029-07-02", "a Saturday"),
    ("2030-06-30", "2030-07-01", "a Sunday"),
    ("2026-04-03", "2026-04-07", "Good Friday and Easter"),
    ("2026-05-01", "2026-05-04", "May Day, a Friday"),
    ("2026-05-14", "2026-05-15", "Ascension, a Thursday"),
    ("2026-06-19", "2026-06-22", "Midsummer Eve, a Friday"),
    ("2026-12-24", "2026-12-28", "Christmas Eve, a Thursday"),
    ("2026-12-06", "2026-12-07", "Independence Day, a Sunday"),
    ("2026-10-31", "2026-11-02", "All Saints, a Saturday"),
    ("2027-01-06", "2027-01-07", "Epiphany, a Wednesday"),
]


def names_of(reason: DatedReason, kind: ReasonKind) -> list[str]:
    """The named days of one kind in a chain."""
    return [link.name.in_language("fi") for link in reason.chain if link.kind is kind and link.name is not None]


@pytest.mark.fault("C6", "C7")
@pytest.mark.parametrize(("wished", "settled", "why"), GOLDEN, ids=[f"{wished} {why}" for wished, _, why in GOLDEN])
def test_deadline_on_a_closed_day_ends_on_the_next_working_day(wished: str, settled: str, why: str) -> None:
    """§ 5 of the Act 150/1930: what ends on a closed day ends on the next working day (T1, C6, C7)."""
    found = FINLAND.settle(date.fromisoformat(wished), DeadlineRule.FI_150_1930)

    assert found.on == date.fromisoformat(settled)


def test_moved_deadline_names_every_closed_day() -> None:
    """The reason for a moved deadline names each day that it passed; a weekend has no name."""
    found = FINLAND.settle(date(2026, 4, 3), DeadlineRule.FI_150_1930)

    assert [(link.kind, link.on) for link in found.chain] == [(ReasonKind.MOVED, date(2026, 4, day)) for day in (3, 4, 5, 6)]
    assert names_of(found, ReasonKind.MOVED) == ["Pitkäperjantai", "Pääsiäispäivä", "Toinen pääsiäispäivä"]


def test_other_deadline_rules() -> None:
    """`exact` leaves a deadline on its closed day, `previous` moves it back."""
    saturday = date(2026, 2, 28)

    assert FINLAND.settle(saturday, DeadlineRule.EXACT).on == saturday
    assert FINLAND.settle(saturday, DeadlineRule.PREVIOUS).on == date(2026, 2, 27)


@pytest.mark.parametrize(
    ("start", "amount", "end", "skipped"),
    [
        ("2025-02-14", 10, "2025-02-28", []),
        ("2026-04-01", 2, "2026-04-07", ["Pitkäperjantai", "Toinen pääsiäispäivä"]),
        ("2026-04-07", -2, "2026-04-01", ["Toinen pääsiäispäivä", "Pitkäperjantai"]),
        ("2026-12-23", 1, "2026-12-28", ["Jouluaatto", "Joulupäivä"]),
        ("2026-12-28", -1, "2026-12-23", ["Joulupäivä", "Jouluaatto"]),
        ("2026-06-18", 1, "2026-06-22", ["Juhannusaatto"]),
        ("2026-02-28", 1, "2026-03-02", []),
        ("2026-02-28", -1, "2026-02-27", []),
        ("2026-02-28", 0, "2026-02-28", []),
    ],
)
def test_working_days_skip_closed_days_and_name_them(start: str, amount: int, end: str, skipped: list[str]) -> None:
    """Working days are counted both ways, the named day not counted (§ 2, § 4); skipped weekdays are named."""
    found = FINLAND.add(date.fromisoformat(start), amount, Unit.WORKING_DAYS)

    assert found.on == date.fromisoformat(end)
    assert names_of(found, ReasonKind.SKIPPED) == skipped


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2028-02-29", 12, "2029-02-28"),
    ],
)
def test_months_end_on_the_same_number_or_the_last_day(start: str, months: int, end: str) -> None:
    """A month ends on the day of the same number, or on the month's last day where there is none (§ 3)."""
    assert FINLAND.add(date.fromisoformat(start), months, Unit.MONTHS).on == date.fromisoformat(end)


def test_day_ends_twenty_three_or_twenty_five_hours_later_when_the_clock_changes() -> None:
    """A deadline ends with the local day, however long that day is (29.3.2026 and 25.10.2026)."""
    lengths = [FINLAND.end_of(day) - FINLAND.at(day, time.min) for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 30))]

    assert lengths == [timedelta(hours=23), timedelta(hours=25), timedelta(hours=24)]


@pytest.mark.fault("C4", "C5")
def test_instants_around_both_changes_of_the_clock() -> None:
    """08:00 in Helsinki is 06:00Z in winter and 05:00Z in summer; of 03:30 twice the first is meant (C4, C5)."""
    assert FINLAND.at(date(2026, 3, 27), time(8)) == datetime(2026, 3, 27, 6, tzinfo=UTC)
    assert FINLAND.at(date(2026, 3, 30), time(8)) == datetime(2026, 3, 30, 5, tzinfo=UTC)
    assert FINLAND.at(date(2026, 10, 25), time(3, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert FINLAND.at(date(2026, 10, 26), time(8)) == datetime(2026, 10, 26, 6, tzinfo=UTC)


def test_local_day_follows_the_zone() -> None:
    """23:30Z is already the next day in Helsinki."""
    assert FINLAND.local_day(datetime(2026, 2, 27, 23, 30, tzinfo=UTC)) == date(2026, 2, 28)


def test_calendar_without_a_working_day_is_refused() -> None:
    """A calendar on which nothing is ever open is an error, not an endless walk."""
    closed = Localised.everywhere("kiinni")
    never = Calendar(zone=ZoneInfo("UTC"), holidays={date(2026, 1, 1) + timedelta(days=n): closed for n in range(800)})

    with pytest.raises(ValueError, match="400 days"):
        never.add(date(2026, 1, 1), 1, Unit.WORKING_DAYS)
    with pytest.raises(ValueError, match="400 days"):
        never.next_working_day(date(2026, 1, 1))


@pytest.mark.parametrize("country", COUNTRIES)
@given(start=DAYS, amount=st.integers(min_value=-30, max_value=30))
def test_working_days_count_back_to_where_they_came_from(country: str, start: date, amount: int) -> None:
    """Adding n working days lands on a working day, n working days away, in Finland and elsewhere."""
    calendar = COUNTRIES[country]
    found = calendar.add(start, amount, Unit.WORKING_DAYS).on

    if amount > 0:
        assert calendar.is_working_day(found)
        assert calendar.working_days_between(start, found) == amount
    elif amount < 0 and calendar.is_working_day(start):
        assert calendar.is_working_day(found)
        assert calendar.working_days_between(found, start) == -amount


@given(day=DAYS)
def test_settled_deadline_is_the_nearest_open_day(day: date) -> None:
    """The next working day is open, not before the wished day, and no open day lies between."""
    found = FINLAND.settle(day, DeadlineRule.FI_150_1930).on

    assert FINLAND.is_working_day(found)
    assert found >= day
    assert FINLAND.working_days_between(day - timedelta(days=1), found) == 1


@given(day=DAYS, clock=st.times())
def test_local_time_reads_back_on_every_day(day: date, clock: time) -> None:
    """A local time that exists reads back as it was meant; one that does not is an hour off at most."""
    instant = FINLAND.at(day, clock.replace(tzinfo=None))
    back = instant.astimezone(FINLAND.zone)

    assert abs(datetime.combine(day, clock) - back.replace(tzinfo=None)) <= timedelta(hours=1)
    assert clock.hour == 3 or back.time() == clock
