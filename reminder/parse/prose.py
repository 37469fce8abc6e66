"""Sentences: which action each speaks of, where people answer in prose instead of lines.

A paragraph is cut into stretches, each about the actions that it names by number, by words of a title or by its place in our
mail; a sentence that names none goes on about the one before it. What a stretch says is then read like any other value, so
the same doubts refuse a light here as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reminder.domain.messages import Item
from reminder.parse.frames import asked_years, frames, prefix_misleads
from reminder.parse.phrases import EXCEPTING
from reminder.parse.small_words import ASSESSING, CONNECTORS, FILLERS, HEADS, OPENERS, UNITS
from reminder.parse.titles import Titles
from reminder.parse.words import light_of

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-zåäö]|\d|[🟢🟡🔴🟩🟨🟥])|\n")
_CLAUSE = re.compile(r"(?<=[,;:])\s+|\s+[–—-]\s+|\s+(?=(?:ja|mutta|och|men|and|but|sekä|kun taas|medan|while|whereas)\s)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{4,40}")
_ABBREVIATION = re.compile(
    r"(?:\b(?:esim|mm|ks|klo|vrt|pl|poisl|s|p|jf|ns|n|v|t|bl\.a|t\.ex|ca|kl|e\.g|i\.e|nro|nr)|\b\d{1,2}\.\d{1,2}|\b\d{1,2})\.$",
    re.IGNORECASE,
)
_AND = re.compile(r"^\W*(?:ja|och|and|sekä)\s", re.IGNORECASE)
_OF_THE_FONT = re.compile(
    r"\b(?:alla|alle|yllä|merkit\w*|merkattu|kirjoit\w*|teksti\w*|fontilla|värillä"
    r"|lihav\w*)\b[^.!?]{0,40}\b(?:vihreällä|keltaisella|punaisella)\b"
    r"|\b(?:vihreällä|keltaisella|punaisella)\b[^.!?]{0,20}\b(?:alla|merkit\w*|teksti\w*|fontilla|kirjoit\w*)\b"
    r"|\b(?:i|med)\s(?:grönt|gult|rött|(?:röd|grön|gul) (?:text|färg))\s(?:nedan|under|ovan)"
    r"|\bin (?:green|yellow|red) (?:below|above|text)"
    r"|\b(?:below|nedan|above)\b[^.!?]{0,20}\bin (?:green|yellow|red)\b|\bnedan\b[^.!?]{0,20}\b(?:i|med) (?:grönt|gult|rött)",
    re.IGNORECASE,
)
"""`Vastaukset alla punaisella` tells the colour of the letters."""
_BEFORE_NUMBERS = frozenset(
    [
        "att",
        "that",
        "om",
        "kohdan",
        "kohdassa",
        "kohta",
        "kohdasta",
        "kohtaan",
        "nro",
        "numero",
        "punkt",
        "nummer",
        "number",
        "no",
        "item",
        "toimenpiteen",
        "toimenpide",
        "toimenpiteestä",
        "åtgärd",
        "action",
        "kohteen",
        "viimeksi",
        "vuonna",
        "onko",
    ]
)
SENTENCES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Words about some actions: as they were written, and without the names of the actions."""

    numbers: tuple[str, ...]
    parts: tuple[str, ...]
    bare: str
    is_framed: bool = False
    """Its sentence is a question or a wish, of another time, or the number stands behind a word of its own: `Infran 1.5`."""

    @property
    def said(self) -> str:
        """The words as they were written."""
        return " ".join(self.parts)


