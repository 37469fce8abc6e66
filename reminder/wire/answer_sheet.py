"""The answer form as a workbook (.xlsx), for parties with many actions: written here, and read when it comes back.

Each row carries a hidden key, the token of the mail and the printed number (`TOKEN/3.10`), so that it says which action it is
about wherever it is moved, sorted or copied to. All our cells are texts with the text format, so that `3.10` stays 3.10 and a
title that begins with `=` is a title. The same form always gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from importlib import import_module
from types import ModuleType
from typing import Any

from reminder.domain.assessments import TrafficLight
from reminder.domain.messages import Item
from reminder.domain.programme import Language
from reminder.wire.answer_block import BLOCK_WORDS
from reminder.wire.reply_token import TOKEN_LENGTH
from reminder.wire.sheet_words import ANSWERED, SHEET_WORDS, Column, heading_of
from reminder.wire.workbook import Cell, Sheet, SheetRow

MANY_ACTIONS = 10
"""A party that is asked about more actions than this is offered the form as a workbook too."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KEY = re.compile(rf"([a-z2-7]{{{TOKEN_LENGTH}}})(?:/(.{{1,60}}))?", re.IGNORECASE)
_LETTERS = re.compile(r"[\W\d_]+")


_WIDTHS = {Column.NUMBER: 8, Column.TITLE: 44, Column.LAST: 32, Column.LIGHT: 13, Column.DONE: 44, Column.NEXT: 32, Column.BY: 15}
_LINE_HEIGHT = 15
_FILLS = {TrafficLight.GREEN: "#C6EFCE", TrafficLight.YELLOW: "#FFEB9C", TrafficLight.RED: "#FFC7CE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """One action of the form, with what was said of it last time."""

    item: Item
    last_time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSection:
    """Rows under a heading of their own; an empty heading shows none."""

    heading: str = ""
    rows: tuple[FormRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerForm:
    """All that the workbook shows."""

    language: Language
    title: str
    token: str
    made_on: date
    sections: tuple[FormSection, ...]


def can_write_sheets() -> bool:
    """Whether the extra `xlsx` is installed."""
    return _writer() is not None


def _writer() -> ModuleType | None:
    try:
        return import_module("xlsxwriter")
    except ImportError:
        return None


def sheet_name(language: Language, programme: str, round_id: str) -> str:
    """`vastauslomake-elinvoima-2024.xlsx`, in ASCII."""
    name = "-".join((SHEET_WORDS[language].file, programme, round_id)).encode("ascii", "ignore").decode()
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', name)[:100]}.xlsx"


def write_answer_sheet(form: AnswerForm) -> bytes:
    """The workbook. Raises LookupError where the extra `xlsx` is not installed."""
    writer = _writer()
    if writer is None:
        raise LookupError("the extra xlsx is not installed")
    buffer = io.BytesIO()
    book: Any = writer.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": form.title, "created": datetime.combine(form.made_on, time())})
    _Form(book, form).write()
    hidden = book.add_worksheet("viite")
    hidden.write_string(0, 0, form.token)
    hidden.very_hidden()
    book.close()
    return buffer.getvalue()


class _Form:
    """Writes the visible sheet, row by row."""

    def __init__(self, book: Any, form: AnswerForm) -> None:
        self._book, self._form, self._words = book, form, SHEET_WORDS[form.language]
        self._page: Any = book.add_worksheet(self._words.tab)
        text = {"num_format": "@", "text_wrap": True, "valign": "top", "border": 1, "border_color": "#BFBFBF"}
        self._ours = book.add_format({**text, "bg_color": "#F2F2F2"})
        self._theirs = book.add_format({**text, "locked": False})
        self._head = book.add_format({**text, "bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF"})
        self._group = book.add_format({"num_format": "@", "bold": True, "valign": "top"})
        self._plain = book.add_format({"num_format": "@"})

    def write(self) -> None:
        """The whole sheet: title, instruction, header, sections; then how it looks and what may be edited."""
        self._page.write_string(0, 1, self._form.title, self._group)
        self._page.write_string(1, 1, self._words.instruction, self._plain)
        header = 3
        for place, column in enumerate(Column):
            self._page.write_string(header, place, heading_of(column, self._form.language), self._head)
        row = header + 1
        for section in self._form.sections:
            if section.heading:
                self._page.write_string(row, 1, section.heading, self._group)
                row += 1
            for one in section.rows:
                self._write_row(row, one)
                row += 1
        self._guide(header + 1, row - 1)
        self._dress(header)

    def _write_row(self, row: int, one: FormRow) -> None:
        ours = {
            Column.KEY: f"{self._form.token}/{one.item.number}",
            Column.NUMBER: one.item.number,
            Column.TITLE: one.item.title,
            Column.LAST: one.last_time,
        }
        for place, column in enumerate(Column):
            if column in ours:
                self._page.write_string(row, place, ours[column], self._ours)
            else:
                self._page.write_blank(row, place, None, self._theirs)
        # LibreOffice takes the heights as the file has them; Excel fits a row without one by itself, also while one types.
        lines = max(-(-len(text) // (_WIDTHS[column] - 4)) for column, text in ours.items() if column in _WIDTHS)
        if lines > 1:
            self._page.set_row(row, _LINE_HEIGHT * (lines + 1))

    def _guide(self, first: int, last: int) -> None:
        """The list of lights, and their colours once one is chosen: the word stays, so that nobody must tell colours apart."""
        lights = BLOCK_WORDS[self._form.language].lights
        place = list(Column).index(Column.LIGHT)
        choice = {"validate": "list", "source": [lights[light] for light in TrafficLight], "input_message": self._words.hint}
        choice |= {"error_type": "warning", "error_message": self._words.other}
        self._page.data_validation(first, place, last, place, choice)
        for light in TrafficLight:
            shade = self._book.add_format({"bg_color": _FILLS[light], "font_color": "#000000"})
            rule = {"type": "cell", "criteria": "==", "value": f'"{lights[light]}"', "format": shade}
            self._page.conditional_format(first, place, last, place, rule)

    def _dress(self, header: int) -> None:
        """Widths, a header that stays, one page across on paper; only the answers may be edited, without a password."""
        for place, column in enumerate(Column):
            self._page.set_column(place, place, _WIDTHS.get(column, 8), None, {"hidden": column is Column.KEY})
        self._page.freeze_panes(header + 1, 0)
        self._page.set_landscape()
        self._page.set_paper(9)
        self._page.fit_to_pages(1, 0)
        self._page.repeat_rows(header)
        self._page.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One row of the form in which somebody wrote, as it came back."""

    row: int
    written: tuple[tuple[int, str], ...] = ()
    """Column and text of the cells in which the answer stands."""
    token: str = ""
    """Of its hidden key, lower case; empty where the key is gone."""
    key: str = ""
    """The printed number in the key."""
    number: Cell | None = None
    """The number that is shown; a program may have made 3.1 of 3.10."""
    title: str = ""
    light: str = ""
    done: str = ""
    next_step: str = ""
    by: str = ""
    extra: str = ""
    """What stands in columns that are not ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSheet:
    """What came back of the form. `tokens` name the mails that its rows belong to; none: the workbook is not ours."""

    tokens: tuple[str, ...] = ()
    has_header: bool = False
    """Whether the columns can be told; without, nothing is read of it."""
    rows: tuple[AnswerRow, ...] = ()


@dataclass(slots=True)
class _Columns:
    """Where each column stands; a person may have moved or doubled them."""

    places: dict[Column, list[int]] = field(default_factory=dict)

    def text(self, row: SheetRow, column: Column) -> str:
        return "\n".join(text for place in self.places.get(column, ()) if (text := row.text(place)))


_HEADINGS = {
    _LETTERS.sub("", heading_of(column, language)).casefold(): column
    for language in BLOCK_WORDS
    for column in Column
    if column is not Column.KEY
}


def read_answer_sheet(sheets: Iterable[Sheet]) -> AnswerSheet:
    """Finds our form in a workbook: by keys and headings, wherever they stand. Judges nothing of what was written in it."""
    pages = tuple(sheets)
    tokens = dict.fromkeys(match[1].lower() for page in pages for row in page.rows for match in _keys(row))
    rows: list[AnswerRow] = []
    has_header = False
    for page in pages:
        columns: _Columns | None = None
        for row in page.rows:
            if (found := _find_columns(row)) is not None:
                columns, has_header = found, True
            elif columns is not None and (answer := _read_row(row, columns)) is not None:
                rows.append(answer)
    return AnswerSheet(tokens=tuple(tokens), has_header=has_header, rows=tuple(rows))


def _keys(row: SheetRow) -> Iterator[re.Match[str]]:
    for cell in row.cells.values():
        if (match := _KEY.fullmatch(cell.text.strip())) is not None:
            yield match


def _find_columns(row: SheetRow) -> _Columns | None:
    columns = _Columns()
    for place, cell in row.cells.items():
        column = _HEADINGS.get(_LETTERS.sub("", cell.text).casefold())
        if column is not None:
            columns.places.setdefault(column, []).append(place)
    is_header = Column.LIGHT in columns.places and columns.places.keys() & {Column.NUMBER, Column.TITLE}
    return columns if is_header else None


def _read_row(row: SheetRow, columns: _Columns) -> AnswerRow | None:
    """The row, or None where nothing was written into the columns of the answers."""
    said = {column: columns.text(row, column) for column in ANSWERED}
    key = next(_keys(row), None)
    ours = {place for places in columns.places.values() for place in places}
    extra = [cell.text.strip() for place, cell in sorted(row.cells.items()) if place not in ours and not _KEY.fullmatch(cell.text.strip())]
    if not any(said.values()) and not (extra and key):
        return None
    places = columns.places.get(Column.NUMBER, [])
    written = sorted(place for column in ANSWERED for place in columns.places.get(column, ()) if row.text(place))
    return AnswerRow(
        row=row.number,
        written=tuple((place, row.text(place)) for place in written),
        token=key[1].lower() if key else "",
        key=(key[2] or "") if key else "",
        number=next((row.cells[place] for place in places if place in row.cells), None),
        title=columns.text(row, Column.TITLE),
        light=said[Column.LIGHT],
        done=said[Column.DONE],
        next_step=said[Column.NEXT],
        by=said[Column.BY],
        extra="\n".join(extra),
    )
