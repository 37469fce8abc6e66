"""Files that came with a mail and are not our form: their text, for a person to read. No answer is ever taken from one.

What kind a file is is told by its bytes first, by its name and type only where bytes cannot tell. Pictures are left out, for
they are the logos of signatures, and so are the machine parts of a mail such as signatures of S/MIME and visiting cards.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from reminder.domain.readings import AttachedDocument
from reminder.parse.attached_sheets import read_sheets
from reminder.parse.decoding import clean_text, decode_bytes
from reminder.parse.html_page import BOLD_OFF, BOLD_ON
from reminder.parse.html_text import html_lines
from reminder.parse.limits import DOCUMENT_CHARS, DOCUMENTS, HTML_CHARS, READING_FAULTS
from reminder.parse.message import AttachedFile, Mail
from reminder.wire.archive import ARCHIVE_BYTES, MAGIC, Archive, FileRefused, open_archive
from reminder.wire.markup import read_markup
from reminder.wire.workbook import read_texts

PDF_PAGES = 10
_MACHINE_TYPES = {
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-signature",
    "application/pgp-keys",
    "text/vcard",
    "text/x-vcard",
    "text/directory",
}
_MACHINE_NAMES = re.compile(r"\.(?:p7s|asc|sig|vcf|png|jpe?g|gif|svg|bmp|webp|heic)$", re.IGNORECASE)
_TEXT_NAMES = re.compile(r"\.(?:txt|csv|tsv|md|log|html?|rtf)$", re.IGNORECASE)
_BREAKS, _BLANKS, _SILENT = {"br", "cr", "line-break"}, {"tab", "s"}, {"delText", "instrText"}
_BLOCKS, _CELLS = {"p", "h", "tr", "table-row", "list-item", "tc", "table-cell"}, {"tc", "table-cell"}
_RTF = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,5})\s?\??|\\([a-zA-Z]{1,32})(-?\d{1,10})?\s?|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]", re.DOTALL
)
_RTF_SILENT = {"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "themedata", "datastore", "listtable"}
_MARKS = str.maketrans("", "", BOLD_ON + BOLD_OFF)
_NO_TEXT = "Its kind is not read here."


def list_documents(mail: Mail, forms: Collection[str] = ()) -> tuple[AttachedDocument, ...]:
    """The first five files that may hold an answer; `forms` are the hashes of those that were read as our form."""
    files = [file for file in mail.attachments if file.size and file.sha256 not in forms and not _is_machine_part(file)]
    return tuple(read_document(file) for file in files[:DOCUMENTS])


def _is_machine_part(file: AttachedFile) -> bool:
    return file.media_type.startswith("image/") or file.media_type in _MACHINE_TYPES or _MACHINE_NAMES.search(file.name) is not None


def read_document(file: AttachedFile) -> AttachedDocument:
    """The file with the beginning of its text, or with why there is none. Total: this is a documented boundary."""
    text, trouble = "", ""
    try:
        text = _shorten(_lines(file))
    except FileRefused as refused:
        trouble = str(refused)
    except READING_FAULTS:
        trouble = "The file is damaged."
    trouble = "" if text else trouble or _NO_TEXT
    return AttachedDocument(name=file.name, media_type=file.media_type, size=file.size, text=text, trouble=trouble)


def _shorten(lines: Iterable[str]) -> str:
    """The first lines that hold something, cleaned, up to 4,000 characters; what lies beyond is not even read."""
    kept: list[str] = []
    left = DOCUMENT_CHARS
    for line in lines:
        clean = " ".join(clean_text(line[:DOCUMENT_CHARS]).split())
        if not clean:
            continue
        kept.append(clean[:left])
        left -= len(clean) + 1
        if left <= 0:
            break
    return "\n".join(kept)


def _lines(file: AttachedFile) -> Iterable[str]:
    content = file.content
    if content.startswith(MAGIC):
        return _packed_lines(content)
    if content.startswith(b"%PDF-"):
        return _pdf_lines(content)
    if content.startswith(b"{\\rtf"):
        return read_rtf(decode_bytes(content[:HTML_CHARS], "windows-1252")).split("\n")
    if not (file.media_type.startswith("text/") or _TEXT_NAMES.search(file.name)):
        return ()
    text = decode_bytes(content[:HTML_CHARS])
    is_page = file.media_type == "text/html" or file.name.lower().endswith((".html", ".htm"))
    return (line.translate(_MARKS) for line, _ in html_lines(text)) if is_page else text.splitlines()


def _packed_lines(content: bytes) -> Iterable[str]:
    archive = open_archive(content)
    if "word/document.xml" in archive.names:
        return _office_lines(archive, "word/document.xml")
    if any(name.startswith("xl/") for name in archive.names):
        return read_texts(read_sheets(content))
    if "content.xml" in archive.names and "mimetype" in archive.names:
        if b"spreadsheet" in archive.read("mimetype"):
            return read_texts(read_sheets(content))
        return _office_lines(archive, "content.xml")
    return ()


def _office_lines(archive: Archive, member: str) -> list[str]:
    """The paragraphs of a text document (.docx, .odt), a row of a table as one line, what was deleted left out."""
    parts: list[str] = []
    path: list[str] = []

    def start(element: str, _: Mapping[str, str]) -> None:
        path.append(element)
        if element in _BREAKS:
            parts.append("\n")
        elif element in _BLANKS:
            parts.append(" ")

    def end(element: str) -> None:
        path.pop()
        if element in _BLOCKS:
            parts.append(" " if element in _CELLS or _CELLS.intersection(path) else "\n")

    def text(characters: str) -> None:
        # Word keeps deleted words in `delText`, OpenDocument keeps them apart. What lies beyond what is kept is not collected.
        if "body" in path and path[-1] not in _SILENT and "tracked-changes" not in path and len(parts) < DOCUMENT_CHARS:
            parts.append(characters)

    read_markup(archive.read(member), start=start, end=end, text=text)
    return "".join(parts).split("\n")


def _pdf_lines(content: bytes) -> Iterator[str]:
    """The text of the first pages, where the extra `pdf` is installed."""
    reader = _pdf_reader()
    if reader is None:
        return
    if len(content) > ARCHIVE_BYTES:
        raise FileRefused("The file is larger than is read.")
    try:
        document: Any = reader.PdfReader(io.BytesIO(content))
        for page in list(document.pages)[:PDF_PAGES]:
            yield from page.extract_text().splitlines()
    except Exception as fault:  # a boundary: it lets through whatever a part of it raises, such as struct.error and zlib.error
        raise FileRefused("The file is damaged or protected.") from fault


def _pdf_reader() -> ModuleType | None:
    try:
        found = import_module("pypdf")
    except ImportError:
        return None
    # It logs what it stumbles over with words out of the file, and nothing in a mail reaches a log.
    log = logging.getLogger("pypdf")
    log.propagate, log.handlers = False, [logging.NullHandler()]
    return found


def read_rtf(source: str) -> str:
    """The words of a rich text: groups of fonts, pictures and the like left out. One pass, no recursion."""
    parts: list[str] = []
    silent = [False]
    for match in _RTF.finditer(source):
        byte, code, word, _, sign, brace, words = match.groups()
        if brace == "{":
            silent.append(silent[-1])
        elif brace == "}":
            if len(silent) > 1:
                silent.pop()
        elif sign == "*" or word in _RTF_SILENT:
            silent[-1] = True
        elif not silent[-1]:
            parts.append(_rtf_text(byte, code, word, sign, words))
        if len(silent) > 1_000 or len(parts) > 100_000:
            break
    return "".join(parts)


def _rtf_text(byte: str | None, code: str | None, word: str | None, sign: str | None, words: str | None) -> str:
    if byte:
        return bytes.fromhex(byte).decode("cp1252", "replace")
    if code:
        return chr(int(code) % 65536)
    if word in {"par", "line", "row", "sect"}:
        return "\n"
    if word in {"tab", "cell"}:
        return "\t"
    return words or (sign if sign in {"\\", "{", "}"} else " " if sign == "~" else "") or ""
