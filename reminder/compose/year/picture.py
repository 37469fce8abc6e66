"""The calendar picture: a month as an SVG grid, and all months as one SVG file.

Nothing is told by colour alone: each kind has its own shape, closed days are hatched, quiet days dotted, a deadline has a
flag and a frame, today a line and its word. Every text is escaped; no style stands in an attribute, so that a page with
a strict policy can hold the picture.
"""

from __future__ import annotations

import calendar as month_table
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from html import escape

from reminder.compose.kinds import kind_name
from reminder.compose.words import MONTHS, SHORT_WEEKDAYS, capital, format_date
from reminder.compose.year.telling import mails_on, marks_on, name_mail, name_mark, name_recipients
from reminder.compose.year.views import MarkKind, YearView
from reminder.compose.year.words import WORDS
from reminder.domain.programme import Language
from reminder.domain.rounds import StepKind

CELL, ROW, LEFT, TOP = 46, 38, 26, 20
WIDTH = LEFT + 7 * CELL + 2
SHOWN_SIGNS = 3
"""Signs that a day has room for; the list below the month has them all."""

SIGNS: Mapping[str, str] = {
    StepKind.CONTACTS: '<path d="M1.5 2.5h9v7h-9ZM1.5 3l4.5 3.5L10.5 3" fill="none" stroke="currentColor" stroke-width="1.5"/>',
    StepKind.NOTICE: '<circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" stroke-width="1.7"/>',
    StepKind.REQUEST: '<circle cx="6" cy="6" r="5" fill="currentColor"/>',
    StepKind.REMINDER: '<path d="M6 1.5 11 10.5H1Z" fill="none" stroke="currentColor" stroke-width="1.7"/>',
    StepKind.LAST_CALL: '<path d="M6 .8 11.6 11H.4Z" fill="currentColor"/>',
    StepKind.OVERDUE: '<path d="M1.5 1.5h9v9h-9Z" fill="currentColor"/>',
    StepKind.ESCALATION: '<path d="M6 .5v11M1.5 5 6 .5 10.5 5" fill="none" stroke="currentColor" stroke-width="1.7"/>',
    StepKind.DIGEST: '<path d="M1.5 1.5h9v9h-9ZM3.5 4.5h5M3.5 7.5h5" fill="none" stroke="currentColor" stroke-width="1.7"/>',
    StepKind.REPORT: '<path d="M2.5 .8h5L10 3.3v8H2.5ZM4.5 9V6M7.5 9V4.5" fill="none" stroke="currentColor" stroke-width="1.4"/>',
    MarkKind.ANCHOR: '<path d="M6 0 7.6 4.1 12 4.4 8.6 7.2 9.7 11.5 6 9.1 2.3 11.5 3.4 7.2 0 4.4 4.4 4.1Z" fill="currentColor"/>',
    MarkKind.DEADLINE: '<path d="M2 .5v11M2 1h8.5L8 4l2.5 3H2" fill="currentColor" stroke="currentColor" stroke-width="1.4"/>',
    MarkKind.CLOSES: '<path d="M1.5 1.5 10.5 10.5M10.5 1.5 1.5 10.5" fill="none" stroke="currentColor" stroke-width="1.7"/>',
}
"""Each on a square of 12 by 12, with attributes of its own: a style sheet does not reach into what is drawn by `use`."""


def draw_signs() -> str:
    """The shapes, once for a whole document."""
    symbols = "".join(f'<symbol id="sign-{name}" viewBox="0 0 12 12">{shape}</symbol>' for name, shape in SIGNS.items())
    closed = '<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse"><path d="M0 5 5 0" class="hatch"/></pattern>'
    quiet = '<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><circle cx="3" cy="3" r="1" class="dot"/></pattern>'
    return f"<defs>{symbols}{closed}{quiet}</defs>"


def draw_sign(name: str, *, x: float = 0, y: float = 0, size: float = 12) -> str:
    """One shape."""
    return f'<use href="#sign-{name}" x="{x:g}" y="{y:g}" width="{size:g}" height="{size:g}" class="sign {name}"/>'


