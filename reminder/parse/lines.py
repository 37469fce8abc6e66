"""One structured line that somebody typed: `12: vihreä, valmis`, `toimenpide 12 on punainen, koska …`, `kaikki vihreällä`.

A line is one where it begins with a number, a title, a light before numbers, or `kaikki` / `muut`; other words are prose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reminder.domain.messages import Item
from reminder.domain.readings import AskReason
from reminder.parse.grammar import Value, read_value, says_or_asks
from reminder.parse.labels import read_label, stray
from reminder.parse.numbers import AND, ENDING, KEY, NUMBER, SEPARATOR
from reminder.parse.prose import Subjects
from reminder.parse.small_words import ASSESSING, EVERYTHING, FILLERS, HEADS, THE_REST, UNITS
from reminder.parse.squash import squash
from reminder.parse.sweeps import SweepLine, read_sweep
from reminder.parse.titles import Titles, without_own_title
from reminder.parse.words import EMOJI, PLAIN_WORD, assessed_light_of, change_of, holds_light, light_of, month_of, split_words

_NAME_END = re.compile(
    r"[\s\"'”’)\]]{0,4}(?:(?:osalta|kohdalla|suhteen|asia|asiassa|-?hanke|-?projekti)\b)?\s{0,3}(?:[:=–—,-](?=\s|$))?\s{0,3}", re.IGNORECASE
)
"""What may stand between the words of a title and what is said of it."""
_BULLET = re.compile(r"\s*(?:[-–•·▪*]\s|\d{1,2}[.)]\s)")
_NONE_OF = re.compile(
    r"(?P<light>[^\W\d_]{3,12})\s?[:=–—-]\s?(?:[-–—]|ei (?:mitään|yhtään|mikään|ole)|inga|ingen|inget|none|nothing|nil|0)?\W*",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{1,2}\.\s?\d{1,2}\.")
_SMALL_LETTER = re.compile(r"\s*[a-zåäö]\W*")
_PLAIN_LETTERS = str.maketrans("äöå", "aoa")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLine:
    """Numbers at the beginning of a line and what is said of them."""

    numbers: tuple[str, ...]
    rest: str
    is_weak: bool
    """Nothing but a light makes this line an answer: `12 toukokuuta` is none."""


@dataclass(frozen=True, slots=True)
class LineReader:
    """Reads structured lines for the numbers of the items that were asked."""

    items: Mapping[str, Item]
    language: str
    titles: Titles
    subjects: Subjects
    known: re.Pattern[str]
    pairs: re.Pattern[str]

    @classmethod
    def for_items(cls, items: Sequence[Item], language: str) -> LineReader:
        """A reader for these items."""
        longest = sorted((item.number.lower() for item in items), key=len, reverse=True)
        numbers = "|".join(re.escape(number).replace(r"\.", "[.,]") for number in longest)
        one = rf"(?:{numbers}|{NUMBER})(?![\w]|\.\d)" if numbers else rf"{NUMBER}(?![\w]|\.\d)"
        many = rf"{one}(?:(?:{AND}|\s*[-–]\s*){one})*"
        known = re.compile(
            rf"(?P<key>{KEY}\b\.?\s{{0,3}}:?\s{{0,3}})?(?P<open>[\[(#]\s?)?(?P<numbers>{many})(?P<close>\s?[\])])?{ENDING}{SEPARATOR}",
            re.IGNORECASE,
        )
        every = "|".join(sorted(EVERYTHING))
        rest = rf"(?:(?:{every})\s+)?(?:{'|'.join(sorted(THE_REST))})|{every}"
        several = rf"(?:{numbers or NUMBER})(?:{AND}(?:{numbers or NUMBER}))*"
        pairs = re.compile(
            rf"(?<![\w.,/-])(?:(?:{KEY}\s)?[\[(#]?{several}[\])]?\s*(?:[.:)=–-]|/(?=[^\W\d]))?|(?:{rest})\b)\s*(?:(?:on|ovat|är|is|are|tila|läge|läget|status)\s*:?\s+)?",
            re.IGNORECASE,
        )
        by_number, titles = {item.number.lower(): item for item in items}, Titles.of(items)
        return cls(by_number, language, titles, Subjects.of(by_number, titles), known, pairs)

    def begins_statement(self, text: str) -> bool:
        """Whether a line begins something of its own, so that it is no continuation of the line above."""
        line = self.read_number(text) or self.read_title(text)
        if line is not None and set(line.numbers) <= self.items.keys() and (not line.is_weak or self.leads_with_light(line.rest)):
            return True
        sweep = self.read_sweep(text)
        is_sweep = sweep is not None and holds_light(sweep.rest)
        return is_sweep or read_label(text) is not None or _BULLET.match(text) is not None

    def read_number(self, text: str) -> NumberLine | None:
        """The numbers that the line begins with."""
        match = self.known.match(text, stray(text))
        if match is None:
            return None
        numbers = tuple(self._without_slip(number) for number in self._listed(match["numbers"].lower()))
        rest = text[match.end() :]
        is_keyed = match["key"] is not None or match["open"] is not None
        separator = match["sep"]
        if not rest.strip():
            return NumberLine(numbers=numbers, rest="", is_weak=not is_keyed)
        if not (separator or is_keyed):
            return None
        if PLAIN_WORD.search(rest.lower()) is None and ":" in separator and says_or_asks(rest) and not rest[:1].isdigit():
            return NumberLine(numbers=numbers, rest=rest, is_weak=False)
        if _is_day(separator, rest) or (not is_keyed and _counts(numbers, separator, rest)):
            return None
        if ":" not in separator:
            rest = without_own_title(rest)
        is_plain = any("." not in number for number in numbers)
        return NumberLine(numbers=numbers, rest=rest, is_weak=is_plain and not (is_keyed or ":" in separator or "=" in separator))

    def _without_slip(self, number: str) -> str:
        """`3.1O` with the letter O is 3.10, where nothing else was asked that could be meant."""
        digits = number.replace("o", "0").replace("l", "1")
        return digits if number not in self.items and digits in self.items else number

    def _listed(self, text: str) -> tuple[str, ...]:
        """`12, 13 ja 14` and `12-14` as single numbers; a range covers those that were asked."""
        numbers: list[str] = []
        dotted = text.replace(",", ".")
        if dotted in self.items and text not in self.items and not set(text.split(",")) & self.items.keys():
            return (dotted,)  # `1,5` where 1.5 was asked and neither 1 nor 5
        for part in re.split(AND, text):
            if part in self.items or not (ends := re.fullmatch(r"((?:\d{1,4}\.)*)(\d{1,4})\s*[-–]\s*\1(\d{1,4})", part)):
                numbers.append(part.strip())
                continue
            stem, low, high = ends[1], int(ends[2]), int(ends[3])
            tails = {number: number.removeprefix(stem) for number in self.items if number.startswith(stem)}
            numbers.extend(number for number, tail in tails.items() if tail.isdecimal() and low <= int(tail) <= high)
        return tuple(dict.fromkeys(numbers))

    def read_title(self, text: str) -> NumberLine | None:
        """The title of an item, or words of it that fit no other, instead of its number: `Taidenäyttelyt: vihreä`.

        Words of a title name the item only where a light follows them; the whole title may also stand on a line of its own.
        """
        start = stray(text)
        said = squash(text)
        if len(said) >= 6 and (whole := [number for number, item in self.items.items() if squash(item.title) == said]):
            return NumberLine(numbers=(whole[0],), rest="", is_weak=True) if len(whole) == 1 else None
        if (party := self._of_party(text[start:])) is not None:
            return party
        numbers, end = self.titles.list_first(text, start)
        rest = _NAME_END.sub("", text[end:], count=1)
        return NumberLine(numbers=numbers, rest=rest, is_weak=True) if numbers and self.leads_with_light(rest) else None

    def read_named(self, text: str) -> NumberLine | None:
        """`the signs (3.3), those are yellow`: one number in the sentence, and what the rest of it says."""
        sentence = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
        numbers = self.subjects.named(sentence)
        if len(numbers) != 1 or self.subjects.misleads(sentence):
            return None
        bare = self.subjects.without_names(sentence, numbers).strip(" ,;:")
        return NumberLine(numbers=numbers, rest=re.sub(r"^(?:those|they|these|ne|de|se|det)\s", "", bare), is_weak=True)

    def _of_party(self, text: str) -> NumberLine | None:
        """`Johtoryhmä: vihreä`, from somebody who stands for several parties: the one action that this party owes."""
        head, separator, rest = text.partition(":")
        party = squash(head.lower().translate(_PLAIN_LETTERS))
        owed = [number for number, item in self.items.items() if not item.is_contribution and squash(item.party) == party]
        parties = {item.party for item in self.items.values() if not item.is_contribution}
        if not separator or len(owed) != 1 or len(parties) < 2 or not self.leads_with_light(rest):
            return None
        return NumberLine(numbers=(owed[0],), rest=rest, is_weak=True)

    def read_light_first(self, text: str) -> NumberLine | None:
        """`Vihreä: 1.5, 4.4`: a light, and then nothing but numbers that were asked."""
        match = re.fullmatch(
            rf"(?P<light>[^\W\d_]+|[{''.join(EMOJI)}])\s*[:=–—-]?\s*(?:{KEY}\s)?(?P<numbers>{NUMBER}(?:{AND}{NUMBER})*)[\s.]*",
            text[stray(text) :].strip(),
            re.IGNORECASE,
        )
        if match is None or light_of(match["light"].lower()) is None:
            return self._light_then_titles(text)
        numbers = self._listed(match["numbers"].lower())
        return NumberLine(numbers=numbers, rest=match["light"], is_weak=False) if set(numbers) <= self.items.keys() else None

    def _light_then_titles(self, text: str) -> NumberLine | None:
        """`Vihreä: näyteikkunat, kesätori`: a light, and then nothing but titles."""
        light, colon, tail = text[stray(text) :].partition(":")
        if not colon or light_of(light.strip().lower()) is None:
            return None
        numbers, end = self.titles.list_first(tail, 0)
        return NumberLine(numbers=numbers, rest=light, is_weak=False) if numbers and not tail[end:].strip(" .") else None

    def heads_list(self, text: str) -> str:
        """The light of a line that stands alone above a list of numbers: `Vihreät:`."""
        word = text[stray(text) :].strip(" :")
        return word if text.rstrip().endswith(":") and light_of(word.lower()) is not None else ""

    def is_none_of(self, text: str) -> bool:
        """`Punainen: –`, `Röda: inga`: a light that nothing has."""
        match = _NONE_OF.fullmatch(text[stray(text) :].strip())
        return match is not None and light_of(match["light"].lower()) is not None

    def read_sweep(self, text: str) -> SweepLine | None:
        """`kaikki …`, `muut …` or `molemmat …` at the beginning of the line."""
        return read_sweep(text, self.items.keys(), self.titles)

    def leads_with_light(self, text: str) -> bool:
        """Whether the text begins by giving a light."""
        return _first_meaning_is_light(text) and self.value(text).light is not None

    def value_alone(self, text: str) -> Value:
        """What is said where no action is named beside it."""
        return read_value(text, self.language, is_light_field=False, is_named=False)

    def names_another(self, text: str, number: str) -> bool:
        """Whether a line begins by naming another action by its title, and speaks of a light."""
        named = self.titles.named_first(text[stray(text) :])
        return named is not None and named.number != number.lower() and self.says_light(text)

    def names_light(self, text: str) -> bool:
        """Whether any word is a light, in whatever form."""
        return any(light_of(word) or change_of(word) or assessed_light_of(word) for word in split_words(text))

    def says_light(self, text: str) -> bool:
        """Whether a light is given, or named so that somebody must be asked about it."""
        return self.names_light(text) and (value := self.value(text)).reason is not AskReason.NO_LIGHT and not value.is_empty

    def value(self, text: str) -> Value:
        """What is said behind a number."""
        return read_value(text, self.language, is_light_field=False)


def _first_meaning_is_light(text: str) -> bool:
    """Whether the first word that carries a meaning is a light."""
    for match in PLAIN_WORD.finditer(text.lower()):
        if match.group() not in FILLERS | ASSESSING | HEADS:
            return light_of(match.group()) is not None
    return False


def _is_day(separator: str, rest: str) -> bool:
    """Whether the numbers are a share, a sum or days: `1.5 %`, `1.1.–31.3.`."""
    return rest[:1] in {"%", "€"} or (re.search(r"[-–]", separator + rest[:2]) is not None and _DAY.match(rest.lstrip(" -–")) is not None)


def _counts(numbers: Sequence[str], separator: str, rest: str) -> bool:
    """Whether numbers without a word before them count something, or nothing is said of them: `12 v`, `12 toukokuuta`, `1,5 miljoonaa`."""
    if separator.isspace() and _SMALL_LETTER.fullmatch(rest) and not all("." in number for number in numbers):
        return True
    first = PLAIN_WORD.search(rest.lower())
    is_month = first is not None and month_of(first.group()) is not None
    if (first is None or is_month) and not rest[:1].isalpha():
        return True
    return first is not None and first.start() == 0 and (is_month or first.group() in UNITS)


def names_other(text: str, others: frozenset[str]) -> bool:
    """Whether another number that was asked stands before the light: `1.1: viittaan kohtaan 1.10: keltainen` is either's."""
    light = next((word.start() for word in PLAIN_WORD.finditer(text.lower()) if light_of(word.group())), 0)
    return any(number in others for number in re.findall(rf"(?<![\d.]){NUMBER}", text[:light].lower()))
