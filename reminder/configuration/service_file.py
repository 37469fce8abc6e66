"""service.yaml: the city, its office, its languages, its days, and how mails may leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.calendars import find_zone, known_countries, known_zones, universal_zone
from reminder.configuration.city_days import read_closed_days, read_window
from reminder.configuration.findings import HasPlace, Report, hint_for
from reminder.configuration.nodes import Broken, Node, Table
from reminder.configuration.page_look import read_page_look
from reminder.configuration.phrases import THE_COORDINATOR, THE_LANGUAGE, phrase
from reminder.configuration.sections import Section, open_section, read_line
from reminder.domain.programme import LANGUAGES, Language, Localised
from reminder.domain.rounds import SendingWindow
from reminder.domain.senders import Handling, SenderRules
from reminder.domain.setup import ArchiveRules, Office, PageLook, QuietDigest

DEFAULT_ZONE = "Europe/Helsinki"
DEFAULT_COUNTRY = "FI"
DEFAULT_NO_SIGN_DAYS, MOST_NO_SIGN_DAYS = 21, 365
UNTIED = frozenset({"no_token", "stranger"})
"""Whose answers can never count at once: nothing ties them to a duty, or to a person of it."""
PUBLICITY = ("public", "partly_secret", "secret")
"""What may stand at `publicity` of `archive` (the classes of SÄHKE2)."""
KEPT_YEARS: Mapping[str, int] = {"1 year": 1, "2 years": 2, "3 years": 3, "5 years": 5, "10 years": 10, "forever": 0}
"""What may stand at `keep_mails`: so many years."""
_ISO_COUNTRY = phrase(
    "Käytä maan kaksikirjaimista ISO 3166 -tunnusta, kuten FI.",
    "Använd landets två stora bokstäver enligt ISO 3166, såsom FI.",
    "Use the two capital letters of ISO 3166, such as FI.",
)


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
    coordinator_deputies: tuple[tuple[str, HasPlace], ...] = ()
    window: SendingWindow | None = None
    legend: Mapping[str, Localised] = field(default_factory=dict)
    senders: SenderRules = field(default_factory=SenderRules)
    publish_texts: bool = False
    page: PageLook = field(default_factory=PageLook)
    archive: ArchiveRules = field(default_factory=ArchiveRules)
    no_sign_days: int = DEFAULT_NO_SIGN_DAYS
    quiet_digest: QuietDigest = QuietDigest.WHOLE
    keep_mails: int = 3


def read_service(tree: Node | None, report: Report, directory: Path | None = None) -> ServiceDraft:
    """Reads the file; what is faulty is reported and replaced by its default. `directory` is where a logo stands."""
    section = open_section(tree, keys.SERVICE, "service.yaml", report)
    country, subdivision = _read_country(section)
    return ServiceDraft(
        office=_read_office(section),
        languages=_read_languages(section),
        zone=_read_zone(section),
        country=country,
        subdivision=subdivision,
        closed_days=read_closed_days(section),
        coordinators=_read_coordinators(section),
        coordinator_deputies=_read_people(section, "coordinator_deputy"),
        window=read_window(section),
        legend=_read_legend(section),
        senders=_read_senders(section),
        publish_texts=section.yes_no("publish_texts", default=False),
        page=read_page_look(section, directory),
        archive=_read_archive(section),
        no_sign_days=section.number("no_sign_days", default=DEFAULT_NO_SIGN_DAYS, most=MOST_NO_SIGN_DAYS),
        quiet_digest=QuietDigest(section.choice("quiet_digest", tuple(QuietDigest), QuietDigest.WHOLE)),
        keep_mails=KEPT_YEARS[section.choice("keep_mails", tuple(KEPT_YEARS), "3 years")],
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
        word = read_line(item, THE_LANGUAGE, section.report)
        if word in LANGUAGES:
            languages[word] = None
        elif word is not None:
            section.report.add(say.NOT_OUR_LANGUAGE, item, value=word)
    return tuple(languages) or ("fi",)


def _read_zone(section: Section) -> ZoneInfo:
    name = section.line("timezone") or DEFAULT_ZONE
    zone = find_zone(name)
    if zone is None:
        known = known_zones()
        complaint, hint = (say.UNKNOWN_ZONE, hint_for(name, known, at_most=0)) if known else (say.NO_ZONES, "")
        section.report.add(complaint, section.place("timezone"), value=name, hint=hint)
    return zone or find_zone(DEFAULT_ZONE) or universal_zone()


def _read_country(section: Section) -> tuple[str, str]:
    country, subdivision = section.line("country") or DEFAULT_COUNTRY, section.line("subdivision")
    known = known_countries()
    if country not in known:
        hint = hint_for(country, sorted(known), at_most=0) if len(country) == 2 else _ISO_COUNTRY
        section.report.add(say.UNKNOWN_COUNTRY, section.place("country"), value=country, hint=hint)
        return DEFAULT_COUNTRY, ""
    if subdivision and subdivision not in known[country]:
        hint = hint_for(subdivision, known[country], at_most=30)
        section.report.add(say.UNKNOWN_SUBDIVISION, section.place("subdivision"), value=subdivision, country=country, hint=hint)
        return country, ""
    return country, subdivision


def _read_coordinators(section: Section) -> tuple[tuple[str, HasPlace], ...]:
    names = _read_people(section, "coordinator")
    if not section.items("coordinator") and not isinstance(section.find("coordinator"), (Broken, Table)):
        section.report.add(say.NO_COORDINATOR, section.place("coordinator"))
    return names


def _read_people(section: Section, key: str) -> tuple[tuple[str, HasPlace], ...]:
    read = ((read_line(item, THE_COORDINATOR, section.report), item) for item in section.items(key))
    return tuple((name, item) for name, item in read if name is not None)


def _read_legend(section: Section) -> dict[str, Localised]:
    legend = section.inner("legend", keys.LEGEND)
    if legend is None:
        return {}
    texts = {light: text for light in keys.LEGEND if (text := legend.localised(light)) is not None}
    for light in keys.LEGEND:
        if legend.find(light) is None:
            section.report.add(say.LEGEND_PARTIAL, legend.node, light=light)
    return texts


def _read_archive(section: Section) -> ArchiveRules:
    archive = section.inner("archive", keys.ARCHIVE)
    if archive is None:
        return ArchiveRules()
    return ArchiveRules(
        record_class=archive.line("class"),
        publicity=archive.choice("publicity", PUBLICITY, ""),
        retention=archive.line("retention"),
        author=archive.localised("author"),
    )


def _read_senders(section: Section) -> SenderRules:
    rules, usual = section.inner("answers_from", keys.ANSWERS_FROM), SenderRules()
    if rules is None:
        return usual
    return SenderRules(**{who: Handling(rules.choice(who, accepted(who), getattr(usual, who))) for who in keys.ANSWERS_FROM})


def accepted(who: str) -> tuple[Handling, ...]:
    """What may stand at a key of `answers_from`."""
    return tuple(one for one in Handling if one is not Handling.APPLY or who not in UNTIED)
