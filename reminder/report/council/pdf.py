"""The report as a tagged PDF, set by typst (extra `pdf`) with the fonts that it brings.

The texts go to it as JSON and are never read as its language. Of PDF/UA-1 what a machine can check is checked while it is written; that
is no audit. A letter that the fonts do not have would be an empty place, which PDF/UA-1 forbids, and some make the program of typst
fail; such a letter becomes `□`. The same document gives the same bytes.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from types import ModuleType
from typing import Any

import jinja2

from reminder.domain.programme import Language
from reminder.errors import DocumentFailed, ExtraMissing
from reminder.report.council.blocks import Block, Cell, Chart, Document, Heading, Paragraph, Points, Table
from reminder.report.council.chart import draw_chart
from reminder.report.words import LIGHT_SHAPES

TEMPLATE = "report/report.typ"
MISSING = "□"
_DRAWN = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x2AF), (0x386, 0x3CE), (0x400, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x203A),
    (0x20A0, 0x20BF), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2500, 0x25FF),
)  # fmt: skip
"""What the fonts of typst 0.15 draw, tried letter by letter: Latin, Greek, Cyrillic, punctuation, arrows, simple signs."""
_PLAIN = ((0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0xFF), (0x2010, 0x2026), (0x25A0, 0x25CF))


def write_pdf(document: Document, loader: jinja2.BaseLoader) -> bytes:
    """The PDF. Raises ExtraMissing without the extra, and DocumentFailed where typst cannot set it."""
    typst = load_typst("The report as PDF", "pdf")
    source = loader.get_source(jinja2.Environment(autoescape=True), TEMPLATE)[0].encode()
    try:
        return _compile(typst, source, document, _keep_drawn)
    except DocumentFailed:
        return _compile(typst, source, document, _keep_plain)


def load_typst(what: str, extra: str) -> ModuleType:
    """The program of typst. Raises ExtraMissing where it is not installed."""
    try:
        return import_module("typst")
    except ImportError as fault:
        raise ExtraMissing(extra, what) from fault


def picture_of(chart: Chart, language: Language) -> bytes:
    """The chart as PNG, for documents that cannot hold an SVG. Raises ExtraMissing and DocumentFailed as `write_pdf` does."""
    typst = load_typst("The picture of the report", "docx")
    svg = _keep_drawn(draw_chart(chart, language))
    source = b'#set page(width: auto, height: auto, margin: 2pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 480pt)'
    return run_typst(typst, source, {"svg": svg}, format="png", ppi=180.0)


def run_typst(typst: ModuleType, source: bytes, inputs: dict[str, str], **options: Any) -> bytes:
    """What typst makes of `source`. Raises DocumentFailed for whatever goes wrong in it, without a word of the texts."""
    try:
        made = typst.compile(source, sys_inputs=inputs, ignore_system_fonts=True, **options)
    except BaseException as fault:
        # Where typst itself breaks it raises PanicException, which is no Exception and would end the service.
        if isinstance(fault, Exception) or type(fault).__name__ == "PanicException":
            raise DocumentFailed(
                f"typst could not write the report ({type(fault).__name__}).",
                advice="Take another form with --as, such as docx or html, and report it with the version of typst.",
            ) from fault
        raise
    assert isinstance(made, bytes)
    return made


def _compile(typst: ModuleType, source: bytes, document: Document, clean: Callable[[str], str]) -> bytes:
    data = json.dumps(_clean(_data_of(document), clean), ensure_ascii=False)
    return run_typst(typst, source, {"data": data}, format="pdf", pdf_standards=["ua-1"])


def _data_of(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "author": document.author,
        "language": document.language,
        "running": document.running,
        "on": [document.on.year, document.on.month, document.on.day],
        "facts": [list(fact) for fact in document.facts],
        "parts": [
            {"title": part.title, "is_wide": part.is_wide, "blocks": [_block(block, document.language) for block in part.blocks]}
            for part in document.parts
        ],
    }


def _block(block: Block, language: Language) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", **asdict(block)}
        case Paragraph():
            return {"kind": "paragraph", **asdict(block)}
        case Points():
            return {"kind": "points", "texts": list(block.texts)}
        case Chart():
            return {"kind": "chart", "svg": draw_chart(block, language), "alt": block.alt}
        case Table():
            return {
                "kind": "table",
                "caption": block.caption if block.is_captioned else None,
                "columns": [asdict(column) for column in block.columns],
                "numbers": [bool(block.rows) and block.rows[0][index].is_number for index in range(len(block.columns))],
                "rows": [[_cell(cell) for cell in row] for row in block.rows],
            }


def _cell(cell: Cell) -> dict[str, Any]:
    light = cell.light
    return {"text": cell.text, "light": light, "shape": LIGHT_SHAPES[light] if light else "", "language": cell.language}


def _clean(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _clean(one, clean) for key, one in value.items()}
    return [_clean(one, clean) for one in value] if isinstance(value, list) else value


def _keep_drawn(text: str) -> str:
    return _keep(text, _DRAWN)


def _keep_plain(text: str) -> str:
    return _keep(text, _PLAIN)


def _keep(text: str, ranges: tuple[tuple[int, int], ...]) -> str:
    """The text in letters that are drawn: put together where they can be, marks that stay loose left out, others as `MISSING`."""
    kept = []
    for char in unicodedata.normalize("NFC", text):
        if char == "\n" or (any(first <= ord(char) <= last for first, last in ranges) and unicodedata.category(char) not in _LEFT):
            kept.append(char)
        elif not unicodedata.category(char).startswith("M"):
            kept.append(" " if unicodedata.category(char).startswith("Z") else MISSING)
    return "".join(kept)


_LEFT = {"Mn", "Mc", "Me", "Cn", "Cc", "Cf", "Co", "Cs"}
