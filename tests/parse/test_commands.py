"""The coordinator's commands: every phrase in a whole line, lines as people write them, and the lines beside them that are none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.commands import Command, NearMiss, NotCommand, Verb
from reminder.domain.programme import Language
from reminder.domain.rounds import StepKind
from reminder.domain.workdays import Unit
from reminder.flows.desk_lines import show_example
from reminder.parse.command_words import PHRASES
from reminder.parse.commands import read_line, read_orders

TODAY = date(2025, 3, 3)
APRIL = date(2025, 4, 15)
AROUND = {
    Verb.ACCEPT: "{} 12",
    Verb.REJECT: "{} 12: väärä kierros",
    Verb.DISCARD: "12 {}",
    Verb.ANSWERED: "{} 12",
    Verb.RECORD: "{} 3.10 vihreä: avattiin",
    Verb.EXTEND: "kulttuuripäällikölle {} 15.4. asti: lomat",
    Verb.WAIVE: "{} 3.10: lakkautettu",
    Verb.REMIND: "{} kulttuuripäällikkö",
    Verb.PAUSE: "{}",
    Verb.RESUME: "{}",
    Verb.RELEASE: "{} abcdefgh2345",
    Verb.CANCEL: "{} abcdefgh2345",
    Verb.SETTLE: "abcdefgh2345 {}",
    Verb.CLOSE: "{}",
    Verb.REOPEN: "{} 30.5. asti",
    Verb.APPROVE: "{}",
    Verb.STOP: "{}",
    Verb.REFUSE: "{} kulttuuripäällikkö: kokous on jo 3.4.",
    Verb.CONTACT: "{} kulttuuripäällikkö: Maija Meri <maija.meri@suvikoski.example>",
    Verb.DEPUTY: "{} kulttuuripäällikkö: maija.meri@suvikoski.example",
    Verb.HAND_OVER: "{}: Maija Meri, maija.meri@suvikoski.example",
    Verb.PUBLISH: "{} 3.10",
    Verb.CORRECT: "{} 3.10: avattiin keväällä",
    Verb.STATUS: "{}",
    Verb.REPORT: "{}",
    Verb.TAKE_BACK: "{} lisäaika kulttuuripäällikkö",
}

ALL_PHRASES = {phrase for phrases in PHRASES.values() for phrase in phrases}


@pytest.mark.parametrize("verb", Verb)
def test_every_phrase_is_a_command_in_a_whole_line(verb: Verb) -> None:
    """At least twenty a verb; each alone in the line that it belongs to, and in capitals too."""
    assert len(PHRASES[verb]) >= 20
    for phrase in PHRASES[verb]:
        for written in (phrase, phrase.capitalize()):
            read = read_line(AROUND[verb].format(written), TODAY)
            assert isinstance(read, Command), (written, read)
            assert read.verb is verb, (written, read)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("hyväksy 12 ja 14", {"verb": Verb.ACCEPT, "mails": (12, 14)}),
        ("12: hyväksyn", {"verb": Verb.ACCEPT, "mails": (12,)}),
        ("Hyväksy vastaus 12 kulttuuripäällikön vastauksena", {"verb": Verb.ACCEPT, "party": "kulttuuripäällikön"}),
        ("Ok, hyväksy 12, kiitos", {"verb": Verb.ACCEPT, "mails": (12,)}),
        ("Godkänn svar 12 som kulturchefens svar", {"verb": Verb.ACCEPT, "mails": (12,), "party": "kulturchefens"}),
        ("accept reply 12 on behalf of the culture manager", {"verb": Verb.ACCEPT, "party": "culture manager"}),
        ("hylkää 12: väärä kierros", {"verb": Verb.REJECT, "mails": (12,), "text": "väärä kierros"}),
        ("lisäaikaa kulttuuripäällikkö 15.4. asti", {"verb": Verb.EXTEND, "until": APRIL, "party": "kulttuuripäällikkö"}),
        ("Anna lukion rehtorille kaksi viikkoa lisäaikaa", {"count": 2, "unit": Unit.WEEKS, "party": "lukion rehtorille"}),
        ("lisäaikaa johtoryhmälle viikko, koska kokous siirtyi", {"count": 1, "unit": Unit.WEEKS, "text": "kokous siirtyi"}),
        ("kulttuuripäällikölle 10 arkipäivää lisäaikaa", {"count": 10, "unit": Unit.WORKING_DAYS}),
        ("Ge kulturchefen mera tid till 15.4: semester", {"until": APRIL, "text": "semester", "party": "kulturchefen"}),
        ("Ge rektorn två veckor mera tid", {"count": 2, "unit": Unit.WEEKS, "party": "rektorn"}),
        ("extend culture manager until 15 April: holidays", {"until": APRIL, "party": "culture manager", "text": "holidays"}),
        ("please remind the culture manager", {"verb": Verb.REMIND, "party": "culture manager"}),
        ("muistuta kulttuuripäällikköä nyt", {"verb": Verb.REMIND, "party": "kulttuuripäällikköä"}),
        ("kirjaa 3.10 valmis", {"verb": Verb.RECORD, "actions": ("3.10",), "phase": Phase.DONE, "light": None}),
        ("kirjaa toimenpide 12 keltaiseksi: kesken", {"actions": ("12",), "light": TrafficLight.YELLOW, "text": "kesken"}),
        ("Anteckna 3.10 grön: öppnades", {"actions": ("3.10",), "light": TrafficLight.GREEN, "text": "öppnades"}),
        ("record 3.10 as red: no money", {"actions": ("3.10",), "light": TrafficLight.RED, "text": "no money"}),
        ("tauko 15.4. asti", {"verb": Verb.PAUSE, "until": APRIL}),
        ("älä lähetä abcdefgh2345", {"verb": Verb.CANCEL, "messages": ("abcdefgh2345",)}),
        ("undo extension culture manager", {"verb": Verb.TAKE_BACK, "of": Verb.EXTEND, "party": "culture manager"}),
        ("peru sulkeminen", {"verb": Verb.TAKE_BACK, "of": Verb.CLOSE, "party": ""}),
    ],
)
def test_lines_as_people_write_them(line: str, expected: dict[str, object]) -> None:
    """Verb, objects and reason, each where it belongs."""
    read = read_line(line, TODAY)
    assert isinstance(read, Command), read
    assert {name: getattr(read, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("hyväksy 12 jos se on oikea", NotCommand.CONDITION),
        ("älä hyväksy 12", NotCommand.NEGATED),
        ("en hyväksy 12", None),
        ("hyväksy 12?", NotCommand.QUESTION),
        ("voisiko hyväksy 12", NotCommand.QUESTION),
        ("godkänn inte 12", NotCommand.NEGATED),
        ("accept 12 unless she calls", NotCommand.CONDITION),
        ("don't remind the culture manager", NotCommand.NEGATED),
        ("muistuta kulttuuripäällikköä vasta perjantaina", NotCommand.CONDITION),
        ("hyväksy 12 ja hylkää 14", NotCommand.TWO_VERBS),
        ("hyväksy", NotCommand.OBJECT),
        ("lisäaikaa kulttuuripäällikölle", NotCommand.OBJECT),
        ("kirjaa 3.10", NotCommand.OBJECT),
        ("kirjaa 3.10 vihreä tai keltainen", NotCommand.CONDITION),
        ("kirjaa 3.10 vihreä keltainen", NotCommand.OBJECT),
        ("sulje kierros kun kaikki ovat vastanneet", NotCommand.CONDITION),
        ("sulje kierros perjantaina", NotCommand.UNPLACED),
        ("the round went well", None),
        ("Soitan hänelle huomenna", None),
        ("Hyväksyntä on kesken", None),
    ],
)
def test_lines_that_are_no_command(line: str, why: NotCommand | None) -> None:
    """A question, a negation, a condition, a word too many: not carried out, and where it sounds like one, it is said why."""
    read = read_line(line, TODAY)
    assert not isinstance(read, Command), read
    assert why is None or (isinstance(read, NearMiss) and read.why is why), read


def test_a_mail_is_read_line_by_line() -> None:
    """Greeting and signature are nobody's orders; what is no command stays as a note."""
    orders = read_orders("Hei,\n\n- hyväksy 12\n- Soitan rehtorille.\nABCD-2345\n\nTerveisin\ntauko", TODAY)

    assert [command.verb for command in orders.commands] == [Verb.ACCEPT]
    assert orders.note == "Soitan rehtorille."
    assert orders.codes == ("ABCD-2345",)


