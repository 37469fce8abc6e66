"""Actions named by words of their titles: `Museon osalta keltainen` where one title speaks of a museum and no other does.

Finnish bends words and joins them, so words are compared by their beginnings, and a word may be the end of a longer one. A
name counts only where it fits exactly one of the actions that were asked; what it fits loosely is used to leave an action
out of `kaikki vihreällä`, never to give it a light.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from reminder.domain.messages import Item
from reminder.parse.limits import PAIRS
from reminder.parse.numbers import AND
from reminder.parse.phrases import FRAMING
from reminder.parse.small_words import ASPECTS, CONDITIONS, CONNECTORS, FILLERS, HEDGES, NEGATIONS, ORDINALS, TELLING
from reminder.parse.words import change_of, light_of, split_words

_WORD = re.compile(r"[^\W\d_]{3,40}")
LEAST = 5
"""Letters that a word must share with a word of the title; a shorter word counts only with an ending of up to three letters."""
ENDING = 4
"""Letters that an ending may have: `museo`, `museossakin`."""
LONG = 8
"""Shared letters from which on an ending may be longer: `näyteikkunoiden` is `näyteikkunat`."""
OWN_TITLE = 7
"""Words that a title in the sender's own words may have."""
_NO_TITLE = (ASPECTS | HEDGES | CONDITIONS | TELLING | NEGATIONS) - {"en"}  # the Swedish article
FRAGMENTS = 6
"""Words that one name may have."""
_AND_THEN = re.compile(AND, re.IGNORECASE)
_COMMON = frozenset([
    "ohjelma", "suunnitelma", "suunnitelman", "hanke", "hankkeen", "toimenpide", "toimenpiteen", "kehittäminen", "kehittämisen",
    "kehittämissuunnitelma", "käyttöön", "programme", "program", "plan", "project", "projekt", "åtgärd", "utveckling",
    "development", "yhteinen", "yhteiset", "yhden", "yksi", "kaikkiin", "myös", "avoinna", "talvi", "talven", "talvea",
    "talvella", "kesä", "kesän", "kesää", "kesällä", "kevät", "kevään", "keväällä", "syksy", "syksyn", "syksyllä", "jokainen",
    "jokaiselle", "uusi", "uudet", "nya", "new", "alla", "under", "with", "from", "into", "for"
])  # fmt: skip
"""Words of so many titles that they name none."""


@lru_cache(maxsize=4096)
def _alike(said: str, title: str) -> bool:
    """Whether a word that somebody wrote may be a form of a word of the title."""
    shared = _shared(said, title)
    if shared >= LEAST and len(said) - shared <= (ENDING if shared < LONG else ENDING + 2):
        return True
    if shared >= LEAST and len(said) - shared >= LEAST - 1 and said[shared:] in title:
        return True  # `rekrypäivä`, where the title says `rekrytointipäivä`
    if shared == min(len(said), len(title)) >= LEAST - 1 and abs(len(said) - len(title)) <= ENDING - 1:
        return True
    stem = next((said[:end] for end in range(len(said), LEAST - 1, -1) if said[:end] in title), "")
    return len(stem) >= LEAST and len(said) - len(stem) <= ENDING


def _shared(one: str, other: str) -> int:
    return next((index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


@dataclass(frozen=True, slots=True)
class Named:
    """The action that a text begins by naming, and where the name ends."""

    number: str
    end: int


@dataclass(frozen=True, slots=True)
class Titles:
    """The words of the titles that were asked, by number."""

    words: Mapping[str, frozenset[str]]
    """By number, in the order of our mail."""
    owed: frozenset[str]
    """What a word of a title may name; a contribution is named by its number or its whole title."""

    @classmethod
    def of(cls, items: Iterable[Item]) -> Titles:
        """The words of these items' titles that may name them."""
        every = list(items)
        words = {item.number.lower(): frozenset(_WORD.findall(item.title.lower())) - _COMMON - FILLERS for item in every}
        return cls(words, frozenset(item.number.lower() for item in every if not item.is_contribution))

    def named_by(self, word: str) -> str:
        """The one item that the word names, or nothing."""
        fitting = self.fitting(word)
        return next(iter(fitting)) if len(fitting) == 1 and fitting <= self.owed else ""

    def fitting(self, word: str) -> frozenset[str]:
        """The numbers of all items whose title has a word like this one; an ordinal names an item by its place in our mail."""
        if word in ORDINALS:
            return frozenset(list(self.words)[ORDINALS[word] : ORDINALS[word] + 1])
        if len(word) < LEAST - 1 or word in FILLERS or word in CONNECTORS or word in _COMMON or light_of(word) is not None:
            return frozenset()
        return frozenset(number for number, words in self.words.items() if any(_alike(word, one) for one in words))

    def belongs(self, word: str, numbers: Iterable[str]) -> bool:
        """Whether a word may be one of the titles of these items, where they are named already: `lyhyen` of `lyhyt`."""
        if light_of(word) is not None or word in FILLERS:
            return False
        titles = [title for number in numbers for title in self.words.get(number, ())]
        return any(_alike(word, title) or _shared(word, title) >= max(LEAST - 1, len(word) - 3) for title in titles)

    def named_first(self, text: str) -> Named | None:
        """The one item that the text begins by naming, small words before the name aside."""
        candidates: frozenset[str] | None = None
        end = 0
        for count, match in enumerate(_WORD.finditer(text[:200])):
            word = match.group().lower()
            if candidates is None and (word in FILLERS or word in CONNECTORS) and count < 3 and _is_bare(text[end : match.start()]):
                end = match.end()
                continue
            fitting = self.fitting(word)
            if not fitting or not _is_bare(text[end : match.start()]) or count >= FRAGMENTS:
                break
            candidates = fitting if candidates is None else candidates & fitting
            end = match.end()
        return Named(next(iter(candidates)), end) if candidates is not None and len(candidates) == 1 and candidates <= self.owed else None

    def list_first(self, text: str, start: int) -> tuple[tuple[str, ...], int]:
        """The actions whose titles the text begins by naming, `näyteikkunat ja museo`, and where the names end."""
        numbers: list[str] = []
        end = start
        while (named := self.named_first(text[start : start + 200])) is not None and len(numbers) < PAIRS:
            numbers.append(named.number)
            end = start + named.end
            joined = _AND_THEN.match(text, end)
            if joined is None:
                break
            start = joined.end()
        return tuple(dict.fromkeys(numbers)), end

    def mentioned(self, text: str) -> frozenset[str]:
        """Every item that any word of the text may name, by the loosest measure."""
        return frozenset(number for word in _WORD.findall(text.lower()[:2000]) for number in self.fitting(word))


def _is_bare(between: str) -> bool:
    """Whether nothing but blanks, quotes and hyphens stands between two words of one name."""
    return not between.strip(" \t\"'”“’-–*_(\ue000\ue001")


def without_own_title(rest: str) -> str:
    """`1.6 Strandpromenadens belysning: gult`: the title in the sender's own words, or in another language, and then the light."""
    head, colon, said = rest.partition(":")
    words = split_words(head)
    if not colon or not 1 <= len(words) <= OWN_TITLE or re.search(r"\d|[.!?;,]\s", head):
        return rest
    if (
        set(words) <= FILLERS | CONNECTORS
        or any(light_of(word) or change_of(word) or word in _NO_TITLE for word in words)
        or FRAMING.search(head) is not None
    ):
        return rest
    if len(words) == 1 and re.search(r"(?:ss[aä]|st[aä]|ll[aä]|lt[aä]|lle)$", words[0]):
        return rest
    return said.lstrip()
