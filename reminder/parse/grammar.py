"""The light grammar: what one value says. A light is given only where the whole clause says it (replies.md section 9.6).

A value is split into clauses. A clause gives a light when nothing is left in it but the light and words that carry no
meaning, or when the value begins with the light and goes on with a reason. Two lights, a negation, a question mark, a
word that we do not know: each refuses with its own reason. A wrong light is worse than ten questions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.readings import AskReason
from reminder.parse.html_text import BOLD_OFF, BOLD_ON
from reminder.parse.phrases import DENYING, EXCEPTING, FOLLOWING, IDIOMATIC, POLITICAL, RESERVING, SIDE, UNSURE
from reminder.parse.small_words import (
    ALTERNATIVES,
    ASPECTS,
    ASSESSING,
    CONDITIONS,
    CONNECTORS,
    FILLERS,
    HEADS,
    HEDGES,
    INTRODUCING,
    LATER,
    NEGATIONS,
    PAST,
    RETRACTING,
    TELLING,
    WHENS,
)
from reminder.parse.words import EMOJI, LETTERS, assessed_light_of, change_of, light_of, phase_of, typo_of

_EMOJI = "".join(EMOJI)
_WORD = re.compile(rf"[{_EMOJI}]|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_CLAUSE = re.compile(
    r"[,;!?()\t\n/…|→]|[-=]>|[.:](?=\s|$)|\s[-–—]+\s|[–—]|(?<=\w)-\s|--+|\s{2,}"
    r"|\s(?=(?:vaan|utan|mutta|men|but|joten|eli|alltså)\s)",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(rf"[{BOLD_ON}{BOLD_OFF}]|(?<!\w)[*_]{{1,2}}(?=\S)|(?<=\S)[*_]{{1,2}}(?!\w)")
_SAID_THAT = frozenset(["att", "että", "that", "as", "would", "skulle"])
_SHOULD_BE = re.compile(
    r"\b(?:pitäisi|pitää|piti|tulisi) olla (\w+),? (?:eikä|ei) (\w+)|\b(?:should|must) be (\w+),? (?:and )?not (\w+)"
    r"|\b(?:ska|skall|skulle|borde) vara (\w+),? (?:och )?(?:inte|ej) (\w+)",
    re.IGNORECASE,
)
"""`pitäisi olla punainen eikä vihreä` says what it is."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_SEASONS = frozenset(["summer", "spring", "autumn", "winter", "sommaren", "hösten", "våren", "vintern", "june", "august", "september"])
_TIME = re.compile(
    r"vuo|år|year|lop|alku|alus|mennessä|alkaen|asti|by|from|until|in|of|the|end|slut|till|från|summer|spring|autumn|winter|sommar|höst|vår|vinter|june|august|september"
)
_ASIDE = LATER | HEDGES | TELLING | ASPECTS
_WAS = frozenset(["oli", "var", "was", "were"])
_FOR_THE_SAKE = re.compile(r"\bp\.\s?g\.\s?a\.", re.IGNORECASE)
SHORT_QUESTION = 3
"""`Vihreä, vai?`: a question of so few words puts the light itself in doubt."""
_SIGNS = "✅❌👍👎❓"
"""Signs that mean something, and no light that we could tell."""
_SAID = re.compile(rf"[\w{_EMOJI}{_SIGNS}]")


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


@dataclass(frozen=True, slots=True)
class _Clause:
    words: tuple[str, ...]
    start: int
    end: int
    asks: bool
    introduces: bool = False
    """It ends in a colon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What one clause says: a light for certain, colours that may be meant as one, a phase, or a refusal."""

    light: TrafficLight | None = None
    maybe: frozenset[TrafficLight] = frozenset()
    denied: frozenset[TrafficLight] = frozenset()
    """Colours that it is said not to be."""
    past: frozenset[TrafficLight] = frozenset()
    """Colours of another time: they mean nothing where another clause says what it is now."""
    phase: Phase | None = None
    refused: AskReason | None = None
    is_pure: bool = False
    """Nothing else stands in the clause, so that its words need not be kept."""
    lead: int = 0
    """Words used up at the beginning, where the clause goes on with a reason."""


