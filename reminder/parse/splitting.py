"""Several statements on one line, told apart: `12 vihreä, 13 keltainen, muut punaisia`.

Only statements that each give a light are told apart; any other line stays one, with all that stands on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reminder.parse.frames import prefix_misleads
from reminder.parse.grammar import says_something
from reminder.parse.limits import PAIRS, SERIES_CHARS
from reminder.parse.lines import LineReader, NumberLine
from reminder.parse.numbers import KEY, NUMBER
from reminder.parse.phrases import EXCEPTING, FRAMING, UNSURE
from reminder.parse.small_words import CONDITIONS, CONNECTORS, FILLERS, HEDGES, INTRODUCING, NEGATIONS, OPENERS, SALUTING, TELLING
from reminder.parse.words import EMOJI, PHASES, change_of, light_of, split_words

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
_CLAUSE_START = re.compile(r"(?:^|[.!?;,:/]\s|\s[–—-]\s|\s(?:ja|mutta|och|men|and|but)\s)\s{0,3}", re.IGNORECASE)
_LIGHT_FIRST = re.compile(
    rf"(?:^|[.!?;,]\s)\s{{0,3}}(?P<light>[^\W\d_]{{3,12}}|[{''.join(EMOJI)}])"
    rf"(?:\s?[:=–—-]\s?(?:{KEY}\s)?(?=[\[#]?\d)|:\s(?=[^\W\d_]))",
    re.IGNORECASE,
)
_LEADS_OVER = re.compile(r"\b(?:ja|och|and|sekä|mutta|men|but)\Z")
_INTRODUCTIONS = FILLERS | OPENERS | INTRODUCING | SALUTING
INTRODUCTION = 3
"""Words from which on what stands before a colon is a sentence, not a heading such as `Infra:`."""
_ON_BEHALF = frozenset(["puolesta", "osalta", "osaltani", "osaltamme", "vägnar", "behalf", "part"])
_LIGHT_NUMBER = re.compile(rf"(?P<light>[{''.join(EMOJI)}]|[^\W\d_]{{3,12}})\s?[:=]?\s?(?P<number>\d{{1,4}}(?:\.\d{{1,3}}){{0,4}})(?!\w)")


def split_pairs(reader: LineReader, text: str) -> list[str]:
    """`12 vihreä, 13 keltainen, muut punaisia` becomes three lines; any other line stays one."""
    for before in (_GREETING, _PREFIX):
        text = text[match.end() :] if (match := before.match(text)) else text
    if (letters := _split_letters(text)) is not None:
        return letters
    if series := _read_series(text):
        return series
    starts = [start for start in _subjects(reader, text) if _begins_clause(text[max(0, start - 60) : start])]
    starts = _with_light(reader, text, starts) if len(starts) <= 2 * PAIRS else []
    if not starts or len(starts) > PAIRS or (len(starts) == 1 and not _ends_sentence(text[: starts[0]])):
        return [text]
    opening = text[: starts[0]]
    if set(split_words(opening)) <= OPENERS and not re.search(r"\d", opening):
        starts[0], opening = 0, ""
    if re.sub(rf"[\W_]|{KEY}", "", opening) and not (_ends_sentence(opening) and _is_idle(opening)):
        return [text]
    if prefix_misleads(opening) or starts == [0]:
        return [text]
    ends = [*starts[1:], len(text)]
    parts = [_without_and(text[start:end]) for start, end in zip(starts, ends, strict=True)]
    return [opening, *parts] if says_something(opening) else parts


def _split_letters(text: str) -> list[str] | None:
    """`12 V, 13 K, 14 P`: a line of nothing but numbers and single letters."""
    # `12 v` is twelve years; a small letter is a light only behind a mark.
    pair = rf"(?:{NUMBER})(?:\s*[.:)=–-]\s*[A-Za-zÅÄÖåäö]|\s*[A-ZÅÄÖ])"
    if not re.fullmatch(rf"\s*{pair}(?:[\s,;/]+{pair})+[\s.]*", text):
        return None
    return [match.group() for match in re.finditer(pair, text)]


def _subjects(reader: LineReader, text: str) -> list[int]:
    """Where numbers, `kaikki` or `muut`, lights before numbers, and words of titles stand that could begin a statement."""
    found = {match.start() for match in reader.pairs.finditer(text)} | {match.start("light") for match in _LIGHT_FIRST.finditer(text)}
    listed = 0
    for clause in _CLAUSE_START.finditer(text):
        numbers, end = reader.titles.list_first(text, clause.end())
        if numbers and clause.end() >= listed:
            found.add(clause.end())
            listed = end  # `näyteikkunat ja museo` is one subject
    return sorted(found)


def _with_light(reader: LineReader, text: str, starts: Sequence[int]) -> list[int]:
    """The starts whose stretch, up to the next one, gives a light; a start that gives none belongs to the one before."""
    kept: list[int] = []
    end = len(text)
    for start in reversed(starts):
        begins = not text[:start].strip() or text[:start].rstrip().endswith((".", "!", "?"))
        if _gives_light(reader, _without_and(text[start:end]), begins_sentence=begins):
            kept.append(start)
            end = start
    return kept[::-1]


def _gives_light(reader: LineReader, part: str, *, begins_sentence: bool) -> bool:
    """Whether the stretch begins with what it speaks of and gives it a light; at the beginning of a sentence, wherever in it."""
    line = reader.read_light_first(part) or reader.read_number(part) or reader.read_title(part)
    if line is not None:
        return reader.leads_with_light(line.rest) or (begins_sentence and _is_statement(reader, line))
    sweep = reader.read_sweep(part)
    return sweep is not None and reader.leads_with_light(sweep.rest)


def _is_statement(reader: LineReader, line: NumberLine) -> bool:
    """Whether numbers that were asked begin a sentence that names a light or a phase, wherever in it."""
    return set(line.numbers) <= reader.items.keys() and (reader.value(line.rest).phase is not None or reader.says_light(line.rest))


def _is_idle(opening: str) -> bool:
    """Whether an opening sentence says nothing that could bear on the lights behind it."""
    words = split_words(opening)
    if EXCEPTING.search(opening) is not None or UNSURE.search(opening) is not None:
        return False
    if any(light_of(word) or change_of(word) or word in HEDGES or word in CONDITIONS or word in TELLING for word in words):
        return False
    if not opening.rstrip().endswith(":"):
        return not opening.rstrip().endswith(",") or FRAMING.search(opening) is None
    last = split_words(re.split(r"[.!?]\s", opening)[-1])
    if any(word in NEGATIONS for word in last):
        return False
    is_sentence = len(last) >= INTRODUCTION or (bool(last) and last[-1] in _ON_BEHALF)
    return (is_sentence and FRAMING.search(opening) is None) or set(last) <= _INTRODUCTIONS


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
