"""The body cut into pieces: what is ours with its role in the form, and what is not ours, in the order of the mail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reminder.domain.messages import Item, SentMessage, SpanKind
from reminder.parse.body import Body
from reminder.parse.grammar import says_something
from reminder.parse.quoting import Match, Subtraction, subtract
from reminder.parse.squash import Stream, squash_lines

_TAIL = " \t*_\ue000\ue001"
REPEATED = SpanKind.PROSE
"""The role of text that only repeats us (rule 3 of `quoting`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of one line. `kind` is None for what is not ours."""

    row: int
    text: str
    depth: int
    kind: SpanKind | None = None
    item: Item | None = None
    message: SentMessage | None = None
    starts_line: bool = False
    goes_on: bool = False
    """The match began on a line above."""
    after: SpanKind | None = None
    """The role of the piece of ours directly before it on the line."""
    column: int = 0
    """Where it begins on its line."""

    @property
    def is_ours(self) -> bool:
        """Whether we wrote it."""
        return self.kind is not None


@dataclass(slots=True)
class _Cover:
    """A covered stretch of one row."""

    start: int
    end: int
    kind: SpanKind
    match: Match | None
    is_first: bool
    """Whether the match begins here; on the rows below, it only goes on."""


def cut_pieces(body: Body, sent: Sequence[SentMessage]) -> tuple[Piece, ...]:
    """All pieces in order; a blank line is one empty piece that is not ours."""
    stream = squash_lines([line.text for line in body.lines])
    subtraction = subtract(stream, sent)
    covers = _covers(stream, subtraction)
    pieces: list[Piece] = []
    for row, line in enumerate(body.lines):
        pieces.extend(_cut_row(row, line.text, line.depth, covers.get(row, [])))
    return tuple(pieces)


def _covers(stream: Stream, subtraction: Subtraction) -> dict[int, list[_Cover]]:
    covers: dict[int, list[_Cover]] = {}
    for match in subtraction.matches:
        _cover(stream, covers, match.start, match.end, match.span.kind, match)
    for start, end in _repeated_runs(subtraction.repeated):
        _cover(stream, covers, start, end, REPEATED, None)
    for row in covers.values():
        row.sort(key=lambda cover: cover.start)
        for left, right in pairwise(row):
            left.end = min(left.end, right.start)
    return covers


def _repeated_runs(owned: bytearray) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(rb"\x02+", bytes(owned))]


def _cover(stream: Stream, covers: dict[int, list[_Cover]], start: int, end: int, kind: SpanKind, match: Match | None) -> None:
    """Covers characters `start` to `end` of the stream, row by row, with the marks of ours around them."""
    first, last = stream.rows[start], stream.rows[end - 1]
    index = start
    while index < end:
        row = stream.rows[index]
        stop = index
        while stop < end and stream.rows[stop] == row:
            stop += 1
        line = stream.lines[row]
        left = stream.columns[index] if row == first else 0
        right = stream.columns[stop - 1] + 1 if row == last else len(line)
        if row == first:
            left = _extended_left(line, left)
        if row == last and match is not None:
            right = _extended_right(line, right, match.span.text)
        covers.setdefault(row, []).append(_Cover(left, right, kind, match, is_first=row == first))
        index = stop


def _extended_left(line: str, left: int) -> int:
    """Takes in the bracket, bullet or letter outside ASCII that stands before our first letter."""
    while left > 0 and not line[left - 1].isspace() and not (line[left - 1].isascii() and line[left - 1].isalnum()):
        left -= 1
    return left


def _extended_right(line: str, right: int, text: str) -> int:
    """Takes in what ends our text behind its last ASCII letter: `ä):` of `vihreä):`, through marks of emphasis."""
    tail = re.search(r"[^A-Za-z0-9]*$", text)
    wanted = (tail.group() if tail else "").replace(" ", "")
    while right < len(line):
        char = line[right]
        if wanted and char == wanted[0]:
            wanted = wanted[1:]
        elif wanted and not char.isascii() and wanted[0].isalpha() and char.isprintable() and char not in _TAIL:
            pass  # a letter of ours that came back as other characters
        elif not (wanted and char in _TAIL):
            if wanted and wanted[0].isalpha() and char == "?":
                wanted = wanted[1:]
            elif wanted and wanted[0].isalpha() and not char.isalnum():
                wanted = wanted.lstrip("".join(one for one in wanted if one.isalpha()))
                continue
            else:
                break
        right += 1
    return right


def _cut_row(row: int, line: str, depth: int, covers: Sequence[_Cover]) -> list[Piece]:
    if not covers:
        return [Piece(row=row, text=line, depth=depth, starts_line=True)]
    pieces: list[Piece] = []
    position, before = 0, None
    for cover in [*covers, None]:
        stop = len(line) if cover is None else cover.start
        free = line[position:stop]
        if says_something(free):
            pieces.append(Piece(row=row, text=free, depth=depth, starts_line=before is None, after=before, column=position))
        if cover is None:
            break
        pieces.append(_own_piece(row, line, depth, cover))
        position, before = cover.end, cover.kind
    return pieces


def _own_piece(row: int, line: str, depth: int, cover: _Cover) -> Piece:
    match = cover.match
    item = None
    if match is not None and match.span.item is not None and match.span.item < len(match.message.items):
        item = match.message.items[match.span.item]
    return Piece(
        row=row,
        text=line[cover.start : cover.end],
        depth=depth,
        kind=cover.kind,
        item=item,
        message=match.message if match else None,
        starts_line=cover.start == 0,
        goes_on=not cover.is_first,
        column=cover.start,
    )
