"""What one clause of a value says: a light for certain, colours that may be meant as one, a phase, or a refusal.

A clause gives a light when nothing is left in it but the light and words that carry no meaning, or when it begins with the light
and goes on with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.readings import AskReason
from reminder.parse.phrases import FOLLOWING
from reminder.parse.small_words import (
    ALTERNATIVES,
    ASSESSING,
    CONNECTORS,
    FILLERS,
    HEADS,
    HEDGES,
    LATER,
    NEGATIONS,
    PAST,
    RETRACTING,
    WHENS,
)
from reminder.parse.words import EMOJI, LETTERS, assessed_light_of, change_of, is_year, light_of, phase_of, typo_of

WORD = re.compile(rf"[{''.join(EMOJI)}]|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
"""A word, a number or a light of a value."""
_CLAUSE = re.compile(
    r"[,;!?()\t\n/…|→]|[-=]>|[.:](?=\s|$)|\s[-–—]+\s|[–—]|(?<=\w)-\s|--+|\s{2,}"
    r"|\s(?=(?:vaan|utan|mutta|men|but|joten|eli|alltså)\s)",
    re.IGNORECASE,
)
_SAID_THAT = frozenset(["att", "että", "that", "as", "would", "skulle"])
"""Small words between a verb that gives a light and the light."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a value: its words, and where they stand in it."""

    words: tuple[str, ...]
    start: int
    end: int
    asks: bool
    """It ends in a question mark."""
    introduces: bool = False
    """It ends in a colon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
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


def cut_clauses(text: str) -> list[Clause]:
    """The clauses of a value; one without a word is none, but its question mark belongs to the one before it."""
    found: list[Clause] = []
    start = 0
    ends = [*((match.start(), match.end(), match.group()) for match in _CLAUSE.finditer(text)), (len(text), len(text), "")]
    for stop, after, mark in ends:
        words = tuple(WORD.findall(text[start:stop].lower()))
        if words:
            found.append(Clause(words, start, stop, asks=mark.strip() == "?", introduces=mark.strip() == ":"))
        elif mark.strip() == "?" and found and not text[found[-1].end : start].strip(" .,:;!?()"):
            found[-1] = replace(found[-1], asks=True)
        start = after
    return found


def read_clause(clause: Clause, language: str, *, is_first: bool, is_light_field: bool, is_named: bool) -> Said:
    """What the clause says. `is_first`: it begins the value. `is_light_field`, `is_named`: see `grammar.read_value`."""
    words = clause.words
    if (phase := phase_of(words)) is not None:
        return Said(phase=phase, is_pure=len(words) <= 4)
    letter = LETTERS.get(language, {}).get(words[0]) if is_first and len(words) == 1 else None
    if letter is not None:
        return Said(light=letter, is_pure=True)
    lights = _lights(words, can_slip=is_first)
    colours = frozenset(light for light in lights if light is not None)
    if not colours:
        return _of_change(words, is_first=is_first)
    near = _near(words, lights)
    if any(word in PAST for word in near) or (not is_first and any(word in LATER for word in near)):
        return Said(past=colours)
    if _is_pale(words, lights):
        return Said(maybe=colours)
    heads = _heads(words)
    rest = [word for word, light in zip(words[heads:], lights[heads:], strict=True) if light is None and word not in FILLERS]
    if (pure := _read_pure(words, lights, rest)) is not None:
        return pure
    led = _read_lead(words[heads:], lights[heads:], is_light_field=is_light_field and is_first, is_named=is_named)
    if led is not None and (is_first or not is_light_field):
        return replace(led, lead=led.lead + heads)
    return _read_mixed(words, lights, rest)


def _read_pure(words: Sequence[str], lights: Sequence[TrafficLight | None], rest: Sequence[str]) -> Said | None:
    """A clause in which nothing is left but the light, a verb that gives it, or a phase. `rest` are the words that mean something."""
    colours = [light for light in dict.fromkeys(lights) if light is not None]
    if set(rest) <= ASSESSING | {"would", "skulle"} or (set(rest) & ASSESSING and set(rest) <= ASSESSING | _SAID_THAT):
        return Said(light=colours[0], is_pure=True) if len(colours) == 1 else Said(refused=AskReason.TWO_LIGHTS)
    phase = phase_of([word for word, light in zip(words, lights, strict=True) if light is None])
    return Said(light=colours[0], phase=phase, is_pure=True) if phase is not None and len(colours) == 1 else None


def _lights(words: Sequence[str], *, can_slip: bool) -> list[TrafficLight | None]:
    """The light of each word; `vihreäksi` and `keltaisen` are lights where a verb gives them."""
    assesses = any(word in ASSESSING for word in words)
    return [_light(word, can_slip=can_slip) or (assessed_light_of(word) if assesses else None) for word in words]


def _light(word: str, *, can_slip: bool) -> TrafficLight | None:
    return light_of(word) or (typo_of(word) if can_slip else None)


def _near(words: Sequence[str], lights: Sequence[TrafficLight | None]) -> Sequence[str]:
    """The words that say when the light was: all but the reason behind a `because`."""
    last = max(place for place, light in enumerate(lights) if light is not None)
    cut = next((place for place in range(last + 1, len(words)) if words[place] in CONNECTORS and words[place] not in WHENS), len(words))
    return words[:cut]


def _of_change(words: Sequence[str], *, is_first: bool) -> Said:
    """A clause that names a light only as the goal or the origin of a change."""
    changed = frozenset(light for word in words if (light := change_of(word)) is not None)
    return Said(past=changed) if changed and not is_first and any(word in LATER for word in words) else Said(maybe=changed)


def _heads(words: Sequence[str]) -> int:
    """How many words of `HEADS` the clause begins with."""
    return next((place for place, word in enumerate(words) if word not in HEADS), 0)


def _is_pale(words: Sequence[str], lights: Sequence[TrafficLight | None]) -> bool:
    """`light green` is a shade; `traffic light green` is a light."""
    return any(word == "light" and lights[place + 1] and words[place - 1 : place] != ("traffic",) for place, word in enumerate(words[:-1]))


def _read_lead(words: Sequence[str], lights: Sequence[TrafficLight | None], *, is_light_field: bool, is_named: bool) -> Said | None:
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
    return Said(light=lights[first], maybe=frozenset(one for one in others if one) | changed, lead=after)


def _weakens(word: str) -> bool:
    """Whether a word behind the light may take it away."""
    return word in NEGATIONS or word in HEDGES or word in LATER or word in WHENS or word in RETRACTING or is_year(word)


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


def _read_mixed(words: Sequence[str], lights: Sequence[TrafficLight | None], rest: Sequence[str]) -> Said:
    """A clause of more than a light: a denial, or colours that may be meant."""
    said = frozenset(light for light, is_said in zip(lights, _find_predicates(words), strict=True) if light is not None and is_said)
    if any(word in NEGATIONS for word in rest) and (said or words[0] in NEGATIONS):
        return Said(refused=AskReason.NEGATION, denied=said or frozenset(light for light in lights if light is not None))
    return Said(maybe=said)
