"""Why no light is taken from a value although one is named: what its clauses, and the phrases around them, cast a doubt on.

Two lights, a negation, a question mark, another time, somebody else's words: each refuses with its own reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reminder.domain.assessments import TrafficLight
from reminder.domain.readings import AskReason
from reminder.parse.clauses import Clause, Said
from reminder.parse.phrases import DENYING, EXCEPTING, IDIOMATIC, POLITICAL, RESERVING, SIDE, UNSURE
from reminder.parse.small_words import (
    ASPECTS,
    ASSESSING,
    CONDITIONS,
    FILLERS,
    HEADS,
    HEDGES,
    INTRODUCING,
    LATER,
    NEGATIONS,
    RETRACTING,
    TELLING,
    WHENS,
)
from reminder.parse.words import is_year, light_of, phase_of

_SEASONS = frozenset(["summer", "spring", "autumn", "winter", "sommaren", "hösten", "våren", "vintern", "june", "august", "september"])
_TIME = re.compile(
    r"vuo|år|year|lop|alku|alus|mennessä|alkaen|asti|by|from|until|in|of|the|end|slut|till|från|summer|spring|autumn|winter|sommar|höst"
    r"|vår|vinter|june|august|september"
)
"""What a word begins with that tells a time."""
_ASIDE = (LATER | HEDGES | TELLING | ASPECTS) - {"oli", "var", "was", "were"}
"""One of these in a few words before a light, and the light is another's."""
_BAD_SIGNS = "❌👎🤷❓"
SHORT_QUESTION = 3
"""`Vihreä, vai?`: a question of so few words puts the light itself in doubt."""


def find_refusal(text: str, clauses: Sequence[Clause], said: Sequence[Said]) -> AskReason | None:
    """Why no light may be taken although one is named, or None."""
    lights = {one.light for one in said if one.light is not None}
    maybe = {light for one in said for light in one.maybe}
    if _is_asked(clauses, said):
        return AskReason.QUESTION_MARK
    if (lights or maybe) and DENYING.search(text) is not None:
        return AskReason.NEGATION
    if lights and (_is_reserved(text) or any(clause.words[0] in CONDITIONS for clause in clauses) or _is_unsure(text, clauses, said)):
        return AskReason.UNKNOWN_WORD
    if lights and EXCEPTING.search(text) is not None and _names_another(clauses, lights):
        return AskReason.TWO_LIGHTS
    return _disagreement(said, lights, maybe) or _of_another_time(text, clauses, said)


def _is_asked(clauses: Sequence[Clause], said: Sequence[Said]) -> bool:
    """Whether a light, or a clause of a few words, ends in a question mark."""
    asked = [(clause, one) for clause, one in zip(clauses, said, strict=True) if clause.asks]
    return any(one.light is not None or one.maybe or len(clause.words) <= SHORT_QUESTION for clause, one in asked)


def _is_reserved(text: str) -> bool:
    """Whether a phrase or a sign makes the light depend on something, or none at all."""
    return any(phrase.search(text) is not None for phrase in (RESERVING, IDIOMATIC, POLITICAL)) or any(sign in text for sign in _BAD_SIGNS)


def _disagreement(said: Sequence[Said], lights: set[TrafficLight], maybe: set[TrafficLight]) -> AskReason | None:
    """How the clauses contradict each other, or leave no light over. `maybe` are colours that may be meant as lights."""
    denied = {light for one in said for light in one.denied}
    if any(one.refused is AskReason.NEGATION for one in said) and (not lights or lights & denied or maybe):
        return AskReason.NEGATION
    if len(lights | maybe) > 1 or any(one.refused is AskReason.TWO_LIGHTS for one in said):
        return AskReason.TWO_LIGHTS
    if not lights and (maybe or any(one.past for one in said)):
        return AskReason.UNKNOWN_WORD
    return None


def _names_another(clauses: Sequence[Clause], lights: set[TrafficLight]) -> bool:
    """Whether another light stands anywhere in the value."""
    return any((light := light_of(word)) is not None and light not in lights for clause in clauses for word in clause.words)


def _is_unsure(text: str, clauses: Sequence[Clause], said: Sequence[Said]) -> bool:
    """Whether somebody else says the light, or whoever writes does not know: before the light anywhere, behind it in a word or two."""
    first = next(clause.start for clause, one in zip(clauses, said, strict=True) if one.light is not None)
    if any(word in TELLING for clause in clauses if clause.start < first for word in clause.words):
        return True
    doubts = [match.start() for match in UNSURE.finditer(text)]
    short = [clause for clause in clauses if clause.start > first and len(clause.words) <= SHORT_QUESTION]
    return any(at < first or any(clause.start <= at < clause.end for clause in short) for at in doubts)


def _of_another_time(text: str, clauses: Sequence[Clause], said: Sequence[Said]) -> AskReason | None:
    """What stands around a light takes it away: `Edellinen arvio: vihreä`, `Budjetti: punainen`, `vihreä, ehkä`, `green, sort of`."""
    plain = FILLERS | HEADS | ASSESSING | INTRODUCING
    for clause, one in zip(clauses, said[1:], strict=False):
        is_foreign = any(word not in plain and light_of(word) is None for word in clause.words) and phase_of(clause.words) is None
        if clause.introduces and one.light is not None and is_foreign:
            return AskReason.UNKNOWN_WORD
    first = next((place for place, one in enumerate(said) if one.light is not None), len(said))
    before = said[first - 1] if 0 < first < len(said) else None
    if before is not None and not (before.past or before.denied or before.phase) and _turns_aside(text, clauses[first - 1]):
        return AskReason.UNKNOWN_WORD
    for place, clause in enumerate(clauses):
        if place > first and _takes_back(clause, said[first].light):
            return AskReason.UNKNOWN_WORD
    return None


def _turns_aside(text: str, clause: Clause) -> bool:
    """Whether a few words directly before a light make it another side's, another time's or a denial: `ensi vuonna, vihreä`."""
    words = set(clause.words)
    if len(clause.words) > SHORT_QUESTION + 1:
        return False
    if words & _ASIDE or any(is_year(word) for word in words) or words <= NEGATIONS | FILLERS | LATER:
        return bool(words - FILLERS)
    return SIDE.match(text[clause.start : clause.end].strip()) is not None


def _takes_back(clause: Clause, light: TrafficLight | None) -> bool:
    """Whether a clause behind a light leaves little of it: a doubt, a denial, another time or a condition in a few words."""
    words = set(clause.words)
    first = next((word for word in clause.words if word not in FILLERS), "")
    if first in WHENS and light is TrafficLight.GREEN:
        return True
    taking = NEGATIONS | HEDGES | RETRACTING | LATER
    if words & taking and words <= taking | FILLERS | HEADS:
        return True
    if len(clause.words) <= SHORT_QUESTION + 1 and any(is_year(word) or word in HEDGES | LATER | _SEASONS for word in words):
        return all(is_year(word) or word in taking or word in FILLERS or _TIME.match(word) for word in words)
    if words <= ASPECTS | FILLERS and words & ASPECTS:
        return True
    return len(clause.words) <= SHORT_QUESTION + 1 and clause.words[-1] in NEGATIONS


def reason_without_light(clauses: Sequence[Clause], *, is_light_field: bool) -> AskReason:
    """One or two words where a light was expected are a light that we do not know; more are words without a light."""
    names_light = any(light_of(word) is not None for clause in clauses for word in clause.words)
    return AskReason.UNKNOWN_WORD if is_light_field and (names_light or len(clauses[0].words) <= 2) else AskReason.NO_LIGHT
