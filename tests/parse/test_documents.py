"""Files that are not our form: their text for a person, within limits, and no answer out of any of them."""

from __future__ import annotations

import hashlib
import sys

import pytest

from reminder.domain.readings import Verdict
from reminder.parse import documents
from reminder.parse.documents import list_documents, read_document
from reminder.parse.limits import DOCUMENT_CHARS
from reminder.parse.message import AttachedFile, read_mail
from tests.parse.documents import docx, odt, pdf
from tests.parse.test_attached_sheets import read
from tests.wire.forms import Filled, as_open_document, fill, form, pack

RTF = (
    r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator x;}{\info{\author Ei kukaan}}\pard N\'e4yttelyt \b avattiin\b0\par "
    r"12: vihre\u228 ?\tab{\pict 0a0b}\{ok\}}"
)

TABLE = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>12</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>vihreä</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
CHANGED = "<w:p><w:ins><w:r><w:t>uusi</w:t></w:r></w:ins><w:del><w:r><w:delText>vanha</w:delText></w:r></w:del></w:p>"
SPACED = "<text:p>12:<text:s/>vihreä<text:line-break/>loppu</text:p>"


def file_of(name: str, content: bytes, media_type: str = "application/octet-stream") -> AttachedFile:
    """A file as it comes with a mail."""
    return AttachedFile(name=name, media_type=media_type, size=len(content), sha256=hashlib.sha256(content).hexdigest(), content=content)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (file_of("a.docx", docx("Näyttelyt", "12: vihreä")), "Näyttelyt\n12: vihreä"),
        (file_of("nimetön", docx(body=TABLE)), "12 vihreä"),
        (file_of("a.docx", docx(body=CHANGED)), "uusi"),
        (file_of("a.odt", odt("Näyttelyt", body=SPACED)), "Näyttelyt\n12: vihreä\nloppu"),
        (file_of("a.ods", as_open_document([["12", "vihreä"]])), "12 vihreä"),
        (file_of("a.pdf", pdf("12: vihre\xe4")), "12: vihreä"),
        (file_of("a.rtf", RTF.encode()), "Näyttelyt avattiin\n12: vihreä {ok}"),
        (file_of("a.txt", "Näyttelyt\r\n\r\n12: vihreä".encode("cp1252")), "Näyttelyt\n12: vihreä"),
        (file_of("a.csv", "\ufeff12;vihreä".encode()), "12;vihreä"),
        (file_of("a.html", b"<p>12: <b>vihre&auml;</b></p><script>x</script>"), "12: vihreä"),
        (file_of("", b"12: gr\xc3\xb6n", "text/plain"), "12: grön"),
    ],
    ids=lambda value: value.name or "unnamed" if isinstance(value, AttachedFile) else None,
)  # fmt: skip
def test_the_text_of_a_document_is_kept(file: AttachedFile, text: str) -> None:
    """Word, LibreOffice, PDF, rich text, plain text and tables, told by their bytes; what was deleted is left out."""
    found = read_document(file)

    assert (" ".join(found.text.replace("\n", " ⏎ ").split()), found.trouble) == (" ".join(text.replace("\n", " ⏎ ").split()), "")


def test_a_foreign_workbook_is_shown_and_not_read() -> None:
    """A table of one's own, however clear: a person reads it."""
    reading = read(("oma.xlsx", fill(form(token=""), {"12": Filled(light="vihreä")})))

    assert reading.verdict is Verdict.HELD
    assert reading.answers == ()
    assert "12 Toimenpide numero 12 helmikuussa 2024: ▲ keltainen vihreä" in reading.attachments[0].text
    assert reading.waits_for_attachment


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"PK\x03\x04 damaged", "The file is damaged."),
        (b"%PDF-1.7 nothing", "The file is damaged or protected."),
        (b"\xd0\xcf\x11\xe0 an old format", "Its kind is not read here."),
        (pack({"a.bin": "x"}), "Its kind is not read here."),
        (docx(body="<a>" * 100), "The file holds more than is read."),
        (docx("x" * 7_000_000), "The file unpacks to more than is read."),
        (
            pack({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "The file declares entities, which no office program does.",
        ),
    ],
)
def test_a_document_that_cannot_be_read_says_why(content: bytes, trouble: str) -> None:
    """Name, size and one sentence: the coordinator opens the mail itself."""
    found = read_document(file_of("a.bin", content))

    assert (found.text, found.trouble, found.size) == ("", trouble, len(content))


def test_without_the_extra_a_pdf_has_name_and_size_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra `pdf` is an option; the mail is held all the same."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    found = read_document(file_of("a.pdf", pdf("12: vihre\xe4")))

    assert (found.name, found.text, found.trouble) == ("a.pdf", "", "Its kind is not read here.")


def test_long_documents_are_cut_and_many_are_counted_out() -> None:
    """Four thousand characters of each of five files are kept."""
    long = docx(*["sana " * 200] * 300)
    reading = read(*[(f"{number}.docx", long) for number in range(8)])

    assert len(reading.attachments) == 5
    assert {len(document.text) <= DOCUMENT_CHARS for document in reading.attachments} == {True}
    assert len(reading.attachments[0].text) > DOCUMENT_CHARS - 1_100


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("image001.png", "image/png"),
        ("logo.JPG", "application/octet-stream"),
        ("smime.p7s", "application/pkcs7-signature"),
        ("nimi.vcf", "text/x-vcard"),
    ],
)
def test_what_programs_attach_by_themselves_is_no_document(name: str, media_type: str) -> None:
    """Logos, signatures of S/MIME and visiting cards hold no answer, and hold up no mail."""
    reading = read((name, b"content"), text="4: vihreä?", media_type=media_type)

    assert reading.attachments == ()
    assert reading.verdict is Verdict.ASKED_BACK


def test_a_question_and_a_document_are_both_answered() -> None:
    """The text was not understood and a document came with it: held for a person, and the question is asked too."""
    reading = read(("a.docx", docx("4: vihreä")), text="4: vihreä?")

    assert reading.verdict is Verdict.HELD
    assert [ask.number for ask in reading.ask_back] == ["4"]


def test_every_kind_of_damage_is_survived() -> None:
    """Each document cut off at many places, and with bytes turned over: text or a sentence, never an exception."""
    whole = (docx("Näyttelyt"), odt("Näyttelyt"), form(), pdf("Nayttelyt"), RTF.encode(), as_open_document([["a"]]))
    for content in whole:
        for step in range(1, 24):
            cut = len(content) * step // 24
            for damaged in (content[:cut], content[:cut] + bytes([content[cut] ^ 0xFF]) + content[cut + 1 :]):
                found = read_document(file_of("a", damaged))
                assert bool(found.text) != bool(found.trouble)


def test_our_form_is_no_document() -> None:
    """What was read as a form is not shown to a person once more."""
    mail = read_mail(b"Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF-")

    assert [document.name for document in list_documents(mail)] == ["a.pdf"]
    assert list_documents(mail, {mail.attachments[0].sha256}) == ()
    assert documents.PDF_PAGES == 10
