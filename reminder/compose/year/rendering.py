"""The year as a page of its own, and as one SVG file. Both stand alone: no script, no font, no image from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import textwrap
from datetime import date
from functools import lru_cache
from html import escape

import jinja2

from reminder.compose.reasons import explain_steps
from reminder.compose.words import capital, format_date, format_moment
from reminder.compose.year import picture
from reminder.compose.year.listing import list_month
from reminder.compose.year.telling import name_mail, name_recipients, name_spell, name_state
from reminder.compose.year.views import MailState, YearView
from reminder.compose.year.words import WORDS
from reminder.domain.programme import Language

PAGE, PAGE_STYLE, PICTURE_STYLE = "plan/year.html.j2", "plan/page.css", "plan/picture.css"
COLUMNS = 3
CARD_WIDTH, CARD_GAP, LINE_HEIGHT = picture.WIDTH + 8, 24, 17
LETTER = 6.9
"""Width of a letter of the legend, a little more than most fonts take."""
LINE_LENGTH = 34
"""Characters of a line below a month of the SVG file."""


def render_page(view: YearView, loader: jinja2.BaseLoader, language: Language) -> str:
    """The year as one HTML page with the picture inline. The policy allows its own style and nothing else."""
    environment = open_templates(loader)
    style = read_source(loader, PICTURE_STYLE) + read_source(loader, PAGE_STYLE)
    months = [
        {
            "name": picture.name_month(month, language),
            "id": f"m{month:%Y-%m}",
            "field": f"0 0 {picture.WIDTH} {picture.height_of(month)}",
            "svg": picture.draw_month(view, month, language),
            "days": list_month(view, month, language),
        }
        for month in view.months()
    ]
    return environment.get_template(PAGE).render(
        view=view,
        words=WORDS[language],
        language=language,
        style=style,
        policy=policy_for(style),
        signs=picture.draw_signs(),
        legend=picture.legend_of(view, language),
        months=months,
        rows=[_row(view, index, language) for index in range(len(view.mails))],
        spells=[name_spell(spell, language) for spell in view.spells],
        notes=_notes(view, language),
        title=capital(view.title.in_language(language)),
        office=capital(view.office.in_language(language)),
        capital=capital,
    )


def render_svg(view: YearView, loader: jinja2.BaseLoader, language: Language) -> str:
    """All months as one SVG file, with what happens on each day in words below its month."""
    cards = [_draw_card(view, month, language) for month in view.months()]
    rows = [cards[index : index + COLUMNS] for index in range(0, len(cards), COLUMNS)]
    width = COLUMNS * (CARD_WIDTH + CARD_GAP) + CARD_GAP
    placed, y = [], 96.0
    for row in rows:
        for column, (drawn, _) in enumerate(row):
            placed.append(f'<g transform="translate({CARD_GAP + column * (CARD_WIDTH + CARD_GAP)} {y:g})">{drawn}</g>')
        y += max(height for _, height in row) + CARD_GAP
    title = escape(f"{capital(view.title.in_language(language))}: {WORDS[language].title}")
    moment = WORDS[language].as_of.format(moment=format_moment(view.as_of, language))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" lang="{language}" viewBox="0 0 {width} {y:g}" width="{width}" height="{y:g}" role="img">'
        f"<title>{title}</title><style>{read_source(loader, PICTURE_STYLE)}</style>{picture.draw_signs()}"
        f'<rect width="{width}" height="{y:g}" class="paper"/><text x="{CARD_GAP}" y="36" class="title">{title}</text>'
        f'<text x="{CARD_GAP}" y="58" class="small">{escape(moment)}</text>{_draw_legend(view, language)}{"".join(placed)}</svg>\n'
    )


@lru_cache(maxsize=4)
def open_templates(loader: jinja2.BaseLoader) -> jinja2.Environment:
    """The environment of pages that stand alone: everything is escaped. One for each loader, since compiling a template takes time."""
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def policy_for(style: str) -> str:
    """A Content-Security-Policy under which only this style applies, and nothing is fetched, run, framed or submitted."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def read_source(loader: jinja2.BaseLoader, name: str) -> str:
    """A file of the templates as it is. Raises jinja2.TemplateNotFound."""
    return loader.get_source(jinja2.Environment(autoescape=True), name)[0]


def _notes(view: YearView, language: Language) -> list[str]:
    words = WORDS[language]
    notes = [words.as_of.format(moment=format_moment(view.as_of, language))]
    if not view.has_store:
        notes.append(words.no_store)
    elif not view.is_armed:
        notes.append(words.not_armed)
    return notes


def _row(view: YearView, index: int, language: Language) -> dict[str, object]:
    """One row of the table; the first one after today is told apart, so that a line can stand there."""
    mail = view.mails[index]
    before = view.mails[index - 1].on if index else view.first
    return {
        "sign": mail.kind.value,
        "day": format_date(mail.on, language),
        "clock": f"{mail.at:%H:%M}" if language != "fi" else f"{mail.at.hour}.{mail.at:%M}",
        "iso": mail.at.isoformat(),
        "name": name_mail(mail, language),
        "round": mail.round_name.in_language(language) if view.has_several_rounds else "",
        "to": name_recipients(mail, language),
        "parties": [(capital(party.name.in_language(language)), ", ".join(party.addresses)) for party in mail.parties],
        "addresses": ", ".join(mail.recipients),
        "why": explain_steps(mail.why, language),
        "state": name_state(mail, language),
        "is_off": mail.state in {MailState.SKIPPED, MailState.NOT_NEEDED},
        "is_first_to_come": before < view.today <= mail.on,
    }


def _draw_legend(view: YearView, language: Language) -> str:
    parts, x = [], float(CARD_GAP)
    for sign, word in picture.legend_of(view, language):
        parts.append(picture.draw_sign(sign, x=x, y=70))
        parts.append(f'<text x="{x + 17:g}" y="80" class="list">{escape(word)}</text>')
        x += 34 + LETTER * len(word)
    return "".join(parts)


def _draw_card(view: YearView, month: date, language: Language) -> tuple[str, float]:
    """A month with its name above and its words below, and how high it is."""
    parts = [f'<text x="{picture.LEFT}" y="16" class="month">{escape(picture.name_month(month, language))}</text>']
    parts.append(f'<g transform="translate(0 24)">{picture.draw_month(view, month, language)}</g>')
    y = 24.0 + picture.height_of(month)
    for day in list_month(view, month, language):
        texts: list[tuple[str, str]] = [("", WORDS[language].today)] if day.is_today else []
        texts += [(line.sign, line.text) for line in day.lines]
        for number, (sign, text) in enumerate(texts):
            y += LINE_HEIGHT
            if number == 0:
                parts.append(f'<text x="{picture.LEFT}" y="{y:g}" class="list strong">{escape(day.name)}</text>')
            if sign:
                parts.append(picture.draw_sign(sign, x=picture.LEFT + 76, y=y - 10))
            for index, piece in enumerate(textwrap.wrap(text, LINE_LENGTH) or [""]):
                y += LINE_HEIGHT if index else 0
                parts.append(f'<text x="{picture.LEFT + 94}" y="{y:g}" class="list">{escape(piece)}</text>')
    return "".join(parts), y
