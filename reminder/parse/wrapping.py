"""Lines that a mail program has broken because they grew too long, made whole again.

Only the sender's own lines are joined, where the next word had no room on the line above: then the break is not theirs, and
`… kalenterivuosi on` / `keltainen` is one sentence. A line that begins a statement of its own is never joined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from reminder.parse.body import Body
from reminder.parse.layers import Layer
from reminder.parse.limits import PARAGRAPH_CHARS
from reminder.parse.pieces import Piece
from reminder.parse.statements import Taken

ROOM = 66
"""Characters that fit on the line of every program that wraps; narrower ones wrap at 72 to 78."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it was written, with its pieces. `parts` are the rows of the mail that it stands on: row, and where it begins."""

    row: int
    text: str
    pieces: tuple[Piece, ...]
    parts: tuple[tuple[int, int], ...]

    @property
    def last(self) -> int:
        """The last row of the mail that it stands on."""
        return self.parts[-1][0]

    def places(self, column: int, text: str) -> Iterator[Taken]:
        """Where a stretch of the line stands in the mail, one place a row."""
        end = column + len(text)
        starts = [start for _, start in self.parts]
        for (row, start), stop in zip(self.parts, [*starts[1:], len(self.text) + 1], strict=True):
            left, right = max(column, start), min(end, stop - 1 if stop <= len(self.text) else stop)
            if left < right:
                yield Taken(row, left - start, text[left - column : right - column])


def join_rows(
    body: Body, groups: Sequence[tuple[int, list[Piece]]], layers: Sequence[Layer], begins_statement: Callable[[str], bool]
) -> Iterator[Row]:
    """The rows in order, broken lines of the text part joined."""
    current: Row | None = None
    for row, pieces in groups:
        text = body.lines[row].text
        if current is not None and _goes_on(body, layers, current, row, pieces) and not begins_statement(text):
            joined = f"{current.text} {text}"
            piece = replace(current.pieces[0], text=joined)
            current = Row(current.row, joined, (piece,), (*current.parts, (row, len(current.text) + 1)))
            continue
        if current is not None:
            yield current
        current = Row(row, text, tuple(pieces), ((row, 0),))
    if current is not None:
        yield current


def _goes_on(body: Body, layers: Sequence[Layer], above: Row, row: int, pieces: Sequence[Piece]) -> bool:
    line, before = body.lines[row], body.lines[above.last]
    words = line.text.split(maxsplit=1)
    if body.source != "text" or not words or row != above.last + 1 or len(above.text) >= PARAGRAPH_CHARS:
        return False
    if any(piece.is_ours for piece in (*above.pieces, *pieces)) or line.depth != before.depth:
        return False
    if layers[row] != layers[above.last] or layers[row].is_furniture or layers[row].is_stale:
        return False
    # A mark of quotation takes room on the line too.
    return len(before.text.rstrip()) + 2 * before.depth + 1 + len(words[0]) > ROOM and not line.text[:1].isspace()
