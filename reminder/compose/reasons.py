"""Why a date is what it is, in one sentence a person can check against a calendar.

The chain comes out of the same function that computed the date (DESIGN, decision 9); here it is only put into words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reminder.compose.words import UNITS, capital, count, format_by, format_date, format_day, format_long, format_on
from reminder.domain.programme import Language
from reminder.domain.workdays import DatedReason, Reason, ReasonKind

__all__ = ["count", "explain_date", "explain_steps", "format_by", "format_date", "format_day", "format_long", "format_on"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    plus: str
    minus: str
    gives: str
    skipped_one: str
    skipped_many: str
    moved: str
    weekend: str
    is_one: str
    next_one: str
    one_before: str
    nth_after: str
    nth_before: str


_WORDS: Mapping[Language, _Words] = {
    "fi": _Words(
        plus="plus",
        minus="miinus",
        gives="on",
        skipped_one="väliin jäi",
        skipped_many="väliin jäivät",
        moved="siirtyy päivään",
        weekend="viikonloppu",
        is_one="joka on {name}",
        next_one="seuraava {name}",
        one_before="edellinen {name}",
        nth_after="{nth}. {name} sen jälkeen",
        nth_before="{nth}. {name} ennen sitä",
    ),
    "sv": _Words(
        plus="plus",
        minus="minus",
        gives="ger",
        skipped_one="däremellan låg",
        skipped_many="däremellan låg",
        moved="flyttas till",
        weekend="veckoslut",
        is_one="som är {name}",
        next_one="nästa {name}",
        one_before="föregående {name}",
        nth_after="{name} nr {nth} efter det",
        nth_before="{name} nr {nth} före det",
    ),
    "en": _Words(
        plus="plus",
        minus="minus",
        gives="gives",
        skipped_one="not counting",
        skipped_many="not counting",
        moved="moved to",
        weekend="weekend",
        is_one="which is a {name}",
        next_one="the next {name}",
        one_before="the {name} before",
        nth_after="{name} no. {nth} after that",
        nth_before="{name} no. {nth} before that",
    ),
}


_LEADING = frozenset({ReasonKind.BASE, ReasonKind.OFFSET, ReasonKind.PICKED})


def explain_date(reason: DatedReason, language: Language) -> str:
    """`14.2.2025 tilinpäätös, plus 10 arkipäivää on 28.2.2025`; without a full stop, so that it fits into any sentence."""
    return "; ".join(explain_steps(reason, language))


def explain_steps(reason: DatedReason, language: Language) -> tuple[str, ...]:
    """The chain in pieces, one a line where there is room: `reminder why`. Just the date where there is no chain."""
    pieces = [piece for segment, result in _segments(reason) for piece in _explain_segment(segment, result, language)]
    return tuple(pieces) or (format_day(reason.on, language),)


def _segments(reason: DatedReason) -> Iterator[tuple[tuple[Reason, ...], date]]:
    """The chain cut after each result; a BASE that only repeats the result before it is left out."""
    segment: list[Reason] = []
    previous: date | None = None
    for link in reason.chain:
        if link.kind is ReasonKind.RESULT:
            yield tuple(segment), link.on
            segment, previous = [], link.on
        elif not (link.kind is ReasonKind.BASE and link.on == previous):
            segment.append(link)
    if segment:
        yield tuple(segment), reason.on


def _explain_segment(segment: Sequence[Reason], result: date, language: Language) -> Iterator[str]:
    words = _WORDS[language]
    moved = [link for link in segment if link.kind is ReasonKind.MOVED]
    first = ", ".join(_explain_link(link, language) for link in segment if link.kind in _LEADING)
    if any(link.kind in {ReasonKind.OFFSET, ReasonKind.PICKED} for link in segment):
        first += f" {words.gives} {format_day(moved[0].on if moved else result, language)}"
    if first:
        yield first
    if skipped := [link for link in segment if link.kind is ReasonKind.SKIPPED]:
        names = ", ".join(_name_days((link,), language) for link in skipped)
        yield f"{words.skipped_one if len(skipped) == 1 else words.skipped_many} {names}"
    if moved:
        yield f"{words.moved} {format_day(result, language)} ({_name_moves(moved, language)})"


def _explain_link(link: Reason, language: Language) -> str:
    words = _WORDS[language]
    if link.kind is ReasonKind.BASE:
        return f"{format_day(link.on, language)} {link.name.in_language(language) if link.name else ''}".strip()
    if link.kind is ReasonKind.PICKED:
        return _explain_pick(link, words, language)
    assert link.unit is not None
    return f"{words.minus if link.amount < 0 else words.plus} {count(abs(link.amount), *UNITS[language][link.unit])}"


def _explain_pick(link: Reason, words: _Words, language: Language) -> str:
    """`the next Monday`, `council meeting no. 2 before that`; names stand as they are given, since no language bends here."""
    name = link.name.in_language(language) if link.name else ""
    if abs(link.amount) > 1:
        return (words.nth_after if link.amount > 0 else words.nth_before).format(name=name, nth=abs(link.amount))
    return {0: words.is_one, 1: words.next_one, -1: words.one_before}[link.amount].format(name=name)


def _name_days(links: Sequence[Reason], language: Language) -> str:
    """`3.4. Good Friday`; several days of one name as a span, `17.2.-21.2. winter holiday`; days without a name are a weekend."""
    first, last = sorted((links[0].on, links[-1].on))
    name = links[0].name.in_language(language) if links[0].name else _WORDS[language].weekend
    shown = format_day(first, language, with_year=False)
    if links[0].name and first != last:
        shown += f" – {format_day(last, language, with_year=False)}"
    return f"{shown} {name}"


def _name_moves(moved: Sequence[Reason], language: Language) -> str:
    """Each closed day by name; Saturday and Sunday together are one weekend, the days of a quiet week one span."""
    runs: list[list[Reason]] = []
    for link in moved:
        if runs and runs[-1][0].name == link.name:
            runs[-1].append(link)
        else:
            runs.append([link])
    return ", ".join(_name_days(run, language) for run in runs)


def sentence(reason: DatedReason, language: Language) -> str:
    """The explanation as a sentence of its own."""
    return f"{capital(explain_date(reason, language))}."
