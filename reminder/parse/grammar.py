"""The light grammar: what one value says. A light is given only where the whole clause says it (replies.md section 9.6).

A value is split into clauses, and each is read (`clauses.py`); what casts a doubt on the light is a refusal with its own reason
(`refusals.py`). A wrong light is worse than ten questions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.readings import AskReason
from reminder.parse.clauses import WORD, Clause, Said, cut_clauses, read_clause
from reminder.parse.html_page import BOLD_OFF, BOLD_ON
from reminder.parse.refusals import find_refusal, reason_without_light
from reminder.parse.words import EMOJI, light_of

_EMPHASIS = re.compile(rf"[{BOLD_ON}{BOLD_OFF}]|(?<!\w)[*_]{{1,2}}(?=\S)|(?<=\S)[*_]{{1,2}}(?!\w)")
_SHOULD_BE = re.compile(
    r"\b(?:pitäisi|pitää|piti|tulisi) olla (\w+),? (?:eikä|ei) (\w+)|\b(?:should|must) be (\w+),? (?:and )?not (\w+)"
    r"|\b(?:ska|skall|skulle|borde) vara (\w+),? (?:och )?(?:inte|ej) (\w+)",
    re.IGNORECASE,
)
"""`pitäisi olla punainen eikä vihreä` says what it is."""
_FOR_THE_SAKE = re.compile(r"\bp\.\s?g\.\s?a\.", re.IGNORECASE)
_SIGNS = "✅❌👍👎❓"
"""Signs that mean something, and no light that we could tell."""
_SAID = re.compile(rf"[\w{''.join(EMOJI)}{_SIGNS}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a value says. `reason` tells why no light was taken from it; `text` are the words beside the light and the phase."""

    light: TrafficLight | None = None
    phase: Phase | None = None
    reason: AskReason | None = None
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said at all."""
        return self.light is None and self.phase is None and self.reason is None and not self.text


def plain_words(text: str) -> str:
    """Words as they are kept: no marks of emphasis, blanks single."""
    return " ".join(_without_emphasis(text).split())


def _without_emphasis(text: str) -> str:
    return _EMPHASIS.sub("", text)


def says_something(text: str) -> bool:
    """Whether there is a letter, a digit, a light or a sign in it."""
    return _SAID.search(text) is not None


def says_or_asks(text: str) -> bool:
    """Whether something is said behind a number: a lone question mark is an answer too, though none to record."""
    return says_something(text) or text.strip() == "?"


def read_value(text: str, language: str, *, is_light_field: bool, is_named: bool = True) -> Value:
    """Reads one value: what stands behind `Tila:` (`is_light_field`), or behind `12:`.

    Where no action is named beside it (`is_named`), `kaikki vihreää ja kukkivaa` may well be about the garden.
    """
    clean = _SHOULD_BE.sub(_as_it_is, _FOR_THE_SAKE.sub("pga", _without_emphasis(text).strip()))
    if not (says_something(clean) if is_light_field else says_or_asks(clean)):
        return Value()
    clauses = cut_clauses(clean)
    if not clauses:
        return Value(reason=AskReason.QUESTION_MARK if "?" in clean or "❓" in clean else AskReason.UNKNOWN_WORD, text=plain_words(clean))
    said = [
        read_clause(clause, language, is_first=not index, is_light_field=is_light_field, is_named=is_named)
        for index, clause in enumerate(clauses)
    ]
    refused = find_refusal(clean, clauses, said)
    if refused is not None:
        return Value(reason=refused, text=plain_words(clean))
    light = next((one.light for one in said if one.light is not None), None)
    phase = next((one.phase for one in said if one.phase is not None), None)
    if light is None and phase is None:
        return Value(reason=reason_without_light(clauses, is_light_field=is_light_field), text=plain_words(clean))
    return Value(light=light, phase=phase, text=_remaining(clean, clauses, said))


def _as_it_is(match: re.Match[str]) -> str:
    """`pitäisi olla punainen eikä vihreä` as `ei vihreä vaan punainen`."""
    said = [word for word in match.groups() if word]
    return f", ei {said[1]} vaan {said[0]}" if all(light_of(word.lower()) for word in said) else match.group()


def _remaining(text: str, clauses: Sequence[Clause], said: Sequence[Said]) -> str:
    """The words that are kept: all but the clauses at the beginning that say a light or a phase and nothing else."""
    for clause, one in zip(clauses, said, strict=True):
        if one.is_pure and (one.light is not None or one.phase is not None):
            continue
        if one.lead:
            words = list(WORD.finditer(text, clause.start, clause.end))
            behind = text[clause.end :].lstrip(" ,;.:-–—!")
            return plain_words(text[words[one.lead].start() :] if one.lead < len(words) else behind)
        kept = plain_words(text[clause.start :].lstrip(" ,;.:-–—!)"))
        return kept.removesuffix(")") if kept.count(")") > kept.count("(") else kept
    return ""
