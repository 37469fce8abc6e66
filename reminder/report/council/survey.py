"""What the members said, as a part of the report: figures only. Their own words stay with whoever may run `reminder survey`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reminder.domain.assessments import TrafficLight
from reminder.domain.programme import Language
from reminder.domain.surveys import SHOWN_FROM, YES, QuestionResult, Scale, SurveyResult
from reminder.report.council.blocks import Block, Cell, Column, Heading, Paragraph, Table
from reminder.report.masking import make_line
from reminder.report.words import LIGHT_WORDS

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "fi": {
        "answered": "{answered}/{asked} on vastannut.",
        "too_few": "Tulokset näytetään, kun vastauksia on vähintään {least}.",
        "hidden": "alle {least} vastausta",
        "question": "Kysymys",
        "count": "Vastauksia",
        "spread": "Jakauma",
        "mean": "Keskiarvo",
        "texts": "sanallisia vastauksia",
        "yes": "kyllä",
        "no": "ei",
    },
    "sv": {
        "answered": "{answered} av {asked} har svarat.",
        "too_few": "Resultatet visas när det finns minst {least} svar.",
        "hidden": "färre än {least} svar",
        "question": "Fråga",
        "count": "Svar",
        "spread": "Fördelning",
        "mean": "Medelvärde",
        "texts": "svar i ord",
        "yes": "ja",
        "no": "nej",
    },
    "en": {
        "answered": "{answered} of {asked} have answered.",
        "too_few": "Results are shown when there are at least {least} answers.",
        "hidden": "fewer than {least} answers",
        "question": "Question",
        "count": "Answers",
        "spread": "Spread",
        "mean": "Mean",
        "texts": "answers in words",
        "yes": "yes",
        "no": "no",
    },
}


def write_survey(results: Iterable[SurveyResult], language: Language) -> tuple[Block, ...]:
    """The blocks of that part; none where no survey is over. One that runs is left out, since the next answer would change it."""
    return tuple(block for one in results if one.is_closed for block in _write_one(one, language))


def _write_one(one: SurveyResult, language: Language) -> Iterator[Block]:
    words, name = _WORDS[language], make_line(one.name.in_language(language))
    yield Heading(text=name)
    yield Paragraph(text=words["answered"].format(answered=one.answered, asked=one.asked))
    if not one.is_shown:
        yield Paragraph(text=words["too_few"].format(least=SHOWN_FROM), is_note=True)
        return
    columns = tuple(Column(title=words[key], share=share) for key, share in (("question", 8), ("count", 2), ("spread", 7), ("mean", 2)))
    yield Table(caption=name, columns=columns, rows=tuple(_row(result, language) for result in one.questions))


def _row(result: QuestionResult, language: Language) -> tuple[Cell, ...]:
    mean = "–" if result.mean is None else f"{result.mean:.1f}".replace(".", "." if language == "en" else ",")
    return (
        Cell(text=make_line(result.question.text.in_language(language))),
        Cell(text=str(result.answered), is_number=True),
        Cell(text=_spread(result, language)),
        Cell(text=mean, is_number=True),
    )


def _spread(result: QuestionResult, language: Language) -> str:
    words = _WORDS[language]
    if not result.is_shown:
        return words["hidden"].format(least=SHOWN_FROM)
    if result.question.scale is Scale.TEXT:
        return words["texts"]
    return ", ".join(f"{_name(result.question.scale, value, language)}: {count}" for value, count in result.counts)


def _name(scale: Scale, value: str, language: Language) -> str:
    if scale is Scale.LIGHT:
        return LIGHT_WORDS[language][TrafficLight(value)]
    return _WORDS[language]["yes" if value == YES else "no"] if scale is Scale.YES_NO else value
