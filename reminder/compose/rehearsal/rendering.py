"""The rehearsal as pages: one for all, one for each party. They stand alone: no script, and nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import jinja2

from reminder.compose.reasons import explain_steps
from reminder.compose.rehearsal import chart
from reminder.compose.rehearsal.views import Cause, RehearsalView, RehearsedMail, RehearsedParty, SignKind
from reminder.compose.rehearsal.words import WORDS, name_sign
from reminder.compose.words import capital, format_date, format_day
from reminder.compose.year.rendering import PAGE_STYLE, PICTURE_STYLE, open_templates, policy_for, read_source
from reminder.compose.year.telling import COUNTED
from reminder.compose.year.views import MarkKind
from reminder.compose.year.words import WORDS as YEAR_WORDS
from reminder.domain.decisions import ADDED_STEPS
from reminder.domain.programme import Language

COORDINATOR_PAGE = "coordinator.html"
PAGE, PARTY_PAGE, STYLE = "plan/rehearsal.html.j2", "plan/rehearsal_party.html.j2", "plan/rehearsal.css"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMail:
    """A mail in words."""

    number: int
    kind: SignKind
    letter: str
    name: str
    day: str
    clock: str
    iso: str
    sender: str
    recipient: str
    subject: str
    file: str
    text: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """One row of the time line: whose it is, what came of it, its strips, and its mails."""

    id: str
    name: str
    page: str
    character: str
    outcome: tuple[str, ...]
    strips: tuple[str, ...]
    mails: tuple[ShownMail, ...]


def render_page(view: RehearsalView, loader: jinja2.BaseLoader, language: Language) -> str:
    """The page of all: the time line, and every mail."""
    canvas = chart.Canvas.of(view, language)
    rows = [_show_row(canvas, None, "c"), *(_show_row(canvas, party, f"p{index}") for index, party in enumerate(view.parties))]
    return _render(PAGE, canvas, loader, rows=rows, mails=[show_mail(mail, language) for mail in view.mails], root="")


def render_party(view: RehearsalView, party: RehearsedParty | None, loader: jinja2.BaseLoader, language: Language) -> str:
    """The page of one party, or of the coordinator (None): the row, and each mail in full. It lies in a folder beside that of the mails."""
    canvas = chart.Canvas.of(view, language)
    return _render(PARTY_PAGE, canvas, loader, row=_show_row(canvas, party, "p"), party=party, root="../")


def _render(page: str, canvas: chart.Canvas, loader: jinja2.BaseLoader, **more: object) -> str:
    view, language = canvas.view, canvas.language
    style = "".join(read_source(loader, name) for name in (PICTURE_STYLE, PAGE_STYLE, STYLE))
    return (
        open_templates(loader)
        .get_template(page)
        .render(
            view=view,
            words=WORDS[language],
            year=YEAR_WORDS[language],
            language=language,
            style=style,
            policy=policy_for(style),
            signs=chart.draw_signs(canvas),
            axis="".join(chart.draw_axis(canvas, width) for width in (chart.WIDE, chart.NARROW)),
            has_folds=bool(canvas.scale.folds),
            legend=list(_legend(view, language)),
            marks=[(mark.value, YEAR_WORDS[language].marks[mark]) for mark in (MarkKind.DEADLINE, MarkKind.CLOSES)],
            notes=_notes(view, language),
            title=capital(view.title.in_language(language)),
            office=capital(view.office.in_language(language)),
            capital=capital,
            **more,
        )
    )


def show_mail(mail: RehearsedMail, language: Language) -> ShownMail:
    """One mail in words."""
    return ShownMail(
        number=mail.number,
        kind=mail.kind,
        letter=WORDS[language].letters[mail.kind],
        name=_name(mail, language),
        day=format_date(mail.on, language),
        clock=f"{mail.at.hour}.{mail.at:%M}" if language == "fi" else f"{mail.at:%H:%M}",
        iso=mail.at.isoformat(),
        sender=mail.sender,
        recipient=mail.recipient,
        subject=mail.subject,
        file=f"mails/{mail.name}.html",
        text=mail.text,
        why=tuple(_why(mail, language)),
    )


def tell_outcome(party: RehearsedParty, language: Language) -> tuple[str, ...]:
    """`3/3, valmis 17.2.2025`: what came of each round that the party was asked in."""
    words = WORDS[language]
    told = []
    for one in party.deadlines:
        parts = [words.result.format(answered=one.answered, asked=one.asked)]
        if one.complete_on is not None:
            parts.append(words.complete.format(day=format_day(one.complete_on, language)))
        if one.is_late:
            parts.append(words.late)
        told.append((f"{one.round_name.in_language(language)}: " if len(party.deadlines) > 1 else "") + ", ".join(parts))
    return tuple(told)


def _show_row(canvas: chart.Canvas, party: RehearsedParty | None, row: str) -> ShownRow:
    """The row of a party; None: the coordinator's, with what is nobody's."""
    language, words = canvas.language, WORDS[canvas.language]
    mails = canvas.view.mails_of(party.key if party else None)
    character = words.contributor if party else ", ".join(canvas.view.coordinators)
    if party is not None and party.character is not None:
        character = words.characters[party.character]
    return ShownRow(
        id=row,
        name=capital(party.name.in_language(language) if party else words.coordinator),
        page=f"parties/{party.page if party else COORDINATOR_PAGE}",
        character=character,
        outcome=tell_outcome(party, language) if party else (),
        strips=tuple(chart.draw_row(canvas, party, mails, row, width) for width in (chart.WIDE, chart.NARROW)),
        mails=tuple(show_mail(mail, language) for mail in mails),
    )


def _name(mail: RehearsedMail, language: Language) -> str:
    """`muistutus 2`: the kind, with its number where a duty has several."""
    name = name_sign(mail.kind, language)
    return f"{name} {mail.ordinal + 1}" if mail.step in COUNTED and mail.ordinal < ADDED_STEPS else name


def _why(mail: RehearsedMail, language: Language) -> Iterator[str]:
    """Why on that day: the chain of the schedule, else the cause."""
    words = WORDS[language]
    if mail.why is not None:
        yield from explain_steps(mail.why, language)
    elif mail.cause is Cause.REPLY and mail.because:
        yield words.answers_to.format(subject=mail.because)
    elif mail.cause is not None:
        yield words.causes[mail.cause]
    if mail.waited:
        yield words.waited


def _legend(view: RehearsalView, language: Language) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """What was sent, then what was received: (sign, letter, word) of each kind that went by."""
    words, seen = WORDS[language], {mail.kind for mail in view.mails}
    for way, is_incoming in ((words.sent, False), (words.received, True)):
        kinds = [kind for kind in SignKind if kind in seen and kind.is_incoming is is_incoming]
        yield way, [(kind.value, words.letters[kind], name_sign(kind, language)) for kind in kinds]


def _notes(view: RehearsalView, language: Language) -> list[str]:
    words = WORDS[language]
    rounds = ", ".join(one.in_language(language) for one in view.rounds)
    how = words.how.format(
        rounds=rounds,
        first=format_date(view.first, language),
        last=format_date(view.last, language),
        seed=view.seed,
        shares=view.shares.replace(",", ", "),
    )
    return [how, *([words.cut_short.format(day=format_date(view.reached, language))] if view.is_cut_short else [])]
