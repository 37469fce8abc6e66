"""Parties out of free text: `Kaavoitus, Suvi- matkat Oy` names two, one of them with a stray hyphen.

Names are compared by their letters and digits alone, so that case, hyphens, blanks and a missing `Oy` do not make two
parties of one. What cannot be decided by the text is decided by the admin, in a table of aliases.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from reminder.configuration.values import slug

COMPANY_FORMS = ("oyj", "oy", "ab", "ltd", "ky", "ry")
_AND = re.compile(r"\s(?:and|ja|och|sekä|&)\s", re.IGNORECASE)
_BROKEN_WORD = re.compile(r"(\w)[-\u00ad]\s+(?!(?:ja|och|and|tai|eller|or|sekä)\b)([a-zåäö])")
_INNER_HYPHEN = re.compile(r"\b([^\W\d_]{2,})-([a-zåäö]{2,})\b")
_WORD = re.compile(r"[^\W\d_]{4,}")
SEPARATORS = re.compile(r"\s*[,;\n]\s*|\s+/\s+")
SEEN_TOGETHER = 3
"""How often two pieces must stand side by side, and never alone, to count as one name with a comma."""
ALIKE = 0.9
NAME_WORDS, NAME_COMMAS = 20, 10
"""Words and commas that a name may hold; a story that somebody wrote into the cell of the party is not tried in every cut."""


def name_key(name: str) -> str:
    """What two spellings of one name have in common: letters and digits, without the form of the company."""
    words = re.findall(r"[^\W_]+", name.casefold())
    if len(words) > 1 and words[-1] in COMPANY_FORMS:
        words = words[:-1]
    return "".join(words)


def is_company(name: str) -> bool:
    """Whether a name ends in the form of a company."""
    words = name.casefold().split()
    return len(words) > 1 and words[-1].strip(".") in COMPANY_FORMS[:4]


def vocabulary_of(texts: Iterable[str]) -> frozenset[str]:
    """The words of running text, by which a hyphen within a word is known as stray."""
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def mend(text: str, vocabulary: frozenset[str]) -> str:
    """A text without stray hyphens and doubled blanks: `Suvi- koski` is Suvikoski, `Kult-tuuri` is Kulttuuri where that is a known word."""
    text = _BROKEN_WORD.sub(r"\1\2", " ".join(text.replace("\u00ad", "").split()))

    def join(match: re.Match[str]) -> str:
        whole = match[1] + match[2]
        return whole if whole.casefold() in vocabulary else match[0]

    return _INNER_HYPHEN.sub(join, text)


def has_inner_hyphen(name: str) -> bool:
    """Whether a name holds a hyphen that may be stray: `kirjas-tot`, but `linja-autot` as well."""
    return _INNER_HYPHEN.search(name) is not None


@dataclass(slots=True)
class PartyNames:
    """Knows names and splits texts into them. `aliases` maps a spelling to the names that it stands for."""

    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    """Key to the name as it is shown."""
    counts: Counter[str] = field(default_factory=Counter)
    joined: tuple[str, ...] = ()
    """Names with a comma that were recognised without the table."""
    _by_key: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def learn(self, texts: Sequence[str]) -> None:
        """Takes all texts of the column, so that a name known from one row is found in another."""
        for spelling, names in self.aliases.items():
            self._by_key[name_key(spelling)] = tuple(names)
            for name in names:
                self.known[name_key(name)] = name
        pieces = [_pieces(text) for text in texts]
        self.joined = tuple(sorted(self._find_comma_names(pieces)))
        for name in self.joined:
            self.known.setdefault(name_key(name), name)
        spellings = Counter(piece for row in pieces for piece in row)
        for spelling, _ in spellings.most_common():
            self.known.setdefault(name_key(spelling), spelling)
        self.counts = Counter(name_key(piece) for row in pieces for piece in row)

    def split(self, text: str) -> tuple[str, ...]:
        """The names in a text, in its order, each once."""
        whole = self._by_key.get(name_key(text))
        if whole is not None:
            return whole
        return tuple(dict.fromkeys(name for spelling in self.spellings_in(text) for name in self._resolve(spelling)))

    def spellings_in(self, text: str) -> tuple[str, ...]:
        """The pieces of a text as the table of aliases lists them: split at commas, but for names that hold one."""
        pieces = _pieces(text)
        found: list[str] = []
        start = 0
        while start < len(pieces):
            end = self._longest(pieces, start)
            found.append(", ".join(pieces[start:end]))
            start = end
        return tuple(found)

    def _longest(self, pieces: Sequence[str], start: int) -> int:
        """How far the longest known name reaches; names with commas are tried first."""
        for end in range(min(len(pieces), start + NAME_COMMAS + 1), start + 1, -1):
            key = name_key(", ".join(pieces[start:end]))
            if key in self._by_key or (key in self.known and "," in self.known[key]):
                return end
        return start + 1

    def _resolve(self, piece: str) -> Sequence[str]:
        key = name_key(piece)
        if key in self._by_key:
            return self._by_key[key]
        if "," in self.known.get(key, ""):
            return [self.known[key]]
        parts = self._cover(piece)
        return [name for part in parts for name in self._by_key.get(name_key(part), (self.known.get(name_key(part), part),))]

    def _cover(self, piece: str) -> list[str]:
        """Two or more known names without a comma between them, `Satama Kaavoitus`; else the piece itself."""
        if self.counts[name_key(piece)] > 1:
            return [piece]
        words = piece.split()
        best: dict[int, list[str]] = {0: []}
        for end in range(1, len(words) + 1):
            for start in range(max(0, end - NAME_WORDS), end):
                if start not in best or end in best:
                    continue
                part = " ".join(words[start:end]).strip(".")
                is_known = self.counts[name_key(part)] > 1 or name_key(part) in self._by_key
                if is_known and part != piece:
                    best[end] = [*best[start], part]
        cover = best.get(len(words), [])
        return cover if len(cover) > 1 else [piece]

    def _find_comma_names(self, rows: Sequence[Sequence[str]]) -> set[str]:
        """`Liikunta` and `Kulttuuri ja Nuoriso`, never apart: one name that holds a comma."""
        single = Counter(piece for row in rows for piece in row)
        pairs = Counter(pair for row in rows for pair in pairwise(row))
        return {
            f"{first}, {second}"
            for (first, second), count in pairs.items()
            if count >= SEEN_TOGETHER and single[first] == single[second] == count and _AND.search(second) and not _AND.search(first)
        }


def find_alike(names: Sequence[str]) -> dict[str, str]:
    """Names that are nearly another one, mapped to it: perhaps one party spelled in two ways."""
    alike: dict[str, str] = {}
    for index, name in enumerate(names):
        for other in names[:index]:
            if abs(len(name) - len(other)) > 3 or len(name) < 8:
                continue
            if SequenceMatcher(None, name.casefold(), other.casefold()).ratio() >= ALIKE:
                alike[name] = alike.get(other, other)
                break
    return alike


def ids_of(names: Sequence[str]) -> dict[str, str]:
    """An id for each name, in the order of the table; two names of one slug are told apart by a number."""
    ids: dict[str, str] = {}
    for name in dict.fromkeys(names):
        base = slug(name) or "party"
        taken = set(ids.values())
        ids[name] = next(one for count in range(1, len(taken) + 2) if (one := base if count == 1 else f"{base}-{count}") not in taken)
    return ids


def _pieces(text: str) -> list[str]:
    return [piece for raw in SEPARATORS.split(text) if (piece := raw.strip(" .")) and name_key(piece)]
