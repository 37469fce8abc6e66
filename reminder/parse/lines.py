"""Structured lines that people type: `12: vihreä, valmis`, `toimenpide 12 on punainen, koska …`, `kaikki vihreällä`, `Tila: gul`.

Only lines that begin with a number, a label or `kaikki` / `muut` are read. Prose never gives a light.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reminder.domain.messages import Item
from reminder.domain.readings import AskReason
from reminder.parse.frames import prefix_misleads
from reminder.parse.grammar import Value, read_value, says_or_asks, says_something
from reminder.parse.html_text import BOLD_OFF, BOLD_ON
from reminder.parse.phrases import EXCEPTING, FRAMING, UNSURE
from reminder.parse.prose import Subjects
from reminder.parse.small_words import (
    ASPECTS,
    ASSESSING,
    CONDITIONS,
    CONNECTORS,
    EVERYTHING,
    FILLERS,
    HEADS,
    HEDGES,
    INTRODUCING,
    NEGATIONS,
    OPENERS,
    SALUTING,
    TELLING,
    THE_REST,
    UNITS,
)
from reminder.parse.squash import squash
from reminder.parse.sweeps import NUMBER as _NUMBER
from reminder.parse.sweeps import SweepLine, read_sweep
from reminder.parse.titles import Titles
from reminder.parse.words import EMOJI, PHASES, assessed_light_of, change_of, light_of, month_of

_KEY = (
    r"(?:toimenpi(?:de(?:ttä)?|teen|teet|teessä|teellä|teestä)|(?:vastaus )?koh(?:ta|taan|dan|dassa|dat)|nro|numero|tila"
    r"|läget? (?:för|på|i)|läge|status (?:of|for)|status|åtgärd(?:en|er|erna)?|punkt(?:en|erna)?|nr|nummer"
    r"|actions?|items?|measures?|number|no)"
)
_AND = r"\s*(?:,|&|\+|/|ja|och|and|sekä)\s*"
_ENDING = r"(?::(?:n|ssa|ssä|lla|llä|lle|een|sta|stä)\b)?"
"""`1.5:n tila on vihreä`: Finnish bends numbers too."""
_GREETING = re.compile(
    r"\W{0,3}(?:hei(?:ppa)?|moi(?:kka)?|terve(?:hdys)?|huomenta|hyvää päivää|hej|god dag|hello|hi|dear|good (?:morning|afternoon))\b"
    r"[^,!:.\d\n]{0,30}[,!]\s*(?=\S)",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"\W{0,3}(?:korja(?:us|an|taan)|oikaisu|lisäys|huom|ps|p\.\s?s\.|liikennevalot|tilat|tilanne|vastaus|vastaukset|rättelse|tillägg|svar|lägen"
    r"|correction|addition|answers?|statuses|lights)\s{0,2}[:.]?\s+(?=[\[(#]?\d)|\d{1,2}\)\s+(?=\d)",
    re.IGNORECASE,
)
"""What people write before the number: `Korjaus: 1.5 vihreä`, `1) 1.5 vihreä`."""
_SEPARATOR = r"(?P<sep>\s*[\]).:=–—\-,;\t|/]{0,4}\s*)"
_TICK = re.compile(r"[(\[]\s?[xX✓•●]?\s?[)\]]")
_BOXES = re.compile(r"\s*[☐☒☑□○◯◉●](?=[^☐☒☑□○◯◉●]*[☐☒☑□○◯◉●])")
"""`Tila (x) vihreä ( ) keltainen`: the bracket is a box, not the list."""
_NAME_END = re.compile(
    r"[\s\"'”’)\]]{0,4}(?:(?:osalta|kohdalla|suhteen|asia|asiassa|-?hanke|-?projekti)\b)?\s{0,3}(?:[:=–—,-](?=\s|$))?\s{0,3}", re.IGNORECASE
)
"""What may stand between the words of a title and what is said of it."""
_CLAUSE_START = re.compile(r"(?:^|[.!?;,:/]\s|\s[–—-]\s|\s(?:ja|mutta|och|men|and|but)\s)\s{0,3}", re.IGNORECASE)
_LIGHT_FIRST = re.compile(
    rf"(?:^|[.!?;,]\s)\s{{0,3}}(?P<light>[^\W\d_]{{3,12}}|[{''.join(EMOJI)}])"
    rf"(?:\s?[:=–—-]\s?(?:{_KEY}\s)?(?=[\[#]?\d)|:\s(?=[^\W\d_]))",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*(?:[-–•·▪*]\s|\d{1,2}[.)]\s)")
_NONE_OF = re.compile(
    r"(?P<light>[^\W\d_]{3,12})\s?[:=–—-]\s?(?:[-–—]|ei (?:mitään|yhtään|mikään|ole)|inga|ingen|inget|none|nothing|nil|0)?\W*",
    re.IGNORECASE,
)
_LEADS_OVER = re.compile(r"\b(?:ja|och|and|sekä|mutta|men|but)\Z")
_INTRODUCTIONS = FILLERS | OPENERS | INTRODUCING | SALUTING
INTRODUCTION = 3
"""Words from which on what stands before a colon is a sentence, not a heading such as `Infra:`."""
_ON_BEHALF = frozenset(["puolesta", "osalta", "osaltani", "osaltamme", "vägnar", "behalf", "part"])
_AND_THEN = re.compile(_AND, re.IGNORECASE)
OWN_TITLE = 7
"""Words that a title in the sender's own words may have."""
_NO_TITLE = (ASPECTS | HEDGES | CONDITIONS | TELLING | NEGATIONS) - {"en"}  # the Swedish article
_DAY = re.compile(r"\d{1,2}\.\s?\d{1,2}\.")
_LIGHT_NUMBER = re.compile(rf"(?P<light>[{''.join(EMOJI)}]|[^\W\d_]{{3,12}})\s?[:=]?\s?(?P<number>\d{{1,4}}(?:\.\d{{1,3}}){{0,4}})(?!\w)")
SERIES_CHARS = 1_000
PAIRS = 50
"""Statements on one line; more are no answer of a person."""
_SMALL_LETTER = re.compile(r"\s*[a-zåäö]\W*")
_PLAIN_LETTERS = str.maketrans("äöå", "aoa")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(rf"[{''.join(EMOJI)}]|[^\W\d_]+")
_STRAY = re.compile(rf"^[\s{BOLD_ON}{BOLD_OFF}*_•·●○▪■▲>|~-]{{0,12}}")


