"""A party asks how things stand, and gets what it owes, what is recorded and by when the rest is due; nothing changes."""

from __future__ import annotations

import email
import json
from dataclasses import replace
from datetime import date, timedelta
from email.policy import SMTP

import pytest

from reminder.domain.assessments import TrafficLight, latest
from reminder.domain.messages import MailKind
from reminder.domain.programme import Language
from reminder.domain.readings import InboundState
from reminder.domain.rounds import StepKind
from reminder.parse.message import read_mail
from reminder.store import inbox
from tests.flows.town import CULTURE, OFFICE, PRINCIPAL, Town, lines_of, numbers_in, text_of

COLLEAGUE = "toimistosihteeri@suvikoski.example"
DEPUTY = "kulttuurituottaja@suvikoski.example"
STRANGER = "somebody@elsewhere.example"
OWN = ("1.1", "1.10", "3.8")
"""What the culture manager leads in the round of 2024."""


def ask(town: Town, text: str = "Mikä on tilanne?", *, sender: str = "") -> None:
    """Somebody asks in reply to the culture manager's request, and is answered."""
    town.reply(CULTURE, text, sender=sender)
    town.read()
    town.deliver()


def answer_to(town: Town, recipient: str = CULTURE) -> bytes:
    """The newest automatic answer to an address."""
    return town.sent(recipient, MailKind.ACKNOWLEDGEMENT)[-1].raw


def speak(town: Town, party: str, language: Language) -> None:
    """Somebody edits contacts.yaml: the party's contact reads another language."""
    directory = town.setup.directory
    entry = directory.parties[party]
    told = replace(entry, contacts=tuple(replace(contact, language=language) for contact in entry.contacts))
    changed = replace(directory, parties={**directory.parties, party: told})
    town.house = replace(town.house, setup=replace(town.setup, directory=changed))


def test_who_asks_gets_what_is_recorded_and_what_is_missing(town: Town) -> None:
    """Light, words, day and role of what is there; the form of what is not; the day by which it is due; in the sender's thread."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä, valmis\nIkkunoita oli yhdeksän.", sender=DEPUTY)
    town.read()
    town.clock.advance(timedelta(days=1))
    raw = town.reply(CULTURE, "Hei,\n\nmikä on tilanne?\n\nTerveisin\nKulttuuri")
    town.read()
    town.deliver()

    mail = answer_to(town)
    text = text_of(mail)
    missing, recorded = text.split("Kirjattu: ")
    assert "3 toimenpiteestä 1 on kirjattu ja 2 puuttuu" in missing
    assert numbers_in(mail, OWN) == set(OWN)
    assert "perjantaihin 28.2.2025 mennessä" in missing
    assert "vihreä, valmis" in recorded
    assert "Ikkunoita oli yhdeksän." in recorded
    assert "Kirjattu pe 14.2.2025, vastaaja: sijainen." in recorded
    assert list(read_mail(mail).in_reply_to) == [read_mail(raw).message_id]
    assert missing.count("Tila (vihreä / keltainen / punainen):") == 2
    assert lines_of(mail).count("Tila (vihreä / keltainen / punainen):") == 4  # two more to which it may contribute


@pytest.mark.parametrize(
    ("language", "question", "says"),
    [
        ("fi", "Tilanne?", "ja 2 puuttuu"),
        ("sv", "Hej!\nHur ser läget ut?\nMvh", "och 2 saknas"),
        ("en", "Hello,\nwhat's the status?\nThanks", "and 2 are missing"),
    ],
)
def test_in_each_language(town: Town, language: Language, question: str, says: str) -> None:
    """The contact's language is that of the answer, whatever the question was written in."""
    speak(town, "kulttuuripaallikko", language)
    town.ask()
    word = {"fi": "vihreä", "sv": "grön", "en": "green"}[language]
    town.reply(CULTURE, f"1.1: {word}")
    town.read()
    ask(town, question)

    assert says in text_of(answer_to(town))
    assert read_mail(answer_to(town)).headers.text("content-language").strip() == language


def test_a_question_changes_nothing(town: Town) -> None:
    """No fact, no reply that was not understood; the mail is settled, and its reading says by which rule."""
    town.ask()
    ask(town)

    with town.house.store.read() as conn:
        (reading,) = inbox.load_readings(conn, 1)
    document = json.loads(reading.document)
    assert town.facts() == ()
    assert town.inbox_states() == [InboundState.ASKED_BACK]
    assert (document["kind"], document["verdict"], document["rules"][-1]) == ("reply", "asked_back", "status_question")
    assert document["asks_status_of"] == ["kulttuuripaallikko"]
    town.move_to(StepKind.DIGEST, 2)
    town.announce()
    town.deliver()
    assert "ei ymmärretty" not in text_of(town.sent(kind=MailKind.DIGEST)[-1].raw)


