"""A table that somebody drew, with a column for each light and a mark in one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reminder.parse.words import light_of

_TICK = re.compile(r"\W*(?:x|✓|✔|✅|☒|☑|●|•|kyllä|ja|yes|1)\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TickTable:
    """The columns of the table: the word of the light, or nothing."""

    columns: tuple[str, ...]

    def read_row(self, text: str) -> str | None:
        """The row as a line, `1.1 vihreä, words of the other columns`; None where not exactly one light is ticked."""
        cells = [cell.strip() for cell in text.split("\t")]
        ticked = [word for word, cell in zip(self.columns, cells, strict=False) if word and (_TICK.fullmatch(cell) or cell.lower() == word)]
        marked = [cell for word, cell in zip(self.columns, cells, strict=False) if word and cell]
        if len(cells) < 2 or not cells[0] or len(ticked) != 1 or len(marked) != 1:
            return None
        others = [cell for place, cell in enumerate(cells[1:], 1) if cell and (place >= len(self.columns) or not self.columns[place])]
        return f"{cells[0]}: {', '.join([ticked[0], *others])}"


def read_header(text: str) -> TickTable | None:
    """The table whose header this line is: three lights, each in a cell of its own, none in the first."""
    cells = [cell.strip(" \t:\ue000\ue001*").lower() for cell in text.split("\t")]
    words = tuple(cell if light_of(cell) is not None else "" for cell in cells)
    lights = [light_of(word) for word in words if word]
    return TickTable(words) if len(lights) == 3 and len(set(lights)) == 3 and not words[0] else None
