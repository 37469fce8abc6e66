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
from itertools import groupby

from reminder.compose.rehearsal.scale import Scale, make_scale
from reminder.compose.rehearsal.views import RehearsalView, RehearsedMail, RehearsedParty, SignKind
from reminder.compose.rehearsal.words import WORDS, name_sign
from reminder.compose.words import MONTHS, capital, format_date, format_day
from reminder.compose.year import picture
from reminder.compose.year.views import MarkKind
from reminder.compose.year.words import WORDS as YEAR_WORDS
from reminder.domain.programme import Language

MARK_WIDTH, LANE, EDGE = 25.0, 20, 4
AXIS_HEIGHT = 34
LONGEST_TIP = 56
"""Characters of a subject beside a mark; what stands below the row has all of it."""

FOLD_PATTERN = '<pattern id="fold" width="6" height="12" patternUnits="userSpaceOnUse"><path d="M3 0 1 3 5 9 3 12" class="fold"/></pattern>'
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """What every strip of a page shares."""

    view: RehearsalView
    scale: Scale
    language: Language

    @classmethod
    def of(cls, view: RehearsalView, language: Language) -> Canvas:
        """The canvas of a rehearsal."""
        return cls(view=view, scale=make_scale(view), language=language)


def draw_signs(canvas: Canvas) -> str:
    """The shapes, and the shaded days as one group, once for a whole document."""
    own = "".join(f'<symbol id="sign-{name.value}" viewBox="0 0 12 12">{shape}</symbol>' for name, shape in SIGNS.items())
    return f'{picture.draw_signs()}<defs>{own}{FOLD_PATTERN}<g id="days">{"".join(_shade(canvas))}</g></defs>'


def draw_axis(canvas: Canvas, width: Width) -> str:
    """The strip with the months, the deadlines, the ends of the rounds, and how many days each fold hides."""
    view, scale = canvas.view, canvas.scale
    parts = [f'<rect width="100%" height="{AXIS_HEIGHT}" class="axis-field"/>', *_draw_months(canvas, width)]
    for first, last in scale.folds:
        x, room = f"{scale.start(first):.3f}%", f"{scale.end(last) - scale.start(first):.3f}%"
        told = WORDS[canvas.language].folded.format(count=(last - first).days + 1)
        parts.append(
            f'<rect x="{x}" width="{room}" y="18" height="{AXIS_HEIGHT - 18}" fill="url(#fold)"><title>{escape(told)}</title></rect>'
        )
    flags = dict.fromkeys((one.due_on, MarkKind.DEADLINE) for party in view.parties for one in party.deadlines)
    flags |= dict.fromkeys((one.closes_on, MarkKind.CLOSES) for party in view.parties for one in party.deadlines)
    for on, mark in flags:
        if view.first <= on <= view.last:
            told = f"{YEAR_WORDS[canvas.language].marks[mark]} {format_day(on, canvas.language)}"
            sign = picture.draw_sign(mark.value, x=-2, y=19, size=12)
            parts.append(f'<svg x="{scale.middle(on):.3f}%" overflow="visible"><title>{escape(told)}</title>{sign}</svg>')
    return f'<svg class="strip {width.name}" width="100%" height="{AXIS_HEIGHT}" aria-hidden="true">{"".join(parts)}</svg>'


def draw_row(canvas: Canvas, party: RehearsedParty | None, mails: Sequence[RehearsedMail], row: str, width: Width) -> str:
    """The strip of one party; None: the coordinator. Each mark leads to what stands below the row under `row` and its number."""
    lanes = list(_lay_out(canvas, mails, width))
    height = max(width.height, EDGE * 2 + LANE * (1 + max(lanes, default=0)))
    parts = [f'<rect width="100%" height="{height}" class="row-field"/><svg width="100%" height="{height}"><use href="#days"/></svg>']
    for one in party.deadlines if party else ():
        for on, name in ((one.due_on, "due"), (one.closes_on, "shut")):
            if canvas.view.first <= on <= canvas.view.last:
                x = f"{canvas.scale.middle(on):.3f}%"
                parts.append(f'<line x1="{x}" x2="{x}" y1="0" y2="{height}" class="{name}"/>')
    parts += [_draw_mark(canvas, mail, lane, row) for mail, lane in zip(mails, lanes, strict=True)]
    return f'<svg class="strip {width.name}" width="100%" height="{height}" role="group">{"".join(parts)}</svg>'


