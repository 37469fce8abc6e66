"""The blocks that a mail is made of. Text, HTML and spans are three readings of the same blocks, so they cannot disagree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from reminder.domain.messages import Span, SpanKind

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Bidi overrides and zero-width marks make a text read otherwise than it is; surrogates cannot be written as UTF-8;
# the private use area carries our own marks of links and emphasis.
_DROPPED = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff\ue000-\uf8ff]")


def plain(text: str) -> str:
    """A text of somebody else made inert: one line, single blanks, no controls, bidi overrides or marks of ours."""
    return " ".join(_DROPPED.sub("", _CONTROLS.sub(" ", text)).split())


def clip(text: str, limit: int) -> str:
    """The text, cut between words with an ellipsis where it is longer than `limit` characters."""
    text = plain(text)
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut[limit // 2 :] else cut}…"


class Style(StrEnum):
    """How lines look in the HTML part."""

    PROSE = "prose"
    HEADING = "heading"
    SMALL = "small"
    LEGEND = "legend"
    RECORD = "record"
    WARNING = "warning"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text within a line; a link or emphasis in the HTML part, plain in the text part."""

    text: str
    href: str = ""
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph of ours."""

    pieces: tuple[Piece, ...]
    kind: SpanKind = SpanKind.PROSE
    item: int | None = None

    @property
    def text(self) -> str:
        """The line without its links."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def may_wrap(self) -> bool:
        """Heads, labels and legend stay on their line: the reader looks for them there."""
        return self.kind in {SpanKind.PROSE, SpanKind.LAST_TIME}


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that stand together."""

    lines: tuple[Line, ...]
    style: Style = Style.PROSE
    shape: str = "lines"


@dataclass(frozen=True, slots=True)
class Button:
    """A large link, HTML part only. `tone` is green, yellow, red or plain."""

    text: str
    href: str
    tone: str = "plain"
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """What one action is asked: head, what is known of it, its light links (HTML part only), the labels to fill in."""

    head: Line
    notes: tuple[Line, ...] = ()
    invitation: str = ""
    buttons: tuple[Button, ...] = ()
    labels: tuple[Line, ...] = ()
    shape: str = "form"


@dataclass(frozen=True, slots=True)
class Buttons:
    """Large links that stand by themselves, HTML part only."""

    buttons: tuple[Button, ...]
    shape: str = "buttons"


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows. The text part writes each row as a list with the headings as labels."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    tones: tuple[str, ...] = field(default=())
    """A tone for each column: green, yellow, red or empty."""
    shape: str = "table"


@dataclass(frozen=True, slots=True)
class Letter:
    """Another mail of ours, shown as it will be sent: its text part in the text part, its HTML part in the HTML part."""

    text: tuple[str, ...]
    html: str
    """What stands within its body; ours, so that it may stand as it is."""
    spans: tuple[Span, ...]
    shape: str = "letter"


Block = Lines | Form | Buttons | Table | Letter
