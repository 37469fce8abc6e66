"""Reading tables: what Finnish offices save, what spreadsheet programs do to cells, and files that mean harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminder.configuration.columns import ACTIONS, TableKind, find_table
from reminder.configuration.sheet import Row, read_sheet
from reminder.errors import ReminderError, UsageFailure
from tests.configuration.tables import make_workbook, write_table

HEADING = ["nro", "toimenpide", "vastuutaho"]


def cells_of(path: Path) -> list[tuple[str, ...]]:
    """The cells of all rows."""
    return [row.cells for row in read_sheet(path).rows]


def test_the_delimiter_is_the_one_that_is_regular(tmp_path: Path) -> None:
    """Excel in Finnish writes semicolons and leaves commas unquoted, however many; a title row has none of either."""
    text = 'Ohjelma 2024\nnro;toimenpide;vastuutaho\n1;Laituri, satama, tori, katu, puisto;Satama\n2;"Silta; uusi\ntoinen rivi";Satama\n'
    rows = read_sheet(write_table(tmp_path, text)).rows

    assert [row.cells for row in rows][2:] == [
        ("1", "Laituri, satama, tori, katu, puisto", "Satama"),
        ("2", "Silta; uusi\ntoinen rivi", "Satama"),
    ]
    assert [row.line for row in rows] == [1, 2, 3, 4]


def test_the_line_that_excel_adds_names_the_delimiter(tmp_path: Path) -> None:
    """`sep=,` is no row, and lines are still counted as the editor shows them."""
    rows = read_sheet(write_table(tmp_path, "sep=,\r\na,b;c\r\n")).rows

    assert [(row.line, row.cells) for row in rows] == [(2, ("a", "b;c"))]


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ("Satama\u00a0Oy\u200b ", "Satama Oy"),
        ('"=""0401"""', "0401"),
        ("'+358 40", "+358 40"),
        ("'quoted'", "'quoted'"),
        ("a\x00b\x07c", "abc"),
        ("\ufeffnro", "nro"),
    ],
    ids=["blanks", "formula of a text", "apostrophe", "quotation", "controls", "mark"],
)
def test_cells_are_what_a_person_sees(tmp_path: Path, cell: str, seen: str) -> None:
    """Invisible characters, and what users write around a cell to keep it as it is, are no part of the text."""
    assert cells_of(write_table(tmp_path, f"x;{cell}\n")) == [("x", seen)]


def test_further_sheets_are_named_and_can_be_chosen(tmp_path: Path) -> None:
    """An empty first sheet is passed over, what was not read is said, and --sheet reads it."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Tyhjä"
    book.create_sheet("Toimet").append(HEADING)
    book.create_sheet("Muut").append(["x"])
    book.save(tmp_path / "a.xlsx")

    table = read_sheet(tmp_path / "a.xlsx")
    assert [row.cells for row in table.rows] == [tuple(HEADING)]
    assert table.notes() == ("Sheets not read: Muut. Name one with --sheet to read it instead.",)
    assert [row.cells for row in read_sheet(tmp_path / "a.xlsx", "muut ").rows] == [("x",)]
    with pytest.raises(UsageFailure, match="There is no sheet 'Kolmas'"):
        read_sheet(tmp_path / "a.xlsx", "Kolmas")


def test_headings_under_a_title(tmp_path: Path) -> None:
    """A merged title row, an empty one and then the headings: rows keep their own numbers."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["Elinvoimaohjelma"], [], HEADING, ["1", "Laituri", "Satama"]):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    book.save(tmp_path / "a.xlsx")

    found = find_table(read_sheet(tmp_path / "a.xlsx").rows, {}, ACTIONS, "a.xlsx")
    assert [(row.line, row.cells) for row in found.rows] == [(4, ("1", "Laituri", "Satama"))]
    assert found.columns.places == {"number": 0, "text": 1, "lead": 2}


def test_headings_in_two_rows() -> None:
    """Under a heading that reaches over several columns the two are read together; what stands alone counts by itself."""
    kind = TableKind(
        headings={"party": ("taho",), "mail": ("hoitaja sähköposti",), "other": ("sijainen sähköposti",)}, needed={("mail",): "it"}
    )
    rows = [
        Row(line=1, cells=("Taho", "Hoitaja", "", "Sijainen", "")),
        Row(line=2, cells=("", "Nimi", "Sähköposti", "Nimi", "Sähköposti")),
        Row(line=3, cells=("a", "b", "c", "d", "e")),
    ]

    found = find_table(rows, {}, kind, "x")
    assert (found.columns.places, [row.line for row in found.rows]) == ({"party": 0, "mail": 2, "other": 4}, [3])
    assert found.columns.unused == ("Hoitaja Nimi", "Sijainen Nimi")


