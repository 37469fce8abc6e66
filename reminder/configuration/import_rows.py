"""What stands in one row of an imported table: its years, and a title short enough for a mail."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reminder.configuration.values import FIRST_YEAR, LAST_YEAR

TITLE_LIMIT = 80
SHORTEST_CLAUSE = 25
DONE_WORDS = frozenset({"complete", "completed", "done", "finished", "valmis", "toteutettu", "toteutunut", "klar", "genomförd", "slutförd"})
ALWAYS_WORDS = frozenset({"ongoing", "continuous", "always", "jatkuva", "jatkuvasti", "jatkuu", "fortlöpande", "kontinuerlig", "löpande"})
_SPAN = re.compile(r"(\d{4})(?:-(\d{4}|\d{2})?)?", re.ASCII)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
_CLAUSE_END = re.compile(r"\s*(?:[;:(]|,(?=\s)|\s[–—-]\s)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """What a timetable says: years, open at the end or not, or that the action is done, or that it never ends."""

    years: frozenset[int] = frozenset()
    open_from: int | None = None
    is_done: bool = False
    is_always: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedAction:
    """One action out of one row. Parties by name."""

    line: int
    number: str
    title: str
    text: str
    years: frozenset[int]
    is_done: bool
    lead: str
    contributors: tuple[str, ...]
    focus_area: str = ""
    goal: str = ""
    indicator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A row, or a part of one, that was not taken."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a table says beside a file that is there: a line each."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    only_in_file: tuple[str, ...] = ()

    def lines(self, only: str) -> tuple[str, ...]:
        """All of it; `only` says what becomes of what only the file has."""
        return (
            *(f"new: {line}" for line in self.added),
            *(f"changed: {line}" for line in self.changed),
            *(f"{only}: {line}" for line in self.only_in_file),
        )


def read_timetable(text: str) -> Timetable | None:
    """`2022–2029`, `2025`, `2024-`, `2024, 2026`, `Complete`, `jatkuva`; None where it is none of these. An empty one names no year."""
    plain = re.sub("[−–—]", "-", text.casefold())
    word = re.sub(r"[^a-zåäö]", "", plain)
    if word in DONE_WORDS and not re.search(r"\d", plain):
        return Timetable(is_done=True)
    if word in ALWAYS_WORDS and not re.search(r"\d", plain):
        return Timetable(is_always=True)
    years: set[int] = set()
    open_from: int | None = None
    for part in filter(None, re.split(r"[,;]| ja | och | and ", re.sub(r"\s*-\s*", "-", plain))):
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            return None
        first = int(match[1])
        last = int(match[1][:2] + match[2] if match[2] and len(match[2]) == 2 else match[2] or match[1])
        if not FIRST_YEAR <= first <= last <= LAST_YEAR:
            return None
        years |= set(range(first, last + 1))
        if part.strip().endswith("-"):
            open_from = first
    return Timetable(years=frozenset(years), open_from=open_from)


def short_title(text: str) -> str:
    """A title of at most 80 characters: the first sentence, else cut at a clause, else at a word; `…` marks a cut."""
    line = " ".join(text.split())
    sentence = _SENTENCE_END.search(line)
    first = line[: sentence.start()] if sentence else line
    if len(first) <= TITLE_LIMIT:
        return first
    clauses = [match.start() for match in _CLAUSE_END.finditer(first, 0, TITLE_LIMIT) if match.start() >= SHORTEST_CLAUSE]
    if clauses:
        return first[: clauses[-1]] + "…"
    cut = first[:TITLE_LIMIT].rpartition(" ")[0] or first[: TITLE_LIMIT - 1]
    return cut.rstrip(" ,;:-–—(") + "…"