def draw_month(view: YearView, month: date, language: Language) -> str:
    """The inner elements of a month on a field of WIDTH by `height_of`, without its name."""
    words = WORDS[language]
    heads = [f'<text x="{LEFT - 4}" y="13" class="small end">{escape(words.week)}</text>']
    heads += [
        f'<text x="{LEFT + column * CELL + CELL / 2:g}" y="13" class="small mid">{escape(name)}</text>'
        for column, name in enumerate(SHORT_WEEKDAYS[language])
    ]
    days = [draw_day(view, day, row, language) for row, day in _days_of(month)]
    weeks = {row: day.isocalendar().week for row, day in _days_of(month)}
    numbers = [f'<text x="{LEFT - 4}" y="{TOP + row * ROW + 15}" class="small end">{week}</text>' for row, week in weeks.items()]
    return "".join((*heads, *numbers, *days))


def height_of(month: date) -> int:
    """The height of a month's field: four to six rows."""
    return TOP + ROW * (1 + max(row for row, _ in _days_of(month))) + 2


def draw_day(view: YearView, day: date, row: int, language: Language) -> str:
    """One day: its field, number, signs, and what it is called when pointed at."""
    x, y = LEFT + day.weekday() * CELL, TOP + row * ROW
    parts = [f'<rect x="{x}" y="{y}" width="{CELL}" height="{ROW}" class="{_field_of(view, day)}"/>']
    if day in view.closed or day in view.quiet:
        pattern = "hatch" if day in view.closed else "dots"
        parts.append(f'<rect x="{x}" y="{y}" width="{CELL}" height="{ROW}" fill="url(#{pattern})"/>')
    parts.append(f'<text x="{x + 5}" y="{y + (19 if day == view.today else 15)}" class="day">{day.day}</text>')
    signs = _signs_of(view, day)
    shown = signs[: SHOWN_SIGNS if len(signs) <= SHOWN_SIGNS else SHOWN_SIGNS - 1]
    parts += [draw_sign(name, x=x + 4 + 12.5 * index, y=y + 21) for index, name in enumerate(shown)]
    if len(shown) < len(signs):
        parts.append(f'<text x="{x + 5 + 12.5 * len(shown):g}" y="{y + 31}" class="small">+{len(signs) - len(shown)}</text>')
    if any(spell.covers(day) for spell in view.spells if spell.until or day >= view.today):
        parts.append(f'<path d="M{x + 2} {y + ROW - 2.5}h{CELL - 4}" class="spell"/>')
    if any(mark.kind is MarkKind.DEADLINE for mark in marks_on(view, day)):
        parts.append(f'<rect x="{x + 1.5}" y="{y + 1.5}" width="{CELL - 3}" height="{ROW - 3}" class="frame"/>')
    if day == view.today:
        parts.append(f'<path d="M{x + 1.5} {y}v{ROW}" class="now"/>')
        parts.append(f'<text x="{x + 5}" y="{y + 8}" class="now-word">{escape(WORDS[language].today)}</text>')
    return f"<g><title>{escape('; '.join(_told(view, day, language)))}</title>{''.join(parts)}</g>"


def name_month(month: date, language: Language) -> str:
    """`Helmikuu 2025`."""
    return f"{capital(MONTHS[language][month.month - 1])} {month.year}"


def legend_of(view: YearView, language: Language) -> Sequence[tuple[str, str]]:
    """(name of the sign, word) of each kind that the year has, then of the marks."""
    kinds = {mail.kind for mail in view.mails}
    marks = {mark.kind for mark in view.marks}
    legend = [(kind.value, kind_name(kind, language)) for kind in StepKind if kind in kinds]
    return [*legend, *((mark.value, WORDS[language].marks[mark]) for mark in MarkKind if mark in marks)]


def _days_of(month: date) -> Iterator[tuple[int, date]]:
    """Each day of a month with the row that it stands in."""
    length = month_table.monthrange(month.year, month.month)[1]
    for offset in range(length):
        day = month + timedelta(days=offset)
        yield (day.day - 1 + month.weekday()) // 7, day


def _field_of(view: YearView, day: date) -> str:
    return "field open-day" if view.is_open(day) else "field closed-day"


def _signs_of(view: YearView, day: date) -> list[str]:
    """The marks, then each kind of mail once."""
    signs = [mark.kind.value for mark in marks_on(view, day)]
    signs += [mail.kind.value for mail in mails_on(view, day)]
    return list(dict.fromkeys(signs))


def _told(view: YearView, day: date, language: Language) -> Iterator[str]:
    yield format_date(day, language)
    name = view.closed.get(day) or view.quiet.get(day)
    if name is not None:
        yield name.in_language(language)
    yield from (name_mark(mark, language) for mark in marks_on(view, day))
    yield from (f"{name_mail(mail, language)}, {name_recipients(mail, language)}" for mail in mails_on(view, day))
