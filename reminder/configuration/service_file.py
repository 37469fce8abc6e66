"""service.yaml: the city, its office, its languages, its days, and how mails may leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from zoneinfo import ZoneInfo

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.calendars import find_zone, known_countries, known_zones
from reminder.configuration.findings import HasPlace, Report, hint_for
from reminder.configuration.nodes import Broken, Listing, Node, Scalar, Table
from reminder.configuration.sections import Section, open_section, read_entries, read_line, read_localised
from reminder.configuration.values import read_date
from reminder.domain.programme import LANGUAGES, Language, Localised
from reminder.domain.rounds import SendingWindow
from reminder.domain.setup import Office

DEFAULT_ZONE = "Europe/Helsinki"
DEFAULT_COUNTRY = "FI"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDraft:
    """What service.yaml says. `office` is None where it could not be read."""

    office: Office | None
    languages: tuple[Language, ...] = ("fi",)
    zone: ZoneInfo
    country: str
    subdivision: str = ""
    closed_days: Mapping[date, Localised] = field(default_factory=dict)
    coordinators: tuple[tuple[str, HasPlace], ...] = ()
    window: SendingWindow = field(default_factory=SendingWindow)
    legend: Mapping[str, Localised] = field(default_factory=dict)
    publish_texts: bool = False


def read_service(tree: Node | None, report: Report) -> ServiceDraft:
    """Reads the file; what is faulty is reported and replaced by its default."""
    section = open_section(tree, keys.SERVICE, "service.yaml", report)
    country, subdivision = _read_country(section)
    return ServiceDraft(
        office=_read_office(section),
        languages=_read_languages(section),
        zone=_read_zone(section),
        country=country,
        subdivision=subdivision,
        closed_days=_read_closed_days(section),
        coordinators=_read_coordinators(section),
        window=_read_window(section),
        legend=_read_legend(section),
        publish_texts=section.yes_no("publish_texts", default=False),
    )


def _read_office(section: Section) -> Office | None:
    city = section.localised("city", "name of the city")
    if section.need("office", "{name: name of the office, phone: its number}") is None:
        return None
    office = section.inner("office", keys.OFFICE)
    name = office.localised("name", "name of the office") if office is not None else None
    if office is None or city is None or name is None:
        return None
    return Office(city=city, name=name, phone=office.line("phone"), address=office.line("address"))


def _read_languages(section: Section) -> tuple[Language, ...]:
    languages: dict[Language, None] = {}
    for item in section.items("languages"):
        word = read_line(item, "The language", section.report)
        if word in LANGUAGES:
            languages[word] = None
        elif word is not None:
            section.report.add(say.NOT_OUR_LANGUAGE, item, value=word)
    return tuple(languages) or ("fi",)


def _read_zone(section: Section) -> ZoneInfo:
    name = section.line("timezone") or DEFAULT_ZONE
    zone = find_zone(name)
    if zone is None:
        section.report.add(say.UNKNOWN_ZONE, section.place("timezone"), value=name, hint=hint_for(name, known_zones(), at_most=0))
    return zone or ZoneInfo(DEFAULT_ZONE)


def _read_country(section: Section) -> tuple[str, str]:
    country, subdivision = section.line("country") or DEFAULT_COUNTRY, section.line("subdivision")
    known = known_countries()
    if country not in known:
        hint = hint_for(country, sorted(known), at_most=0) if len(country) == 2 else "Use the two capital letters of ISO 3166, such as FI."
        section.report.add(say.UNKNOWN_COUNTRY, section.place("country"), value=country, hint=hint)
        return DEFAULT_COUNTRY, ""
    if subdivision and subdivision not in known[country]:
        hint = hint_for(subdivision, known[country], at_most=30)
        section.report.add(say.UNKNOWN_SUBDIVISION, section.place("subdivision"), value=subdivision, country=country, hint=hint)
        return country, ""
    return country, subdivision


def _read_closed_days(section: Section) -> dict[date, Localised]:
    """A table of date and name, or a list of such tables."""
    node = section.find("closed_days")
    tables = node.items if isinstance(node, Listing) else (() if node is None else (node,))
    days: dict[date, Localised] = {}
    for table in tables:
        for key, value in _dated_entries(table, section.report):
            day = read_date(key.value)
            if day is None:
                section.report.add(say.NOT_DATE, key, value=key.value)
            elif (name := read_localised(value, "The name of the closed day", section.report)) is not None:
                days[day] = name
    return days


def _dated_entries(node: Node, report: Report) -> tuple[tuple[Scalar, Node], ...]:
    if isinstance(node, Table):
        return node.entries
    if isinstance(node, Broken):
        return ()
    return read_entries(node, "A closed day", report)


def _read_coordinators(section: Section) -> tuple[tuple[str, HasPlace], ...]:
    names: list[tuple[str, HasPlace]] = []
    for item in section.items("coordinator"):
        if (name := read_line(item, "The coordinator", section.report)) is not None:
            names.append((name, item))
    if not section.items("coordinator") and not isinstance(section.find("coordinator"), (Broken, Table)):
        section.report.add(say.NO_COORDINATOR, section.place("coordinator"))
    return tuple(names)


def _read_window(section: Section) -> SendingWindow:
    sending = section.inner("sending", keys.SENDING)
    if sending is None:
        return SendingWindow()
    window = SendingWindow(opens=sending.clock("from", time(8, 0)), closes=sending.clock("until", time(16, 0)))
    if window.closes <= window.opens:
        section.report.add(say.WINDOW_REVERSED, sending.place("until"))
        return SendingWindow()
    return window


def _read_legend(section: Section) -> dict[str, Localised]:
    legend = section.inner("legend", keys.LEGEND)
    if legend is None:
        return {}
    texts = {light: text for light in keys.LEGEND if (text := legend.localised(light)) is not None}
    for light in keys.LEGEND:
        if legend.find(light) is None:
            section.report.add(say.LEGEND_PARTIAL, legend.node, light=light)
    return texts
