"""The report in each form, read back by readers of others: structure, language, headings, and texts that stay texts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import docx
import jinja2
import openpyxl
import pdfua
import pypdf
import pytest
from docx.oxml.ns import qn

from reminder.domain.programme import LANGUAGES, Language, Localised
from reminder.errors import DocumentFailed, ExtraMissing
from reminder.report.council import docx as docx_writer
from reminder.report.council import pdf as pdf_writer
from reminder.report.council import workbook as workbook_writer
from reminder.report.council.blocks import Cell, Column, Document, Paragraph, Part, Table
from reminder.report.council.docx import LOCALES, write_docx
from reminder.report.council.page import render_page
from reminder.report.council.pdf import write_pdf
from reminder.report.council.words import words_of
from reminder.report.council.workbook import write_workbook
from reminder.report.council.writing import write_report
from reminder.report.site.building import Source, build_site
from reminder.report.site.views import SiteView
from tests.report.cast import GREEN, LATE, PROGRAMME, RED, TEMPLATES, YELLOW, measure, said, with_texts
from tests.report.test_open_data import HOSTILE
from tests.report.test_page import Outline

TYPST = '#import "@preview/x:1.0.0": * *a* _b_ $x^2$ @ref <label> #{sys.inputs} \\u{41} ] ) // c /* d */ = e'
LONG = "Sanoja joita kukaan ei lue loppuun asti. " * 60
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\u200f\u202e\u2066]")


def site_of(text: str) -> SiteView:
    """A site with this text in every field that somebody writes."""
    written = text.replace("\x00", "").replace("\ud800", "") or "x"
    actions = tuple(replace(one, title=written, text=written, goal=written, focus_area=written) for one in PROGRAMME.actions)
    parties = {key: replace(party, name=Localised.everywhere(written)) for key, party in PROGRAMME.parties.items()}
    programme = replace(PROGRAMME, name=Localised.everywhere(written), actions=actions, parties=parties)
    office = replace(with_texts().office, name=Localised.everywhere(written), city=Localised.everywhere(written))
    decision = replace(PROGRAMME.decision, body=written, section=written, case_number=written)
    programme = replace(programme, decision=decision)
    setup = replace(with_texts(), programmes={"elinvoima": programme}, office=office)
    facts = (
        replace(said("museo", "3.1", GREEN, text=text), next_step=text, next_on=date(2025, 5, 1)),
        replace(said("museo", "3.10", RED, text=text), next_step=text),
        said("rehtori", "4.1", YELLOW),
    )
    progress = measure(*facts, now=LATE)
    by_action = {one.id: replace(progress.by_action[one.id], action=one) for one in actions if one.id in progress.by_action}
    progress = replace(progress, programme=programme, by_action=by_action)
    return build_site(setup, (progress,), updated_at=LATE, source=Source(facts=facts))


def plain_site() -> SiteView:
    """The site of an ordinary city."""
    facts = (
        replace(said("museo", "3.1", GREEN, text=LONG), next_step="Laajennus", next_on=date(2025, 5, 1)),
        said("museo", "3.10", RED, text=TYPST),
        said("rehtori", "4.1", YELLOW, text="Myöhässä."),
        said("rehtori", "3.1", YELLOW),
    )
    return build_site(with_texts(), (measure(*facts, now=LATE),), updated_at=LATE, source=Source(facts=facts))


def tags(reader: pypdf.PdfReader) -> Iterator[str]:
    """The structure of a tagged PDF, element after element."""
    root: Any = reader.trailer["/Root"]
    waiting: list[Any] = [root["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            if "/S" in one:
                yield str(one["/S"])
            if "/K" in one:
                waiting.append(one["/K"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_and_passes_what_a_machine_can_check(language: Language, tmp_path: Path) -> None:
    """Language, title, tags, headings of tables and the text in place of the picture; the checker of others finds nothing."""
    document = write_report(plain_site(), language)
    written = write_pdf(document, TEMPLATES)
    reader = pypdf.PdfReader(io.BytesIO(written))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert str(root["/Lang"]).startswith(language)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == document.title
    found = list(tags(reader))
    assert {"/Table", "/TH", "/TD", "/H1", "/H2", "/Figure"} <= set(found)
    assert found.count("/TH") >= sum(len(block.columns) for part in document.parts for block in part.blocks if isinstance(block, Table))
    (tmp_path / "report.pdf").write_bytes(written)
    checked = pdfua.validate(str(tmp_path / "report.pdf"))
    assert [finding for finding in checked.findings if "not evaluated" not in str(finding)] == []
    assert write_pdf(document, TEMPLATES) == written


def test_the_docx_has_real_headings_and_tables_and_says_its_language() -> None:
    """Styles and not looks; each table repeats its headings; the picture has its text; title and language of the whole."""
    document = write_report(plain_site(), "sv")
    book: Any = docx.Document(io.BytesIO(write_docx(document)))
    headings = [one.text for one in book.paragraphs if one.style.name == "Heading 1"]
    assert headings == [part.title for part in document.parts]
    assert book.core_properties.title == document.title
    assert book.core_properties.language == LOCALES["sv"]
    assert book.styles.element.find(f".//{qn('w:rPrDefault')}").find(f".//{qn('w:lang')}").get(qn("w:val")) == LOCALES["sv"]
    assert len(book.tables) == sum(isinstance(block, Table) for part in document.parts for block in part.blocks)
    assert all(table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None for table in book.tables)
    assert book.settings.element.find(qn("w:autoHyphenation")) is not None
    (picture,) = book.inline_shapes
    assert "Keskusta: grön 1" in picture._inline.docPr.get("descr")
    assert [section.page_width > section.page_height for section in book.sections] == [False, True]
    assert next(one.text for one in book.paragraphs if one.style.name == "List Number").startswith("Stadsstyrelsen antecknar")


def test_the_workbook_has_types_filters_and_fixed_headings() -> None:
    """Days are days, counts are numbers, and the number 3.10 is no 3.1."""
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(plain_site(), "en")))
    actions, areas, *_ = book.worksheets
    assert [page.title for page in book.worksheets] == ["Actions", "Focus areas", "Responsible parties", "About"]
    assert all(page.freeze_panes == "B2" and page.auto_filter.ref for page in book.worksheets)
    row = {actions.cell(1, column).value: actions.cell(2, column).value for column in range(1, actions.max_column + 1)}
    assert (row["No."], row["Light"], row["Years"]) == ("3.1", "green", 2024)
    assert isinstance(row["Next step by"], datetime)
    assert row["Next step by"].date() == date(2025, 5, 1)
    assert [actions.cell(number, 1).value for number in (2, 3)] == ["3.1", "3.10"]
    assert [areas.cell(areas.max_row, column).value for column in range(2, 9)] == [1, 1, 1, 0, 2, 0, 5]


def check_pdf(site: SiteView) -> None:
    """Sound, and the markup of typst stands there as it was written."""
    reader = pypdf.PdfReader(io.BytesIO(write_pdf(write_report(site, "fi"), TEMPLATES)))
    assert not UNSEEN.search(re.sub(r"[\n\t]", "", "".join(page.extract_text() for page in reader.pages)))


def check_docx(site: SiteView) -> None:
    """It opens, and nothing in it leads anywhere."""
    written = write_docx(write_report(site, "fi"))
    assert docx.Document(io.BytesIO(written)).tables
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert not any(b'TargetMode="External"' in archive.read(name) for name in archive.namelist())


def check_workbook(site: SiteView) -> None:
    """No formula and no link."""
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(site, "fi")))
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


def check_page(site: SiteView) -> None:
    """Tags in balance, no script, no handler, no address."""
    written = render_page(write_report(site, "fi"), TEMPLATES)
    outline = Outline(written)
    assert outline.open == []
    assert not {name for name, _ in outline.tags} & {"script", "img", "a", "iframe", "link"}
    assert not [key for _, attributes in outline.tags for key in attributes if key.startswith("on") or key == "style"]
    assert not UNSEEN.search(written.decode())


CHECKS = (check_pdf, check_docx, check_workbook, check_page)


@pytest.mark.fault("P12")
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_hostile_texts_stay_texts_in_each_form(check: Callable[[SiteView], None]) -> None:
    """A piece of each kind at once, in every field."""
    check(site_of(" ".join((TYPST, *(text[:150] for text in HOSTILE.values())))))


@pytest.mark.slow
@pytest.mark.fault("P12")
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("text", [TYPST, *HOSTILE.values()], ids=["typst", *HOSTILE])
def test_each_hostile_text_whole(check: Callable[[SiteView], None], text: str) -> None:
    """One kind alone, as long as it gets."""
    check(site_of(text))


def test_markup_of_typst_is_set_as_it_stands() -> None:
    """Nothing is imported, emphasised or looked up."""
    reader = pypdf.PdfReader(io.BytesIO(write_pdf(write_report(plain_site(), "fi"), TEMPLATES)))
    told = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    assert '#import"@preview/x:1.0.0":**a*_b_' in told.replace("”", '"').replace("“", '"')


def sheet_of(*rows: str) -> Document:
    """A report that holds one table of these texts."""
    table = Table(caption="t", columns=(Column(title="a"),), rows=tuple((Cell(text=row),) for row in rows))
    part = Part(title="p", blocks=(Paragraph(text=" ".join(rows)), table))
    return Document(language="fi", title="t", subtitle="s", author="a", on=date(2025, 3, 7), running="r", facts=(), parts=(part,))


def test_every_letter_that_is_let_through_is_drawn_by_the_fonts() -> None:
    """Else PDF/UA-1 could not be written. A newer typst whose fonts lack one fails here."""
    rows = ["".join(chr(code) for code in range(first, last + 1)) for first, last in pdf_writer._DRAWN]
    typst = pdf_writer.load_typst("", "pdf")
    source = TEMPLATES.get_source(jinja2.Environment(autoescape=True), pdf_writer.TEMPLATE)[0].encode()
    assert pdf_writer._compile(typst, source, sheet_of(*rows), pdf_writer._keep_drawn).startswith(b"%PDF")


def test_a_letter_that_no_font_has_becomes_a_box() -> None:
    """The rest of the text stands; marks are put onto their letters, or left out."""
    reader = pypdf.PdfReader(io.BytesIO(write_pdf(sheet_of("hyvä 😀 日本 a\u0308 b\u0336"), TEMPLATES)))
    assert "hyvä □ □□ ä b" in reader.pages[0].extract_text()


class PanicException(BaseException):
    """As the program of typst raises it where it breaks: no Exception."""


def test_where_typst_breaks_the_service_goes_on() -> None:
    """Its panic is no Exception, and would end the process; it becomes a failure of this report, without a word of its texts."""

    class Broken(ModuleType):
        """A typst that panics."""

        def compile(self, *_: object, **__: object) -> bytes:
            """As on some letters (typst 0.15.2)."""
            raise PanicException("end byte index 3 is out of bounds")

    with pytest.raises(DocumentFailed, match="could not write"):
        pdf_writer.run_typst(Broken("typst"), b"", {})
    with pytest.raises(DocumentFailed):
        pdf_writer.run_typst(pdf_writer.load_typst("", "pdf"), b"#nothing-of-this-name", {})


@pytest.mark.parametrize(
    ("module", "write", "extra"), [(pdf_writer, "pdf", "pdf"), (docx_writer, "docx", "docx"), (workbook_writer, "xlsx", "xlsx")]
)
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, module: ModuleType, write: str, extra: str) -> None:
    """With what to install."""

    def refuse(name: str) -> ModuleType:
        raise ImportError(name)

    monkeypatch.setattr(module, "import_module", refuse)
    site = plain_site()
    document = write_report(site, "fi")
    writers: dict[str, Callable[[], bytes]] = {
        "pdf": lambda: write_pdf(document, TEMPLATES),
        "docx": lambda: write_docx(document),
        "xlsx": lambda: write_workbook(site, "fi"),
    }
    with pytest.raises(ExtraMissing) as raised:
        writers[write]()
    assert f"`{extra}`" in str(raised.value)
    assert raised.value.advice == f'Run pip install "reminder[{extra}]".'
    assert raised.value.exit_code == 2


def test_the_words_of_each_language_are_all_there() -> None:
    """No key without three texts."""
    assert all(all(words_of(language).values()) for language in LANGUAGES)