def packed(members: dict[str, bytes]) -> bytes:
    """The workbook of the tables with members put in place of its own."""
    stream, source = io.BytesIO(), zipfile.ZipFile(io.BytesIO(make_workbook([HEADING])))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in {*source.namelist(), *members}:
            archive.writestr(name, members.get(name) or source.read(name))
    return stream.getvalue()


def bomb() -> bytes:
    """One that says truly how much it unpacks to."""
    return packed({"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 60_000_000})


def lying_bomb() -> bytes:
    """One that says that it is small."""
    size = 60_000_000 + len(b"<worksheet>")
    honest = bomb()
    liar = honest.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert liar != honest
    return liar


def entities() -> bytes:
    """A billion laughs in the strings."""
    return packed({"xl/worksheets/sheet1.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'})


def far_cell() -> bytes:
    """One cell in the last column."""
    return packed({"xl/worksheets/sheet1.xml": b'<worksheet><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></worksheet>'})


@pytest.mark.fault("A12")
@pytest.mark.parametrize(
    "make", [bomb, lying_bomb, entities, far_cell, lambda: b"PK\x03\x04", lambda: b"", lambda: make_workbook([])[:-30]]
)
def test_hostile_workbooks_are_refused(tmp_path: Path, make: Callable[[], bytes]) -> None:
    """Bombs, entities, cells far out and damaged archives are wrong use, with advice; nothing is unpacked beyond the limits."""
    path = tmp_path / "x.xlsx"
    path.write_bytes(make())

    with pytest.raises(UsageFailure, match=r"x\.xlsx cannot be read: ") as failure:
        read_sheet(path)
    assert failure.value.advice.startswith("Save the table")


def test_the_limits_hold_for_csv_too(tmp_path: Path) -> None:
    """More rows or columns than a table of a city has, or a file too large, are refused in a sentence."""
    for text in ("a;b\n" * 5_001, ";".join(["a"] * 201)):
        with pytest.raises(UsageFailure, match="more than 5000 rows or 200 columns"):
            read_sheet(write_table(tmp_path, text))
    with pytest.raises(UsageFailure, match="larger than 5 MB"):
        read_sheet(write_table(tmp_path, "a" * 5_300_000))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), suffix=st.sampled_from([".csv", ".xlsx"]))
def test_any_bytes_are_a_table_or_refused(tmp_path: Path, content: bytes, suffix: str) -> None:
    """Whatever the bytes are, reading ends in rows that can be stored as text, or in our own error."""
    path = tmp_path / f"x{suffix}"
    path.write_bytes(content)
    try:
        rows = read_sheet(path).rows
    except ReminderError:
        return
    for row in rows:
        "".join(row.cells).encode("utf-8")


def test_what_stands_under_no_heading_is_told() -> None:
    """An address that an unquoted semicolon has put into a column of its own is not read, and not lost in silence."""
    rows = [
        Row(line=1, cells=("nro", "toimenpide", "vastuutaho", "")),
        Row(line=2, cells=("1", "a", "b", "", "c")),
        Row(line=3, cells=("2", "a", "b")),
    ]
    assert find_table(rows, {}, ACTIONS, "x").columns.notes() == ("Something stands under no heading, and was not read: line 2.",)


def test_tables_of_libreoffice_are_read(tmp_path: Path) -> None:
    """An .ods is told by what is in it, also where somebody has named it .xlsx; rows keep their numbers over empty ones."""

    def row(*cells: str) -> str:
        return f"<table-row>{''.join(f'<table-cell><p>{cell}</p></table-cell>' for cell in cells)}</table-row>"

    empty = '<table-row number-rows-repeated="2"><table-cell number-columns-repeated="3"/></table-row>'
    table = f'<table name="Taul1">{row(*HEADING)}{empty}{row("1.10", "Laituri", "Satama")}</table>'
    for name in ("a.ods", "a.xlsx"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", f"<document-content><body><spreadsheet>{table}</spreadsheet></body></document-content>")
        rows = read_sheet(tmp_path / name).rows

        assert [(one.line, one.cells) for one in rows] == [(1, tuple(HEADING)), (4, ("1.10", "Laituri", "Satama"))]
        assert rows[1].is_after_gap
