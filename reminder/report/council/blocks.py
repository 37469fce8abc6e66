"""The report as values: parts of headings, paragraphs, tables and charts, each text finished and in one language.

Every text is data and never markup: it is made sound (`report/masking.py`) before it gets here, and each writer escapes it in the way of
its format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from reminder.domain.assessments import TrafficLight
from reminder.domain.programme import Language
from reminder.report.lights import LightTally


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading within a part, one level below that of the part."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Some sentences. A note is set smaller."""

    text: str
    is_note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A numbered list, such as the points of a decision."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in one cell of a table: a text, a light before it, or a number."""

    text: str = ""
    light: TrafficLight | None = None
    is_number: bool = False
    language: Language | None = None
    """Where it is not that of the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The heading of a column, and its share of the width."""

    title: str
    share: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with one row of headings, which each page of it repeats. The first column names its row."""

    caption: str
    """What it is called by who cannot see it; shown only where `is_captioned`, since most stand below a heading that says the same."""
    is_captioned: bool = False
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars of lights, as a finished picture, with the text that stands in its place. A table with the same figures follows."""

    caption: str
    alt: str
    bars: tuple[tuple[str, LightTally], ...]


Block: TypeAlias = Heading | Paragraph | Points | Table | Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part with its heading. A wide one stands on pages of its own, turned on their side."""

    title: str
    blocks: tuple[Block, ...]
    is_wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The whole report in one language."""

    language: Language
    title: str
    subtitle: str
    author: str
    """The office; never a person."""
    on: date
    """The local day on which things stood as it says."""
    running: str
    """What stands at the foot of each page: the case number, else the office."""
    facts: tuple[tuple[str, str], ...]
    """What stands at its head: label and value."""
    parts: tuple[Part, ...]
