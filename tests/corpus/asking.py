"""A party asks how things stand, in each program and language; what only looks like it; notes of absence as people write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from reminder.sandbox.clients import gmail_web, outlook_desktop, owa, plain, start_mail
from reminder.sandbox.originals import Original
from tests.corpus.building import ALL, answer, applied, asked, held, ignored, moment, original_of, writer_for
from tests.corpus.expected import Case, Expected, green
from tests.corpus.world import CITY, COLLEGE, JOBS, PLANNING, REQUEST, TOURISM
from tests.sandbox.mails import write_mail

ASKS = replace(asked(), asks_status=True)
SAYS = replace(asked(), asks_status=False)
COLLEAGUE = f"kaavasihteeri@{CITY}"
QUESTIONS = {
    "word": (PLANNING, "tilanne"),
    "word-mark": (PLANNING, "Tilanne?"),
    "sentence": (PLANNING, "Hei,\n\nmikä on tilanne?\n\nTerveisin\nKaavoitus"),
    "greeting-on-the-line": (PLANNING, "Hei! Mikä on tilanne meidän osalta?\n\nKiitos\nMeri Malli\nasemakaava-arkkitehti"),
    "missing": (PLANNING, "Mitä meiltä vielä puuttuu?\n\nMeri Malli\nasemakaava-arkkitehti\nSuvikosken kaupunki"),
    "sv-word": (COLLEGE, "läge"),
    "sv-noun": (COLLEGE, "Hej!\n\nStatusfråga\n\nMed vänlig hälsning\nRektor"),
    "sv-sentence": (COLLEGE, "Hejsan,\nhur ser läget ut för oss?\nMvh\nRektor"),
    "en-word": (TOURISM, "Status"),
    "en-sentence": (TOURISM, "Hello,\n\nwhat's the status?\n\nBest regards\nTourism"),
    "en-polite": (TOURISM, "Hi all,\ncould you send the current status please?\nThanks"),
}
STATEMENTS = {
    "situation-told": "Tilanne on hyvä.",
    "situation-told-colon": "Tilanne: sopimus kesken",
    "situation-of-budget": "Tilanne on muuttunut, palaan asiaan.",
    "question-and-more": "Mikä on tilanne? Tarvitsemme lisää aikaa huhtikuuhun.",
    "another-question": "Kuka vastaa tästä?",
    "status-word-in-prose": "Statuskokous pidetään maanantaina.",
}
NOTES = {
    "returns-fi": (JOBS, "Palaan ma 3.3. Sijaiseni on palvelusihteeri, palvelusihteeri@suvikoski.example."),
    "span-fi": (JOBS, "Olen lomalla 24.2.–2.3. Kiireellisissä asioissa: vaihde."),
    "week-fi": (JOBS, "Olen hiihtolomalla viikolla 9."),
    "returns-sv": (COLLEGE, "Jag är tillbaka den 3 mars. I brådskande ärenden kontakta kansliet@kuusiharju.example."),
    "until-sv": (COLLEGE, "Jag är på semester t.o.m. 2.3."),
    "returns-en": (TOURISM, "I am back on Monday 3 March."),
    "until-en": (TOURISM, "I am out of the office until 2 March."),
}


def list_cases() -> Iterator[Case]:
    """All of this file."""
    for name, client in ALL.items():
        yield answer(f"asks-{name}", client, PLANNING, ASKS, top="Hei,\n\nmikä on tilanne?", signature="Terveisin\nKaavoitus\n09 4245 0122")
    for name, (address, words) in QUESTIONS.items():
        for client in (outlook_desktop, plain):
            yield answer(f"asks-{name}-{client.__name__}", client, address, ASKS, top=words)
    for name, words in STATEMENTS.items():
        yield answer(f"asks-not-{name}", owa, PLANNING, SAYS, top=words)
    yield from _beside()
    yield from _absences()


def _beside() -> Iterator[Case]:
    both = replace(applied({"1.5": green("")}, missing=("4.4",)), asks_status=True)
    yield answer("asks-and-answers", gmail_web, PLANNING, both, top="1.5: vihreä\n\nMikä on muuten tilanne?")
    prose = "tilanne?\n\nEmme ole saaneet rahoitusta emmekä siis voi jatkaa."
    yield answer("asks-and-says-something-else", owa, PLANNING, ASKS, top=prose)
    yield answer("asks-in-the-subject", plain, PLANNING, ASKS, top="", edit=_titled("Tilanne?"))
    yield answer("asks-not-subject-and-words", plain, PLANNING, SAYS, top="Palaan tähän.", edit=_titled("Tilanne"))
    deputy = replace(ASKS, trust="domain")
    yield answer("asks-colleague", owa, PLANNING, deputy, top="Tilanne?", writer=writer_for(COLLEAGUE, "fi"))
    stranger = held(trust="stranger")
    yield answer("asks-stranger", owa, PLANNING, stranger, top="Tilanne?", writer=writer_for("joku@muualla.example", "fi"))


def _titled(subject: str) -> Callable[[Original], Original]:
    def change(original: Original) -> Original:
        return replace(original, subject=subject)

    return change


def _absences() -> Iterator[Case]:
    for name, (address, words) in NOTES.items():
        mail, original = write_mail(address, REQUEST), original_of(address)
        note = start_mail(
            writer_for(address), to=original.reply_to, subject=f"Automaattinen vastaus: {original.subject}", when=moment(mail, 0.1)
        )
        note["In-Reply-To"] = original.message_id
        note["Auto-Submitted"] = "auto-replied"
        note.set_content(f"{words}\n", cte="quoted-printable")
        expected: Expected = ignored("auto_reply", "2025-03-02")
        yield Case(name=f"absence-{name}", raw=bytes(note), received_at=moment(mail, 0.1), expected=expected)
