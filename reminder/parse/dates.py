"""The date in `seuraavaksi ja milloin`: by when the next step is promised."""

from __future__ import annotations

import calendar
import re
from datetime import date

from reminder.parse.words import month_of

_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2})(?!\d))?(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_WORDED = re.compile(r"(?:(\d{1,2})(?:\.|st|nd|rd|th)?\s+)?([^\W\d_]{3,14})(?:\s+(\d{4}))?", re.IGNORECASE)
_MONTH = re.compile(r"(?<![\d./])(\d{1,2})/(\d{4})(?!\d)")
_YEAR_END = re.compile(
    r"(?:vuoden\s+(\d{4})?\s*lop(?:ulla|puun|puun mennessä)"
    r"|(?:(?:vid|i|till|före)\s+)?slutet av (?:år(?:et)?\s*)?(\d{4})?|(?:by\s+)?(?:the\s+)?end of (\d{4}|the year))",
    re.IGNORECASE,
)
_BEFORE = r"(?:viimeistään|by|until|senast|till|ennen|before|klo|on|den|alkaen)"
_AFTER = r"(?:mennessä|asti|loppuun mennessä|loppuun|lopussa|alussa|aikana)"


def find_date(text: str, today: date) -> tuple[date, int, int] | None:
    """The first date in a text with its place. Without a year it is the next such day; of a month, its last day."""
    for pattern, reader in ((_ISO, _iso), (_NUMERIC, _numeric), (_MONTH, _month), (_WORDED, _worded), (_YEAR_END, _year_end)):
        for match in pattern.finditer(text[:1000]):
            found = reader(match, today)
            if found is not None:
                return found, match.start(), match.end()
    return None


def _iso(match: re.Match[str], today: date) -> date | None:
    return _day(int(match[1]), int(match[2]), int(match[3]))


def _numeric(match: re.Match[str], today: date) -> date | None:
    year = match[3]
    if year is not None:
        return _day(int(year) + (2000 if len(year) == 2 else 0), int(match[2]), int(match[1]))
    return _next(int(match[2]), int(match[1]), today)


def _month(match: re.Match[str], today: date) -> date | None:
    return _month_end(int(match[2]), int(match[1]))


def _worded(match: re.Match[str], today: date) -> date | None:
    month = month_of(match[2].lower())
    if month is None or (match[1] is None and match[3] is None and not match[2].lower().endswith(("ssa", "un", "uta"))):
        return None
    if match[1] is None:
        return _month_end(int(match[3]), month) if match[3] else _next_month_end(month, today)
    return _day(int(match[3]), month, int(match[1])) if match[3] else _next(month, int(match[1]), today)


def _year_end(match: re.Match[str], today: date) -> date | None:
    given = next((group for group in match.groups() if group and group.isdecimal()), None)
    return _day(int(given) if given else today.year, 12, 31)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 2000 <= year <= 2100 else None
    except ValueError:
        return None


def _next(month: int, day: int, today: date) -> date | None:
    this_year = _day(max(today.year, 2000), month, day)
    if this_year is not None and this_year < today:
        return _day(today.year + 1, month, day)
    return this_year


def _month_end(year: int, month: int) -> date | None:
    return _day(year, month, calendar.monthrange(year, month)[1]) if 1 <= month <= 12 and 2000 <= year <= 2100 else None


def _next_month_end(month: int, today: date) -> date | None:
    year = max(today.year, 2000)
    return _month_end(year if month >= today.month else year + 1, month)


def split_next_step(text: str, today: date) -> tuple[str, date | None]:
    """The next step without its date where the date stands at the end, or at the beginning with a mark behind it; and the date."""
    found = find_date(text, today)
    if found is None:
        return text, None
    when, start, end = found
    before = re.sub(rf"[\s,;:(–—-]*(?:\b{_BEFORE}\s*)?$", "", text[:start], flags=re.IGNORECASE)
    after = re.sub(rf"^\s*{_AFTER}(?:\s+{_AFTER})?\b", "", text[end:], flags=re.IGNORECASE)
    if not re.search(r"\w", after):
        return before, when
    if not re.search(r"\w", before) and re.match(r"\s*[,;:)–—-]", after):
        return after.lstrip(" ,;:.)–—-"), when
    return text, when
