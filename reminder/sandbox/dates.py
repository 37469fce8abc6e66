"""Dates as mail programs write them above a quotation, in three languages."""

from __future__ import annotations

from datetime import datetime

from reminder.domain.programme import Language

_DAYS = {
    "fi": ("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"),
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "fi": ("tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu"),
    "sv": ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}


def write_long_date(language: Language, at: datetime) -> str:
    """As Outlook has it: `perjantai 14. helmikuuta 2025 9.02`."""
    day, month = _DAYS[language][at.weekday()], _MONTHS[language][at.month - 1]
    if language == "fi":
        return f"{day} {at.day}. {month}kuuta {at.year} {at.hour}.{at:%M}"
    if language == "sv":
        return f"den {at.day} {month} {at.year} {at:%H:%M}"
    return f"{day}, {month} {at.day}, {at.year} {at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


def write_attribution_date(program: str, language: Language, at: datetime) -> str:
    """The date in the line above a quotation; `program` is gmail, apple or thunderbird."""
    day, month = _DAYS[language][at.weekday()], _MONTHS[language][at.month - 1]
    if program == "gmail":
        return {
            "fi": f"{day[:2]} {at.day}. {month}k. {at.year} klo {at.hour}.{at:%M}",
            "sv": f"Den {day[:3]} {at.day} {month[:3]}. {at.year} kl {at:%H:%M}",
            "en": f"On {day[:3]}, {month[:3]} {at.day}, {at.year} at {at.hour % 12 or 12}:{at:%M}\u202f{'AM' if at.hour < 12 else 'PM'}",
        }[language]
    if program == "apple":
        return {
            "fi": f"{at.day}.{at.month}.{at.year} kello {at.hour}.{at:%M}",
            "sv": f"{at.day} {month[:3]}. {at.year} kl. {at:%H:%M}",
            "en": f"{at.day} {month[:3]} {at.year}, at {at:%H:%M}",
        }[language]
    return {
        "fi": f"{at.day}.{at.month}.{at.year} klo {at.hour}.{at:%M}",
        "sv": f"{at:%Y-%m-%d} kl. {at:%H:%M}",
        "en": f"{at.month}/{at.day}/{at.year} {at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}",
    }[language]