def plain_words(text: str) -> str:
    """Words as they are kept: no marks of emphasis, blanks single."""
    return " ".join(_EMPHASIS.sub("", text).split())


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
    clean = _SHOULD_BE.sub(_as_it_is, _FOR_THE_SAKE.sub("pga", plain_lines(text)))
    if not (says_something(clean) if is_light_field else says_or_asks(clean)):
        return Value()
    clauses = _clauses(clean)
    if not clauses:
        return Value(reason=AskReason.QUESTION_MARK if "?" in clean or "❓" in clean else AskReason.UNKNOWN_WORD, text=plain_words(clean))
    said = [
        _read_clause(clause, language, is_first=not index, is_light_field=is_light_field, is_named=is_named)
        for index, clause in enumerate(clauses)
    ]
    refused = _refusal(clean, clauses, said) or _of_another_time(clean, clauses, said)
    if refused is not None:
        return Value(reason=refused, text=plain_words(clean))
    light = next((one.light for one in said if one.light is not None), None)
    phase = next((one.phase for one in said if one.phase is not None), None)
    if light is None and phase is None:
        return Value(reason=_reason_without_light(clauses, is_light_field=is_light_field), text=plain_words(clean))
    return Value(light=light, phase=phase, text=_remaining(clean, clauses, said))


def _as_it_is(match: re.Match[str]) -> str:
    said = [word for word in match.groups() if word]
    return f", ei {said[1]} vaan {said[0]}" if all(light_of(word.lower()) for word in said) else match.group()


def plain_lines(text: str) -> str:
    """Without marks of emphasis, line by line."""
    return _EMPHASIS.sub("", text).strip()


def _clauses(text: str) -> list[_Clause]:
    found: list[_Clause] = []
    start = 0
    ends = [*((match.start(), match.end(), match.group()) for match in _CLAUSE.finditer(text)), (len(text), len(text), "")]
    for stop, after, mark in ends:
        words = tuple(_WORD.findall(text[start:stop].lower()))
        if words:
            found.append(_Clause(words, start, stop, asks=mark.strip() == "?", introduces=mark.strip() == ":"))
        elif mark.strip() == "?" and found and not text[found[-1].end : start].strip(" .,:;!?()"):
            found[-1] = replace(found[-1], asks=True)
        start = after
    return found


def _read_clause(clause: _Clause, language: str, *, is_first: bool, is_light_field: bool, is_named: bool) -> _Said:
    words = clause.words
    if (phase := phase_of(words)) is not None:
        return _Said(phase=phase, is_pure=len(words) <= 4)
    letter = LETTERS.get(language, {}).get(words[0]) if is_first and len(words) == 1 else None
    if letter is not None:
        return _Said(light=letter, is_pure=True)
    lights = _lights(words, can_slip=is_first)
    colours = frozenset(light for light in lights if light is not None)
    if not colours:
        return _of_change(words, is_first=is_first)
    near = _near(words, lights)
    if any(word in PAST for word in near) or (not is_first and any(word in LATER for word in near)):
        return _Said(past=colours)
    heads = _heads(words)
    rest = [word for word, light in zip(words[heads:], lights[heads:], strict=True) if light is None and word not in FILLERS]
    if _is_pale(words, lights):
        return _Said(maybe=colours)
    if set(rest) <= ASSESSING | {"would", "skulle"} or (set(rest) & ASSESSING and set(rest) <= ASSESSING | _SAID_THAT):
        return _Said(light=next(iter(colours)), is_pure=True) if len(colours) == 1 else _Said(refused=AskReason.TWO_LIGHTS)
    beside = phase_of([word for word, light in zip(words, lights, strict=True) if light is None])
    if beside is not None and len(colours) == 1:
        return _Said(light=next(iter(colours)), phase=beside, is_pure=True)
    led = _read_lead(words[heads:], lights[heads:], is_light_field=is_light_field and is_first, is_named=is_named)
    if led is not None and (is_first or not is_light_field):
        return replace(led, lead=led.lead + heads)
    return _read_mixed(words, lights, rest)


def _lights(words: Sequence[str], *, can_slip: bool) -> list[TrafficLight | None]:
    """The light of each word; `vihreäksi` and `keltaisen` are lights where a verb gives them."""
    assesses = any(word in ASSESSING for word in words)
    return [_light(word, can_slip=can_slip) or (assessed_light_of(word) if assesses else None) for word in words]


def _near(words: Sequence[str], lights: Sequence[TrafficLight | None]) -> Sequence[str]:
    """The words that say when the light was: all but the reason behind a `because`."""
    last = max(place for place, light in enumerate(lights) if light is not None)
    cut = next((place for place in range(last + 1, len(words)) if words[place] in CONNECTORS and words[place] not in WHENS), len(words))
    return words[:cut]


def _of_change(words: Sequence[str], *, is_first: bool) -> _Said:
    """A clause that names a light only as the goal or the origin of a change."""
    changed = frozenset(light for word in words if (light := change_of(word)) is not None)
    return _Said(past=changed) if changed and not is_first and any(word in LATER for word in words) else _Said(maybe=changed)


