"""Workbooks from outside: each kind of cell as it is shown, and no file that costs more than a mail may."""

from __future__ import annotations

import io
import resource
import struct
import zipfile
from collections.abc import Callable

import pytest

from reminder.wire.archive import ENTRIES, FileRefused, open_archive
from reminder.wire.markup import read_markup
from reminder.wire.open_sheet import read_open_sheets
from reminder.wire.workbook import CELLS, COLUMNS, ROWS, CellKind, read_workbook
from tests.wire.forms import BOOK, Filled, fill, form, item, pack, unpack, workbook

STYLES = (
    '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-40B]d\\. mmmm yyyy;@"/>'
    '<numFmt numFmtId="165" formatCode="0.00\\ &quot;d&quot;"/>'
    '<numFmt numFmtId="166" formatCode="mm/yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="17"/><xf numFmtId="166"/>'
    '<xf numFmtId="20"/></cellXfs></styleSheet>'
)


@pytest.mark.parametrize(
    ("cell", "text", "kind"),
    [
        ('<c r="B1"><v>3.1</v></c>', "3.1", CellKind.NUMBER),
        ('<c r="B1"><v>12</v></c>', "12", CellKind.NUMBER),
        ('<c r="B1"><v>1.2E1</v></c>', "12", CellKind.NUMBER),
        ('<c r="B1" s="1"><v>45792</v></c>', "2025-05-15", CellKind.DATE),
        ('<c r="B1" s="2"><v>45792.75</v></c>', "2025-05-15", CellKind.DATE),
        ('<c r="B1" s="3"><v>45792</v></c>', "45792", CellKind.NUMBER),
        ('<c r="B1" s="4"><v>45778</v></c>', "5/2025", CellKind.DATE),
        ('<c r="B1" s="5"><v>45778</v></c>', "5/2025", CellKind.DATE),
        ('<c r="B1" s="6"><v>0.5</v></c>', "0.5", CellKind.NUMBER),
        ('<c r="B1" s="1"><v>99999999</v></c>', "99999999", CellKind.NUMBER),
        ('<c r="B1" t="d"><v>2025-05-15T00:00:00</v></c>', "2025-05-15", CellKind.DATE),
        ('<c r="B1" t="b"><v>1</v></c>', "1", CellKind.NUMBER),
        ('<c r="B1" t="e"><v>#N/A</v></c>', "#N/A", CellKind.FAULT),
        ('<c r="B1" t="str"><f>[1]Other!A1</f><v>vihreä</v></c>', "vihreä", CellKind.TEXT),
        (
            '<c r="B1" t="inlineStr"><is><r><t>vih</t></r><r><t>reä</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>',
            "vihreä",
            CellKind.TEXT,
        ),
        ('<c r="B1" t="inlineStr"><is><t>a_x000A_b_x005F_x000D_</t></is></c>', "a\nb_x000D_", CellKind.TEXT),
    ],
)
def test_a_cell_is_read_as_it_is_shown(cell: str, text: str, kind: CellKind) -> None:
    """Numbers, serial days, months, faults, formulas by what was computed, texts in runs and with escaped characters."""
    (sheet,) = read_workbook(workbook(f'<row r="1">{cell}</row>', styles=STYLES))

    assert [(row.number, row.cells[2].text, row.cells[2].kind) for row in sheet.rows] == [(1, text, kind)]


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    """Old programs of Apple count from there."""
    book = BOOK.replace("<x:sheets>", '<x:workbookPr date1904="1"/><x:sheets>')
    (sheet,) = read_workbook(workbook('<row><c s="1"><v>44330</v></c></row>', styles=STYLES, book=book))

    assert sheet.rows[0].cells[1].text == "2025-05-15"


def _nested() -> bytes:
    return workbook("<a>" * 100 + "</a>" * 100)


def _entities() -> bytes:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return pack(unpack(workbook("")) | {"xl/worksheets/sheet1.xml": (laughs + "<s><row><c><v>&b;</v></c></row></s>").encode()})


def _external_entity() -> bytes:
    document = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><s>&a;</s>'
    return pack(unpack(workbook("")) | {"xl/worksheets/sheet1.xml": document.encode()})


def _claims_little() -> bytes:
    """A member that unpacks to 30 MB, and says that it unpacks to 10 bytes."""
    content = bytearray(pack({**unpack(workbook("")), "xl/worksheets/sheet1.xml": b"<s>" + b" " * 30_000_000 + b"</s>"}))
    size = struct.pack("<L", 30_000_007)
    return bytes(content.replace(size, struct.pack("<L", 10)))


