"""`questions`, `people` and `anonymous` of a survey: what the file says, not yet tied to the people."""

from __future__ import annotations

from collections.abc import Iterator

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.drafts import Placed, SurveyDraft
from reminder.configuration.phrases import named
from reminder.configuration.sections import Section, open_section, read_line, read_named
from reminder.domain.surveys import MOST_QUESTIONS, Question, Scale


def read_survey(section: Section) -> SurveyDraft:
    """What a round says of its questions; nothing where it is no survey. What is faulty is reported and left out."""
    questions = tuple(_read_questions(section))
    if len(questions) > MOST_QUESTIONS:
        section.report.add(say.SURVEY_TOO_MANY, section.place("questions"), most=MOST_QUESTIONS)
    people = (Placed(text=text, node=item) for item in section.items("people") if (text := read_line(item, "`people`", section.report)))
    return SurveyDraft(questions=questions, is_anonymous=section.yes_no("anonymous", default=False), people=tuple(people))


def _read_questions(section: Section) -> Iterator[Question]:
    for key, value in read_named(section.find("questions"), "`questions`", section.report):
        own = open_section(value, keys.QUESTION, named("question", key.value), section.report)
        text, written = own.localised("text", "Jaosto on seurannut ohjelmaa riittävästi."), own.need("scale", "1-5")
        scale = Scale(own.choice("scale", tuple(Scale), Scale.TEXT))
        low, high = own.localised("low"), own.localised("high")
        if (low or high) and scale is not Scale.FIVE:
            own.report.add(say.SURVEY_ENDS, own.place("low" if low else "high"))
        if text is not None and written is not None:
            yield Question(id=key.value, text=text, scale=scale, ends=(low, high) if low and high else None)
