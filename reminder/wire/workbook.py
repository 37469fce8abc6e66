"""Workbooks from outside (.xlsx, ECMA-376): the cells as a person sees them, read by our own small reader within limits.

A library would do more than is wanted: build a grid as large as the farthest cell (one cell in the last row and column is
17 thousand million), load pictures, links and themes. Here a workbook is some named members of an archive, each read as a
stream; nothing outside of the file is ever followed, and a formula is what the program that saved it had computed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from reminder.wire.archive import Archive, FileRefused, open_archive
from reminder.wire.markup import read_markup

SHEETS = 20
ROWS = 5_000
"""Rows of one sheet in which something stands."""
COLUMNS = 200
CELLS = 20_000
STRINGS = 20_000
CELL_CHARS = 8_000
_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')
_DAYS, _MONTHS = {14, 15, 16, 22, *range(27, 37), *range(50, 59)}, {17}
"""Built-in number formats that show a day, and the one that shows month and year alone (ECMA-376 part 1, 18.8.30)."""
_LAST_SERIAL = 2_958_466


class CellKind(StrEnum):
    """What kind of value a cell holds. Only a `TEXT` is what somebody typed, to the letter."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell. A date is written as ISO 8601, or as `5/2025` where its format shows no day."""

    text: str
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row in which something stands; `cells` by column, from 1."""

    number: int
    cells: Mapping[int, Cell]

    def text(self, column: int) -> str:
        """The text of a cell, without blanks around it; empty where nothing stands."""
        cell = self.cells.get(column)
        return cell.text.strip() if cell else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, hidden ones included."""

    name: str
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the cells of all sheets refer to."""

    strings: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    """For each cell style: `day`, `month`, or empty where it shows a number."""
    is_1904: bool = False


def read_workbook(content: bytes) -> tuple[Sheet, ...]:
    """The sheets in their order. Raises FileRefused for anything that is no such workbook or exceeds a limit."""
    archive = open_archive(content)
    main = next((target for kind, target in _relations(archive, "").values() if kind == "officeDocument"), "xl/workbook.xml")
    relations = _relations(archive, main)
    book = _Book()
    read_markup(archive.read(main), start=book.start)
    if len(book.sheets) > SHEETS:
        raise FileRefused("The workbook has more sheets than are read.")
    by_kind = dict(relations.values())
    strings = _read_strings(archive, by_kind.get("sharedStrings", ""))
    shared = _Shared(strings, _read_formats(archive, by_kind.get("styles", "")), book.is_1904)
    targets = ((name, relations[key][1]) for name, key in book.sheets if key in relations and relations[key][0] == "worksheet")
    return tuple(Sheet(name, _read_rows(archive.read(target), shared)) for name, target in targets)


def _relations(archive: Archive, member: str) -> dict[str, tuple[str, str]]:
    """What a member refers to inside the file: kind and member, by id. References to the outside are left out."""
    folder, name = posixpath.split(member)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: Mapping[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode", "Internal") == "Internal":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)

    if path in archive.names:
        read_markup(archive.read(path), start=start)
    return found


@dataclass(slots=True)
class _Book:
    """`workbook.xml`: names of the sheets with the ids of their relations, and where the days are counted from."""

    sheets: list[tuple[str, str]] = field(default_factory=list)
    is_1904: bool = False

    def start(self, element: str, attributes: Mapping[str, str]) -> None:
        if element == "sheet":
            self.sheets.append((attributes.get("name", "")[:100], attributes.get("id", "")))
        elif element == "workbookPr":
            self.is_1904 = attributes.get("date1904", "") in {"1", "true"}


def _read_strings(archive: Archive, member: str) -> tuple[str, ...]:
    """The shared strings; runs of one string are joined, hints for its pronunciation left out."""
    strings: list[str] = []
    parts: list[str] = []
    within: list[str] = []

    def start(element: str, _: Mapping[str, str]) -> None:
        within.append(element)
        if element == "si":
            parts.clear()

    def end(element: str) -> None:
        within.pop()
        if element == "si":
            if len(strings) >= STRINGS:
                raise FileRefused("The workbook holds more texts than are read.")
            strings.append(_unescaped("".join(parts)))

    def text(characters: str) -> None:
        if within and within[-1] == "t" and "rPh" not in within:
            parts.append(characters)

    if member in archive.names:
        read_markup(archive.read(member), start=start, end=end, text=text)
    return tuple(strings)


def _unescaped(text: str) -> str:
    """`_x000D_` is a character that XML cannot hold (ECMA-376 part 1, 22.9.2.19)."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)[:CELL_CHARS] if "_x" in text else text[:CELL_CHARS]


