"""The calendar of a city: public holidays of its country with their names, and closed days of its own.

The holidays come from the holidays library, category public; for Finland it holds both eves (domain.md section 10.3). In
Sweden three eves count as Sundays for periods of time (lag 1930:173, section 2); they are a category of their own there.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import holidays

from reminder.configuration.city_days import QuietTime, quiet_days
from reminder.domain.programme import LANGUAGES, Language, Localised
from reminder.domain.workdays import Calendar

EVES = {"SE": "de_facto"}
"""Countries whose eves, closed as holidays are, stand in another category of the library."""
YEARS_AROUND = 2
"""Years beside those that the files name; a rule reaches at most that far."""


def find_zone(name: str) -> ZoneInfo | None:
    """The time zone, or None where there is none of this name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def universal_zone() -> ZoneInfo:
    """UTC without any files: what the rest of the files is read with on a machine without time zones, which is a fault anyway."""
    counts, rule = struct.pack(">6l", 0, 0, 0, 0, 1, 4), struct.pack(">lbb", 0, 0, 0)
    return ZoneInfo.from_file(io.BytesIO(b"TZif" + bytes(16) + counts + rule + b"UTC\0"), key="UTC")


def known_zones() -> list[str]:
    """All time zones, for near misses."""
    return sorted(available_timezones())


def known_countries() -> Mapping[str, list[str]]:
    """Countries whose holidays are known, with their subdivisions."""
    return holidays.list_supported_countries()


def read_holidays(country: str, subdivision: str, years: Iterable[int]) -> dict[date, Localised]:
    """The public holidays of these years, named in each of our languages that the library knows for the country."""
    wanted = sorted(set(years))
    found: dict[date, dict[Language, str]] = {}
    categories = ("public", EVES[country]) if country in EVES else ("public",)
    for language, locale in _locales(country).items():
        table = holidays.country_holidays(country, subdiv=subdivision or None, years=wanted, language=locale, categories=categories)
        for day, name in table.items():
            found.setdefault(day, {})[language] = name
    return {day: Localised(names) for day, names in found.items()}


def _locales(country: str) -> dict[Language, str | None]:
    """The library's locale for each of our languages; where it has none of them, its default under all."""
    entity = holidays.country_holidays(country)
    supported = tuple(getattr(entity, "supported_languages", ()))
    locales: dict[Language, str | None] = {}
    for language in LANGUAGES:
        match = next((one for one in supported if one == language or one.startswith(f"{language}_")), None)
        if match is not None:
            locales[language] = match
    return locales or dict.fromkeys(LANGUAGES, None)


def build_calendar(
    zone: ZoneInfo,
    *,
    country: str,
    subdivision: str,
    years: Iterable[int],
    closed_days: Mapping[date, Localised],
    quiet: Iterable[QuietTime] = (),
) -> Calendar:
    """The calendar of all years that the files touch, and two on either side. A closed day of the city's own names the day."""
    touched = set(years)
    around = {year + step for year in touched for step in range(-YEARS_AROUND, YEARS_AROUND + 1)}
    closed = {**read_holidays(country, subdivision, around), **closed_days}
    return Calendar(zone=zone, holidays=closed, quiet=quiet_days(quiet, sorted(around)))
