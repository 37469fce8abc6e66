"""The running order as one HTML page that stands alone, fit for the screen, the phone and the printer."""

from __future__ import annotations

import jinja2

from reminder.compose.mail import said_words
from reminder.compose.meetings.views import OrderView
from reminder.compose.meetings.words import WORDS, say_answer
from reminder.compose.words import capital, format_date, format_hours, format_moment, quote
from reminder.compose.year.rendering import open_templates, policy_for, read_source
from reminder.domain.programme import Language

PAGE, STYLE, COLOURS = "plan/hearings.html.j2", "plan/page.css", "plan/picture.css"


def render_order(view: OrderView, loader: jinja2.BaseLoader, language: Language) -> str:
    """The page. The policy allows its own style and nothing else."""
    style = read_source(loader, COLOURS) + read_source(loader, STYLE)
    words = WORDS[language]
    rows = [
        {
            "when": format_date(row.on, language),
            "hours": format_hours(row.begins, row.ends, language),
            "parties": ", ".join(capital(party.in_language(language)) for party in row.parties),
            "people": [(one.name or one.address, say_answer(one.attendance, language, is_told=one.is_told)) for one in row.people],
            "actions": [
                (
                    one.number,
                    one.title,
                    said_words(one.light, one.phase, language) or words.awaited,
                    quote(one.text, language) if one.text else "",
                )
                for one in row.actions
            ],
        }
        for row in view.rows
    ]
    return (
        open_templates(loader)
        .get_template(PAGE)
        .render(
            language=language,
            words=words,
            style=style,
            policy=policy_for(style),
            title=words.kinds[view.kind],
            programme=capital(view.programme.in_language(language)),
            round_name=view.round_name.in_language(language),
            office=capital(view.office.in_language(language)),
            place=view.place.in_language(language) if view.place else "",
            link=view.link,
            presenter=view.presenter,
            as_of=format_moment(view.as_of, language),
            unplaced=", ".join(capital(party.in_language(language)) for _, party in view.unplaced),
            rows=rows,
        )
    )
