"""Anchors: dates of the city's year by year, planned or confirmed, one or several; or the same day every year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.findings import HasPlace, Report
from reminder.configuration.nodes import Node, Scalar, Table
from reminder.configuration.phrases import THE_DATE, begin, named, phrase
from reminder.configuration.rules import is_anchor_id
from reminder.configuration.sections import Section, is_given, open_section, read_entries, read_items, read_line
from reminder.configuration.values import read_date, read_year, slug
from reminder.domain.programme import Localised
from reminder.domain.rounds import Anchor

ANCHOR_NAMES = {
    "financial_statements": phrase("tilinpäätös", "bokslut", "financial statements"),
    "closing_of_accounts": phrase("tilien sulkeminen", "räkenskaperna stängs", "closing of the accounts"),
    "signing": phrase(
        "tilinpäätöksen allekirjoitus kaupunginhallituksessa",
        "stadsstyrelsen undertecknar bokslutet",
        "signing of the accounts by the city executive",
    ),
    "council": phrase("valtuuston kokous", "fullmäktiges möte", "council meeting"),
    "meetings": phrase("jaoston kokous", "sektionens möte", "meeting of the sub-committee"),
    "business_forum": phrase("yritysfoorumi", "företagsforum", "business forum"),
}
"""Anchors that need no name in the file. The city names its own beside them."""

PLANNED, CONFIRMED = "planned", "confirmed"
_DAY = re.compile(rf"(?P<day>.+?)(?:\s+\(?(?P<status>{PLANNED}|{CONFIRMED})\)?)?", re.IGNORECASE)
_YEARLY = re.compile(r"every\s+(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.", re.IGNORECASE | re.ASCII)
LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorDay:
    """One date of an anchor."""

    on: date
    is_planned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorDraft:
    """An anchor with its dates by year; `yearly` is month and day where it comes every year on the same day."""

    id: str
    name: Localised
    dates: Mapping[int, tuple[AnchorDay, ...]] = field(default_factory=dict)
    yearly: tuple[int, int] | None = None
    places: Mapping[int, HasPlace] = field(default_factory=dict)

    def in_year(self, year: int) -> tuple[AnchorDay, ...]:
        """Its dates of one year, earliest first."""
        if year not in self.dates and self.yearly is not None:
            month, day = self.yearly
            last = 28 if month == 2 and day == 29 and not _is_leap(year) else day
            return (AnchorDay(on=date(year, month, last), is_planned=False),)
        return self.dates.get(year, ())

    def all_days(self, years: Iterable[int]) -> tuple[date, ...]:
        """All its dates: those written, and every year's in `years` where it comes every year."""
        found = {day.on for days in self.dates.values() for day in days}
        found |= {day.on for year in years for day in self.in_year(year)}
        return tuple(sorted(found))

    def anchor(self, year: int, years: Iterable[int]) -> Anchor | None:
        """The anchor of a round in this year; None where it has no date at all. Without one in the year, its nearest stands in."""
        days, every = self.in_year(year), self.all_days(years)
        if not every:
            return None
        on = days[0].on if days else min(every, key=lambda day: abs((day - date(year, 7, 1)).days))
        return Anchor(id=self.id, name=self.name, on=on, is_planned=bool(days) and days[0].is_planned, dates=every)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def read_anchors(section: Section) -> dict[str, AnchorDraft]:
    """The anchors of the file; what is faulty is reported and left out."""
    node = section.find("anchors")
    anchors: dict[str, AnchorDraft] = {}
    for key, value in () if node is None else read_entries(node, "`anchors`", section.report):
        if is_anchor_id(key.value):
            anchors[key.value] = _read_anchor(key, value, section.report)
        else:
            guess = slug(key.value, joiner="_").lstrip("0123456789_") or "council"
            section.report.add(say.ANCHOR_ID, key, value=key.value, guess=guess if is_anchor_id(guess) else f"{guess}_day")
    return anchors


def _read_anchor(key: Scalar, value: Node, report: Report) -> AnchorDraft:
    """The long form with `name` and `dates`, or the short form `{2024: 2025-02-14}` or `every 31.8.`."""
    name = ANCHOR_NAMES.get(key.value, Localised.everywhere(key.value.replace("_", " ")))
    dates: Node | None = value
    if isinstance(value, Table) and any(not entry[0].value[:1].isdigit() for entry in value.entries):
        section = open_section(value, keys.ANCHOR, named("anchor", key.value), report)
        name = section.localised("name") or name
        dates = section.need("dates", "{2024: 2025-02-14}")
    if isinstance(dates, Scalar) and is_given(dates):
        return AnchorDraft(id=key.value, name=name, yearly=_read_yearly(dates, report))
    found: dict[int, tuple[AnchorDay, ...]] = {}
    places: dict[int, HasPlace] = {}
    for year_key, day_node in () if dates is None else read_entries(dates, begin(named("anchor", key.value)), report):
        year = read_year(year_key.value)
        if year is None:
            report.add(say.NOT_YEAR, year_key, value=year_key.value)
            continue
        days = (_read_day(item, report) for item in read_items(day_node, THE_DATE, report))
        found[year] = tuple(sorted((day for day in days if day is not None), key=lambda day: day.on))
        places[year] = day_node
    return AnchorDraft(id=key.value, name=name, dates=found, places=places)


def _read_yearly(node: Scalar, report: Report) -> tuple[int, int] | None:
    match = _YEARLY.fullmatch(node.value.strip())
    try:
        day = None if match is None else date(LEAP_YEAR, int(match["month"]), int(match["day"]))
    except ValueError:
        day = None
    if day is None:
        report.add(say.NOT_YEARLY, node, value=node.value)
    return None if day is None else (day.month, day.day)


def _read_day(node: Node, report: Report) -> AnchorDay | None:
    """`2025-02-14`, `14.2.2025 planned`."""
    text = read_line(node, THE_DATE, report)
    match = None if text is None else _DAY.fullmatch(text)
    if text is None or match is None:
        return None
    day = read_date(match["day"])
    if day is None:
        report.add(say.NOT_ANCHOR_DATE, node, value=text)
        return None
    return AnchorDay(on=day, is_planned=(match["status"] or "").casefold() == PLANNED)