def _read_formats(archive: Archive, member: str) -> tuple[str, ...]:
    """What each cell style shows: `day`, `month`, or empty."""
    codes: dict[int, str] = {}
    styles: list[int] = []
    within: list[str] = []

    def start(element: str, attributes: Mapping[str, str]) -> None:
        within.append(element)
        if element == "numFmt":
            codes[_number(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")[:200]
        elif element == "xf" and within[-2:-1] == ["cellXfs"]:
            styles.append(_number(attributes.get("numFmtId", "")))

    def end(_: str) -> None:
        within.pop()

    if member in archive.names:
        read_markup(archive.read(member), start=start, end=end)
    return tuple(_shown(style, codes.get(style, "")) for style in styles)


def _shown(number_format: int, code: str) -> str:
    letters = _NOT_CODE.sub("", code).lower()
    if number_format in _DAYS or ("d" in letters and ("m" in letters or "y" in letters)):
        return "day"
    return "month" if number_format in _MONTHS or ("m" in letters and "y" in letters) else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@dataclass(slots=True)
class _Cells:
    """Walks through the events of one sheet and collects what stands in it."""

    shared: _Shared
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    count: int = 0
    row: int = 0
    column: int = 0
    kind: str = ""
    style: int = -1
    within: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    def start(self, element: str, attributes: Mapping[str, str]) -> None:
        self.within.append(element)
        if element == "row":
            given = _number(attributes.get("r", ""))
            self.row, self.column = given if given > 0 else self.row + 1, 0
        elif element == "c":
            place = _PLACE.fullmatch(attributes.get("r", ""))
            self.column = _column(place[1]) if place else self.column + 1
            self.kind, self.style = attributes.get("t", "n"), _number(attributes.get("s", "0"))
            self.parts.clear()

    def text(self, characters: str) -> None:
        if self.within[-1] == "v" or (self.within[-1] == "t" and "is" in self.within and "rPh" not in self.within):
            self.parts.append(characters)

    def end(self, element: str) -> None:
        self.within.pop()
        if element != "c" or not self.parts:
            return
        cell = _cell("".join(self.parts), self.kind, self.style, self.shared)
        if not cell.text.strip():
            return
        self.count += 1
        cells = self.rows.setdefault(self.row, {})
        if self.count > CELLS or len(self.rows) > ROWS or self.column > COLUMNS:
            raise FileRefused("The workbook holds more than is read.")
        cells[self.column] = cell


def _read_rows(content: bytes, shared: _Shared) -> tuple[SheetRow, ...]:
    cells = _Cells(shared)
    read_markup(content, start=cells.start, end=cells.end, text=cells.text)
    return tuple(SheetRow(number, cells.rows[number]) for number in sorted(cells.rows))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _cell(value: str, kind: str, style: int, shared: _Shared) -> Cell:
    """A value as it is shown (ECMA-376 part 1, 18.18.11)."""
    if kind == "s":
        place = _number(value.strip())
        return Cell(shared.strings[place] if 0 <= place < len(shared.strings) else "")
    if kind in {"inlineStr", "str"}:
        return Cell(_unescaped(value))
    if kind == "e":
        return Cell(value.strip()[:CELL_CHARS], CellKind.FAULT)
    if kind == "d":
        return Cell(value.strip()[:10], CellKind.DATE)
    try:
        amount = float(value[:40])
    except ValueError:
        return Cell(value[:CELL_CHARS])
    shown = shared.formats[style] if 0 <= style < len(shared.formats) and kind == "n" else ""
    first = date(1904, 1, 1) if shared.is_1904 else date(1899, 12, 30)
    if shown and 1 <= amount < _LAST_SERIAL - 1_500:
        day = first + timedelta(days=int(amount))
        return Cell(day.isoformat() if shown == "day" else f"{day.month}/{day.year}", CellKind.DATE)
    return Cell(f"{amount:.15g}", CellKind.NUMBER)


def read_texts(sheets: tuple[Sheet, ...]) -> Iterator[str]:
    """The rows as lines, a tab between cells: for a person who reads what no program may."""
    for sheet in sheets:
        for row in sheet.rows:
            yield "\t".join(row.cells[column].text.strip() for column in sorted(row.cells))
