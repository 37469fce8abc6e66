"""The days of the city: closed days of its own, quiet weeks, the winter holiday of its region, and the sending window."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.findings import HasPlace, Report, hint_for
from reminder.configuration.nodes import Broken, Listing, Node, Scalar, Table
from reminder.configuration.phrases import CLOSED_DAY, CLOSED_DAY_NAME, QUIET_NAME, Text, phrase
from reminder.configuration.sections import Section, read_entries, read_localised
from reminder.configuration.values import read_date_span
from reminder.domain.programme import Localised
from reminder.domain.rounds import SendingWindow

LONGEST_CLOSED = 62
"""Days that offices may be closed in a row: a longer span is more likely a mistyped year."""
LAST_WEEK = 53
WINTER_WEEKS = {"south": 8, "middle": 9, "north": 10}
"""Week of the winter holiday by region, as schools commonly have it; each municipality decides for itself."""
WINTER_NAME = phrase("talviloma", "sportlov", "winter holiday")

_WEEKS = re.compile(r"weeks? (?P<first>\d{1,2})(?: ?[-–—] ?(?P<last>\d{1,2}))?(?: (?:of )?(?P<year>\d{4}))?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietTime:
    """A time in which no mail is planned: ISO weeks of every year or of one, or a span of dates."""

    name: Localised
    weeks: tuple[int, int] | None = None
    year: int | None = None
    dates: tuple[date, date] | None = None

    def days(self, years: Iterable[int]) -> Iterator[date]:
        """Its days in these years, whole weeks from Monday to Sunday."""
        if self.dates is not None:
            first, last = self.dates
            yield from (first + timedelta(days=offset) for offset in range((last - first).days + 1))
        elif self.weeks is not None:
            for year in years if self.year is None else (self.year,):
                yield from _days_of_weeks(year, *self.weeks)


def _days_of_weeks(year: int, first: int, last: int) -> Iterator[date]:
    weeks_of_year = date(year, 12, 28).isocalendar().week  # 28 December is always in the last week (ISO 8601)
    for week in range(first, min(last, weeks_of_year) + 1):
        yield from (date.fromisocalendar(year, week, weekday) for weekday in range(1, 8))


def read_quiet_times(section: Section) -> tuple[QuietTime, ...]:
    """`quiet_weeks` and `winter_holiday`."""
    times: list[QuietTime] = []
    for key, value in _entries_of(section.find("quiet_weeks"), "`quiet_weeks`", section.report):
        found = _read_quiet_key(key.value)
        if found is None:
            section.report.add(say.NOT_QUIET, key, value=key.value)
        elif (name := read_localised(value, QUIET_NAME, section.report)) is not None:
            times.append(QuietTime(name=name, weeks=found.weeks, year=found.year, dates=found.dates))
    winter = _read_winter(section)
    return tuple(times) if winter is None else (*times, winter)


def _read_quiet_key(text: str) -> QuietTime | None:
    nameless = Localised.everywhere("")
    match = _WEEKS.fullmatch(" ".join(text.split()))
    if match is None:
        dates = read_date_span(text)
        return None if dates is None or (dates[1] - dates[0]).days > LONGEST_CLOSED else QuietTime(name=nameless, dates=dates)
    first, last = int(match["first"]), int(match["last"] or match["first"])
    year = int(match["year"]) if match["year"] else None
    return QuietTime(name=nameless, weeks=(first, last), year=year) if 1 <= first <= last <= LAST_WEEK else None


def _read_winter(section: Section) -> QuietTime | None:
    written = section.line("winter_holiday")
    if not written:
        return None
    week = WINTER_WEEKS.get(written.casefold())
    found = _read_quiet_key(written) if week is None else QuietTime(name=WINTER_NAME, weeks=(week, week))
    if found is None or found.weeks is None:
        hint = hint_for(written, (*WINTER_WEEKS, "week 8"))
        section.report.add(say.NOT_CHOICE, section.place("winter_holiday"), value=written, what="`winter_holiday`", hint=hint)
        return None
    return QuietTime(name=WINTER_NAME, weeks=found.weeks, year=found.year)


def quiet_days(times: Iterable[QuietTime], years: Iterable[int]) -> Mapping[date, Localised]:
    """Each quiet day of these years with its name; where two overlap, the name that stands first in the file."""
    days: dict[date, Localised] = {}
    wanted = tuple(years)
    for one in times:
        for day in one.days(wanted):
            days.setdefault(day, one.name)
    return days


def read_closed_days(section: Section) -> dict[date, Localised]:
    """A table of dates, or of spans of dates, with their names; or a list of such tables."""
    days: dict[date, Localised] = {}
    for key, value in _entries_of(section.find("closed_days"), CLOSED_DAY, section.report):
        span = read_date_span(key.value)
        if span is None:
            section.report.add(say.NOT_DATE, key, value=key.value)
        elif (span[1] - span[0]).days > LONGEST_CLOSED:
            section.report.add(say.CLOSED_TOO_LONG, key, value=key.value, limit=LONGEST_CLOSED)
        elif (name := read_localised(value, CLOSED_DAY_NAME, section.report)) is not None:
            first, last = span
            days |= {first + timedelta(days=offset): name for offset in range((last - first).days + 1)}
    return days


def _entries_of(node: Node | None, what: Text, report: Report) -> Iterator[tuple[Scalar, Node]]:
    tables = node.items if isinstance(node, Listing) else (() if node is None else (node,))
    for table in tables:
        if isinstance(table, Table):
            yield from table.entries
        elif not isinstance(table, Broken):
            yield from read_entries(table, what, report)


def read_window(section: Section) -> SendingWindow | None:
    """`sending`; None where it is not written or cannot be used."""
    sending = section.inner("sending", keys.SENDING)
    if sending is None:
        return None
    window = SendingWindow(opens=sending.clock("from", time(8, 0)), closes=sending.clock("until", time(16, 0)))
    if window.closes <= window.opens:
        section.report.add(say.WINDOW_REVERSED, sending.place("until"))
        return None
    return window


@dataclass(frozen=True, slots=True, kw_only=True)
class CityDays:
    """What schedule.yaml says about the days; `window_place` is where its window stands."""

    closed: Mapping[date, Localised]
    quiet: tuple[QuietTime, ...]
    window: SendingWindow | None
    window_place: HasPlace


def read_city_days(section: Section) -> CityDays:
    """All of it."""
    return CityDays(
        closed=read_closed_days(section),
        quiet=read_quiet_times(section),
        window=read_window(section),
        window_place=section.place("sending"),
    )
