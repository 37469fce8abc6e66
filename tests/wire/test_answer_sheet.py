"""The answer form: what is written comes back, whichever program saved it, and what nobody wrote does not."""

from __future__ import annotations

import io
import string
from datetime import date
from itertools import chain
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.domain.programme import LANGUAGES, Language
from reminder.wire.answer_block import BLOCK_WORDS
from reminder.wire.answer_sheet import AnswerForm, AnswerRow, FormRow, FormSection, read_answer_sheet, sheet_name, write_answer_sheet
from reminder.wire.archive import open_archive
from reminder.wire.open_sheet import read_open_sheets
from reminder.wire.sheet_words import ANSWERED, SHEET_WORDS, Column, heading_of
from reminder.wire.workbook import read_workbook
from tests.wire.forms import (
    FIRST_ROW,
    ITEMS,
    NUMBERS,
    PLACES,
    TOKEN,
    Filled,
    as_inline,
    as_open_document,
    fill,
    form,
    item,
    rows_of,
    unpack,
)

WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Sc", "Zs")), min_size=1, max_size=40).map(
    lambda text: " ".join(text.split())
)
TEXTS = st.one_of(
    WORDS.filter(bool),
    st.sampled_from(["=SUM(A1)", "@cmd", "+358 9 4245", "-1", "3.10", "<b>&amp;", '"', "a\nb"]),
    st.text(string.printable.strip(), min_size=1, max_size=20),
)
ANSWERS = st.dictionaries(
    st.sampled_from(NUMBERS),
    st.builds(
        Filled,
        light=st.sampled_from(["vihreä", "keltainen", "punainen"]),
        done=TEXTS | st.none(),
        next_step=TEXTS | st.none(),
        by=st.dates(date(2024, 1, 1), date(2030, 1, 1)) | st.none(),
    ),
)


def said(row: AnswerRow) -> tuple[str, ...]:
    """The answers of a row."""
    return (row.light, row.done, row.next_step, row.by)


def wanted(filled: Filled) -> tuple[str, ...]:
    """What should come back of it."""
    cells = filled.cells()
    return tuple(str(cells.get(column, "")).strip() for column in ANSWERED)


def table_of(answers: dict[str, Filled]) -> list[list[str]]:
    """The form filled in, as a table of texts."""
    rows = rows_of(form())
    for row in rows:
        for column, value in answers.get(row[PLACES[Column.NUMBER] - 1], Filled()).cells().items():
            row[PLACES[column] - 1] = str(value).strip()
    return rows


@given(ANSWERS)
@settings(max_examples=60, deadline=None)
def test_any_answers_come_back_from_a_workbook_that_was_saved_again(answers: dict[str, Filled]) -> None:
    """Shared strings and dates as serial numbers: each row with its key, its number and its words, and no other row."""
    quoted = {
        number: Filled(light=one.light, done=_text(one.done), next_step=_text(one.next_step), by=one.by) for number, one in answers.items()
    }
    sheet = read_answer_sheet(read_workbook(fill(form(), quoted, _keep_texts)))

    assert sheet.tokens == (TOKEN,)
    assert {row.key: said(row) for row in sheet.rows} == {number: wanted(filled) for number, filled in quoted.items()}
    assert all(row.token == TOKEN and row.number is not None and row.number.text == row.key for row in sheet.rows)


def _text(value: object) -> object:
    return str(value).strip() or None if value is not None else None


def _keep_texts(page: Any) -> None:
    """openpyxl makes a formula of a text that begins with `=`; our cells have the text format, where a program does not."""
    for row in page.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.data_type == "f":
                cell.data_type = "s"


@given(ANSWERS)
@settings(max_examples=40, deadline=None)
def test_any_answers_come_back_from_inline_strings_and_open_documents(answers: dict[str, Filled]) -> None:
    """Programs that keep the words in the cells, and LibreOffice's own format, say the same."""
    rows = table_of(answers)
    expected = {number: tuple(" ".join(text.split()) for text in wanted(filled)) for number, filled in answers.items()}
    inline = read_answer_sheet(read_workbook(as_inline(rows)))
    opened = read_answer_sheet(read_open_sheets(open_archive(as_open_document(rows))))

    for sheet in (inline, opened):
        assert {row.key: tuple(" ".join(text.split()) for text in said(row)) for row in sheet.rows} == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_untouched_form_says_nothing(language: Language) -> None:
    """Not a row: what stands in it is ours, last time's light too."""
    sheet = read_answer_sheet(read_workbook(form(language=language)))

    assert sheet.has_header
    assert sheet.tokens == (TOKEN,)
    assert sheet.rows == ()


