"""The answer form that goes with the mail of a party with many actions: the same actions, numbers and last times as in the mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reminder.compose.blocks import clip, plain
from reminder.compose.mail import QUOTED_LENGTH, said_words
from reminder.compose.views import ActionView, Heading, PartySection
from reminder.compose.words import capital, format_month, quote, small
from reminder.domain.messages import Attachment, Item
from reminder.wire.answer_sheet import XLSX, AnswerForm, FormRow, FormSection, write_answer_sheet
from reminder.wire.sheet_words import SHEET_WORDS


def write_form(name: str, heading: Heading, sections: Sequence[PartySection], items: Sequence[Item]) -> Attachment:
    """The workbook as an attachment. `items` are those of the sections in their order, numbered as in the mail."""
    programme = capital(plain(heading.programme.in_language(heading.language)))
    round_name = small(plain(heading.round_name.in_language(heading.language)))
    form = AnswerForm(
        language=heading.language,
        title=f"{programme}: {round_name}",
        token=heading.token,
        made_on=heading.today,
        sections=tuple(_form_sections(heading, sections, items)),
    )
    return Attachment(name=name, media_type=XLSX, content=write_answer_sheet(form))


def _form_sections(heading: Heading, sections: Sequence[PartySection], items: Sequence[Item]) -> Iterator[FormSection]:
    numbered = iter(items)
    for section in sections:
        rows = [(view, next(numbered)) for view in section.actions]
        party = _name(heading, section, sections) if len(sections) > 1 else ""
        own = tuple(_row(heading, view, item) for view, item in rows if not view.is_contribution)
        others = tuple(_row(heading, view, item) for view, item in rows if view.is_contribution)
        if own:
            yield FormSection(heading=party, rows=own)
        if others:
            words = SHEET_WORDS[heading.language].contributions
            yield FormSection(heading=f"{party}: {small(words)}" if party else words, rows=others)


def _name(heading: Heading, section: PartySection, sections: Sequence[PartySection]) -> str:
    """The party; where a mail asks for several programmes, which one too."""
    party, programmes = (
        section.party.name.in_language(heading.language),
        {one.programme_name.in_language(heading.language) for one in sections},
    )
    shown = f"{section.programme_name.in_language(heading.language)}: {party}" if len(programmes) > 1 else party
    return capital(plain(shown))


def _row(heading: Heading, view: ActionView, item: Item) -> FormRow:
    last, language = view.last_time, heading.language
    if last is None:
        return FormRow(item=item)
    said = said_words(last.light, last.phase, language)
    parts = [*([said] if said else []), *([quote(clip(last.text, QUOTED_LENGTH), language)] if last.text.strip() else [])]
    return FormRow(item=item, last_time=f"{format_month(last.on, language)}: {'. '.join(parts)}" if parts else "")