@given(st.text(max_size=200))
def test_any_text_gives_orders(text: str) -> None:
    """Total: never an exception, and every line is a command, a code or a note."""
    orders = read_orders(text, TODAY)
    assert len(orders.near_misses) <= len(orders.note.splitlines())


@given(st.sampled_from([phrase for phrases in PHRASES.values() for phrase in phrases]), st.sampled_from(["ei", "jos", "inte", "om", "if"]))
def test_a_doubtful_word_before_a_command_always_stops_it(phrase: str, word: str) -> None:
    """Whatever the verb: with a negation or a condition in front nothing is carried out."""
    if f"{word} {phrase}" in ALL_PHRASES:
        return  # `ei kelpaa` is a command of its own
    for around in AROUND.values():
        assert not isinstance(read_line(f"{word} {around.format(phrase)}", TODAY), Command)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_an_example_that_is_sent_as_it_stands_does_nothing(language: Language) -> None:
    """What has to be filled in stands in brackets, and brackets are no object of any command."""
    for verb in set(Verb) - {Verb.PAUSE, Verb.RESUME, Verb.CLOSE, Verb.APPROVE, Verb.STOP, Verb.STATUS, Verb.REPORT}:
        assert not isinstance(read_line(show_example(verb, language), TODAY), Command), show_example(verb, language)


