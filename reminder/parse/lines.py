"""Structured lines that people type: `12: vihreä, valmis`, `toimenpide 12 on punainen, koska …`, `kaikki vihreällä`, `Tila: gul`.

Only lines that begin with a number, a label or `kaikki` / `muut` are read. Prose never gives a light.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reminder.domain.messages import Item
from reminder.parse.grammar import Value, read_value
from reminder.parse.html_text import BOLD_OFF, BOLD_ON
from reminder.parse.squash import squash
from reminder.parse.words import EMOJI, EVERYTHING, EXCEPT, FILLERS, THE_REST, light_of, month_of

_KEY = (
    r"(?:toimenpi(?:de(?:ttä)?|teen|teet|teessä|teellä|teestä)|kohta|kohdan|kohdassa|kohdat|nro|numero|åtgärd(?:en|er|erna)?|punkt(?:en|erna)?|nr|nummer"
    r"|actions?|items?|measures?|number|no)"
)
_NUMBER = r"\d{1,4}(?:\.\d{1,3}){0,4}[a-z]?"
_AND = r"\s*(?:,|&|\+|ja|och|and|sekä)\s*"
_SEPARATOR = r"(?P<sep>\s*[\]).:=–—\-,;\t|]{0,4}\s*)"
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(rf"[{''.join(EMOJI)}]|[^\W\d_]+")
_STRAY = re.compile(rf"^[\s{BOLD_ON}{BOLD_OFF}*_•·●○▪■▲>|~-]{{0,12}}")


class Field(StrEnum):
    """A field of the form."""

    LIGHT = "light"
    DONE = "done"
    NEXT = "next"


_LABELS: tuple[tuple[Field, str], ...] = (
    (Field.LIGHT, r"ti\W{0,2}la|l\W{0,3}ä?\W{0,2}ge(?:t)?|status|liikennevalo|trafikljus|traffic light"),
    (
        Field.DONE,
        r"mit(?:ä|\W{1,3}|a) tehtiin|mitä on tehty|perustelu|perustelut|vad har gjorts"
        r"|motivering|what was done|grounds|comment|kommentti|kommentar",
    ),
    (
        Field.NEXT,
        r"seuraavaksi ja milloin|seuraavaksi|h\S{0,3}rn\S{1,3}st och n\S{1,3}r|härnäst|nästa steg|next step and by when|next steps?|next",
    ),
)
_LABEL = re.compile(
    r"(?:"
    + "|".join(f"(?P<{field.value}>{words})" for field, words in _LABELS)
    + r")\s{0,3}(?P<options>\([^()\n]{0,200}\)?|\[[^\[\]\n]{0,200}\]?)?\s{0,3}(?P<colon>[:=]|[-–—](?=\s))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelLine:
    """A label at the beginning of a line, its options as they were left, and what follows."""

    field: Field
    options: str
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLine:
    """Numbers at the beginning of a line and what is said of them."""

    numbers: tuple[str, ...]
    rest: str
    is_weak: bool
    """Nothing but a light makes this line an answer: `12 toukokuuta` is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepLine:
    """`kaikki vihreällä`, `muut vihreitä paitsi 14`: what is said of all the rest."""

    rest: str
    except_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineReader:
    """Reads structured lines for the numbers of the items that were asked."""

    items: Mapping[str, Item]
    language: str
    known: re.Pattern[str]
    pairs: re.Pattern[str]

    @classmethod
    def for_items(cls, items: Sequence[Item], language: str) -> LineReader:
        """A reader for these items."""
        numbers = "|".join(re.escape(item.number.lower()) for item in sorted(items, key=lambda one: -len(one.number)))
        one = rf"(?:{numbers}|{_NUMBER})(?![\w]|\.\d)" if numbers else rf"{_NUMBER}(?![\w]|\.\d)"
        many = rf"{one}(?:(?:{_AND}|\s*[-–]\s*){one})*"
        known = re.compile(
            rf"(?P<key>{_KEY}\b\.?\s{{0,3}}:?\s{{0,3}})?(?P<open>[\[(#]\s?)?(?P<numbers>{many})(?P<close>\s?[\])])?{_SEPARATOR}",
            re.IGNORECASE,
        )
        rest = "|".join(sorted(THE_REST))
        pairs = re.compile(
            rf"(?<![\w.,/-])(?:(?:{_KEY}\s)?[\[(#]?(?:{numbers or _NUMBER})[\])]?\s*[.:)=–-]?|(?:{rest}))\s*(?:(?:on|ovat|är|is|are)\s+)?",
            re.IGNORECASE,
        )
        return cls({item.number.lower(): item for item in items}, language, known, pairs)

    def read_label(self, text: str) -> LabelLine | None:
        """The label that the line begins with."""
        start = _stray(text)
        match = _LABEL.match(text, start)
        if match is None or (match["colon"] is None and match["options"] is None):
            return None
        field = next(field for field in Field if match[field.value] is not None)
        return LabelLine(field=field, options=match["options"] or "", rest=text[match.end() :].lstrip(" \t:|"))

    def read_number(self, text: str) -> NumberLine | None:
        """The numbers that the line begins with."""
        match = self.known.match(text, _stray(text))
        if match is None:
            return None
        numbers = self._listed(match["numbers"].lower())
        rest = text[match.end() :]
        keyed = match["key"] is not None or match["open"] is not None
        separator = match["sep"]
        if not rest.strip():
            return NumberLine(numbers=numbers, rest="", is_weak=not keyed)
        if not (separator or keyed):
            return None
        first = _WORD.search(rest.lower())
        if not keyed and (first is None or month_of(first.group()) is not None) and not rest[:1].isalpha():
            return None
        if not keyed and first is not None and first.start() == 0 and month_of(first.group()) is not None:
            return None
        return NumberLine(numbers=numbers, rest=rest, is_weak=not (keyed or ":" in separator or "=" in separator))

    def _listed(self, text: str) -> tuple[str, ...]:
        """`12, 13 ja 14` and `12-14` as single numbers; a range covers those that were asked."""
        numbers: list[str] = []
        for part in re.split(_AND, text):
            if part in self.items or not (ends := re.fullmatch(r"(\d{1,4})\s*[-–]\s*(\d{1,4})", part)):
                numbers.append(part.strip())
                continue
            low, high = int(ends[1]), int(ends[2])
            numbers.extend(number for number in self.items if number.isdecimal() and low <= int(number) <= high)
        return tuple(dict.fromkeys(numbers))

    def read_title(self, text: str) -> NumberLine | None:
        """The title of an item instead of its number: `Taidenäyttelyt tyhjiin liiketiloihin: vihreä`."""
        head, separator, rest = re.sub(r"\s[-–—]\s|[–—=]", ":", text, count=1).partition(":")
        said = squash(head)
        if not separator or len(said) < 6:
            return None
        found = [number for number, item in self.items.items() if squash(item.title) == said]
        return NumberLine(numbers=(found[0],), rest=rest, is_weak=True) if len(found) == 1 else None

    def read_sweep(self, text: str) -> SweepLine | None:
        """`kaikki …` or `muut …` at the beginning of the line."""
        words = list(_WORD.finditer(text.lower()[:200]))
        if words and words[0].group() in {"ja", "och", "and"}:
            words = words[1:]
        if not words or words[0].group() not in EVERYTHING | THE_REST:
            return None
        after = 1
        while after < len(words) and words[after].group() in EVERYTHING | THE_REST:
            after += 1
        rest = text[words[after - 1].end() :]
        cut = next((word for word in words[after:] if word.group() in EXCEPT), None)
        if cut is None or (cut.group() == "but" and not re.search(r"\d", text[cut.end() :])):
            return SweepLine(rest=rest)
        numbers = tuple(number for number in re.findall(_NUMBER, text[cut.end() :].lower()) if number in self.items)
        return SweepLine(rest=text[words[after - 1].end() : cut.start()], except_numbers=numbers)

    def split_pairs(self, text: str) -> list[str]:
        """`12 vihreä, 13 keltainen, muut punaisia` becomes three lines; any other line stays one."""
        starts = [match.start() for match in self.pairs.finditer(text) if self._gives_light(text[match.end() :])]
        if len(starts) < 2 or re.sub(rf"[\W_]|{_KEY}", "", text[: starts[0]]):
            return [text]
        ends = [*starts[1:], len(text)]
        return [_without_and(text[start:end]) for start, end in zip(starts, ends, strict=True)]

    def _gives_light(self, rest: str) -> bool:
        first = _WORD.match(rest.lower())
        return first is not None and light_of(first.group()) is not None

    def leads_with_light(self, text: str) -> bool:
        """Whether the text begins by giving a light."""
        return self.value(text).light is not None and _first_meaning_is_light(text)

    def value(self, text: str) -> Value:
        """What is said behind a number."""
        return read_value(text, self.language, is_light_field=False)


def is_year(number: str) -> bool:
    """Whether an unknown number is but a year."""
    return _YEAR.fullmatch(number) is not None


def _first_meaning_is_light(text: str) -> bool:
    for match in _WORD.finditer(text.lower()):
        if match.group() not in FILLERS:
            return light_of(match.group()) is not None
    return False


def _without_and(text: str) -> str:
    return re.sub(r"[\s,;.]*(?:\b(?:ja|och|and|sekä))?[\s,;]*$", "", text)


def _stray(text: str) -> int:
    """Where the words of the line begin, behind bullets and marks of emphasis."""
    match = _STRAY.match(text)
    return match.end() if match else 0
