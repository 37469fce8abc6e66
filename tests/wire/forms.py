"""The answer form of a party with twelve actions, filled in and saved as spreadsheet programs do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl

from reminder.domain.messages import Item
from reminder.domain.programme import Language
from reminder.wire.answer_sheet import AnswerForm, FormRow, FormSection, write_answer_sheet
from reminder.wire.sheet_words import ANSWERED, Column
from reminder.wire.workbook import read_workbook

TOKEN = "ar" + "7k3qmnopqrst" + "abcdefghijklmnopqrst"
NUMBERS = ("3.1", "3.10", "3.2", "4", "5", "6", "7", "8", "9", "10", "11", "12")
PLACES = {column: place for place, column in enumerate(Column, start=1)}
FIRST_ROW = 5
Change = Callable[[Any], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What somebody writes into one row."""

    light: object = None
    done: object = None
    next_step: object = None
    by: object = None

    def cells(self) -> Mapping[Column, object]:
        """By column, what is left empty left out."""
        said = dict(zip(ANSWERED, (self.light, self.done, self.next_step, self.by), strict=True))
        return {column: value for column, value in said.items() if value is not None}


def item(number: str, *, title: str = "", party: str = "kulttuuripaallikko") -> Item:
    """One action of the party."""
    return Item(
        programme="elinvoima", round="2024", party=party, action=f"a-{number}", number=number, title=title or f"Toimenpide numero {number}"
    )


ITEMS = tuple(item(number) for number in NUMBERS)


def form(items: Sequence[Item] = ITEMS, *, language: Language = "fi", token: str = TOKEN) -> bytes:
    """The form as it is attached to the request."""
    rows = tuple(FormRow(item=one, last_time="helmikuussa 2024: ▲ keltainen") for one in items)
    section = FormSection(rows=rows)
    return write_answer_sheet(AnswerForm(language=language, title="Elinvoima", token=token, made_on=date(2025, 2, 14), sections=(section,)))


def fill(content: bytes, answers: Mapping[str, Filled], change: Change | None = None) -> bytes:
    """Opens the form, writes into its rows and saves it again, as a program does that rewrites the whole file."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.worksheets[0]
    rows = {str(page.cell(row, PLACES[Column.NUMBER]).value): row for row in range(FIRST_ROW, page.max_row + 1)}
    for number, filled in answers.items():
        for column, value in filled.cells().items():
            cell = page.cell(rows[number], PLACES[column])
            cell.value = value
            if isinstance(value, date):
                cell.number_format = "d.m.yyyy"
    if change is not None:
        change(page)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def rows_of(content: bytes) -> list[list[str]]:
    """The first sheet as a table of texts, for the writers below."""
    page = read_workbook(content)[0]
    return [[row.text(column) for column in range(1, len(Column) + 1)] for row in page.rows]


def pack(members: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these members, the same bytes at any time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """The members of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


BOOK = (
    '<x:workbook xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships">'
    '<x:sheets><x:sheet name="Taulukko1" sheetId="1" r:id="rId1"/></x:sheets></x:workbook>'
)
RELATIONS = (
    '<Relationships><Relationship Id="rId1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/>{more}</Relationships>'
)
STYLES_RELATION = '<Relationship Id="rId2" Type="http://x.example/relationships/styles" Target="/xl/styles.xml"/>'


def workbook(sheet: str, *, styles: str = "", book: str = BOOK) -> bytes:
    """A workbook written by hand: prefixed names, the strict namespace, no shared strings."""
    members: dict[str, str | bytes] = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": RELATIONS.format(more=STYLES_RELATION if styles else ""),
        "xl/worksheets/sheet1.xml": f"<x:worksheet xmlns:x='urn:x'><x:sheetData>{sheet}</x:sheetData></x:worksheet>",
    }
    return pack(members | ({"xl/styles.xml": styles} if styles else {}))


def as_inline(rows: Iterable[Sequence[str]]) -> bytes:
    """As programs save that keep no shared strings; cells without places, empty ones written too."""
    lines = (
        "<x:row>"
        + "".join(f'<x:c t="inlineStr"><x:is><x:t xml:space="preserve">{escape(text)}</x:t></x:is></x:c>' for text in row)
        + "</x:row>"
        for row in rows
    )
    return workbook("".join(lines))


def as_open_document(rows: Iterable[Sequence[str]]) -> bytes:
    """As LibreOffice saves by itself: cells that repeat, a million empty rows at the end."""
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
            if text
            else '<table:table-cell table:number-columns-repeated="1"/>'
            for text in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = 'xmlns:office="urn:o" xmlns:table="urn:t" xmlns:text="urn:x"'
    rest = (
        '<table:table-row table:number-rows-repeated="1048500"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name={quoteattr('Vastauslomake')}>"
        f"{lines}{rest}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})
