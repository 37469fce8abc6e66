"""Workbooks of the OpenDocument format (.ods, ISO/IEC 26300), as LibreOffice saves them by itself: read within the same limits.

Empty rows and cells are written as `repeated a million times`; what is repeated and not empty is taken once a cell at most
fifty times, since a file of a few bytes must not become a sheet of a million.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reminder.wire.archive import Archive, FileRefused
from reminder.wire.markup import read_markup
from reminder.wire.workbook import CELL_CHARS, CELLS, COLUMNS, ROWS, SHEETS, Cell, CellKind, Sheet, SheetRow

REPEATED = 50
"""How often a cell or row that holds something is repeated."""
_KINDS = {"float": CellKind.NUMBER, "currency": CellKind.NUMBER, "percentage": CellKind.NUMBER, "date": CellKind.DATE}
_ROW, _CELL, _COVERED = "table-row", "table-cell", "covered-table-cell"


def read_open_sheets(archive: Archive) -> tuple[Sheet, ...]:
    """The sheets in their order. Raises FileRefused where a limit is exceeded or the content is no XML."""
    tables = _Tables()
    read_markup(archive.read("content.xml"), start=tables.start, end=tables.end, text=tables.text)
    return tuple(Sheet(name, tuple(rows)) for name, rows in tables.sheets)


@dataclass(slots=True)
class _Tables:
    sheets: list[tuple[str, list[SheetRow]]] = field(default_factory=list)
    within: list[str] = field(default_factory=list)
    row: int = 0
    column: int = 0
    repeat_row: int = 1
    repeat: int = 1
    kind: CellKind = CellKind.TEXT
    value: str = ""
    cells: dict[int, Cell] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    count: int = 0

    def start(self, element: str, attributes: Mapping[str, str]) -> None:
        self.within.append(element)
        if element == "table":
            if len(self.sheets) >= SHEETS:
                raise FileRefused("The workbook has more sheets than are read.")
            self.sheets.append((attributes.get("name", "")[:100], []))
            self.row = 0
        elif element == _ROW:
            self.column, self.cells, self.repeat_row = 0, {}, _times(attributes, "number-rows-repeated")
        elif element in {_CELL, _COVERED}:
            self.repeat = _times(attributes, "number-columns-repeated")
            self.kind = _KINDS.get(attributes.get("value-type", ""), CellKind.TEXT)
            self.value = attributes.get("date-value", attributes.get("value", ""))
            self.parts.clear()
        elif element == "p" and self.parts:
            self.parts.append("\n")
        elif element in {"s", "tab", "line-break"}:
            self.parts.append(" ")

    def text(self, characters: str) -> None:
        if "p" in self.within and "annotation" not in self.within and (_CELL in self.within or _COVERED in self.within):
            self.parts.append(characters)

    def end(self, element: str) -> None:
        self.within.pop()
        if element in {_CELL, _COVERED}:
            self._end_cell()
        elif element == _ROW and self.sheets:
            rows = self.sheets[-1][1]
            for place in range(min(self.repeat_row, REPEATED) if self.cells else 0):
                rows.append(SheetRow(self.row + place + 1, self.cells))
            self.row += self.repeat_row
            if len(rows) > ROWS:
                raise FileRefused("The workbook holds more than is read.")

    def _end_cell(self) -> None:
        cell = _cell("".join(self.parts), self.kind, self.value)
        if cell.text.strip():
            for place in range(min(self.repeat, REPEATED)):
                self.cells[self.column + place + 1] = cell
            self.count += min(self.repeat, REPEATED)
            if self.count > CELLS or self.column > COLUMNS:
                raise FileRefused("The workbook holds more than is read.")
        self.column += self.repeat


def _cell(shown: str, kind: CellKind, value: str) -> Cell:
    """A date by its value, a number by its value too: what is shown of it depends on the language of the program."""
    if kind is CellKind.DATE:
        return Cell(value[:10], kind)
    if kind is CellKind.NUMBER:
        return Cell(value[:40], kind)
    return Cell(shown[:CELL_CHARS])


def _times(attributes: Mapping[str, str], name: str) -> int:
    given = attributes.get(name, "1")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 8 else 1
