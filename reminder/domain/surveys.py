"""Member survey: its questions, what a reply says, the tally of an anonymous one, and the result that is shown (decision 0038).

A tally is one canonical value: counts, and texts in the order of their letters. The same answers make the same tally in whatever
order they came, so that it says nothing of who came when.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reminder.domain.assessments import TrafficLight
from reminder.domain.programme import Contact, Localised

SHOWN_FROM = 5
"""So many answers there must be before a result of an anonymous survey is shown, of the whole and of each question."""
MOST_QUESTIONS = 20
TEXT_CHARS = 2_000
"""What is kept of one text."""
YES, NO = "yes", "no"


class Scale(StrEnum):
    """How a question is answered."""

    FIVE = "1-5"
    YES_NO = "yes/no"
    LIGHT = "light"
    TEXT = "text"

    @property
    def values(self) -> tuple[str, ...]:
        """The answers that there are, in the order in which they are shown; none for a text."""
        return _VALUES[self]


_VALUES: Mapping[Scale, tuple[str, ...]] = {
    Scale.FIVE: ("1", "2", "3", "4", "5"),
    Scale.YES_NO: (YES, NO),
    Scale.LIGHT: tuple(light.value for light in TrafficLight),
    Scale.TEXT: (),
}

SurveyAnswers = Mapping[str, str]
"""By id of the question: a value of its scale, or a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `id` never changes once it was asked; `ends` say what 1 and 5 mean."""

    id: str
    text: Localised
    scale: Scale
    ends: tuple[Localised, Localised] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a round of kind survey asks, and whom beside the contacts of its members."""

    questions: tuple[Question, ...]
    is_anonymous: bool = False
    people: tuple[Contact, ...] = ()

    def question(self, question_id: str) -> Question | None:
        """The question with this id."""
        return next((one for one in self.questions if one.id == question_id), None)


class SurveyTrouble(StrEnum):
    """Why a reply to a survey does not count."""

    UNCLEAR = "unclear"  # one of its answers is none of the scale, or two differ
    EMPTY = "empty"  # it answers no question
    ANOTHER = "another"  # it comes from an address that was not asked, or that our server does not vouch for
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"  # encrypted
    AGAIN = "again"  # the person has answered already, and an anonymous answer cannot be corrected
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyReply:
    """What a reply to a survey says. `repr` shows no answers, since a log may show a repr."""

    programme: str
    round: str
    is_anonymous: bool
    answers: SurveyAnswers = field(default_factory=dict, repr=False)
    unclear: tuple[str, ...] = ()
    """Printed numbers of the questions whose answer was not understood."""
    trouble: SurveyTrouble | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How an anonymous survey was answered. Equal for equal answers, whatever their order."""

    answered: int = 0
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict, repr=False)
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def add(self, survey: Survey, answers: SurveyAnswers) -> Tally:
        """The tally with one more reply. What answers no question of the survey is left out."""
        counts = {question: dict(values) for question, values in self.counts.items()}
        texts = {question: list(said) for question, said in self.texts.items()}
        for question in survey.questions:
            value = answers.get(question.id, "")
            if question.scale is Scale.TEXT and value:
                texts.setdefault(question.id, []).append(value)
            elif value in question.scale.values:
                own = counts.setdefault(question.id, {})
                own[value] = own.get(value, 0) + 1
        return Tally(
            answered=self.answered + 1,
            counts={question: dict(sorted(counts[question].items())) for question in sorted(counts)},
            texts={question: tuple(sorted(texts[question], key=lambda text: (text.casefold(), text))) for question in sorted(texts)},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """The answers to one question."""

    question: Question
    answered: int
    is_shown: bool
    """False where too few have answered it; then nothing but `answered` is filled in."""
    counts: tuple[tuple[str, int], ...] = ()
    """Each value of the scale with how many gave it."""
    mean: float | None = None
    """Of a scale from 1 to 5."""
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyResult:
    """What may be shown of a survey, for tables, the report and the site. Persons are nowhere in it."""

    programme: str
    round: str
    name: Localised
    is_anonymous: bool
    is_closed: bool
    """Whether its last day is over; before, the next answer changes it."""
    asked: int
    answered: int
    questions: tuple[QuestionResult, ...] = ()
    """Empty while fewer than SHOWN_FROM have answered an anonymous survey."""

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to show but how many have answered."""
        return bool(self.questions)


def sum_up(survey: Survey, replies: Iterable[SurveyAnswers]) -> Tally:
    """The tally of several replies."""
    tally = Tally()
    for answers in replies:
        tally = tally.add(survey, answers)
    return tally


def show_results(survey: Survey, tally: Tally) -> tuple[QuestionResult, ...]:
    """What may be shown: nothing of an anonymous survey before SHOWN_FROM have answered, nor of a question of it."""
    least = SHOWN_FROM if survey.is_anonymous else 1
    return tuple(_show(question, tally, least) for question in survey.questions) if tally.answered >= least else ()


def _show(question: Question, tally: Tally, least: int) -> QuestionResult:
    counted, texts = tally.counts.get(question.id, {}), tally.texts.get(question.id, ())
    answered = len(texts) if question.scale is Scale.TEXT else sum(counted.values())
    if answered < least:
        return QuestionResult(question=question, answered=answered, is_shown=False)
    counts = tuple((value, counted.get(value, 0)) for value in question.scale.values)
    is_five = question.scale is Scale.FIVE
    mean = sum(int(value) * count for value, count in counts) / answered if is_five and answered else None
    return QuestionResult(question=question, answered=answered, is_shown=True, counts=counts, mean=mean, texts=texts)


def without_names(text: str, names: Iterable[str]) -> str:
    """A text without these names and addresses: `…` stands in their place, in whatever case. For a respondent who signs their answer."""
    words = sorted({word for name in names for word in (name.strip(), *re.split(r"[\s,]+", name)) if len(word) > 2}, key=len, reverse=True)
    for word in words:
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return re.sub(r"…(?:\s*…)+", "…", text)
