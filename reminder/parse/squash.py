"""A text as a stream of squashed characters, each with its place in the lines it came from.

Only the ASCII letters and digits are kept, in lower case. Re-wrapping, quotation marks, smart quotes, bullets and even
letters that a gateway has destroyed (`vihre?`, `vihreÃ¤`) do not change the stream, so our own text is found again
whatever a client did to it.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

_RUN = re.compile(r"[a-z0-9]+")
_DOTTED_I = "\u0130"
"""The one letter whose lower case is longer than itself, which would shift the places."""


def squash(text: str) -> str:
    """The stream of one text, without places."""
    return "".join(_RUN.findall(text.replace(_DOTTED_I, "i").lower()))


@dataclass(frozen=True, slots=True)
class Stream:
    """The stream of many lines. `rows` and `columns` give the place of each of its characters."""

    text: str
    rows: array[int]
    columns: array[int]
    lines: tuple[str, ...]

    def starts_word(self, index: int) -> bool:
        """Whether no letter or digit of the stream stands directly before this character on its line."""
        line, column = self.lines[self.rows[index]], self.columns[index] - 1
        while column >= 0 and not line[column].isascii() and line[column].isalnum():
            column -= 1
        return column < 0 or not (line[column].isascii() and line[column].isalnum())

    def ends_word(self, index: int) -> bool:
        """Whether no letter or digit of the stream stands directly after this character on its line."""
        line, column = self.lines[self.rows[index]], self.columns[index] + 1
        while column < len(line) and not line[column].isascii() and line[column].isalnum():
            column += 1
        return column >= len(line) or not (line[column].isascii() and line[column].isalnum())


def squash_lines(lines: Sequence[str]) -> Stream:
    """The stream of these lines."""
    pieces: list[str] = []
    rows: array[int] = array("L")
    columns: array[int] = array("L")
    counted = array("L", range(max((len(line) for line in lines), default=0)))
    for row, line in enumerate(lines):
        before = len(columns)
        for match in _RUN.finditer(line.replace(_DOTTED_I, "i").lower()):
            pieces.append(match.group())
            columns += counted[match.start() : match.end()]
        rows += array("L", (row,)) * (len(columns) - before)
    return Stream("".join(pieces), rows, columns, tuple(lines))
