"""Spreadsheets as rows of clean texts: CSV in the encodings and delimiters that Finnish offices write, .xlsx and .ods.

A file is from outside: workbooks pass the readers and limits of `wire`, which also read what parties send, and the same limits
hold for CSV. Texts come without what cannot be seen, and without what programs write around a cell to keep it from being a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reminder.errors import ReminderError, UsageFailure
from reminder.parse.decoding import clean_text
from reminder.wire.archive import ARCHIVE_BYTES, MAGIC, FileRefused, open_archive
from reminder.wire.open_sheet import read_open_sheets
from reminder.wire.workbook import CELL_CHARS, COLUMNS, ROWS, CellKind, Sheet, SheetRow, read_workbook

TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
BOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".ods"})
DELIMITERS = ";,\t"
_QUOTED = re.compile(r'"[^"]*"')
_SEP_LINE = re.compile(r"sep=([;,\t|])\r?\n?", re.IGNORECASE)
_AS_FORMULA = re.compile(r'="([^"]*)"')
_LOOKED_AT = 40
"""Lines by which the delimiter is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row; `line` counts from 1, the first line of a row that spans several."""

    line: int
    cells: tuple[str, ...]
    numeric: frozenset[int] = frozenset()
    """Places of cells that hold a number: a program may have made 3.1 of 3.10."""
    is_after_gap: bool = False
    """Whether an empty row stands before it."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTable:
    """The rows in which something stands, and the names of further sheets that were not read."""

    rows: tuple[Row, ...]
    unread: tuple[str, ...] = ()

    def notes(self) -> tuple[str, ...]:
        """What a person should know of it."""
        return (f"Sheets not read: {', '.join(self.unread)}. Name one with --sheet to read it instead.",) if self.unread else ()


def read_sheet(path: Path, sheet: str = "") -> SheetTable:
    """The rows of the named sheet, else of the first in which something stands.

    Raises UsageFailure or ReminderError that tells what to do.
    """
    suffix = path.suffix.casefold()
    if suffix not in TEXT_SUFFIXES | BOOK_SUFFIXES:
        raise UsageFailure(f"{path.name} is neither .csv nor .xlsx.", advice="Save the table as one of the two.")
    try:
        if path.stat().st_size > ARCHIVE_BYTES:
            raise UsageFailure(f"{path.name} is larger than {ARCHIVE_BYTES // 1_048_576} MB.", advice="Leave out what is not the table.")
        content = path.read_bytes()
    except OSError as error:
        raise ReminderError(f"{path} cannot be read: {error.strerror or 'no reason given'}.", advice="Correct the path.") from error
    if suffix in BOOK_SUFFIXES or content.startswith(MAGIC):
        return _pick(_read_book(path.name, content), sheet)
    if sheet:
        raise UsageFailure(f"{path.name} has no sheets.", advice="Leave --sheet out.")
    return SheetTable(rows=_without_empty(_read_csv(content)))


def _read_csv(content: bytes) -> list[Row]:
    text = _decode(content)
    named = _SEP_LINE.match(text)
    skipped = text[: named.end()].count("\n") if named else 0
    text = text[named.end() :] if named else text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=named[1] if named else _find_delimiter(text))
    rows: list[Row] = []
    line = 1 + skipped
    try:
        for cells in reader:
            if len(rows) >= ROWS or len(cells) > COLUMNS:
                raise UsageFailure(f"The table has more than {ROWS} rows or {COLUMNS} columns.", advice="Leave out what is not the table.")
            rows.append(Row(line=line, cells=tuple(_clean(cell) for cell in cells)))
            line = reader.line_num + 1 + skipped
    except csv.Error as error:
        raise UsageFailure(f"Line {line} is not CSV: {error}.", advice="Look for a quotation mark that is not closed.") from error
    return rows


def _find_delimiter(text: str) -> str:
    """The one that most lines have the same number of times: commas within sentences vary, delimiters do not."""
    lines = [line for line in _QUOTED.sub("", text[:200_000]).splitlines() if line.strip()][:_LOOKED_AT]

    def weigh(delimiter: str) -> tuple[int, int]:
        counts = Counter(count for line in lines if (count := line.count(delimiter)))
        return max(((lines_alike, count) for count, lines_alike in counts.items()), default=(0, 0))

    return max(DELIMITERS, key=weigh)


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _read_book(name: str, content: bytes) -> tuple[Sheet, ...]:
    try:
        archive = open_archive(content)
        return read_open_sheets(archive) if "content.xml" in archive.names else read_workbook(content)
    except FileRefused as refused:
        raise UsageFailure(f"{name} cannot be read: {refused}", advice="Save the table alone, as .xlsx or as CSV.") from refused


def _pick(sheets: Sequence[Sheet], wanted: str) -> SheetTable:
    filled = [sheet for sheet in sheets if sheet.rows]
    if wanted:
        chosen = next((sheet for sheet in sheets if sheet.name.strip().casefold() == wanted.strip().casefold()), None)
        if chosen is None:
            raise UsageFailure(f"There is no sheet {wanted!r}.", advice=f"Sheets: {', '.join(sheet.name for sheet in sheets)}.")
        return SheetTable(rows=_rows(chosen.rows))
    if not filled:
        return SheetTable(rows=())
    return SheetTable(rows=_rows(filled[0].rows), unread=tuple(sheet.name for sheet in filled[1:]))


def _rows(rows: Sequence[SheetRow]) -> tuple[Row, ...]:
    found = []
    for row in rows:
        width = max(row.cells, default=0)
        texts = tuple(_clean(row.text(column)) for column in range(1, width + 1))
        numeric = frozenset(column - 1 for column, cell in row.cells.items() if cell.kind is CellKind.NUMBER)
        found.append(Row(line=row.number, cells=texts, numeric=numeric))
    filled = [row for row in found if not row.is_empty]
    return tuple(replace(row, is_after_gap=index > 0 and row.line > filled[index - 1].line + 1) for index, row in enumerate(filled))


def _without_empty(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(replace(row, is_after_gap=index > 0 and rows[index - 1].is_empty) for index, row in enumerate(rows) if not row.is_empty)


def _clean(cell: str) -> str:
    """What a person sees in the cell. `="0401"` and `'+358` are how spreadsheet users keep a text from becoming something else."""
    text = clean_text(cell[:CELL_CHARS]).encode("utf-8", "replace").decode("utf-8").strip()
    if match := _AS_FORMULA.fullmatch(text):
        text = match[1].strip()
    return text[1:] if re.match(r"'[=+\-@]", text) else text
