"""The report as DOCX, to be edited in Word and LibreOffice (extra `docx`): headings of the program's own styles, tables whose headings
repeat on each page, alternative texts on pictures, language and title of the document.

The chart is a PNG, which both programs show and print; Word before 2019 shows no SVG.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime, time
from importlib import import_module
from types import ModuleType
from typing import Any

from reminder.domain.assessments import TrafficLight
from reminder.errors import ExtraMissing
from reminder.report.council.blocks import Block, Cell, Chart, Document, Heading, Paragraph, Part, Points, Table
from reminder.report.council.pdf import picture_of
from reminder.report.words import LIGHT_SHAPES
from reminder.wire.package import with_one_time

LOCALES = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}
_COLOURS = {TrafficLight.GREEN: "1D7A3E", TrafficLight.YELLOW: "8A5D00", TrafficLight.RED: "B3261E"}
_SHORT, _LONG, _MARGIN = 210, 297, 20
"""Millimetres of an A4 page."""


def write_docx(document: Document) -> bytes:
    """The file. Raises ExtraMissing without the extra, and DocumentFailed where its chart cannot be drawn."""
    return _Writer(_load(), document).write()


def _load() -> ModuleType:
    try:
        return import_module("docx")
    except ImportError as fault:
        raise ExtraMissing("docx", "The report as DOCX") from fault


class _Writer:
    """Writes block after block."""

    def __init__(self, library: ModuleType, document: Document) -> None:
        self._own = document
        self._book: Any = library.Document()
        self._shared: Any = import_module("docx.shared")
        self._xml: Any = import_module("docx.oxml")
        self._name: Any = import_module("docx.oxml.ns").qn
        self._width = _SHORT - 2 * _MARGIN

    def write(self) -> bytes:
        """The whole file."""
        own, book = self._own, self._book
        self._prepare()
        book.add_paragraph(own.subtitle, style="Subtitle")
        book.add_paragraph(own.title, style="Title")
        for label, value in own.facts:
            line = book.add_paragraph()
            line.paragraph_format.space_after = self._shared.Pt(2)
            line.add_run(f"{label}: ").bold = True
            line.add_run(value)
        for part in own.parts:
            self._write_part(part)
        buffer = io.BytesIO()
        book.save(buffer)
        return with_one_time(buffer.getvalue(), datetime.combine(own.on, time()))

    def _prepare(self) -> None:
        """Page, fonts, language and properties, in place of those of the library's template."""
        own, book = self._own, self._book
        self._shape(book.sections[0], is_wide=False)
        styles = book.styles
        styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", self._shared.Pt(10.5)
        for style in ("Title", "Heading 1", "Heading 2", "Subtitle"):
            styles[style].font.color.rgb = self._shared.RGBColor(0x12, 0x45, 0x5A)
        styles["Title"].font.size = self._shared.Pt(20)
        defaults = styles.element.find(f"{self._name('w:docDefaults')}/{self._name('w:rPrDefault')}/{self._name('w:rPr')}")
        self._set_language(defaults, own.language)
        # Finnish and Swedish words are long, and the columns are not.
        hyphenation = self._xml.OxmlElement("w:autoHyphenation")
        book.settings.element.insert_element_before(
            hyphenation, "w:consecutiveHyphenLimit", "w:hyphenationZone", "w:characterSpacingControl"
        )
        properties, made = book.core_properties, datetime.combine(own.on, time())
        properties.title, properties.author, properties.language = own.title[:255], own.author[:255], LOCALES[own.language]
        properties.subject, properties.comments, properties.last_modified_by = own.subtitle, "", own.author[:255]
        properties.created = properties.modified = made
        self._write_footer(book.sections[0].footer.paragraphs[0])

    def _shape(self, section: Any, *, is_wide: bool) -> None:
        millimetres = self._shared.Mm
        orientation = import_module("docx.enum.section").WD_ORIENT
        section.orientation = orientation.LANDSCAPE if is_wide else orientation.PORTRAIT
        section.page_width = millimetres(_LONG if is_wide else _SHORT)
        section.page_height = millimetres(_SHORT if is_wide else _LONG)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = millimetres(_MARGIN)
        self._width = (_LONG if is_wide else _SHORT) - 2 * _MARGIN

    def _write_footer(self, paragraph: Any) -> None:
        paragraph.add_run(f"{self._own.running}   ")
        field = self._xml.OxmlElement("w:fldSimple")
        field.set(self._name("w:instr"), "PAGE")
        run = self._xml.OxmlElement("w:r")
        text = self._xml.OxmlElement("w:t")
        text.text = "1"
        run.append(text)
        field.append(run)
        paragraph._p.append(field)

    def _write_part(self, part: Part) -> None:
        if part.is_wide:
            start = import_module("docx.enum.section").WD_SECTION.NEW_PAGE
            self._shape(self._book.add_section(start), is_wide=True)
        self._book.add_heading(part.title, level=1)
        for block in part.blocks:
            self._write_block(block)

    def _write_block(self, block: Block) -> None:
        book = self._book
        match block:
            case Heading():
                book.add_heading(block.text, level=2)
            case Paragraph():
                run = book.add_paragraph().add_run(block.text)
                run.italic = block.is_note or None
            case Points():
                for text in block.texts:
                    book.add_paragraph(text, style="List Number")
            case Chart():
                self._write_chart(block)
            case Table():
                self._write_table(block)

    def _write_chart(self, chart: Chart) -> None:
        picture = io.BytesIO(picture_of(chart, self._own.language))
        shape = self._book.add_picture(picture, width=self._shared.Mm(self._width))
        described = shape._inline.docPr
        described.set("descr", chart.alt)
        described.set("title", chart.caption)

    def _write_table(self, table: Table) -> None:
        if table.is_captioned:
            caption = self._book.add_paragraph(table.caption, style="Caption")
            caption.paragraph_format.keep_with_next = True
            caption.paragraph_format.space_before = self._shared.Pt(10)
        made = self._book.add_table(rows=1 + len(table.rows), cols=len(table.columns), style="Table Grid")
        made.autofit = False
        self._describe(made, table.caption)
        total = sum(column.share for column in table.columns)
        widths = [self._shared.Mm(self._width * column.share / total) for column in table.columns]
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        rows = [[Cell(text=column.title) for column in table.columns], *(list(row) for row in table.rows)]
        for index, (row, cells) in enumerate(zip(made.rows, rows, strict=True)):
            self._fill_row(row, cells, widths, is_head=index == 0)

    def _fill_row(self, row: Any, cells: Iterable[Cell], widths: list[Any], *, is_head: bool) -> None:
        if is_head:
            row._tr.get_or_add_trPr().append(self._xml.OxmlElement("w:tblHeader"))
        for place, cell, width in zip(row.cells, cells, widths, strict=True):
            place.width = width
            self._fill(place.paragraphs[0], cell, is_head=is_head)

    def _fill(self, paragraph: Any, cell: Cell, *, is_head: bool) -> None:
        paragraph.paragraph_format.space_after = self._shared.Pt(0)
        if cell.is_number:
            paragraph.alignment = import_module("docx.enum.text").WD_ALIGN_PARAGRAPH.RIGHT
        if cell.light is not None:
            sign = paragraph.add_run(f"{LIGHT_SHAPES[cell.light]} ")
            sign.font.color.rgb = self._shared.RGBColor.from_string(_COLOURS[cell.light])
        run = paragraph.add_run(cell.text)
        run.font.size = self._shared.Pt(9)
        run.bold = is_head or None
        if cell.language is not None:
            self._set_language(run._r.get_or_add_rPr(), cell.language)

    def _set_language(self, properties: Any, language: str) -> None:
        found = properties.find(self._name("w:lang"))
        if found is None:
            found = self._xml.OxmlElement("w:lang")
            properties.append(found)
        found.set(self._name("w:val"), LOCALES[language])

    def _describe(self, table: Any, caption: str) -> None:
        """The alternative text of a table, and that its first row and column are headings."""
        properties = table._tbl.tblPr
        for name, value in (("w:tblCaption", caption), ("w:tblDescription", caption)):
            element = self._xml.OxmlElement(name)
            element.set(self._name("w:val"), value)
            properties.append(element)