MAIJA = "maija.meri@suvikoski.example"
OLD = "vanha@suvikoski.example"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"uusi yhteyshenkilö rehtori: {MAIJA}", {"verb": Verb.CONTACT, "party": "rehtori", "addresses": (MAIJA,)}),
        (f"Uusi yhteyshenkilö lukion rehtorille: Maija Meri <{MAIJA}>", {"name": "Maija Meri", "party": "lukion rehtorille"}),
        (f"vaihda yhteyshenkilö rehtori: {OLD} -> {MAIJA}", {"addresses": (OLD, MAIJA)}),
        (f"ny kontaktperson rektorn: Maija Meri, {MAIJA} – pension", {"name": "Maija Meri", "text": "pension"}),
        (f"contact rector is now {MAIJA}<mailto:{MAIJA}>, because she left", {"addresses": (MAIJA,), "text": "she left"}),
        (f"sijainen rehtori: {MAIJA}: äitiysloma", {"verb": Verb.DEPUTY, "text": "äitiysloma"}),
        (f"Lisää sijainen kulttuuripäällikölle: Maija Meri {MAIJA}", {"verb": Verb.DEPUTY, "name": "Maija Meri"}),
        (f"add a deputy for the rector: {MAIJA}", {"verb": Verb.DEPUTY, "party": "rector"}),
        (f"luovuta koosteet: Maija Meri {MAIJA}", {"verb": Verb.HAND_OVER, "party": "", "name": "Maija Meri"}),
        (f"my successor is Maija Meri <{MAIJA}>", None),
        (f"lämna över till {MAIJA}", {"verb": Verb.HAND_OVER}),
        ("peru yhteyshenkilö rehtori", {"verb": Verb.TAKE_BACK, "of": Verb.CONTACT, "party": "rehtori"}),
        ("ångra ställföreträdaren rektorn", {"of": Verb.DEPUTY, "party": "rektorn"}),
        ("undo handover", {"of": Verb.HAND_OVER, "party": ""}),
        ("peru julkaisu 3.10", {"of": Verb.PUBLISH, "actions": ("3.10",)}),
        ("undo correction 3.10", {"of": Verb.CORRECT, "actions": ("3.10",)}),
        ("hyväksy ennakot", {"verb": Verb.APPROVE, "kind": None}),
        ("Hyväksy pyynnöt, kiitos", {"verb": Verb.APPROVE, "kind": StepKind.REQUEST}),
        ("approve the reminders", {"verb": Verb.APPROVE, "kind": StepKind.REMINDER}),
        ("hyväksy viestit 12 ja 14", {"verb": Verb.ACCEPT, "mails": (12, 14)}),
        ("hylkää ennakot: väärä päivä", {"verb": Verb.STOP, "text": "väärä päivä"}),
        ("julkaise 3.10 ja 3.11", {"verb": Verb.PUBLISH, "actions": ("3.10", "3.11")}),
        ("Julkaise kaikki tekstit", {"verb": Verb.PUBLISH, "actions": ()}),
        ("korjaa 3.10: Palvelu avattiin keväällä.", {"verb": Verb.CORRECT, "text": "Palvelu avattiin keväällä."}),
        ("Lähetä kooste nyt", {"verb": Verb.STATUS}),
        ("skicka rapporten", {"verb": Verb.REPORT}),
        ("skicka sammandraget", {"verb": Verb.STATUS}),
    ],
)
def test_people_previews_texts_and_digests(line: str, expected: dict[str, object] | None) -> None:
    """Each with what it is about. A name without a colon before it might be anybody's, and is not guessed at."""
    read = read_line(line, TODAY)
    assert isinstance(read, Command) is (expected is not None), read
    assert {name: getattr(read, name) for name in expected or ()} == (expected or {})


@pytest.mark.parametrize(
    "line",
    [
        f"uusi yhteyshenkilö rehtori: jos haluaa, {MAIJA}",
        f"älä vaihda yhteyshenkilöä rehtori: {MAIJA}",
        f"voisiko uusi yhteyshenkilö rehtori: {MAIJA}",
        f"vaihda yhteyshenkilö rehtori: {OLD} ja {MAIJA}",
        f"vaihda yhteyshenkilö rehtori: {OLD} -> {MAIJA} -> toinen@suvikoski.example",
        f"byt inte kontaktperson rektorn: {MAIJA}",
        f"new contact: {MAIJA}",
        f"deputy rector: {MAIJA} unless he comes back",
        f"sijainen rehtori: {OLD} -> {MAIJA}",
        f"luovuta koosteet rehtorille: {MAIJA}",
        f"ehkä luovutan koosteet: {MAIJA}",
        f"hand over the desk when I retire: {MAIJA}",
        f"Kirjoita osoitteeseen {MAIJA}",
        "hyväksy ennakot jos ehdit",
        "älä hyväksy ennakoita",
        "hyväksytkö ennakot?",
        "godkänn utskicken utom rektorns",
        "approve the previews except the first",
        "julkaise",
        "julkaise 3.10 vasta huomenna",
        "publicera inte texterna",
        "should we publish the texts",
        "korjaa 3.10",
        "korjaa: uusi teksti",
        "tilanne on hyvä",
        "raportti tulee huomenna",
        "lähetä raportti vasta perjantaina",
    ],
)
def test_lines_about_people_and_texts_that_are_no_command(line: str) -> None:
    """Doubt, two ways to read it, or nothing to do it with: not carried out."""
    assert not isinstance(read_line(line, TODAY), Command), read_line(line, TODAY)
