"""A party with twelve actions answers by the form that came with its request; a document that is not ours waits for a person."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import openpyxl
import pytest

from reminder.domain.assessments import TrafficLight
from reminder.domain.messages import MailKind
from reminder.domain.programme import Action
from reminder.domain.readings import InboundState
from reminder.domain.rounds import StepKind
from reminder.flows.desk import list_inbox
from reminder.parse.message import AttachedFile, Mail, read_mail
from reminder.store import inbox
from reminder.wire import answer_sheet
from reminder.wire.answer_sheet import XLSX
from reminder.wire.workbook import read_workbook
from tests.flows.town import COORDINATOR, CULTURE, PRINCIPAL, Town, text_of
from tests.parse.documents import docx
from tests.wire.forms import Filled, fill

GREEN, YELLOW, RED = TrafficLight
NUMBERS = ("3.1", "3.10", "20", "21", "22", "23", "24", "25", "26")


@pytest.fixture
def busy(town: Town) -> Town:
    """The town in which the culture manager leads twelve actions: the three of the example, and nine more."""
    programme = town.setup.programmes["elinvoima"]
    more = tuple(
        Action(id=f"lisa-{number}", number=number, title=f"=Lisätoimenpide {number}", lead="kulttuuripaallikko", years=frozenset({2024}))
        for number in NUMBERS
    )
    fuller = replace(programme, actions=(*programme.actions, *more))
    town.house = replace(town.house, setup=replace(town.setup, programmes={**town.setup.programmes, "elinvoima": fuller}))
    return town


def forms_in(raw: bytes) -> list[AttachedFile]:
    """The workbooks that a mail brings."""
    return [file for file in read_mail(raw).attachments if file.media_type == XLSX]


def send_back(
    town: Town, *files: tuple[str, bytes], body: str = "Liitteenä.", kind: MailKind = MailKind.REQUEST, sender: str = CULTURE
) -> Mail:
    """The party replies to the newest mail of a kind with files attached; read it with `read`."""
    original = town.original(sender, kind)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, original.reply_to, f"VS: {original.subject}"
    mail["Date"], mail["Message-ID"] = format_datetime(town.clock.now()), f"<{len(files)}.{town.clock.now():%H%M%S%f}@suvikoski.example>"
    mail["In-Reply-To"] = original.message_id
    mail.set_content(body + "\n")
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    town.source.deliver(bytes(mail), when=town.clock.now())
    return read_mail(bytes(mail))


def test_a_party_with_twelve_actions_answers_by_the_form(busy: Town) -> None:
    """Request with form, eleven rows filled in and sent back, acknowledgement, reminder of the twelfth with no form for one row."""
    busy.ask()
    (taken,) = busy.sent(CULTURE, MailKind.REQUEST)
    (form,) = forms_in(taken.raw)
    page = openpyxl.load_workbook(io.BytesIO(form.content)).worksheets[0]
    shown = [str(cell.value) for key, cell in zip(page["A"], page["B"], strict=True) if "/" in str(key.value)][:12]

    assert form.name == "vastauslomake-elinvoima-2024.xlsx"
    assert "Näistä vastaa joku muu; voit halutessasi täydentää" in {cell.value for cell in page["B"]}
    assert "3.10" in shown
    assert "Voit halutessasi täyttää saman lomakkeen liitteenä olevaan taulukkoon" in text_of(taken.raw)

    answers = {number: Filled(light="vihreä", done=f"Tehty {number}.") for number in shown if number != "24"}
    answers["3.10"] = Filled(light="punainen", done="=Rahoitus puuttuu.", next_step="Uusi haku", by=date(2025, 9, 30))
    send_back(busy, ("Kopio vastauslomake (1).xlsx", fill(form.content, answers)))
    busy.read()
    busy.deliver()

    facts = {fact.action: fact for fact in busy.facts()}
    assert busy.inbox_states() == [InboundState.APPLIED]
    assert len(facts) == 11
    assert (facts["lisa-3.10"].light, facts["lisa-3.10"].next_on) == (RED, date(2025, 9, 30))
    assert facts["lisa-3.1"].light is GREEN
    assert facts["lisa-3.1"].rule == "sheet:light_field"
    (told,) = busy.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)
    assert "■ punainen" in text_of(told.raw)
    assert "Puuttuu vielä" in text_of(told.raw)

    busy.move_to(StepKind.REMINDER)
    busy.announce()
    busy.deliver()
    (reminder,) = busy.sent(CULTURE, MailKind.REMINDER)
    assert "[24]" in text_of(reminder.raw)
    assert "[3.10]" not in text_of(reminder.raw)
    assert forms_in(reminder.raw) == []


def test_a_reminder_of_several_actions_brings_a_form_of_those(busy: Town) -> None:
    """What has been answered is not asked again, in the form either; last time's words stand in neither."""
    busy.ask()
    (form,) = forms_in(busy.sent(CULTURE, MailKind.REQUEST)[0].raw)
    send_back(busy, ("a.xlsx", fill(form.content, {"3.1": Filled(light="vihreä")})))
    busy.read()
    busy.move_to(StepKind.REMINDER)
    busy.announce()
    busy.deliver()

    (reminder,) = busy.sent(CULTURE, MailKind.REMINDER)
    (second,) = forms_in(reminder.raw)
    rows = [row.text(2) for row in read_workbook(second.content)[0].rows]
    assert "3.10" in rows
    assert "3.1" not in rows
    send_back(busy, ("a.xlsx", fill(second.content, {"3.10": Filled(light="keltainen")})), kind=MailKind.REMINDER)
    busy.read()
    assert {fact.action: fact.light for fact in busy.facts()} == {"lisa-3.1": GREEN, "lisa-3.10": YELLOW}


