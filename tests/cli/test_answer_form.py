"""Twelve actions, answered in the attached form, with the commands of an admin on real servers; and documents that a person reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import pytest

from reminder.parse.message import read_mail
from reminder.sandbox.originals import read_original
from reminder.sandbox.servers import MailWorld
from reminder.wire.workbook import read_workbook
from tests.cli.city import CULTURE, ZONE, City
from tests.cli.test_round import ask, request_of
from tests.parse.documents import docx, pdf
from tests.wire.forms import Filled, fill

MORE = ("8.1", "8.10", "20", "21", "22", "23", "24", "25", "26")

ACTION = """\
              - number: "{0}"
                id: lisa-{1}
                title: Lisätoimenpide {0}
                lead: kulttuuripaallikko
                years: [2024]
"""


@pytest.fixture
def world(city: City) -> Iterator[MailWorld]:
    """The culture manager leads twelve actions; a relay takes everything; the requests are out."""
    path = city.config / "programme.yaml"
    with path.open("a", encoding="utf-8") as file:
        file.writelines(ACTION.format(number, number.replace(".", "-")) for number in MORE)
    with MailWorld() as world:
        city.set(SMTP_PORT=world.smtp_port)
        ask(city)
        yield world


def send_back(city: City, world: MailWorld, name: str, content: bytes, text: str) -> None:
    """The culture manager replies with a file, and the reply is read."""
    original = read_original(request_of(world).raw)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = CULTURE, original.reply_to, f"VS: {original.subject}"
    mail["Date"], mail["Message-ID"] = format_datetime(datetime(2025, 2, 14, 10, 0, tzinfo=ZONE)), f"<{name}@suvikoski.example>"
    mail["In-Reply-To"] = original.message_id
    mail.set_content(text + "\n")
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    city.receive(bytes(mail), name)
    city.run("collect")
    city.run("interpret")
    city.run("deliver")


def test_a_form_goes_out_and_comes_back(city: City, world: MailWorld) -> None:
    """Out over SMTP, filled in, in over a mailbox, read in the process that reads: facts, acknowledgement, and where each stood."""
    (form,) = read_mail(request_of(world).raw).attachments
    shown = {row.text(2) for row in read_workbook(form.content)[0].rows}
    assert form.name == "vastauslomake-elinvoima-2024.xlsx"
    assert set(MORE) <= shown

    answers = {number: Filled(light="vihreä", done="Tehty.") for number in MORE} | {
        "8.10": Filled(light="punainen", done="Rahoitus puuttuu.", next_step="Uusi haku", by=date(2025, 9, 30)),
        "8.1": Filled(light="vihreä?"),
    }
    send_back(city, world, "oma kopio.xlsx", fill(form.content, answers), "Liitteenä.\n1.1: keltainen")

    lights = {row["action"]: row["light"] for row in city.run("--json", "status").lines if row["party"] == "kulttuuripaallikko"}
    assert {number: lights[number] for number in ("1.1", "8.1", "8.10", "26")} == {
        "1.1": "yellow",
        "8.1": None,
        "8.10": "red",
        "26": "green",
    }
    (told,) = [mail for mail in world.sent if b"X-Reminder-Kind: acknowledgement" in mail.raw]
    assert "[8.1]" in read_original(told.raw).text
    shown_mail = city.run("inbox", "show", "1").out
    assert "[8.10] Lisätoimenpide 8.10: ■ red" in shown_mail
    assert "[8.1] Lisätoimenpide 8.1: ? a question mark behind the light\n      “vihreä?”, row of the attached form" in shown_mail


@pytest.mark.parametrize(("name", "content"), [("muistio.docx", docx("Avattiin 9 ikkunaa.")), ("muistio.pdf", pdf("Avattiin 9 ikkunaa."))])
def test_a_document_waits_and_is_shown(city: City, world: MailWorld, name: str, content: bytes) -> None:
    """Held, with exit code 3 from the list; its text in `inbox show`, on the page and in JSON; the sender has been told."""
    send_back(city, world, name, content, "Liitteenä raporttimme.")

    assert city.run("inbox", "list").code == 3
    shown = city.run("--lang", "fi", "inbox", "show", "1").out
    assert "Liitteet, joita ei luettu vastauksiksi" in shown
    assert f"  {name} (1 kB)\n      Avattiin 9 ikkunaa." in shown
    assert "Avattiin 9 ikkunaa." in city.run("inbox", "show", "1", "--as", "html").out
    (reading,) = city.run("--json", "inbox", "show", "1").document["readings"]
    assert reading["attachments"][0]["text"] == "Avattiin 9 ikkunaa."
    assert json.dumps(reading["answers"]) == "[]"
    (told,) = [mail for mail in world.sent if b"X-Reminder-Kind: acknowledgement" in mail.raw]
    assert f"viestisi liitteineen on tullut perille ({name})" in " ".join(read_original(told.raw).text.split())


def test_what_a_document_says_is_shown_as_text(city: City, world: MailWorld) -> None:
    """Markup and control characters of a file reach neither the page nor the terminal as what they are."""
    send_back(city, world, "a.txt", b"<script>alert(1)</script> \x1b[31mx", "Liitteenä.")

    assert "<script>" not in city.run("inbox", "show", "1", "--as", "html").out
    assert "\x1b" not in city.run("inbox", "show", "1").out