@dataclass(frozen=True, slots=True)
class Subjects:
    """How the actions that were asked may be named in a sentence."""

    items: Mapping[str, Item]
    titles: Titles
    numbers: re.Pattern[str]

    @classmethod
    def of(cls, items: Mapping[str, Item], titles: Titles) -> Subjects:
        """The names of these items. `items` are by number, in lower case."""
        alternatives = "|".join(re.escape(number).replace(r"\.", "[.,]") for number in sorted(items, key=len, reverse=True)) or r"(?!)"
        amount = rf"\s+(?:{'|'.join(sorted(UNITS))}|M€)\b|\s?[€%]"
        day = r"\.?\s?[-–]\s?\d|\.?\s(?:alkaen|asti|saakka|mennessä|klo)\b"
        behind = rf"(?![\w]|[.,]\d|{amount}|{day})"
        number = rf"(?<![\w.,/-])[\[(#]?\s?({alternatives}){behind}\s?[\])]?(?::\w{{1,4}}\b)?"
        return cls(items, titles, re.compile(number, re.IGNORECASE))

    def named(self, text: str) -> tuple[str, ...]:
        """The items that the text names, in its order: by number, or where no number stands, by words of their titles."""
        found = [match[1].lower().replace(",", ".") for match in self.numbers.finditer(text)]
        if not found:
            found = [number for word in _WORD.findall(text) if (number := self.titles.named_by(word.lower()))]
        return tuple(dict.fromkeys(found))

    def misleads(self, text: str) -> bool:
        """Whether a number in the text may be something else's: `strategian 1.5`, `§ 4.4`, `arvosana 3.8`."""
        for match in self.numbers.finditer(text):
            before = text[: match.start()]
            if prefix_misleads(before):
                return True
            clause = re.split(r"[.,;:!?()\n–—/]\s*|\s-\s", before)[-1]
            words = re.findall(r"[^\W\d_]+", clause.lower())
            if words and not match.group().lstrip().startswith(("(", "[", "#")) and not self._leads_to_number(words[-1]):
                return True
        return False

    def _leads_to_number(self, word: str) -> bool:
        known = word in FILLERS or word in CONNECTORS or word in HEADS or word in ASSESSING or word in OPENERS or word in _BEFORE_NUMBERS
        return known or light_of(word) is not None or bool(self.titles.fitting(word))

    def frames(self, text: str) -> bool:
        """Whether the words before the first name make the sentence no statement of what is now, or deny it: `Ei: 1.1 …`.

        What introduces a list and says nothing of it never comes here, see `splitting`; so any other word before a colon counts.
        """
        first = next(self.numbers.finditer(text), None)
        lead = text[: first.start()] if first else text
        return lead.rstrip().endswith(":") or frames(lead, self.years)

    @property
    def years(self) -> frozenset[str]:
        """The years that are asked about."""
        return asked_years(self.items.values())

    def without_names(self, text: str, numbers: tuple[str, ...]) -> str:
        """The text without the numbers, the words in front of a number in brackets, and words of these items' titles."""
        text = re.sub(r"((?:[^\W\d_]+\s+){1,3})(?=[(\[])", _without_apposition, text) if self.numbers.search(text) else text
        text = re.sub(rf"(?:\b(?:för|for|till|åt|on|to)\s+)?{self.numbers.pattern}", " ", text, flags=re.IGNORECASE)
        text = _WORD.sub(lambda match: "" if self.titles.belongs(match.group().lower(), numbers) else match.group(), text)
        return re.sub(r"[ \t]{2,}", " ", text).strip()


def _without_apposition(match: re.Match[str]) -> str:
    """`the calendar (3.1)`: the words before the bracket name the same as the number in it."""
    kept = [word for word in match.group().split() if word.lower() in FILLERS or word.lower() in ASSESSING or light_of(word.lower())]
    return " ".join([*kept, ""])


def read_stretches(paragraph: str, subjects: Subjects, only: str = "") -> Iterator[Stretch]:
    """The stretches of one paragraph. `only` is the number that is spoken of where none is named."""
    topic: tuple[str, ...] = (only,) if only else ()
    gathered: dict[tuple[str, ...], list[str]] = {}
    framed: set[tuple[str, ...]] = set()
    for sentence in _sentences(paragraph):
        if _OF_THE_FONT.search(sentence):
            continue
        named = subjects.named(sentence)
        parts = [sentence] if len(named) <= 1 else list(_clauses(sentence, subjects.numbers))
        is_framed = subjects.misleads(sentence) or (len(named) > 1 and (subjects.frames(sentence) or sentence.endswith("?")))
        for part in parts:
            # `kaikki paitsi 1.1` speaks of the others.
            speaks_of_all = EXCEPTING.search(part) is not None
            topic = () if speaks_of_all else subjects.named(part) or topic
            gathered.setdefault(topic, []).append(part)
            framed |= {topic} if is_framed else set()
    for numbers, parts in gathered.items():
        bare = "\n".join(subjects.without_names(part, numbers) for part in parts)
        yield Stretch(numbers=numbers, parts=tuple(parts), bare=bare, is_framed=numbers in framed)


def _sentences(paragraph: str) -> Iterator[str]:
    start = 0
    for count, match in enumerate(_SENTENCE.finditer(paragraph)):
        if count >= SENTENCES:
            break
        if match.group() != "\n" and _ABBREVIATION.search(paragraph[max(0, match.start() - 12) : match.start()]):
            continue
        if sentence := paragraph[start : match.start()].strip():
            yield sentence
        start = match.end()
    if sentence := paragraph[start:].strip():
        yield sentence


def _clauses(sentence: str, number: re.Pattern[str]) -> Iterator[str]:
    """The clauses of a sentence; numbers that are only listed, `1.1 ja 1.10`, stay together."""
    start = 0
    for match in _CLAUSE.finditer(sentence):
        before, behind = sentence[start : match.start()], _AND.sub("", sentence[match.end() :])
        last = list(number.finditer(before))
        if last and not before[last[-1].end() :].strip(" ,") and number.match(behind):
            continue
        if before.strip():
            yield before.strip()
        start = match.end()
    if sentence[start:].strip():
        yield sentence[start:].strip()
