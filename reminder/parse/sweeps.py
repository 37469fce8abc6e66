"""What is said of all the actions at once: `kaikki vihreällä`, `muut vihreitä paitsi 14`.

A sweep gives lights that nobody wrote beside an action, so it is read with the greatest care: it covers what was asked and is
not named elsewhere in the mail (issue 3), and neither what the mail casts a doubt on, by number or by words of the title.
A doubt that names nothing may mean any action, and then the sweep gives no light at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reminder.domain.messages import Item
from reminder.domain.readings import AskBack, AskReason
from reminder.parse.frames import asked_years, frames, takes_all_back
from reminder.parse.grammar import read_value
from reminder.parse.numbers import NUMBER
from reminder.parse.phrases import EXCEPTING, LEFT_OUT, RESERVING
from reminder.parse.small_words import BOTH, EVERYTHING, FILLERS, HEADS, INDEFINITE, NEGATIONS, NUMERALS, OPENERS, RETRACTING, THE_REST
from reminder.parse.statements import Statement, Taken, taken_from
from reminder.parse.titles import Titles
from reminder.parse.words import EMOJI, change_of, light_of

_LETTERS = re.compile(rf"[{''.join(EMOJI)}]|[^\W\d_]+(?:['’]s)?")
_SENTENCE = re.compile(r"[^.!?;\n]*(?:\.(?=\d)[^.!?;\n]*)*[.!?;\n]?")
_COPULAS = frozenset(["ovat", "on", "är", "are", "is"])
_SWEDISH_LIGHT = re.compile(r"\b(?:gr[öo]n|gul|r[öo]d|r[öo]tt)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepLine:
    """What is said of all the rest, and of which of them it is not said."""

    rest: str
    except_numbers: tuple[str, ...] = ()
    excepted: str = ""
    """What is said of the excepted, where that is a light: `paitsi 4.4, joka on punainen`."""
    count: int = 0
    """`molemmat`, `kaikki kolme`: covers so many, no more and no fewer; 0 where no number is said."""
    is_open: bool = False
    """Something is excepted, and it is not told what."""
    is_all: bool = False
    """`kaikki` alone, not `muut` nor `kaikki muut`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """A sweep with its place in the mail."""

    line: SweepLine
    taken: Taken


def read_sweep(text: str, numbers: Collection[str], titles: Titles) -> SweepLine | None:
    """The sweep that the line begins with. `numbers` are those that were asked."""
    words = list(_LETTERS.finditer(text.lower()[:200]))
    if (turned := _turned_sweep(text, [word.group() for word in words])) is not None:
        return turned
    while words and words[0].group() in OPENERS:
        words = words[1:]
    if not words or words[0].group() not in EVERYTHING | THE_REST | BOTH:
        return None
    after = 1
    while after < len(words) and words[after].group() in EVERYTHING | THE_REST:
        after += 1
    count = 2 if words[0].group() in BOTH else 0
    if after < len(words) and words[after].group() in NUMERALS:
        count = NUMERALS[words[after].group()]
        after += 1
    is_all = not any(word.group() in THE_REST for word in words[:after])
    rest = text[words[after - 1].end() :]
    if words[0].group() == "alla" and _SWEDISH_LIGHT.search(rest) is None:
        return None  # `alla` is Swedish for all and Finnish for below: `alla punaisella`
    return replace(_without_excepted(rest, numbers, titles, count), is_all=is_all)


def _turned_sweep(text: str, words: Sequence[str]) -> SweepLine | None:
    """`Vihreää kaikille`, `Green for both`: the light first, and then all of them."""
    if not 2 <= len(words) <= 6 or light_of(words[0]) is None or words[-1] not in EVERYTHING | BOTH:
        return None
    if re.search(r"\d", text) or any(word not in FILLERS and word not in {"for", "till", "åt", "för"} for word in words[1:-1]):
        return None
    return SweepLine(rest=words[0], count=2 if words[-1] in BOTH else 0, is_all=True, is_open=text.rstrip().endswith("?"))


def _without_excepted(rest: str, numbers: Collection[str], titles: Titles, count: int) -> SweepLine:
    phrase = EXCEPTING.search(rest)
    if phrase is None:
        return SweepLine(rest=rest, count=count)
    before, tail = rest[: phrase.start()], rest[phrase.end() :]
    light = next((word for word in _LETTERS.finditer(tail.lower()) if light_of(word.group()) is not None), None)
    if _names_light(before):
        # `vihreällä, museota lukuun ottamatta`: what is excepted may stand before the phrase, behind the light.
        excepted, said = tail, before
        if not _named(tail, numbers, titles):
            cut = max(word.end() for word in _LETTERS.finditer(before.lower()) if light_of(word.group()) is not None)
            excepted, said = before[cut:], before[:cut]
    elif set(_LETTERS.findall(before.lower())) <= _COPULAS:
        # `Kaikki paitsi 4.4 vihreitä`: the light behind the numbers is that of the others.
        excepted, said = tail[: light.start() if light else len(tail)], tail[light.start() :] if light else ""
    else:
        excepted, said = tail, before  # `Kaikki ok paitsi 3.8 punainen`: the light is that of the excepted
    named = _named(excepted, numbers, titles)
    return SweepLine(rest=said, except_numbers=named, excepted=tail if said == before else "", count=count, is_open=not named)