def test_a_party_with_few_actions_gets_no_form(busy: Town) -> None:
    """Ten or fewer are answered in the mail."""
    busy.ask()
    others = [mail for mail in busy.sent(kind=MailKind.REQUEST) if mail.recipient != CULTURE]

    assert others
    assert [mail.recipient for mail in others if forms_in(mail.raw) or "taulukkoon" in text_of(mail.raw)] == []


def test_without_the_extra_there_is_neither_form_nor_sentence(busy: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is promised that cannot be written."""
    monkeypatch.setattr(answer_sheet, "_writer", lambda: None)
    busy.ask()
    (taken,) = busy.sent(CULTURE, MailKind.REQUEST)

    assert read_mail(taken.raw).attachments == ()
    assert "taulukkoon" not in text_of(taken.raw)


def test_a_document_is_held_and_the_party_is_told(town: Town) -> None:
    """A report in Word and no light in the mail: held with its text, shown to the coordinator, the sender told how to answer."""
    town.ask()
    send_back(town, ("muistio.docx", docx("1.1: vihreä", "Näyttelyt avattiin yhdeksään ikkunaan.")), ("logo.png", b"\x89PNG"))
    town.read()
    town.deliver()

    assert town.facts() == ()
    assert town.inbox_states() == [InboundState.HELD]
    (told,) = town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)
    assert "kiitos, viestisi liitteineen on tullut perille (muistio.docx)" in text_of(told.raw)
    assert "täytä alla olevat rivit" in text_of(told.raw)
    with town.house.store.read() as conn:
        document = json.loads(inbox.load_readings(conn, 1)[0].document)
        (entry,) = list_inbox(conn, town.house.reader)
    assert document["attachments"] == [
        {
            "name": "muistio.docx",
            "type": "application/octet-stream",
            "size": document["attachments"][0]["size"],
            "text": "1.1: vihreä\nNäyttelyt avattiin yhdeksään ikkunaan.",
        }
    ]
    assert entry.excerpt == "muistio.docx: 1.1: vihreä Näyttelyt avattiin yhdeksään ikkunaan."

    town.reply(CULTURE, "1.1: keltainen", kind=MailKind.ACKNOWLEDGEMENT)
    town.read()
    assert [fact.light for fact in town.facts()] == [YELLOW]


def test_the_digest_shows_the_beginning_of_a_held_document(town: Town) -> None:
    """The coordinator sees at a glance whether it is an answer."""
    town.ask()
    send_back(town, ("muistio.docx", docx("Näyttelyt avattiin yhdeksään ikkunaan.")))
    town.read()
    town.move_to(StepKind.DIGEST)
    town.announce()
    town.deliver()

    digest = text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)
    assert "Vastaus on ehkä liitteessä; katso se itse." in digest
    assert "”muistio.docx: Näyttelyt avattiin yhdeksään ikkunaan.”" in digest


def test_a_mail_that_answers_is_applied_and_its_document_kept(town: Town) -> None:
    """The answers of the text count as ever; the acknowledgement names the file and says that nothing was taken from it."""
    town.ask()
    send_back(town, ("liite.docx", docx("2.1: punainen")), body="2.1: vihreä", sender=PRINCIPAL)
    town.read()
    town.deliver()

    assert [fact.light for fact in town.facts()] == [GREEN]
    assert town.inbox_states() == [InboundState.APPLIED]
    (told,) = town.sent(PRINCIPAL, MailKind.ACKNOWLEDGEMENT)
    assert "Liitteesi (liite.docx) on tallessa koordinaattoria varten." in text_of(told.raw)
    with town.house.store.read() as conn:
        assert json.loads(inbox.load_readings(conn, 1)[0].document)["attachments"][0]["text"] == "2.1: punainen"