class Field(StrEnum):
    """A field of the form."""

    LIGHT = "light"
    DONE = "done"
    NEXT = "next"


_LABELS: tuple[tuple[Field, str], ...] = (
    (Field.LIGHT, r"ti\W{0,2}la|l\W{0,3}(?:ä|ae?)?\W{0,2}ge(?:t)?|status|liikennevalo|trafikljus|traffic light"),
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
        one = rf"(?:{numbers}|{_NUMBER})(?![\w]|\.\d)" if numbers else rf"{_NUMBER}(?![\w]|\.\d)"
        many = rf"{one}(?:(?:{_AND}|\s*[-–]\s*){one})*"
        known = re.compile(
            rf"(?P<key>{_KEY}\b\.?\s{{0,3}}:?\s{{0,3}})?(?P<open>[\[(#]\s?)?(?P<numbers>{many})(?P<close>\s?[\])])?{_ENDING}{_SEPARATOR}",
            re.IGNORECASE,
        )
        every = "|".join(sorted(EVERYTHING))
        rest = rf"(?:(?:{every})\s+)?(?:{'|'.join(sorted(THE_REST))})|{every}"
        several = rf"(?:{numbers or _NUMBER})(?:{_AND}(?:{numbers or _NUMBER}))*"
        pairs = re.compile(
            rf"(?<![\w.,/-])(?:(?:{_KEY}\s)?[\[(#]?{several}[\])]?\s*(?:[.:)=–-]|/(?=[^\W\d]))?|(?:{rest})\b)\s*(?:(?:on|ovat|är|is|are|tila|läge|läget|status)\s*:?\s+)?",
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
        is_sweep = sweep is not None and any(light_of(word) is not None for word in _WORD.findall(sweep.rest.lower()))
        return is_sweep or self.read_label(text) is not None or _BULLET.match(text) is not None

    def read_label(self, text: str) -> LabelLine | None:
        """The label that the line begins with."""
        start = _stray(text)
        match = _LABEL.match(text, start)
        if match is None or (match["colon"] is None and match["options"] is None):
            return None
        field = next(field for field in Field if match[field.value] is not None)
        options = match["options"] or ""
        if field is Field.LIGHT and _TICK.fullmatch(options):
            return LabelLine(field=field, options=text[match.start("options") :], rest="")
        behind = text[match.end() :]
        if field is Field.LIGHT and (_BOXES.match(behind) or (not options and len(_TICK.findall(behind)) > 1)):
            return LabelLine(field=field, options=text[match.end() :], rest="")
        return LabelLine(field=field, options=options, rest=text[match.end() :].lstrip(" \t:|"))

    def read_number(self, text: str) -> NumberLine | None:
        """The numbers that the line begins with."""
        match = self.known.match(text, _stray(text))
        if match is None:
            return None
        numbers = tuple(self._without_slip(number) for number in self._listed(match["numbers"].lower()))
        rest = text[match.end() :]
        keyed = match["key"] is not None or match["open"] is not None
        separator = match["sep"]
        if not rest.strip():
            return NumberLine(numbers=numbers, rest="", is_weak=not keyed)
        if not (separator or keyed):
            return None
        if separator.isspace() and not keyed and _SMALL_LETTER.fullmatch(rest) and not all("." in number for number in numbers):
            return None
        first = _WORD.search(rest.lower())
        if first is None and ":" in separator and says_or_asks(rest) and not rest[:1].isdigit():
            return NumberLine(numbers=numbers, rest=rest, is_weak=False)
        if not keyed and (first is None or month_of(first.group()) is not None) and not rest[:1].isalpha():
            return None
        if not keyed and first is not None and first.start() == 0 and (month_of(first.group()) is not None or first.group() in UNITS):
            return None
        if rest[:1] in {"%", "€"} or (re.search(r"[-–]", separator + rest[:2]) and _DAY.match(rest.lstrip(" -–"))):
            return None  # `1.5 %`, `1.1.–31.3.`
        if ":" not in separator:
            rest = _without_own_title(rest)
        is_plain = any("." not in number for number in numbers)
        return NumberLine(numbers=numbers, rest=rest, is_weak=is_plain and not (keyed or ":" in separator or "=" in separator))

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
        for part in re.split(_AND, text):
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
        start = _stray(text)
        said = squash(text)
        if len(said) >= 6 and (whole := [number for number, item in self.items.items() if squash(item.title) == said]):
            return NumberLine(numbers=(whole[0],), rest="", is_weak=True) if len(whole) == 1 else None
        if (party := self._of_party(text[start:])) is not None:
            return party
        numbers, end = self._titles_first(text, start)
        rest = _NAME_END.sub("", text[end:], count=1)
        return NumberLine(numbers=numbers, rest=rest, is_weak=True) if numbers and self.leads_with_light(rest) else None

    def _titles_first(self, text: str, start: int) -> tuple[tuple[str, ...], int]:
        """The actions whose titles the text begins by naming, `näyteikkunat ja museo`, and where the names end."""
        numbers: list[str] = []
        end = start
        while (named := self.titles.named_first(text[start : start + 200])) is not None and len(numbers) < PAIRS:
            numbers.append(named.number)
            end = start + named.end
            joined = _AND_THEN.match(text, end)
            if joined is None:
                break
            start = joined.end()
        return tuple(dict.fromkeys(numbers)), end

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
            rf"(?P<light>[^\W\d_]+|[{''.join(EMOJI)}])\s*[:=–—-]?\s*(?:{_KEY}\s)?(?P<numbers>{_NUMBER}(?:{_AND}{_NUMBER})*)[\s.]*",
            text[_stray(text) :].strip(),
            re.IGNORECASE,
        )
        if match is None or light_of(match["light"].lower()) is None:
            return self._light_then_titles(text)
        numbers = self._listed(match["numbers"].lower())
        return NumberLine(numbers=numbers, rest=match["light"], is_weak=False) if set(numbers) <= self.items.keys() else None

    def _light_then_titles(self, text: str) -> NumberLine | None:
        """`Vihreä: näyteikkunat, kesätori`: a light, and then nothing but titles."""
        light, colon, tail = text[_stray(text) :].partition(":")
        if not colon or light_of(light.strip().lower()) is None:
            return None
        numbers, end = self._titles_first(tail, 0)
        return NumberLine(numbers=numbers, rest=light, is_weak=False) if numbers and not tail[end:].strip(" .") else None

    def heads_list(self, text: str) -> str:
        """The light of a line that stands alone above a list of numbers: `Vihreät:`."""
        word = text[_stray(text) :].strip(" :")
        return word if text.rstrip().endswith(":") and light_of(word.lower()) is not None else ""

    def is_none_of(self, text: str) -> bool:
        """`Punainen: –`, `Röda: inga`: a light that nothing has."""
        match = _NONE_OF.fullmatch(text[_stray(text) :].strip())
        return match is not None and light_of(match["light"].lower()) is not None

    def read_sweep(self, text: str) -> SweepLine | None:
        """`kaikki …`, `muut …` or `molemmat …` at the beginning of the line."""
        return read_sweep(text, self.items.keys(), self.titles)

    def split_pairs(self, text: str) -> list[str]:
        """`12 vihreä, 13 keltainen, muut punaisia` becomes three lines; any other line stays one."""
        greeting = _GREETING.match(text)
        text = text[greeting.end() :] if greeting else text
        prefix = _PREFIX.match(text)
        text = text[prefix.end() :] if prefix else text
        if (letters := self._split_letters(text)) is not None:
            return letters
        if series := _read_series(text):
            return series
        starts = [start for start in self._subjects(text) if _begins_clause(text[max(0, start - 60) : start])]
        starts = self._with_light(text, starts) if len(starts) <= 2 * PAIRS else []
        if not starts or len(starts) > PAIRS or (len(starts) == 1 and not _ends_sentence(text[: starts[0]])):
            return [text]
        opening = text[: starts[0]]
        if set(_WORD.findall(opening.lower())) <= OPENERS and not re.search(r"\d", opening):
            starts[0], opening = 0, ""
        if re.sub(rf"[\W_]|{_KEY}", "", opening) and not (_ends_sentence(opening) and self._is_idle(opening)):
            return [text]
        if prefix_misleads(opening):
            return [text]
        if starts == [0]:
            return [text]
        ends = [*starts[1:], len(text)]
        parts = [_without_and(text[start:end]) for start, end in zip(starts, ends, strict=True)]
        return [opening, *parts] if says_something(opening) else parts

    def _subjects(self, text: str) -> list[int]:
        """Where numbers, `kaikki` or `muut`, lights before numbers, and words of titles stand that could begin a statement."""
        found = {match.start() for match in self.pairs.finditer(text)} | {match.start("light") for match in _LIGHT_FIRST.finditer(text)}
        listed = 0
        for clause in _CLAUSE_START.finditer(text):
            numbers, end = self._titles_first(text, clause.end())
            if numbers and clause.end() >= listed:
                found.add(clause.end())
                listed = end  # `näyteikkunat ja museo` is one subject
        return sorted(found)

    def _with_light(self, text: str, starts: Sequence[int]) -> list[int]:
        """The starts whose stretch, up to the next one, gives a light; a start that gives none belongs to the one before."""
        kept: list[int] = []
        end = len(text)
        for start in reversed(starts):
            begins = not text[:start].strip() or text[:start].rstrip().endswith((".", "!", "?"))
            if self._gives_light(_without_and(text[start:end]), begins_sentence=begins):
                kept.append(start)
                end = start
        return kept[::-1]

    def _is_statement(self, line: NumberLine) -> bool:
        """Whether numbers that were asked begin a sentence that names a light or a phase, wherever in it."""
        return set(line.numbers) <= self.items.keys() and (self.value(line.rest).phase is not None or self.says_light(line.rest))

    def _gives_light(self, part: str, *, begins_sentence: bool = False) -> bool:
        line = self.read_light_first(part) or self.read_number(part) or self.read_title(part)
        if line is not None:
            return self.leads_with_light(line.rest) or (begins_sentence and self._is_statement(line))
        sweep = self.read_sweep(part)
        return sweep is not None and self.leads_with_light(sweep.rest)

    def _is_idle(self, opening: str) -> bool:
        """Whether an opening sentence says nothing that could bear on the lights behind it."""
        words = _WORD.findall(opening.lower())
        if EXCEPTING.search(opening) is not None or UNSURE.search(opening) is not None:
            return False
        if any(light_of(word) or change_of(word) or word in HEDGES or word in CONDITIONS or word in TELLING for word in words):
            return False
        if not opening.rstrip().endswith(":"):
            return not opening.rstrip().endswith(",") or FRAMING.search(opening) is None
        last = _WORD.findall(re.split(r"[.!?]\s", opening)[-1].lower())
        is_sentence = len(last) >= INTRODUCTION or (bool(last) and last[-1] in _ON_BEHALF)
        return (is_sentence and FRAMING.search(opening) is None) or set(last) <= _INTRODUCTIONS

    def _split_letters(self, text: str) -> list[str] | None:
        """`12 V, 13 K, 14 P`: a line of nothing but numbers and single letters."""
        # `12 v` is twelve years; a small letter is a light only behind a mark.
        pair = rf"(?:{_NUMBER})(?:\s*[.:)=–-]\s*[A-Za-zÅÄÖåäö]|\s*[A-ZÅÄÖ])"
        if not re.fullmatch(rf"\s*{pair}(?:[\s,;/]+{pair})+[\s.]*", text):
            return None
        return [match.group() for match in re.finditer(pair, text)]

    def leads_with_light(self, text: str) -> bool:
        """Whether the text begins by giving a light."""
        return _first_meaning_is_light(text) and self.value(text).light is not None

    def value_alone(self, text: str) -> Value:
        """What is said where no action is named beside it."""
        return read_value(text, self.language, is_light_field=False, is_named=False)

    def names_another(self, text: str, number: str) -> bool:
        """Whether a line begins by naming another action by its title, and speaks of a light."""
        named = self.titles.named_first(text[_stray(text) :])
        return named is not None and named.number != number.lower() and self.says_light(text)

    def names_light(self, text: str) -> bool:
        """Whether any word is a light, in whatever form."""
        return any(light_of(word) or change_of(word) or assessed_light_of(word) for word in _WORD.findall(text.lower()))

    def says_light(self, text: str) -> bool:
        """Whether a light is given, or named so that somebody must be asked about it."""
        return self.names_light(text) and (value := self.value(text)).reason is not AskReason.NO_LIGHT and not value.is_empty

    def value(self, text: str) -> Value:
        """What is said behind a number."""
        return read_value(text, self.language, is_light_field=False)


def _without_own_title(rest: str) -> str:
    """`1.6 Strandpromenadens belysning: gult`: the title in the sender's own words, or in another language, and then the light."""
    head, colon, said = rest.partition(":")
    words = _WORD.findall(head.lower())
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


def is_year(number: str) -> bool:
    """Whether an unknown number is but a year."""
    return _YEAR.fullmatch(number) is not None


def _first_meaning_is_light(text: str) -> bool:
    for match in _WORD.finditer(text.lower()):
        if match.group() not in FILLERS | ASSESSING | HEADS:
            return light_of(match.group()) is not None
    return False


def _begins_clause(before: str) -> bool:
    """Whether what stands before a number lets a new statement begin there: nothing, a mark, a light, a phase, an `and`."""
    last = re.search(r"([^\W\d_]+|[^\w\s])\s*$", before.lower())
    if last is None or not last[1].isalpha():
        return True
    return last[1] in CONNECTORS | OPENERS | {"sekä"} or light_of(last[1]) is not None or last[1] in PHASES or last[1] in FILLERS


def _read_series(text: str) -> list[str]:
    """`🟢 1.1 🟡 1.10`: nothing but lights, each before its number; else nothing."""
    found = list(_LIGHT_NUMBER.finditer(text)) if len(text) < SERIES_CHARS else []
    ends = [0, *(match.end() for match in found)]
    starts = [*(match.start() for match in found), len(text)]
    is_bare = not any(text[end:start].strip(" \t,;./") for end, start in zip(ends, starts, strict=True))
    if len(found) < 2 or not is_bare or any(light_of(match["light"].lower()) is None for match in found):
        return []
    return [f"{match['light']}: {match['number']}" for match in found]


def _ends_sentence(before: str) -> bool:
    """Whether what stands before is a whole sentence, an introduction or a greeting."""
    return not before.strip() or before.rstrip()[-1] in ".!?:;,"


def _without_and(text: str) -> str:
    """The text without the marks and the `and` that lead over to what follows. By hand, since as a pattern it would try each mark
    of a long row as a beginning, and again for each how the row may be divided."""
    bare = _strip_end(text, ",;")
    found = _LEADS_OVER.search(bare, max(0, len(bare) - 8))
    return _strip_end(bare[: found.start()] if found else bare, ",;")


def _strip_end(text: str, marks: str) -> str:
    end = len(text)
    while end and (text[end - 1] in marks or text[end - 1].isspace()):
        end -= 1
    return text[:end]


def _stray(text: str) -> int:
    """Where the words of the line begin, behind bullets and marks of emphasis."""
    match = _STRAY.match(text)
    return match.end() if match else 0


def names_other(text: str, others: frozenset[str]) -> bool:
    """Whether another number that was asked stands before the light: `1.1: viittaan kohtaan 1.10: keltainen` is either's."""
    light = next((word.start() for word in _WORD.finditer(text.lower()) if light_of(word.group())), 0)
    return any(number in others for number in re.findall(rf"(?<![\d.]){_NUMBER}", text[:light].lower()))
