"""The time line as SVG: one strip a row, whose marks keep their size while the days stretch with the page.

A mark is a shape and a letter: capital for what was sent, small for what came in; the shapes of the steps are those of the
year's picture. Places are in per cent, so that no script and no style in an attribute is needed. Marks that would cover each
other move to a lane below, reckoned for the width at which a strip is shown at least.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from reminder.compose.rehearsal.views import RehearsalView, RehearsedMail, RehearsedParty, SignKind
from reminder.compose.rehearsal.words import WORDS, name_sign
from reminder.compose.words import MONTHS, capital, format_date, format_day
from reminder.compose.year import picture
from reminder.compose.year.views import MarkKind
from reminder.compose.year.words import WORDS as YEAR_WORDS
from reminder.domain.programme import Language

MARK_WIDTH, LANE, EDGE = 25.0, 20, 4
AXIS_HEIGHT = 34
LONGEST_TIP = 46

BUBBLE = "M.9 1h10.2v7.2H6.4L3.2 11.2V8.2H.9Z"
SIGNS: Mapping[SignKind, str] = {
    SignKind.ACKNOWLEDGEMENT: '<path d="M1 6.6 4.6 10.2 11 2" fill="none" stroke="currentColor" stroke-width="2"/>',
    SignKind.QUESTION: '<path d="M6 .8 11.2 6 6 11.2.8 6Z" fill="none" stroke="currentColor" stroke-width="1.7"/>',
    SignKind.PREVIEW: (
        '<path d="M.7 6Q6-.6 11.3 6 6 12.6.7 6Z" fill="none" stroke="currentColor" stroke-width="1.5"/>'
        '<circle cx="6" cy="6" r="1.9" fill="currentColor"/>'
    ),
    SignKind.ALERT: '<path d="M.6 1.2h10.8L6 11.2Z" fill="currentColor"/>',
    SignKind.ANSWER: f'<path d="{BUBBLE}" fill="currentColor" stroke="currentColor"/>',
    SignKind.PART: (
        f'<path d="{BUBBLE}" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M1 1h5v7.2H1Z" fill="currentColor"/>'
    ),
    SignKind.UNCLEAR: (
        f'<path d="{BUBBLE}" fill="none" stroke="currentColor" stroke-width="1.4"/>'
        '<path d="M4 2.6 8 6.6M8 2.6 4 6.6" stroke="currentColor" stroke-width="1.3"/>'
    ),
    SignKind.AUTOMATIC: f'<path d="{BUBBLE}" fill="none" stroke="currentColor" stroke-width="1.4" stroke-dasharray="2 1.3"/>',
    SignKind.APPROVAL: (
        f'<path d="{BUBBLE}" fill="none" stroke="currentColor" stroke-width="1.4"/>'
        '<path d="M3.4 4.6 5.4 6.5 8.8 2.8" fill="none" stroke="currentColor" stroke-width="1.3"/>'
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Width:
    """A width at which strips are drawn: its name in the style sheet, and the pixels that its days have at least."""

    name: str
    pixels: float
    height: int
    """The least height of a row."""


WIDE, NARROW = Width(name="wide", pixels=640.0, height=62), Width(name="narrow", pixels=320.0, height=28)


def draw_signs(view: RehearsalView) -> str:
    """The shapes, and the shaded days as one group, once for a whole document."""
    own = "".join(f'<symbol id="sign-{name.value}" viewBox="0 0 12 12">{shape}</symbol>' for name, shape in SIGNS.items())
    return f'{picture.draw_signs()}<defs>{own}<g id="days">{"".join(_shade(view))}</g></defs>'


def draw_axis(view: RehearsalView, language: Language, width: Width) -> str:
    """The strip with the months and weeks, the deadlines and the ends of the rounds."""
    parts = [f'<rect width="100%" height="{AXIS_HEIGHT}" class="axis-field"/>']
    months = [day for day in map(view.day, range(view.days)) if day.day == 1 or day == view.first]
    for index, day in enumerate(months):
        upto = months[index + 1] if index + 1 < len(months) else view.last + timedelta(days=1)
        room = (upto - day).days / view.days * width.pixels
        parts.append(f'<line x1="{_at(view, day)}" x2="{_at(view, day)}" y1="0" y2="{AXIS_HEIGHT}" class="tick"/>')
        name = capital(MONTHS[language][day.month - 1])
        short = next((text for text in (f"{name} {day.year}", name, name[:3]) if len(text) * 7 + 6 < room), "")
        parts.append(f'<svg x="{_at(view, day)}" overflow="visible"><text x="3" y="13" class="month-name">{escape(short)}</text></svg>')
    flags = dict.fromkeys((one.due_on, MarkKind.DEADLINE) for party in view.parties for one in party.deadlines)
    flags |= dict.fromkeys((one.closes_on, MarkKind.CLOSES) for party in view.parties for one in party.deadlines)
    for on, mark in flags:
        if view.first <= on <= view.last:
            sign = picture.draw_sign(mark.value, x=-2, y=19, size=12)
            parts.append(f'<svg x="{_middle(view, on)}" overflow="visible"><title>{escape(_flag(mark, on, language))}</title>{sign}</svg>')
    return f'<svg class="strip {width.name}" width="100%" height="{AXIS_HEIGHT}" aria-hidden="true">{"".join(parts)}</svg>'


def draw_row(
    view: RehearsalView, party: RehearsedParty | None, mails: Sequence[RehearsedMail], row: str, language: Language, width: Width
) -> str:
    """The strip of one party; None: the coordinator. Each mark leads to what stands below the row under `row` and its number."""
    lanes = list(_lay_out(view, mails, width))
    height = max(width.height, EDGE * 2 + LANE * (1 + max(lanes, default=0)))
    parts = [f'<rect width="100%" height="{height}" class="row-field"/><svg width="100%" height="{height}"><use href="#days"/></svg>']
    for one in party.deadlines if party else ():
        for on, name in ((one.due_on, "due"), (one.closes_on, "shut")):
            if view.first <= on <= view.last:
                parts.append(f'<line x1="{_middle(view, on)}" x2="{_middle(view, on)}" y1="0" y2="{height}" class="{name}"/>')
    parts += [_draw_mark(view, mail, lane, row, language) for mail, lane in zip(mails, lanes, strict=True)]
    return f'<svg class="strip {width.name}" width="100%" height="{height}" role="group">{"".join(parts)}</svg>'


def describe_mail(mail: RehearsedMail, language: Language) -> str:
    """`ma 17.2.2025 klo 9.19: vastaus. Aihe`: what a mark says when pointed at."""
    clock = f"{mail.at.hour}.{mail.at:%M}" if language == "fi" else f"{mail.at:%H:%M}"
    return f"{format_date(mail.on, language)} {clock}: {name_sign(mail.kind, language)}. {mail.subject}"


def _lay_out(view: RehearsalView, mails: Sequence[RehearsedMail], width: Width) -> Iterator[int]:
    """The lane of each mail: the first in which it covers no other."""
    ends: list[float] = []
    for mail in mails:
        left = (mail.on - view.first).days / view.days * width.pixels
        lane = next((index for index, end in enumerate(ends) if end <= left), len(ends))
        if lane == len(ends):
            ends.append(0.0)
        ends[lane] = left + MARK_WIDTH
        yield lane


def _draw_mark(view: RehearsalView, mail: RehearsedMail, lane: int, row: str, language: Language) -> str:
    told, y = describe_mail(mail, language), EDGE + LANE * lane
    share = (mail.on - view.first).days / view.days
    anchor = "start" if share < 0.5 else "end"
    shown = told if len(told) <= LONGEST_TIP else told[: LONGEST_TIP - 1] + "…"
    way = "in" if mail.kind.is_incoming else "out"
    return (
        f'<svg x="{_middle(view, mail.on)}" y="{y}" overflow="visible">'
        f'<a href="#{row}-{mail.number}" class="mark {way} {mail.kind.value}" aria-label="{escape(told)}"><title>{escape(told)}</title>'
        f'<rect x="-8" y="0" width="{MARK_WIDTH:g}" height="{LANE}" rx="3" class="hit"/>'
        f"{picture.draw_sign(mail.kind.value, x=-6, y=4)}"
        f'<text x="8" y="14.5" class="letter">{escape(WORDS[language].letters[mail.kind])}</text>'
        f'<text x="{-6 if anchor == "start" else 12}" y="{LANE + 12}" class="tip {anchor}">{escape(shown)}</text></a></svg>'
    )


def _shade(view: RehearsalView) -> Iterator[str]:
    """Weekends, closed and quiet days, neighbours of one look together."""
    looks = [_look(view, view.day(index)) for index in range(view.days)]
    start = 0
    for index in range(1, len(looks) + 1):
        if index < len(looks) and looks[index] == looks[start]:
            continue
        for look in looks[start]:
            fill = 'class="shade"' if look == "closed" else f'fill="url(#{look})"'
            share = (index - start) * 100 / view.days
            yield f'<rect x="{_at(view, view.day(start))}" width="{share:.3f}%" height="100%" {fill}/>'
        start = index


def _look(view: RehearsalView, day: date) -> tuple[str, ...]:
    closed = () if view.is_open(day) else ("closed",)
    return (*closed, *(("hatch",) if day in view.closed else ()), *(("dots",) if day in view.quiet else ()))


def _at(view: RehearsalView, day: date) -> str:
    return f"{(day - view.first).days * 100 / view.days:.3f}%"


def _middle(view: RehearsalView, day: date) -> str:
    return f"{((day - view.first).days + 0.5) * 100 / view.days:.3f}%"


def _flag(mark: MarkKind, on: date, language: Language) -> str:
    return f"{YEAR_WORDS[language].marks[mark]} {format_day(on, language)}"