def describe_mail(mail: RehearsedMail, language: Language) -> str:
    """`ma 17.2.2025 9.19: vastaus. Aihe`: what a mark says when pointed at."""
    return f"{_describe_kind(mail, language)}. {mail.subject}"


def _describe_kind(mail: RehearsedMail, language: Language) -> str:
    clock = f"{mail.at.hour}.{mail.at:%M}" if language == "fi" else f"{mail.at:%H:%M}"
    return f"{format_date(mail.on, language)} {clock}: {name_sign(mail.kind, language)}"


def _draw_months(canvas: Canvas, width: Width) -> Iterator[str]:
    """A tick at the first day of each month that is not folded, and as much of its name as there is room for."""
    view, scale = canvas.view, canvas.scale
    open_days = [day for day in map(view.day, range(view.days)) if not scale.is_folded(day)]
    months = [next(days) for _, days in groupby(open_days, key=lambda day: (day.year, day.month))]
    for index, day in enumerate(months):
        upto = months[index + 1] if index + 1 < len(months) else view.last + timedelta(days=1)
        room = (scale.end(upto - timedelta(days=1)) - scale.start(day)) / 100 * width.pixels
        x, name = f"{scale.start(day):.3f}%", capital(MONTHS[canvas.language][day.month - 1])
        short = next((text for text in (f"{name} {day.year}", name, name[:3]) if len(text) * 7 + 6 < room), "")
        yield f'<line x1="{x}" x2="{x}" y1="0" y2="{AXIS_HEIGHT}" class="tick"/>'
        yield f'<svg x="{x}" overflow="visible"><text x="3" y="13" class="month-name">{escape(short)}</text></svg>'


def _lay_out(canvas: Canvas, mails: Sequence[RehearsedMail], width: Width) -> Iterator[int]:
    """The lane of each mail: the first in which it covers no other."""
    ends: list[float] = []
    for mail in mails:
        left = canvas.scale.middle(mail.on) / 100 * width.pixels
        lane = next((index for index, end in enumerate(ends) if end <= left), len(ends))
        if lane == len(ends):
            ends.append(0.0)
        ends[lane] = left + MARK_WIDTH
        yield lane


def _draw_mark(canvas: Canvas, mail: RehearsedMail, lane: int, row: str) -> str:
    told, y = describe_mail(mail, canvas.language), EDGE + LANE * lane
    place = canvas.scale.middle(mail.on)
    anchor = "start" if place < 50 else "end"
    subject = mail.subject if len(mail.subject) <= LONGEST_TIP else mail.subject[: LONGEST_TIP - 1] + "…"
    x, kind = -6 if anchor == "start" else 12, _describe_kind(mail, canvas.language)
    way = "in" if mail.kind.is_incoming else "out"
    return (
        f'<svg x="{place:.3f}%" y="{y}" overflow="visible">'
        f'<a href="#{row}-{mail.number}" class="mark {way} {mail.kind.value}" aria-label="{escape(told)}"><title>{escape(told)}</title>'
        f'<rect x="-8" y="0" width="{MARK_WIDTH:g}" height="{LANE}" rx="3" class="hit"/>'
        f"{picture.draw_sign(mail.kind.value, x=-6, y=4)}"
        f'<text x="8" y="14.5" class="letter">{escape(WORDS[canvas.language].letters[mail.kind])}</text>'
        f'<text y="{LANE + 12}" class="tip {anchor}"><tspan x="{x}">{escape(kind)}</tspan>'
        f'<tspan x="{x}" dy="17">{escape(subject)}</tspan></text></a></svg>'
    )


def _shade(canvas: Canvas) -> Iterator[str]:
    """Weekends, closed and quiet days, and folds; neighbours of one look together."""
    view, scale = canvas.view, canvas.scale
    looks = [_look(canvas, view.day(index)) for index in range(view.days)]
    start = 0
    for index in range(1, len(looks) + 1):
        if index < len(looks) and looks[index] == looks[start]:
            continue
        x = scale.start(view.day(start))
        share = scale.end(view.day(index - 1)) - x
        for look in looks[start]:
            fill = 'class="shade"' if look == "closed" else f'fill="url(#{look})"'
            yield f'<rect x="{x:.3f}%" width="{share:.3f}%" height="100%" {fill}/>'
        start = index


def _look(canvas: Canvas, day: date) -> tuple[str, ...]:
    if canvas.scale.is_folded(day):
        return ("fold",)
    view = canvas.view
    closed = () if view.is_open(day) else ("closed",)
    return (*closed, *(("hatch",) if day in view.closed else ()), *(("dots",) if day in view.quiet else ()))
