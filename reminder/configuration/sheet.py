"""Spreadsheets as rows of texts: CSV in the encodings and delimiters that Finnish offices write, and .xlsx.

A workbook is a zip archive from outside: how much it really unpacks to is measured before it is opened.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from reminder.errors import ReminderError, UsageFailure

SIZE_LIMIT = 50_000_000
ENTRY_LIMIT = 1_000
RATIO_LIMIT = 200
"""How many times its packed size a workbook may unpack to; real ones stay under 50."""
DELIMITERS = ",;\t"
_CHUNK = 65_536
_LOCAL_HEADER = 30
_STORED, _DEFLATED = 0, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row; `line` counts from 1, the first line of a row that spans several."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell.strip() for cell in self.cells)


def read_sheet(path: Path) -> tuple[Row, ...]:
    """The rows of the first sheet that hold something. Raises UsageFailure or ReminderError that tells what to do."""
    suffix = path.suffix.casefold()
    if suffix not in {".csv", ".tsv", ".txt", ".xlsx"}:
        raise UsageFailure(f"{path.name} is neither .csv nor .xlsx.", advice="Save the table as one of the two.")
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise UsageFailure(f"{path.name} is larger than {SIZE_LIMIT // 1_000_000} MB.", advice="Leave out what is not the table.")
        rows = _read_workbook(path) if suffix == ".xlsx" else _read_csv(path.read_bytes())
    except OSError as error:
        raise ReminderError(f"{path} cannot be read: {error.strerror or 'no reason given'}.", advice="Correct the path.") from error
    return tuple(row for row in rows if not row.is_empty)


def _read_csv(content: bytes) -> list[Row]:
    text = _decode(content)
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            rows.append(Row(line=line, cells=tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise UsageFailure(f"Line {line} is not CSV: {error}.", advice="Look for a quotation mark that is not closed.") from error
    return rows


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _read_workbook(path: Path) -> list[Row]:
    _check_archive(path)
    try:
        calamine = import_module("python_calamine")
    except ImportError as error:
        raise UsageFailure(
            "Reading .xlsx needs an extra part.", advice='Install it with pip install "reminder[xlsx]", or save the table as CSV.'
        ) from error
    try:
        table: Iterable[Iterable[object]] = calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except (calamine.CalamineError, ValueError, IndexError) as error:
        raise UsageFailure(f"{path.name} is not a workbook that can be read.", advice="Save the table as CSV.") from error
    return [Row(line=number, cells=tuple(_cell_text(cell) for cell in row)) for number, row in enumerate(table, start=1)]


def _cell_text(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _check_archive(path: Path) -> None:
    """Raises UsageFailure for an archive of too many entries, or one that unpacks to too much, whatever its own figures say."""
    too_large = UsageFailure(f"{path.name} unpacks to more than a table can be.", advice="Save the table as CSV.")
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
            entries = archive.infolist()
            left = min(SIZE_LIMIT, max(1, path.stat().st_size) * RATIO_LIMIT)
            if len(entries) > ENTRY_LIMIT or sum(entry.file_size for entry in entries) > left:
                raise too_large
            for entry in entries:
                left -= _unpacked_size(stream, entry, left)
                if left < 0:
                    raise too_large
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError) as error:
        raise UsageFailure(f"{path.name} is not a workbook.", advice="Save the table as .xlsx or CSV.") from error


def _unpacked_size(stream: BinaryIO, entry: zipfile.ZipInfo, limit: int) -> int:
    """The real size of an entry, or something above `limit`. Raises ValueError for methods that no spreadsheet program uses."""
    if entry.compress_type == _STORED:
        return entry.compress_size
    if entry.compress_type != _DEFLATED:
        raise ValueError("unknown compression")
    stream.seek(entry.header_offset)
    header = stream.read(_LOCAL_HEADER)
    stream.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), io.SEEK_CUR)
    unpacker, total, packed = zlib.decompressobj(-zlib.MAX_WBITS), 0, entry.compress_size
    while packed > 0 and total <= limit and not unpacker.eof:
        chunk = stream.read(min(_CHUNK, packed))
        if not chunk:
            break
        packed -= len(chunk)
        while chunk and total <= limit:
            total += len(unpacker.decompress(chunk, _CHUNK))
            chunk = unpacker.unconsumed_tail
    return total
