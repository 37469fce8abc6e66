"""YAML as nodes: every scalar stays the text that stands in the file, and every value knows its place.

The events come from ruamel.yaml's pure parser (YAML 1.2); the tree is built here without recursion, so that a hostile
file can neither exhaust the stack nor multiply itself by aliases. A number is never read as a number: `3.10` is not 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from reminder.configuration import wording as say
from reminder.configuration.findings import START, Place, Report

DEPTH_LIMIT = 20
HARMLESS_TAGS = frozenset({"!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})

_PARSER_FAILURES = (
    YAMLError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    TypeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
)
"""What the parser raises for damaged text beside its own errors, such as ValueError for an escape beyond Unicode."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as written. `is_plain` tells it from a quoted one."""

    value: str
    line: int
    column: int
    is_plain: bool = True

    @property
    def is_nothing(self) -> bool:
        """Whether no value is given: nothing, `~` or `null`, unquoted."""
        return self.is_plain and self.value in {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Table:
    """Keys with values, in the order of the file; each key once."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A value that could not be read and is already reported; readers pass over it in silence."""

    line: int
    column: int


Node = Scalar | Listing | Table | Broken


class _Mark(Protocol):
    line: int
    column: int


class _Event(Protocol):
    start_mark: _Mark


@dataclass(slots=True)
class _Open:
    """A list or table whose end has not come yet."""

    place: Place
    is_table: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    key: Node | None = None

    def add(self, node: Node, report: Report) -> None:
        """Puts a finished value where it belongs."""
        if not self.is_table:
            self.items.append(node)
        elif self.key is None:
            self.key = node
        else:
            self._add_entry(self.key, node, report)
            self.key = None

    def _add_entry(self, key: Node, value: Node, report: Report) -> None:
        if not isinstance(key, Scalar):
            if not isinstance(key, Broken):
                report.add(say.KEY_NOT_TEXT, key)
        elif key.is_plain and key.value == "<<":
            report.add(say.MERGE_KEY, key)
        elif (first := self.entries.get(key.value)) is not None:
            report.add(say.DUPLICATE_KEY, key, key=key.value, line=first[0].line)
        else:
            self.entries[key.value] = (key, value)

    def close(self) -> Node:
        """The finished list or table."""
        if self.is_table:
            return Table(tuple(self.entries.values()), self.place.line, self.place.column)
        return Listing(tuple(self.items), self.place.line, self.place.column)


class _Builder:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.documents = 0

    def take(self, event: _Event) -> bool:
        """Takes one event; False where reading must stop."""
        place = _place(event.start_mark)
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.report.add(say.SEVERAL_DOCUMENTS, place)
            return self.documents == 1
        if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            return self._begin(event, place)
        if isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self._put(self.stack.pop().close())
        elif isinstance(event, AliasEvent):
            self.report.add(say.ALIAS, place, name=event.anchor)
            self._put(Broken(place.line, place.column))
        elif isinstance(event, ScalarEvent):
            self._check_tag(event, place)
            self._put(Scalar(str(event.value), place.line, place.column, is_plain=not event.style))
        return True

    def _begin(self, event: MappingStartEvent | SequenceStartEvent, place: Place) -> bool:
        self._check_tag(event, place)
        if len(self.stack) >= DEPTH_LIMIT:
            self.report.add(say.TOO_DEEP, place, limit=DEPTH_LIMIT)
            return False
        self.stack.append(_Open(place, is_table=isinstance(event, MappingStartEvent)))
        return True

    def _check_tag(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent, place: Place) -> None:
        tag = "" if event.tag is None else str(event.tag)
        if tag and tag not in HARMLESS_TAGS:
            self.report.add(say.TAG, place, tag=tag.replace("tag:yaml.org,2002:", "!!"))

    def _put(self, node: Node) -> None:
        if self.stack:
            self.stack[-1].add(node, self.report)
        elif self.root is None:
            self.root = node


def read_tree(text: str, report: Report) -> Node | None:
    """The tree of a YAML text; None where a fault of syntax, which is reported, stops the reading."""
    builder = _Builder(report)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            if not builder.take(cast(_Event, event)):
                return None
    except _PARSER_FAILURES as error:
        _report_syntax(error, text, report)
        return None
    return builder.root


def _report_syntax(error: BaseException, text: str, report: Report) -> None:
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        why = " ".join(str(error.problem or error.context or "unreadable").split())
        report.add(say.SYNTAX, _place(cast(_Mark, mark)) if mark is not None else START, why=why)
    elif isinstance(error, ReaderError):
        place = _place_of_character(text, getattr(error, "position", 0))
        report.add(say.SYNTAX, place, why="a character that cannot be printed")
    else:
        report.add(say.SYNTAX, START, why="the parser gave up")


def _place_of_character(text: str, position: object) -> Place:
    before = text[:position] if isinstance(position, int) else ""
    return Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def _place(mark: _Mark) -> Place:
    return Place(mark.line + 1, mark.column + 1)