def _twice() -> bytes:
    content = bytearray(pack({**unpack(workbook("")), "xl/worksheets/sheet2.xml": b"<s/>"}))
    return bytes(content.replace(b"sheet2.xml", b"sheet1.xml"))


def _encrypted() -> bytes:
    content = bytearray(pack(unpack(workbook(""))))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def _lzma() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", "x" * 1000)
    return buffer.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no archive": lambda: b"PK\x03\x04 nothing to read",
    "cut off": lambda: form()[:3000],
    "damaged": lambda: form().replace(b"\x00\x00", b"\x01\xff", 40),
    "not a workbook": lambda: pack({"a.txt": "a"}),
    "too many members": lambda: pack({f"{number}": "" for number in range(ENTRIES + 1)}),
    "far too many members": lambda: pack({f"{number}": "" for number in range(60_000)}),
    "unpacks to 100 MB": lambda: workbook(" " * 100_000_000),
    "says that it is small": _claims_little,
    "too dense": lambda: workbook(" " * 5_000_000),
    "too many elements": lambda: workbook("<c/>" * 400_000),
    "too many rows": lambda: workbook("<row><c><v>1</v></c></row>" * (ROWS + 1)),
    "too many cells": lambda: workbook(("<row>" + "<c><v>1</v></c>" * 100 + "</row>") * (CELLS // 100 + 1)),
    "too far to the right": lambda: workbook(f"<row>{'<c/>' * COLUMNS}<c><v>1</v></c></row>"),
    "the last cell of all": lambda: workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "too many sheets": lambda: workbook("", book=BOOK.replace("</x:sheets>", '<x:sheet name="a" id="r"/>' * 30 + "</x:sheets>")),
    "too deep": _nested,
    "entities": _entities,
    "external entity": _external_entity,
    "two of one name": _twice,
    "encrypted": _encrypted,
    "other packing": _lzma,
    "not XML": lambda: workbook("</nothing>"),
    "unknown encoding": lambda: pack(unpack(workbook("")) | {"xl/worksheets/sheet1.xml": b'<?xml version="1.0" encoding="x-none"?><s/>'}),
}


@pytest.mark.fault("A12")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_little_memory(name: str) -> None:
    """Whatever its figures claim: refused with a sentence, before it has cost 100 MB."""
    content = BOMBS[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FileRefused, match=r"The (file|workbook) .+\."):
        read_workbook(content)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_members_are_counted_before_the_directory_is_read() -> None:
    """Else the standard library makes an object of each of a million."""
    with pytest.raises(FileRefused, match=r"larger than is read"):
        open_archive(pack({f"{number}": "" for number in range(ENTRIES + 1)}))

    assert len(open_archive(pack({f"{number}": "" for number in range(ENTRIES)})).names) == ENTRIES


def test_an_open_document_that_repeats_is_cut() -> None:
    """A cell that says it stands a million times stands fifty times; a hundred such rows are too many cells."""
    cell = '<t:table-cell t:number-columns-repeated="1000000"><t:p>x</t:p></t:table-cell>'

    def sheet(rows: int) -> bytes:
        row = f'<t:table-row t:number-rows-repeated="1000000">{cell}</t:table-row>'
        return pack({"content.xml": f"<d xmlns:t='urn:t'><t:table>{row * rows}</t:table></d>"})

    (one,) = read_open_sheets(open_archive(sheet(1)))
    assert len(one.rows) == len(one.rows[0].cells) == 50
    with pytest.raises(FileRefused):
        read_open_sheets(open_archive(sheet(1_200)))


@pytest.mark.fault("A12")
def test_nothing_outside_of_the_file_is_followed() -> None:
    """A sheet that lies elsewhere is no sheet."""
    members = unpack(workbook("<row><c><v>1</v></c></row>"))
    relations = members["xl/_rels/workbook.xml.rels"].replace(b"Target=", b'TargetMode="External" Target=')

    assert read_workbook(pack(members | {"xl/_rels/workbook.xml.rels": relations})) == ()


@pytest.mark.fault("A12")
def test_a_document_type_is_refused_before_anything_is_read() -> None:
    """No office program writes one; what comes before it is not read either."""
    seen: list[str] = []
    with pytest.raises(FileRefused):
        read_markup(b"<!DOCTYPE a><a/>", start=lambda name, _: seen.append(name))

    assert seen == []


def test_a_large_honest_form_is_read() -> None:
    """A thousand actions are within the limits."""
    items = tuple(item(str(number)) for number in range(1, 1_001))
    content = fill(form(items), {str(number): Filled(light="vihreä", done="Tehty. " * 20) for number in range(1, 1_001)})

    assert len(read_workbook(content)[0].rows) > 1_000
