"""Small words of the three languages that code must choose: dates with their weekday, plurals, lights, phases, the legend.

Sentences stand in the templates; here stands only what grammar or a value decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time

from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.programme import LANGUAGES, Language, Localised
from reminder.domain.workdays import Unit
from reminder.wire.answer_block import BLOCK_WORDS

SHAPES: Mapping[TrafficLight, str] = {TrafficLight.GREEN: "●", TrafficLight.YELLOW: "▲", TrafficLight.RED: "■"}
"""Shapes that stay different without colour (WCAG 1.4.1)."""

SHORT_WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "fi": ("ma", "ti", "ke", "to", "pe", "la", "su"),
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "fi": ("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"),
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
INTO_WEEKDAYS = ("maanantaihin", "tiistaihin", "keskiviikkoon", "torstaihin", "perjantaihin", "lauantaihin", "sunnuntaihin")
"""Illative, for “perjantaihin 28.2. mennessä”."""
MONTHS: Mapping[Language, tuple[str, ...]] = {
    "fi": (
        "tammikuu",
        "helmikuu",
        "maaliskuu",
        "huhtikuu",
        "toukokuu",
        "kesäkuu",
        "heinäkuu",
        "elokuu",
        "syyskuu",
        "lokakuu",
        "marraskuu",
        "joulukuu",
    ),
    "sv": (
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
PHASES: Mapping[Language, Mapping[Phase, str]] = {
    "fi": {
        Phase.NOT_STARTED: "ei aloitettu",
        Phase.ONGOING: "käynnissä",
        Phase.DONE: "valmis",
        Phase.POSTPONED: "lykätty",
        Phase.DROPPED: "peruttu",
        Phase.MERGED: "yhdistetty",
    },
    "sv": {
        Phase.NOT_STARTED: "ej påbörjad",
        Phase.ONGOING: "pågår",
        Phase.DONE: "genomförd",
        Phase.POSTPONED: "uppskjuten",
        Phase.DROPPED: "avförd",
        Phase.MERGED: "sammanslagen",
    },
    "en": {
        Phase.NOT_STARTED: "not started",
        Phase.ONGOING: "ongoing",
        Phase.DONE: "done",
        Phase.POSTPONED: "postponed",
        Phase.DROPPED: "dropped",
        Phase.MERGED: "merged",
    },
}
LEGEND: Mapping[Language, Mapping[TrafficLight, str]] = {
    "fi": {
        TrafficLight.GREEN: "Toteutunut tai etenee suunnitellusti, toimia ei tarvita.",
        TrafficLight.YELLOW: "Viivästynyt tai toteutunut osittain, vastuutaho korjaa itse.",
        TrafficLight.RED: "Ei toteudu ilman päätöstä tai lisäresursseja.",
    },
    "sv": {
        TrafficLight.GREEN: "Genomförd eller framskrider enligt plan, inga åtgärder behövs.",
        TrafficLight.YELLOW: "Försenad eller delvis genomförd, den ansvariga parten rättar till.",
        TrafficLight.RED: "Genomförs inte utan beslut eller tilläggsresurser.",
    },
    "en": {
        TrafficLight.GREEN: "Done or going to plan, nothing needed.",
        TrafficLight.YELLOW: "Late or partly done, the party puts it right.",
        TrafficLight.RED: "Will not happen without a decision or more resources.",
    },
}
UNITS: Mapping[Language, Mapping[Unit, tuple[str, str]]] = {
    "fi": {
        Unit.DAYS: ("päivä", "päivää"),
        Unit.WEEKS: ("viikko", "viikkoa"),
        Unit.MONTHS: ("kuukausi", "kuukautta"),
        Unit.WORKING_DAYS: ("arkipäivä", "arkipäivää"),
    },
    "sv": {
        Unit.DAYS: ("dag", "dagar"),
        Unit.WEEKS: ("vecka", "veckor"),
        Unit.MONTHS: ("månad", "månader"),
        Unit.WORKING_DAYS: ("arbetsdag", "arbetsdagar"),
    },
    "en": {
        Unit.DAYS: ("day", "days"),
        Unit.WEEKS: ("week", "weeks"),
        Unit.MONTHS: ("month", "months"),
        Unit.WORKING_DAYS: ("working day", "working days"),
    },
}


def count(number: int, one: str, many: str) -> str:
    """`1 toimenpide`, `3 toimenpidettä`: the number with its word. None counts as many in all three languages."""
    return f"{number} {one if number == 1 else many}"


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The text with a small first letter, for the middle of a sentence; abbreviations stay as they are."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def quote(text: str, language: Language) -> str:
    """A text in the quotation marks of the language."""
    return f"“{text}”" if language == "en" else f"”{text}”"


def join_names(names: Iterable[Localised]) -> Localised:
    """`Elinvoimaohjelma ja Hyvinvointiohjelma`: several names as one, each once, in every language of the mails."""
    given = list(names)
    return Localised({language: _join([name.in_language(language) for name in given], language) for language in LANGUAGES})


def _join(texts: Iterable[str], language: Language) -> str:
    *first, last = dict.fromkeys(texts)
    conjunction = {"fi": "ja", "sv": "och", "en": "and"}[language]
    return f"{', '.join(first)} {conjunction} {last}" if first else last


def light_word(light: TrafficLight, language: Language) -> str:
    """Shape and word, `▲ keltainen`: never the colour alone."""
    return f"{SHAPES[light]} {BLOCK_WORDS[language].lights[light]}"


def format_date(day: date, language: Language) -> str:
    """`pe 28.2.2025`, `fre 28.2.2025`, `Fri 28 Feb 2025`."""
    weekday = SHORT_WEEKDAYS[language][day.weekday()]
    if language == "en":
        return f"{weekday} {day.day} {MONTHS['en'][day.month - 1][:3]} {day.year}"
    return f"{weekday} {day.day}.{day.month}.{day.year}"


def format_day(day: date, language: Language, *, with_year: bool = True) -> str:
    """The date without its weekday: `28.2.2025`, `28 Feb 2025`; without the year `28.2.`, `28 Feb`."""
    year = str(day.year) if with_year else ""
    if language == "en":
        return f"{day.day} {MONTHS['en'][day.month - 1][:3]} {year}".rstrip()
    return f"{day.day}.{day.month}.{year}"


def format_long(day: date, language: Language) -> str:
    """`perjantai 28.2.2025`, `fredag 28 februari 2025`, `Friday 28 February 2025`."""
    weekday = WEEKDAYS[language][day.weekday()]
    if language == "fi":
        return f"{weekday} {day.day}.{day.month}.{day.year}"
    return f"{weekday} {day.day} {MONTHS[language][day.month - 1]} {day.year}"


def format_on(day: date, language: Language) -> str:
    """The day on which something happens: `perjantaina 28.2.2025`, `fredagen den 28 februari 2025`, `on Friday 28 February 2025`."""
    if language == "fi":
        return f"{WEEKDAYS['fi'][day.weekday()]}na {day.day}.{day.month}.{day.year}"
    if language == "sv":
        return f"{WEEKDAYS['sv'][day.weekday()]}en den {day.day} {MONTHS['sv'][day.month - 1]} {day.year}"
    return f"on {format_long(day, language)}"


def format_by(day: date, language: Language) -> str:
    """The day by which: `perjantaihin 28.2.2025 mennessä`, `senast fredagen den …`, `by Friday …`."""
    if language == "fi":
        return f"{INTO_WEEKDAYS[day.weekday()]} {day.day}.{day.month}.{day.year} mennessä"
    return f"senast {format_on(day, 'sv')}" if language == "sv" else f"by {format_long(day, language)}"


def format_month(day: date, language: Language) -> str:
    """The month in which: `helmikuussa 2024`, `i februari 2024`, `in February 2024`."""
    month = MONTHS[language][day.month - 1]
    return {"fi": f"{month}ssa {day.year}", "sv": f"i {month} {day.year}", "en": f"in {month} {day.year}"}[language]


def format_hours(begins: time, ends: time, language: Language) -> str:
    """From when until when: `13.00–13.15`, in English `13:00–13:15`."""
    mark = ":" if language == "en" else "."
    return "–".join(
        f"{clock.hour:02}{mark}{clock.minute:02}" if language == "en" else f"{clock.hour}{mark}{clock.minute:02}"
        for clock in (begins, ends)
    )


def format_moment(instant: datetime, language: Language) -> str:
    """An instant as it is handed in: the flows hand in the city's local time; one in UTC says so, for who compares it with logs."""
    clock = {
        "fi": f"klo {instant.hour}.{instant.minute:02}",
        "sv": f"kl. {instant.hour}.{instant.minute:02}",
        "en": f"at {instant.hour:02}:{instant.minute:02}",
    }
    zone = " UTC" if instant.tzinfo is UTC else ""
    return f"{format_date(instant.date(), language)} {clock[language]}{zone}"
