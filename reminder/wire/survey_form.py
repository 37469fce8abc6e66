"""The form of a survey: what is written here is what `parse` looks for, in the mail and in the reply that its button opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from reminder.domain.messages import Item
from reminder.domain.programme import Language
from reminder.domain.surveys import Question, Scale
from reminder.wire.answer_block import BLOCK_WORDS, item_head
from reminder.wire.mailto import BODY_LIMIT


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyWords:
    """The words of the form in one language."""

    answer: str
    yes: str
    no: str
    own_words: str


SURVEY_WORDS: Mapping[Language, SurveyWords] = {
    "fi": SurveyWords(answer="Vastaus", yes="kyllä", no="ei", own_words="omin sanoin"),
    "sv": SurveyWords(answer="Svar", yes="ja", no="nej", own_words="med egna ord"),
    "en": SurveyWords(answer="Answer", yes="yes", no="no", own_words="in your own words"),
}


def say_scale(scale: Scale, language: Language) -> str:
    """`1–5`, `kyllä / ei`, `vihreä / keltainen / punainen`, `omin sanoin`."""
    words = SURVEY_WORDS[language]
    if scale is Scale.LIGHT:
        return " / ".join(BLOCK_WORDS[language].lights.values())
    return {Scale.FIVE: "1–5", Scale.YES_NO: f"{words.yes} / {words.no}", Scale.TEXT: words.own_words}[scale]


def say_ends(question: Question, language: Language) -> str:
    """`1 = ei lainkaan, 5 = erittäin hyvin`; empty where the survey says nothing of its ends."""
    if question.ends is None:
        return ""
    low, high = (end.in_language(language) for end in question.ends)
    return f"1 = {low}, 5 = {high}"


def answer_label(scale: Scale, language: Language) -> str:
    """`Vastaus (1–5):`"""
    return f"{SURVEY_WORDS[language].answer} ({say_scale(scale, language)}):"


def survey_body(items: Sequence[Item], scales: Sequence[Scale], language: Language, *, reference: str, ends: Sequence[str] = ()) -> str:
    """The reply that the button opens: each question with its label; where clients would cut that, the numbers alone."""
    told = [f"{words}\n" if words else "" for words in ends] or [""] * len(items)
    asked = list(zip(items, scales, told, strict=True))
    blocks = [f"{item_head(item)}\n{words}{answer_label(scale, language)} " for item, scale, words in asked]
    whole = "\n\n".join([*blocks, reference])
    if len(quote(whole.replace("\n", "\r\n"), safe="")) <= BODY_LIMIT:
        return whole
    short = [f"{item.number} ({say_scale(scale, language)}): " for item, scale, _ in asked]
    return "\n".join([*short, "", reference])