def _heads(words: Sequence[str]) -> int:
    return next((place for place, word in enumerate(words) if word not in HEADS), 0)


def _is_pale(words: Sequence[str], lights: Sequence[TrafficLight | None]) -> bool:
    """`light green` is a shade; `traffic light green` is a light."""
    return any(word == "light" and lights[place + 1] and words[place - 1 : place] != ("traffic",) for place, word in enumerate(words[:-1]))


def _light(word: str, *, can_slip: bool) -> TrafficLight | None:
    return light_of(word) or (typo_of(word) if can_slip else None)


def _read_lead(words: Sequence[str], lights: Sequence[TrafficLight | None], *, is_light_field: bool, is_named: bool) -> _Said | None:
    """`punainen koska …`: a light at the very beginning, then a reason. In the light's own field any words may follow."""
    first = next(index for index, light in enumerate(lights) if light is not None)
    if any(word not in FILLERS for word in words[:first]):
        return None
    after = first + 1
    while after < len(words) and (words[after] in FILLERS or lights[after] is lights[first]):
        after += 1
    follows = words[after:]
    connected = FOLLOWING.match(" ".join(words[first + 1 : first + 5])) is not None
    connected = connected or (bool(follows) and (_connects(follows, lights[first], is_named=is_named) or words[first] in EMOJI))
    if not connected and (not is_light_field or any(_weakens(word) for word in follows)):
        return None
    said = _find_predicates(words)
    others = frozenset(light for index, light in enumerate(lights) if index >= after and light not in {None, lights[first]} and said[index])
    changed = frozenset(light for word in follows if (light := change_of(word)) is not None) - {lights[first]}
    return _Said(light=lights[first], maybe=frozenset(one for one in others if one) | changed, lead=after)


def _weakens(word: str) -> bool:
    return word in NEGATIONS or word in HEDGES or word in LATER or word in WHENS or word in RETRACTING or _YEAR.fullmatch(word) is not None


def _connects(follows: Sequence[str], light: TrafficLight | None, *, is_named: bool) -> bool:
    """Whether the words behind a light leave it what it is: a reason, or a small phrase, and not a noun or a condition."""
    if FOLLOWING.match(" ".join(follows[:4])):
        return True
    if follows[0] in WHENS and light is TrafficLight.GREEN:
        return False
    if follows[0] in {"för", "for"} and any(word in LATER for word in follows):
        return False
    return follows[0] in CONNECTORS and (is_named or follows[0] not in {"ja", "och", "and"})


def _find_predicates(words: Sequence[str]) -> list[bool]:
    """For each word whether it, a colour, is said of something, rather than standing before its noun: `budjetti keltainen`, not
    `vihreä siirtymä`. Found from the end, so that a line of nothing but colours takes no longer than another."""
    found: list[bool] = []
    ends, follows = True, ""
    for word in reversed(words):
        found.append(ends or follows in CONNECTORS or follows in ALTERNATIVES)
        if not word[0].isdigit():
            ends, follows = ends and (word in FILLERS or light_of(word) is not None), word
    return found[::-1]


def _read_mixed(words: Sequence[str], lights: Sequence[TrafficLight | None], rest: Sequence[str]) -> _Said:
    said = frozenset(light for light, is_said in zip(lights, _find_predicates(words), strict=True) if light is not None and is_said)
    if any(word in NEGATIONS for word in rest) and (said or words[0] in NEGATIONS):
        return _Said(refused=AskReason.NEGATION, denied=said or frozenset(light for light in lights if light is not None))
    return _Said(maybe=said)


def _refusal(text: str, clauses: Sequence[_Clause], said: Sequence[_Said]) -> AskReason | None:
    """Why no light may be taken although one is named, or None."""
    lights = {one.light for one in said if one.light is not None}
    maybe = {light for one in said for light in one.maybe}
    for clause, one in zip(clauses, said, strict=True):
        if clause.asks and (one.light is not None or one.maybe or len(clause.words) <= SHORT_QUESTION):
            return AskReason.QUESTION_MARK
    if (lights or maybe) and DENYING.search(text) is not None:
        return AskReason.NEGATION
    if lights and (
        RESERVING.search(text) is not None
        or IDIOMATIC.search(text) is not None
        or POLITICAL.search(text) is not None
        or _has_bad_sign(text)
    ):
        return AskReason.UNKNOWN_WORD
    if lights and (any(clause.words[0] in CONDITIONS for clause in clauses) or _is_unsure(text, clauses, said)):
        return AskReason.UNKNOWN_WORD
    if lights and EXCEPTING.search(text) is not None and _names_another(clauses, lights):
        return AskReason.TWO_LIGHTS
    denied = {light for one in said for light in one.denied}
    if any(one.refused is AskReason.NEGATION for one in said) and (not lights or lights & denied or maybe):
        return AskReason.NEGATION
    if len(lights | maybe) > 1 or any(one.refused is AskReason.TWO_LIGHTS for one in said):
        return AskReason.TWO_LIGHTS
    if not lights and (maybe or any(one.past for one in said)):
        return AskReason.UNKNOWN_WORD
    return None