def _named(text: str, numbers: Collection[str], titles: Titles) -> tuple[str, ...]:
    by_number = [number for number in re.findall(NUMBER, text.lower()) if number in numbers]
    return tuple(dict.fromkeys([*by_number, *sorted(titles.mentioned(text))]))


def _names_light(text: str) -> bool:
    return any(light_of(word) is not None for word in _LETTERS.findall(text.lower()))


def sweep_statements(
    sweeps: Iterable[Sweep], said: Mapping[Item, Statement], asked: Sequence[Item], language: str, source: str, beside: Sequence[str]
) -> tuple[dict[Item, Statement], tuple[AskBack, ...]]:
    """What the sweeps say of the asked actions of which nothing is `said` elsewhere. `beside` are the sender's other words.

    `Kaikki vihreällä` beside a light of its own for every action says two things of those that have another one.
    """
    spoken = [item.number for item in said]
    found: dict[Item, Statement] = {}
    asks: list[AskBack] = []
    for sweep in sweeps:
        value = read_value(sweep.line.rest, language, is_light_field=False, is_named=False)
        doubted, is_open = _doubts([_without_light(value.text), *beside], asked)
        quote, places = sweep.taken.text, (taken_from(source, sweep.taken),)
        if value.reason is not None or value.light is None or value.phase is not None or sweep.line.is_open or is_open:
            asks.append(AskBack(number="", reason=value.reason or AskReason.UNKNOWN_WORD, quote=quote, places=places))
            continue
        against = [item for item in asked if item in said and said[item].light not in {None, value.light}]
        if sweep.line.is_all and against and all(item in said for item in asked):
            found |= {item: replace(said[item], light=None, phase=None, reason=AskReason.TWO_LIGHTS) for item in against}
            continue
        covered = [item for item in asked if item.number not in {*spoken, *sweep.line.except_numbers}]
        if not covered or (sweep.line.count and sweep.line.count != len(asked if sweep.line.is_all else covered)):
            asks.append(AskBack(number="", reason=AskReason.ALL_COVERS_NONE, quote=quote, places=places))
            continue
        for item in covered:
            one = Statement(item=item, light=value.light, text=value.text, quote=quote, rule="sweep", places=places)
            found[item] = _agreed(one, found.get(item), doubted.get(item.number))
    return found, tuple(asks)


def _agreed(one: Statement, before: Statement | None, doubt: str | None) -> Statement:
    """What a sweep says of one action, unless a sentence casts a `doubt` on it, or a sweep `before` gave it another light."""
    if doubt is not None:
        return Statement(item=one.item, reason=AskReason.UNKNOWN_WORD, quote=doubt, rule="sweep", places=one.places)
    if before is not None and before.light is not one.light:
        return Statement(item=one.item, reason=AskReason.TWO_LIGHTS, quote=one.quote, rule="sweep", places=one.places)
    return one


def _without_light(text: str) -> str:
    """The words beside the light: clauses that say it and nothing else are no doubt about it."""
    plain = FILLERS | HEADS
    return ", ".join(
        clause
        for clause in re.split(r"[,;]\s|(?<=[.!?])\s", text)
        if re.search(r"\d", clause) or not all(word in plain or light_of(word) is not None for word in _LETTERS.findall(clause.lower()))
    )


def _doubts(texts: Iterable[str], asked: Sequence[Item]) -> tuple[dict[str, str], bool]:
    """The actions that one of these sentences names, each with the sentence; and whether one doubts without a name."""
    numbers, titles = [item.number for item in asked], Titles.of(asked)
    years = asked_years(asked)
    doubted: dict[str, str] = {}
    is_open = False
    for sentence in (found for text in texts for found in _SENTENCE.findall(text[:4000]) if found.strip()):
        named = _named(sentence, numbers, titles)
        doubted |= dict.fromkeys(named, sentence.strip())
        is_open = is_open or (not named and _is_grave(sentence, years))
    return doubted, is_open


def _is_grave(sentence: str, years: Collection[str]) -> bool:
    """Whether a sentence that names no action speaks of lights, of something left out, of another time, or takes something back."""
    words = _LETTERS.findall(sentence.lower())
    if any(light_of(word) is not None or change_of(word) is not None or word in INDEFINITE for word in words):
        return True
    if any(pattern.search(sentence) is not None for pattern in (EXCEPTING, LEFT_OUT, RESERVING)) or frames(sentence, years):
        return True
    return (bool(words) and takes_all_back(sentence)) or set(words) <= RETRACTING | NEGATIONS