def test_the_same_form_gives_the_same_bytes() -> None:
    """A retry sends the same mail, to the byte."""
    assert form() == form()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_guides_and_protects(language: Language) -> None:
    """The three lights of the reader's language to choose from, a header that stays, hidden keys; only answers can be edited."""
    page = openpyxl.load_workbook(io.BytesIO(form(language=language))).worksheets[0]
    (choice,) = page.data_validations.dataValidation
    first = {column: page.cell(FIRST_ROW, place) for column, place in PLACES.items()}

    assert choice.formula1 == '"' + ",".join(BLOCK_WORDS[language].lights.values()) + '"'
    assert f"E{FIRST_ROW}:E{FIRST_ROW + 11}" in str(choice.sqref)
    assert page.freeze_panes == f"A{FIRST_ROW}"
    assert page.column_dimensions["A"].hidden
    assert page.protection.sheet
    assert {column for column, cell in first.items() if not cell.protection.locked} == set(ANSWERED)
    assert [page.cell(FIRST_ROW - 1, place).value for place in PLACES.values()] == [heading_of(column, language) for column in Column]
    assert SHEET_WORDS[language].instruction in chain.from_iterable(page.values)


@pytest.mark.fault("A9")
def test_no_cell_of_ours_is_a_formula_a_number_or_a_link() -> None:
    """A title may begin with `=`, a number may end in a nought: both stay texts, and editing them keeps them texts."""
    hostile = (item("3.10", title='=HYPERLINK("http://x.example")'), item("4", title="@SUM(1)"), item("05", title="http://x.example/a"))
    page = openpyxl.load_workbook(io.BytesIO(form(hostile))).worksheets[0]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]

    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert [cell for cell in cells if cell.hyperlink] == []
    assert [page.cell(FIRST_ROW + place, 2).value for place in range(3)] == ["3.10", "4", "05"]


@pytest.mark.fault("A9")
@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", "\n", "{=", "'=", "\t="], ids=repr)
def test_whatever_a_text_begins_with_its_cell_is_a_text(lead: str) -> None:
    """In each place of the form that the files or an earlier answer can fill: read back as it was, and never calculated."""
    text = f"{lead}HYPERLINK(1)"
    row = FormRow(item=item("1", title=text), last_time=text)
    section = FormSection(heading=text, rows=(row,))
    content = write_answer_sheet(AnswerForm(language="fi", title=text, token=TOKEN, made_on=date(2025, 2, 14), sections=(section,)))
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=False)
    cells = [cell for page in book.worksheets for line in page.iter_rows() for cell in line if cell.value is not None]

    assert {cell.data_type for cell in cells} == {"s"}
    assert sum("HYPERLINK(1)" in cell.value for cell in cells) == 4
    assert all(cell.value.endswith(text.replace("\r", "_x000D_")) or "HYPERLINK" not in cell.value for cell in cells)
    sheets = [member for name, member in unpack(content).items() if name.startswith("xl/worksheets/sheet")]
    assert not [member for member in sheets if b"<f>" in member or b"<f " in member or b"<hyperlink" in member]


def test_a_number_that_became_a_number_is_told_apart() -> None:
    """3.1 as a value may mean 3.1 or 3.10: the reader says that it is no text any more."""

    def retype(page: Any) -> None:
        page.cell(FIRST_ROW + 1, PLACES[Column.NUMBER]).value = 3.1

    (row,) = read_answer_sheet(read_workbook(fill(form(), {"3.10": Filled(light="vihreä")}, retype))).rows

    assert row.key == "3.10"
    assert row.number is not None
    assert (row.number.text, row.number.kind.value) == ("3.1", "number")


@pytest.mark.parametrize(("language", "name"), [("fi", "vastauslomake"), ("sv", "svarsblankett"), ("en", "answer-form")])
def test_the_file_name_is_plain_ascii(language: Language, name: str) -> None:
    """Programme and round stand in it; what mail programs stumble over does not."""
    assert sheet_name(language, "elinvoima", "2024") == f"{name}-elinvoima-2024.xlsx"
    assert sheet_name(language, "../pää ohjelma", "2024") == f"{name}-..-p-ohjelma-2024.xlsx"


def test_a_group_heading_is_no_row() -> None:
    """The words above the contributions stand in the table and are nobody's answer."""
    assert len(ITEMS) == 12
    assert [row.key for row in read_answer_sheet(read_workbook(fill(form(), {"12": Filled(done="Valmis.")}))).rows] == ["12"]
