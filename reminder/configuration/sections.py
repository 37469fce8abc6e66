"""Reading a table whose keys are known: each reader says what is wrong where it stands, and goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from reminder.configuration import wording as say
from reminder.configuration.findings import START, HasPlace, Report, hint_for
from reminder.configuration.nodes import Broken, Listing, Node, Scalar, Table
from reminder.configuration.phrases import THE_DATE, THE_YEAR, Text, begin, phrase
from reminder.configuration.values import is_id, is_night_time, read_date, read_time, read_years, slug
from reminder.domain.programme import LANGUAGES, Language, Localised

YES = frozenset({"yes", "true", "on", "kyllä", "ja"})
NO = frozenset({"no", "false", "off", "ei", "nej"})


def is_given(node: Node | None) -> bool:
    """Whether a value stands there at all."""
    return node is not None and not (isinstance(node, Scalar) and node.is_nothing)


def read_line(node: Node, what: Text, report: Report) -> str | None:
    """A text on one line; blanks and line ends become single blanks."""
    text = read_text(node, what, report)
    return None if text is None else " ".join(text.split())


def read_text(node: Node, what: Text, report: Report) -> str | None:
    """A text as written, trimmed. Control characters and lone surrogates are faults: they would break mails and the store."""
    if isinstance(node, Broken):
        return None
    if not isinstance(node, Scalar):
        report.add(say.NOT_TEXT, node, what=what)
        return None
    if any((char < " " and char not in "\n\t") or char == "\x7f" or "\ud800" <= char <= "\udfff" for char in node.value):
        report.add(say.CONTROL, node, what=what)
        return None
    if node.is_nothing or not node.value.strip():
        report.add(say.EMPTY_TEXT, node, what=what)
        return None
    return node.value.strip()


def read_localised(node: Node, what: Text, report: Report) -> Localised | None:
    """A text for all languages, or a table of fi, sv, en; the first given is the fallback."""
    if isinstance(node, Scalar):
        text = read_line(node, what, report)
        return None if text is None else Localised.everywhere(text)
    if isinstance(node, Broken):
        return None
    if isinstance(node, Listing):
        report.add(say.NOT_TEXT, node, what=what)
        return None
    texts: dict[Language, str] = {}
    for key, value in node.entries:
        if key.value not in LANGUAGES:
            report.add(say.NO_LANGUAGE, key, key=key.value)
        elif (text := read_line(value, _in_brackets(what, key.value), report)) is not None:
            texts[key.value] = text
    if not node.entries:
        report.add(say.EMPTY_TEXT, node, what=what)
    return Localised(texts) if texts else None


def _in_brackets(what: Text, language: str) -> Text:
    if isinstance(what, str):
        return f"{what} ({language})"
    return Localised({one: f"{text} ({language})" for one, text in what.texts.items()})


def read_items(node: Node, what: Text, report: Report) -> tuple[Node, ...]:
    """The items of a list; a single value counts as a list of one."""
    if isinstance(node, Listing):
        return node.items
    if isinstance(node, Scalar):
        return () if node.is_nothing else (node,)
    if isinstance(node, Table):
        report.add(say.NOT_LIST, node, what=what)
    return ()


def read_entries(node: Node, what: Text, report: Report) -> tuple[tuple[Scalar, Node], ...]:
    """The keys and values of a table."""
    if isinstance(node, Table):
        return node.entries
    if not isinstance(node, Broken):
        report.add(say.NOT_TABLE, node, what=what)
    return ()


def read_named(node: Node | None, what: Text, report: Report) -> Iterator[tuple[Scalar, Node]]:
    """The entries of a table whose keys are ids; a key that cannot be one is reported and left out."""
    if node is None or not is_given(node):
        return
    for key, value in read_entries(node, what, report):
        if is_id(key.value):
            yield key, value
        else:
            report.add(say.NOT_ID, key, value=key.value, guess=slug(key.value) or "elinvoima")


def read_day(node: Node, report: Report) -> date | None:
    """A date."""
    text = read_line(node, THE_DATE, report)
    day = None if text is None else read_date(text)
    if text is not None and day is None:
        report.add(say.NOT_DATE, node, value=text)
    return day


def read_year_set(node: Node, report: Report) -> frozenset[int]:
    """Years: one, a list, or spans."""
    years: set[int] = set()
    for item in read_items(node, "`years`", report):
        text = read_line(item, THE_YEAR, report)
        span = None if text is None else read_years(text)
        if text is not None and span is None:
            report.add(say.NOT_YEAR, item, value=text)
        years |= span or frozenset()
    return frozenset(years)


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a file. `where` names it in sentences; `fallback` answers for keys that it lacks."""

    node: HasPlace
    report: Report
    where: Text
    entries: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    fallback: Section | None = None
    is_sound: bool = True
    """False where no table stands there, which is reported; its keys are then not reported missing as well."""

    def find(self, key: str) -> Node | None:
        """The value of a key; None where none is given."""
        entry = self.entries.get(key)
        if entry is not None and is_given(entry[1]):
            return entry[1]
        return None if self.fallback is None else self.fallback.find(key)

    def place(self, key: str) -> HasPlace:
        """Where the value of a key stands, else where the key or the table does."""
        entry = self.entries.get(key)
        return self.find(key) or (entry[0] if entry else self.node)

    def need(self, key: str, example: str) -> Node | None:
        """The value of a key that must be there."""
        node = self.find(key)
        if node is None and self.is_sound:
            self.report.add(say.MISSING_KEY, self.place(key), key=key, where=self.where, example=example)
        return node

    def line(self, key: str) -> str:
        """A text on one line, or an empty one."""
        node = self.find(key)
        return "" if node is None else read_line(node, f"`{key}`", self.report) or ""

    def text(self, key: str) -> str:
        """A text of any number of lines, or an empty one."""
        node = self.find(key)
        return "" if node is None else read_text(node, f"`{key}`", self.report) or ""

    def needed_line(self, key: str, example: str) -> str:
        """A text on one line that must be there."""
        return self.line(key) if self.need(key, example) is not None else ""

    def localised(self, key: str, example: str = "") -> Localised | None:
        """A localised text; must be there where an example is given."""
        node = self.need(key, example) if example else self.find(key)
        return None if node is None else read_localised(node, f"`{key}`", self.report)

    def items(self, key: str) -> tuple[Node, ...]:
        """The items of a list, or none."""
        node = self.find(key)
        return () if node is None else read_items(node, f"`{key}`", self.report)

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        """One of several words."""
        value = self.line(key)
        if value and value not in choices:
            self.report.add(say.NOT_CHOICE, self.place(key), value=value, what=f"`{key}`", hint=hint_for(value, choices))
        return value if value in choices else default

    def yes_no(self, key: str, *, default: bool) -> bool:
        """Yes or no."""
        value = self.line(key).casefold()
        if value and value not in YES | NO:
            self.report.add(say.NOT_YES_NO, self.place(key), value=value)
        return value in YES if value in YES | NO else default

    def number(self, key: str, *, default: int, most: int) -> int:
        """A whole number from 0 to `most`."""
        value = self.line(key)
        is_number = value.isascii() and value.isdigit() and len(value) < 6 and int(value) <= most
        if value and not is_number:
            hint = phrase(f"Kirjoita luku 0–{most}.", f"Skriv ett tal från 0 till {most}.", f"Write a number from 0 to {most}.")
            self.report.add(say.NOT_CHOICE, self.place(key), value=value, what=f"`{key}`", hint=hint)
        return int(value) if is_number else default

    def clock(self, key: str, default: time) -> time:
        """A local time of day, not within the hour that the clocks skip."""
        value = self.line(key)
        clock = read_time(value)
        if value and clock is None:
            self.report.add(say.NOT_TIME, self.place(key), value=value)
        elif clock is not None and is_night_time(clock):
            self.report.add(say.NIGHT_TIME, self.place(key), value=value)
        return clock or default

    def inner(self, key: str, known: Sequence[str]) -> Section | None:
        """The table under a key."""
        node = self.find(key)
        return None if node is None else open_section(node, known, f"`{key}`", self.report)


def open_section(node: Node | None, known: Sequence[str], where: Text, report: Report, *, fallback: Section | None = None) -> Section:
    """The table as a section, its unknown keys reported. What is no table is reported and counts as empty."""
    if node is None or not is_given(node):
        return Section(node or START, report, where, {}, fallback)
    entries = {}
    for key, value in read_entries(node, begin(where), report):
        if key.value in known:
            entries[key.value] = (key, value)
        else:
            report.add(say.UNKNOWN_KEY, key, key=key.value, where=where, hint=hint_for(key.value, tuple(known)))
    return Section(node, report, where, entries, fallback, is_sound=isinstance(node, Table))