def test_what_is_missing_can_be_answered_at_once(town: Town) -> None:
    """The answer holds the form: filled in and sent back, it is recorded; what was recorded before can be corrected too."""
    town.ask()
    town.reply(CULTURE, "1.1: punainen")
    town.read()
    ask(town)
    town.clock.advance(timedelta(minutes=5))
    town.reply(CULTURE, "1.10: keltainen\n1.1: vihreä", kind=MailKind.ACKNOWLEDGEMENT)
    town.read()

    now = latest(town.facts())
    assert now["kulttuuripaallikko", "nayteikkunat"].light is TrafficLight.GREEN
    assert {fact.light for fact in now.values()} == {TrafficLight.GREEN, TrafficLight.YELLOW}


@pytest.mark.parametrize(("sender", "is_answered"), [(DEPUTY, True), (COLLEAGUE, True), (STRANGER, False)])
def test_who_may_answer_may_ask(town: Town, sender: str, *, is_answered: bool) -> None:
    """A deputy and a colleague of the domain with the token; a stranger is held and gets nothing. The party is not written to."""
    town.ask()
    ask(town, "Tilanne?", sender=sender)

    assert [mail.recipient for mail in town.sent(kind=MailKind.ACKNOWLEDGEMENT)] == ([sender] if is_answered else [])
    assert town.inbox_states() == [InboundState.ASKED_BACK if is_answered else InboundState.HELD]


def test_the_subject_alone_may_ask(town: Town) -> None:
    """A new mail of a listed contact without token and words, subject `Tilanne?`: exactly one open round, so it is answered."""
    town.ask()
    original = replace(town.original(CULTURE), reply_to=OFFICE, message_id="<1@elsewhere.example>", subject="Tilanne?")
    town.source.deliver(town.write_reply(original, "").replace(b"VS: ", b""), when=town.clock.now())
    town.read()
    town.deliver()

    assert "3 toimenpiteestä 0 on kirjattu" in text_of(answer_to(town))


def test_an_answer_with_a_question_is_applied_and_shows_the_state(town: Town) -> None:
    """The light counts; the acknowledgement shows it, what stood there before, and what is missing; the question is no note."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    ask(town, "3.8: punainen\n\nMikä on tilanne muuten?")

    text = text_of(answer_to(town))
    assert town.inbox_states() == [InboundState.APPLIED, InboundState.APPLIED]
    assert "[3.8]" in text.split("Puuttuu vielä")[0]
    assert "[1.1]" in text.split("Kirjattu jo aiemmin")[1]
    assert "Lisäksi kirjoitit" not in text


def test_who_has_answered_everything_is_told_so(town: Town) -> None:
    """Nothing is asked for again."""
    town.ask()
    town.reply(PRINCIPAL, "2.1: vihreä")
    town.read()
    town.reply(PRINCIPAL, "Tilanne?")
    town.read()
    town.deliver()

    assert "Sinun ei tarvitse tehdä mitään" in text_of(answer_to(town, PRINCIPAL))


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2025, 2, 28), "Vastaukset tarvitaan tänään"),
        (date(2025, 3, 5), "Määräaika oli 28.2.2025, 3 arkipäivää sitten. Otamme vastauksia vastaan 25.4.2025 asti."),
        (date(2025, 4, 28), "Kierros päättyi 25.4.2025."),
    ],
)
def test_by_when_the_rest_is_due(town: Town, day: date, says: str) -> None:
    """Today, late with the days in words, or closed; never a reproach."""
    town.ask()
    town.move_to_day(day)
    ask(town)

    assert says in text_of(answer_to(town))


def test_a_question_keeps_to_the_caps(town: Town) -> None:
    """Three automatic answers an address and hour, questions among them."""
    town.ask()
    for _ in range(5):
        ask(town, "Tilanne?")
        town.clock.advance(timedelta(minutes=2))

    assert len(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)) == 3


def test_an_automatic_mail_that_asks_gets_nothing(town: Town) -> None:
    """RFC 3834: whatever it says."""
    town.ask()
    raw = town.write_reply(town.original(CULTURE), "Tilanne?")
    town.source.deliver(b"Auto-Submitted: auto-generated\r\n" + raw, when=town.clock.now())
    town.read()
    town.deliver()

    assert town.sent(kind=MailKind.ACKNOWLEDGEMENT) == []


def test_a_question_with_a_file_waits_for_a_person(town: Town) -> None:
    """`Tilanne` may be the title of what is attached: nothing that was sent is lost behind a question."""
    town.ask()
    mail = email.message_from_bytes(town.write_reply(town.original(CULTURE), "Tilanne"), policy=SMTP)
    mail.add_attachment(b"%PDF-1.4 not really", maintype="application", subtype="pdf", filename="tilanne.pdf")
    town.source.deliver(bytes(mail), when=town.clock.now())
    town.read()

    with town.house.store.read() as conn:
        (reading,) = inbox.load_readings(conn, 1)
    assert town.inbox_states() == [InboundState.HELD]
    assert "asks_status_of" not in json.loads(reading.document)