def _names_another(clauses: Sequence[_Clause], lights: set[TrafficLight]) -> bool:
    return any((light := light_of(word)) is not None and light not in lights for clause in clauses for word in clause.words)


def _has_bad_sign(text: str) -> bool:
    return any(sign in text for sign in "❌👎🤷❓")


def _is_unsure(text: str, clauses: Sequence[_Clause], said: Sequence[_Said]) -> bool:
    """Whether somebody else says the light, or whoever writes does not know: before the light anywhere, behind it in a word or two."""
    first = next(clause.start for clause, one in zip(clauses, said, strict=True) if one.light is not None)
    if any(word in TELLING for clause in clauses if clause.start < first for word in clause.words):
        return True
    doubts = [match.start() for match in UNSURE.finditer(text)]
    short = [clause for clause in clauses if clause.start > first and len(clause.words) <= SHORT_QUESTION]
    return any(at < first or any(clause.start <= at < clause.end for clause in short) for at in doubts)


def _of_another_time(text: str, clauses: Sequence[_Clause], said: Sequence[_Said]) -> AskReason | None:
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


def _turns_aside(text: str, clause: _Clause) -> bool:
    """Whether a few words directly before a light make it another side's, another time's or a denial: `ensi vuonna, vihreä`."""
    words = set(clause.words)
    if len(clause.words) > SHORT_QUESTION + 1:
        return False
    if (
        words & ((LATER | HEDGES | TELLING | ASPECTS) - {"oli", "var", "was", "were"})
        or any(_YEAR.fullmatch(word) for word in words)
        or words <= NEGATIONS | FILLERS | LATER
    ):
        return bool(words - FILLERS)
    return SIDE.match(text[clause.start : clause.end].strip()) is not None


def _takes_back(clause: _Clause, light: TrafficLight | None) -> bool:
    """Whether a clause behind a light leaves little of it: a doubt, a denial, another time or a condition in a few words."""
    words = set(clause.words)
    first = next((word for word in clause.words if word not in FILLERS), "")
    if first in WHENS and light is TrafficLight.GREEN:
        return True
    taking = NEGATIONS | HEDGES | RETRACTING | LATER
    if words & taking and words <= taking | FILLERS | HEADS:
        return True
    if len(clause.words) <= SHORT_QUESTION + 1 and any(_YEAR.fullmatch(word) or word in HEDGES | LATER | _SEASONS for word in words):
        return all(_YEAR.fullmatch(word) or word in taking or word in FILLERS or _TIME.match(word) for word in words)
    if words <= ASPECTS | FILLERS and words & ASPECTS:
        return True
    return len(clause.words) <= SHORT_QUESTION + 1 and clause.words[-1] in NEGATIONS


def _reason_without_light(clauses: Sequence[_Clause], *, is_light_field: bool) -> AskReason:
    """One or two words where a light was expected are a light that we do not know; more are words without a light."""
    names_light = any(light_of(word) is not None for clause in clauses for word in clause.words)
    return AskReason.UNKNOWN_WORD if is_light_field and (names_light or len(clauses[0].words) <= 2) else AskReason.NO_LIGHT


def _remaining(text: str, clauses: Sequence[_Clause], said: Sequence[_Said]) -> str:
    """The words that are kept: all but the clauses at the beginning that say a light or a phase and nothing else."""
    for clause, one in zip(clauses, said, strict=True):
        if one.is_pure and (one.light is not None or one.phase is not None):
            continue
        if one.lead:
            words = list(_WORD.finditer(text, clause.start, clause.end))
            return (
                plain_words(text[words[one.lead].start() :])
                if one.lead < len(words)
                else plain_words(text[clause.end :].lstrip(" ,;.:-–—!"))
            )
        kept = plain_words(text[clause.start :].lstrip(" ,;.:-–—!)"))
        return kept.removesuffix(")") if kept.count(")") > kept.count("(") else kept
    return ""
