"""What comes attached: the answer form filled in and changed, reports of one's own, and what programs attach by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from reminder.domain.messages import OutgoingMessage
from reminder.domain.programme import Language
from reminder.sandbox.originals import read_original
from reminder.wire.answer_sheet import XLSX, AnswerForm, FormRow, FormSection, write_answer_sheet
from reminder.wire.sheet_words import Column
from tests.corpus.building import LANGUAGES, applied, asked, held, moment
from tests.corpus.expected import Case, Expected, Said, green, red, yellow
from tests.corpus.world import COLLEGE, CULTURE, PLANNING, REQUEST
from tests.parse.documents import docx, odt, pdf
from tests.sandbox.mails import write_mail
from tests.wire.forms import PLACES, as_inline, as_open_document, rows_of

ODS = "application/vnd.oasis.opendocument.spreadsheet"
Table = list[list[str]]
Files = Sequence[tuple[str, str, bytes]]


def list_cases() -> Iterator[Case]:
    """All of this file."""
    yield from _forms()
    yield from _changed_forms()
    yield from _documents()


def form_of(mail: OutgoingMessage, language: Language = "fi") -> Table:
    """The answer form of a mail as a table of texts; the mails of the corpus ask too little to bring one themselves."""
    token = read_original(mail.raw).reply_to.partition("+")[2].partition("@")[0]
    section = FormSection(rows=tuple(FormRow(item=item, last_time="helmikuussa 2024: ▲ keltainen") for item in mail.items))
    form = AnswerForm(language=language, title="Elinvoimaohjelma", token=token, made_on=date(2025, 2, 14), sections=(section,))
    return rows_of(write_answer_sheet(form))


def fill_rows(table: Table, said: Mapping[str, Sequence[str]]) -> Table:
    """Light, what was done, next step and day, by number."""
    for row in table:
        for column, text in zip((Column.LIGHT, Column.DONE, Column.NEXT, Column.BY), said.get(row[1], ()), strict=False):
            row[PLACES[column] - 1] = text
    return table


def send(name: str, files: Files, expected: Expected, text: str, address: str = PLANNING, *, is_reply: bool = True) -> Case:
    """Somebody writes a mail with files; a reply unless said otherwise."""
    sent = write_mail(address, REQUEST)
    original, when = read_original(sent.raw), moment(sent)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Subject"] = address, f"VS: {original.subject}" if is_reply else "Raportti"
    mail["To"] = original.reply_to if is_reply else "seuranta@suvikoski.example"
    mail["Date"], mail["Message-ID"] = format_datetime(when), f"<{name}@{address.partition('@')[2]}>"
    if is_reply:
        mail["In-Reply-To"] = original.message_id
    mail.set_content(text + "\n", cte="8bit")
    for file, media_type, content in files:
        main, _, sub = media_type.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=file)
    mail.set_boundary(f"----=_{name}")
    return Case(name=f"attached-{name}", raw=bytes(mail), received_at=when, expected=expected)


def _forms() -> Iterator[Case]:
    request = write_mail(PLANNING, REQUEST)
    said = {"1.5": ("Vihreä", "Luonnos on nähtävillä.", "Lausunnot", "15.5.2025"), "4.4": ("punainen",)}
    both = applied({"1.5": green("Luonnos on nähtävillä.", next="Lausunnot", by="2025-05-15"), "4.4": red("")}, missing=())
    filled = fill_rows(form_of(request), said)
    yield send("form-inline-strings", [("vastauslomake.xlsx", XLSX, as_inline(filled))], both, "Liitteenä.")
    yield send("form-open-document", [("vastauslomake.ods", ODS, as_open_document(filled))], both, "Ohessa.")
    yield send("form-renamed", [("Kopio (3).dat", "application/octet-stream", as_inline(filled))], both, "")
    yield send("form-in-a-new-mail", [("raportti.xlsx", XLSX, as_inline(filled))], both, "Hei, tässä raporttimme.", is_reply=False)
    yield send("form-untouched", [("vastauslomake.xlsx", XLSX, as_inline(form_of(request)))], asked(missing=("1.5", "4.4")), "")
    words = {"1.5": ("", "Neuvottelut jatkuvat."), "4.4": ("vihreä?",)}
    doubts = asked({"1.5": "no_light", "4.4": "question_mark"}, missing=())
    yield send("form-with-doubts", [("a.xlsx", XLSX, as_inline(fill_rows(form_of(request), words)))], doubts, "Liitteenä.")
    contradicts = applied({"4.4": red("")}, asks={"1.5": "two_lights"})
    yield send("form-against-the-text", [("a.xlsx", XLSX, as_inline(filled))], contradicts, "1.5: keltainen")
    phases = {"1.5": ("valmis",), "4.4": ("keltainen", "Lykätty keväälle.")}
    done = applied({"1.5": Said(phase="done"), "4.4": yellow("Lykätty keväälle.")})
    yield send("form-with-phases", [("a.xlsx", XLSX, as_inline(fill_rows(form_of(request), phases)))], done, "Liitteenä.")
    swedish = write_mail(COLLEGE, REQUEST)
    number = swedish.items[0].number
    table = fill_rows(form_of(swedish, LANGUAGES[COLLEGE]), {number: ("grön", "Avtalet är klart.")})
    yield send(
        "form-in-swedish", [("svar.xlsx", XLSX, as_inline(table))], applied({number: green("Avtalet är klart.")}), "Bifogat.", COLLEGE
    )


def _changed_forms() -> Iterator[Case]:
    request = write_mail(PLANNING, REQUEST)
    lights = {"1.5": ("keltainen",), "4.4": ("vihreä",)}
    as_given = applied({"1.5": yellow(""), "4.4": green("")}, missing=())
    filled = fill_rows(form_of(request), lights)
    head, rows = filled[:-2], filled[-2:] if filled[-1][1] in lights else filled[-3:-1]
    yield send("form-sorted", [("a.xlsx", XLSX, as_inline([*head, *reversed(rows)]))], as_given, "Liitteenä.")
    moved = [["", *row[:3], "oma", *row[3:]] for row in filled]
    yield send("form-with-columns-of-ones-own", [("a.xlsx", XLSX, as_inline(moved))], as_given, "Liitteenä.")
    only = [row for row in filled if row[1] != "4.4"]
    yield send("form-with-a-row-deleted", [("a.xlsx", XLSX, as_inline(only))], applied({"1.5": yellow("")}, missing=("4.4",)), "Liitteenä.")
    swapped = [[*row[:1], *({"1.5": rows[1], "4.4": rows[0]}.get(row[1], row)[1:3]), *row[3:]] for row in filled]
    stray = Expected(verdict="asked_back", asks={"": "unknown_row"}, missing=("1.5", "4.4"))
    yield send("form-sorted-apart-from-its-keys", [("a.xlsx", XLSX, as_inline(swapped))], stray, "Liitteenä.")
    bare = [row[1:] for row in filled]
    yield send("form-copied-without-keys", [("a.xlsx", XLSX, as_inline(bare))], held(trust="listed"), "Liitteenä.")
    yield send("form-without-headings", [("a.xlsx", XLSX, as_inline(filled[-2:]))], held(trust="listed"), "Liitteenä.")
    other = fill_rows(form_of(write_mail(CULTURE, REQUEST)), {"1.1": ("punainen",)})
    yield send("form-of-another-party", [("a.xlsx", XLSX, as_inline(other))], held(), "Liitteenä.")
    forged = [["a" * len(row[0]) if len(row[0]) > 20 else row[0], *row[1:]] for row in filled]
    yield send("form-with-forged-keys", [("a.xlsx", XLSX, as_inline(forged))], held(trust="listed"), "Liitteenä.")


def _documents() -> Iterator[Case]:
    report = docx("1.5: punainen", "4.4: punainen, rahoitus puuttuu")
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    yield send("report-in-word", [("raportti.docx", word, report)], held(trust="listed"), "Raportti liitteenä.")
    yield send("report-in-word-empty-mail", [("raportti.docx", word, report)], held(trust="listed"), "")
    opened = [("raportti.odt", "application/vnd.oasis.opendocument.text", odt("1.5: punainen"))]
    yield send("report-in-writer", opened, held(trust="listed"), "Ohessa raportti.")
    yield send("report-in-pdf", [("raportti.pdf", "application/pdf", pdf("1.5: punainen"))], held(trust="listed"), "Ohessa raportti.")
    table = as_inline([["Toimenpide", "Tila"], ["1.5", "punainen"], ["4.4", "punainen"]])
    yield send("table-of-ones-own", [("oma.xlsx", XLSX, table)], held(trust="listed"), "Taulukko liitteenä.")
    answered = applied({"1.5": green(""), "4.4": yellow("")}, missing=())
    yield send("report-beside-answers", [("raportti.docx", word, report)], answered, "1.5: vihreä\n4.4: keltainen")
    logo = [("image001.png", "image/png", b"\x89PNG\r\n")]
    yield send("logo-and-answers", logo, answered, "1.5: vihreä\n4.4: keltainen")
    yield send("logo-and-words", logo, asked(missing=("1.5", "4.4")), "Palaan asiaan ensi viikolla.")
    card = [("kortti.vcf", "text/x-vcard", b"BEGIN:VCARD\r\nEND:VCARD\r\n"), ("smime.p7s", "application/pkcs7-signature", b"0")]
    yield send("card-and-signature", card, asked(missing=("1.5", "4.4")), "Palaan asiaan ensi viikolla.")
    locked = Expected(verdict="held", asks={"1.5": "question_mark"}, trust="listed")
    yield send("question-and-report", [("raportti.docx", word, report)], locked, "1.5: vihreä?")
