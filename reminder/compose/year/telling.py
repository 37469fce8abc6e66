"""Small sentences of the year, shared by the page, the picture and the calendar file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reminder.compose.kinds import kind_name
from reminder.compose.words import capital, count, format_date
from reminder.compose.year.views import MailState, MarkKind, YearMail, YearMark, YearSpell, YearView
from reminder.compose.year.words import WORDS
from reminder.domain.decisions import ADDED_STEPS
from reminder.domain.programme import Language
from reminder.domain.rounds import StepKind

COUNTED = frozenset({StepKind.REMINDER, StepKind.OVERDUE, StepKind.ESCALATION})
"""Kinds of which a duty has several, so that each bears its number."""


def name_mail(mail: YearMail, language: Language) -> str:
    """`muistutus 2`: the kind, with its number where there are several."""
    name = kind_name(mail.kind, language)
    return f"{name} {mail.ordinal + 1}" if mail.kind in COUNTED and mail.ordinal < ADDED_STEPS else name


def name_recipients(mail: YearMail, language: Language) -> str:
    """`16 vastuutahoa`, the name of the only one, or the coordinator."""
    words = WORDS[language]
    if not mail.parties:
        return words.coordinator
    if len(mail.parties) == 1:
        return capital(mail.parties[0].name.in_language(language))
    return count(len(mail.parties), *words.to_parties)


def name_mark(mark: YearMark, language: Language) -> str:
    """`tilinpäätös (alustava)`, `määräaika: Suvikodit Oy`."""
    words = WORDS[language]
    name = mark.name.in_language(language) if mark.name else words.marks[mark.kind]
    planned = f" ({words.planned_date})" if mark.is_planned else ""
    parties = ", ".join(party.in_language(language) for party in mark.parties)
    return f"{name}{planned}{f': {parties}' if parties else ''}"


def name_state(mail: YearMail, language: Language) -> str:
    """`lähetetty pe 14.2.2025`, `ei lähetetty: kaikki on raportoitu`."""
    words = WORDS[language]
    said = words.states[mail.state]
    if mail.state is MailState.SENT and mail.state_on is not None:
        return f"{said} {format_date(mail.state_on, language)}"
    return f"{said}: {words.reasons.get(mail.state_reason, mail.state_reason)}" if mail.state_reason else said


def name_spell(spell: YearSpell, language: Language) -> str:
    """`lisäaika, Suvikodit Oy: ma 3.3.2025 – pe 14.3.2025 (yhtiökokous)`."""
    words = WORDS[language]
    who = f", {spell.who.in_language(language)}" if spell.who else ""
    form = words.spell_until if spell.until else words.spell_open
    until = format_date(spell.until, language) if spell.until else ""
    time = form.format(start=format_date(spell.start, language), until=until)
    because = f" ({spell.because})" if spell.because else ""
    return f"{spell.what or words.spells[spell.kind]}{who}: {time}{because}"


def marks_on(view: YearView, day: date) -> Iterator[YearMark]:
    """The marks of a day: anchors, deadlines, closes."""
    order = tuple(MarkKind)
    yield from sorted(
        (mark for mark in view.marks if mark.on == day), key=lambda mark: (order.index(mark.kind), mark.programme, mark.round)
    )


def mails_on(view: YearView, day: date) -> Iterator[YearMail]:
    """The mails of a day that are, or were, really there, in the order of the hour."""
    yield from (mail for mail in view.mails if mail.on == day and mail.is_active)
