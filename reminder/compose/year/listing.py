"""What happens on the days of a month, line by line: the words beside the picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from reminder.compose.words import SHORT_WEEKDAYS, format_day
from reminder.compose.year.telling import mails_on, marks_on, name_mail, name_mark, name_recipients
from reminder.compose.year.views import YearMail, YearView
from reminder.compose.year.words import WORDS
from reminder.domain.programme import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """One thing on a day. `sign` names its shape; empty for a closed day's name."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLines:
    """A day on which there is something to say."""

    on: date
    name: str
    lines: tuple[DayLine, ...]
    is_today: bool = False
    is_closed: bool = False


def list_month(view: YearView, month: date, language: Language) -> tuple[DayLines, ...]:
    """The days of a month that have a mail, a mark or a name, and today."""
    day, found = month.replace(day=1), []
    while day.month == month.month:
        lines = tuple(_lines_of(view, day, language))
        if lines or day == view.today:
            name = f"{SHORT_WEEKDAYS[language][day.weekday()]} {format_day(day, language, with_year=False)}"
            found.append(DayLines(on=day, name=name, lines=lines, is_today=day == view.today, is_closed=not view.is_open(day)))
        day += timedelta(days=1)
    return tuple(found)


def _lines_of(view: YearView, day: date, language: Language) -> Iterator[DayLine]:
    name = view.closed.get(day) or view.quiet.get(day)
    if name is not None:
        yield DayLine(sign="", text=name.in_language(language))
    for mark in marks_on(view, day):
        of_round = f" ({mark.round_name.in_language(language)})" if view.has_several_rounds and mark.round_name else ""
        yield DayLine(sign=mark.kind.value, text=name_mark(mark, language) + of_round)
    for mails in _alike(view, day):
        first = mails[0]
        to = name_recipients(first, language) if len(mails) == 1 else _count_parties(mails, language)
        of_round = f", {first.round_name.in_language(language)}" if view.has_several_rounds else ""
        yield DayLine(sign=first.kind.value, text=f"{name_mail(first, language)}, {to}{of_round}")


def _alike(view: YearView, day: date) -> Iterator[list[YearMail]]:
    """The mails of a day, those of one kind, number and round together."""
    groups: dict[tuple[object, ...], list[YearMail]] = {}
    for mail in mails_on(view, day):
        groups.setdefault((mail.programme, mail.round, mail.kind, mail.ordinal), []).append(mail)
    yield from groups.values()


def _count_parties(mails: list[YearMail], language: Language) -> str:
    number = sum(len(mail.parties) for mail in mails)
    one, many = WORDS[language].to_parties
    return f"{number} {one if number == 1 else many}"
