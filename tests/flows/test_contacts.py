"""The list of contacts before a round: what it shows, and what becomes of the coordinator's answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.programme import Contact, PartyContacts
from reminder.domain.readings import InboundState
from reminder.domain.rounds import DateRule, ReportingRound, StepKind
from reminder.domain.workdays import Unit
from reminder.flows.contact_answers import CONFIRMED, CORRECTED
from reminder.flows.contact_words import ContactWords, tell_contacts
from reminder.flows.preview import compose_preview
from reminder.store import control, events, overlays, people
from reminder.store.bounces import Bounce, record_bounce
from tests.flows.town import COORDINATOR, CULTURE, Town, lines_of, text_of

LIST = MailKind.CONTACTS
NEW = "uusi.kulttuuri@suvikoski.example"
PARTY = "kulttuuripaallikko"


def with_list(one: ReportingRound) -> ReportingRound:
    """The round with a list of contacts two weeks before its notice."""
    return replace(one, schedule=replace(one.schedule, contacts=DateRule(base="notice", amount=-2, unit=Unit.WEEKS)))


def send(town: Town) -> None:
    """The list comes due and leaves."""
    town.move_to(StepKind.CONTACTS)
    town.announce()
    town.deliver()


@pytest.fixture
def asked(town: Town) -> Town:
    """The coordinator has the list."""
    town.house = replace(town.house, setup=replace(town.setup, rounds=tuple(with_list(one) for one in town.setup.rounds)))
    town.arm()
    send(town)
    return town


def answer(town: Town, words: str, *, sender: str = "") -> str:
    """The coordinator replies; the text of what they get back."""
    town.clock.advance(timedelta(minutes=20))
    town.reply(COORDINATOR, words, sender=sender, kind=LIST)
    town.read()
    town.deliver()
    answers = town.sent(COORDINATOR, MailKind.ACKNOWLEDGEMENT)
    return text_of(answers[-1].raw) if answers else ""


def told(town: Town, *, since: timedelta | None = None) -> ContactWords:
    """What `status`, or with a span the digest, says of it."""
    now = town.clock.now()
    with town.house.store.read() as conn:
        return tell_contacts(conn, town.setup, town.round, "en", now, since=now - since if since else None)


def kinds_of_history(town: Town) -> list[str]:
    """What is in the history about it."""
    with town.house.store.read() as conn:
        return [event.kind for event in events.load_events(conn, kinds=[CONFIRMED, CORRECTED])]


def put(town: Town, party: str, entry: PartyContacts) -> None:
    """Somebody edits contacts.yaml."""
    directory = town.setup.directory
    parties = {**directory.parties, party: entry}
    town.house = replace(town.house, setup=replace(town.setup, directory=replace(directory, parties=parties)))


def block_of(raw: bytes, party: str) -> list[str]:
    """The lines of one party of the list, its name first."""
    lines = lines_of(raw)
    start = next(place for place, line in enumerate(lines) if line.endswith(f". {party}"))
    return lines[start : lines.index("", start)]


def test_the_coordinator_sees_whom_it_will_write_to(asked: Town) -> None:
    """One mail, once: each party with its number, contacts and their language, deputies and manager; and when the round begins."""
    asked.clock.advance(timedelta(days=3))
    asked.announce()
    (mail,) = asked.sent(kind=LIST)
    text = text_of(mail.raw)

    assert mail.recipient == COORDINATOR
    assert "ennakkotiedot lähtevät perjantaina 3.1.2025" in text
    assert "Ovatko nämä 17 vastuutahon yhteystiedot oikein?" in text
    assert " ".join(block_of(mail.raw, "Kulttuuripäällikkö")) == (
        f"3. Kulttuuripäällikkö {CULTURE}, suomeksi Sijainen: Kulttuurituottaja, kulttuurituottaja@suvikoski.example "
        "Esihenkilö: Sivistysjohtaja, sivistysjohtaja@suvikoski.example"
    )
    assert "englanniksi" in " ".join(block_of(mail.raw, "Matkailukoordinaattori"))
    assert "Sama osoite myös: Kaupunkikehitysjohtaja." in " ".join(block_of(mail.raw, "Johtoryhmä"))
    assert "Katso ainakin" not in text


def test_what_is_odd_stands_first(asked: Town) -> None:
    """Nobody to write to, and an address whose mail came back for good."""
    (row,) = asked.rows(LIST)
    asked.source.deliver(b"From: a@b.example\r\n\r\nx\r\n", when=asked.clock.now())
    asked.read()
    with asked.house.store.begin() as conn:
        person = people.ensure_persons(conn, [CULTURE], asked.clock.now())[CULTURE]
        at = asked.clock.now() - timedelta(days=30)
        fact = Bounce(message=row.id, inbound=1, recipient_person=person, is_permanent=True, status="5.1.1", diagnostic="", at=at)
        record_bounce(conn, fact)
    asked.remove_contact("tilapalvelupaallikko")
    first, rest = text_of(preview(asked)).split("Muut vastuutahot")

    assert "15. Tilapalvelupäällikkö Huomaa: kukaan ei lue tämän vastuutahon postia." in first
    assert f"viesti osoitteeseen {CULTURE} palautui ke 20.11.2024" in first
    assert "Huomaa" not in rest


def test_it_says_what_has_changed_since_the_last_round(asked: Town) -> None:
    """Who is new, who is gone, and who has never answered; the first list compares with nothing."""
    culture = asked.setup.directory.of_party(PARTY)
    asked.move_to(StepKind.REQUEST)
    asked.announce()
    asked.deliver()
    asked.reply(CULTURE, "1.1: vihreä")
    asked.read()
    put(asked, PARTY, replace(culture, contacts=(Contact(id="uusi", name="Uusi", address=NEW),)))
    asked.house = replace(asked.house, setup=replace(asked.setup, rounds=(asked.round, next_year(asked.round))))
    asked.move_to(StepKind.CONTACTS, 2)
    asked.announce()
    asked.deliver()
    first, second = (mail.raw for mail in asked.sent(kind=LIST))

    assert " ".join(block_of(second, "Kulttuuripäällikkö")) == (
        f"3. Kulttuuripäällikkö Uusi, {NEW}, suomeksi (uusi) Sijainen: Kulttuurituottaja, kulttuurituottaja@suvikoski.example "
        f"Esihenkilö: Sivistysjohtaja, sivistysjohtaja@suvikoski.example Poistettu viime kierroksen jälkeen: {CULTURE}"
    )
    assert "ei ole aiemmilla kierroksilla vastannut mitään. Onko osoite oikea?" in " ".join(block_of(second, "Lukion rehtori"))
    assert "ei ollut listalla pe 20.12.2024" in text_of(second)
    assert "(uusi)" not in text_of(first)


@pytest.mark.parametrize("words", ["Kunnossa.", "Ei muutoksia", "Kiitos, yhteystiedot ovat kunnossa!"])
def test_a_yes_confirms(asked: Town, words: str) -> None:
    """It is thanked for, `status` and the next digest say it, a later digest does not; nothing is left to do."""
    thanks = answer(asked, words)

    assert "yhteystiedot on vahvistettu" in thanks
    assert asked.inbox_states() == [InboundState.APPLIED]
    assert kinds_of_history(asked) == [CONFIRMED]
    assert told(asked) == ContactWords(notes=("The contacts were confirmed on Fri 20 Dec 2024.",))
    assert told(asked, since=timedelta(days=7)) == told(asked)
    asked.clock.advance(timedelta(days=8))
    assert told(asked, since=timedelta(days=7)) == ContactWords()


@pytest.mark.parametrize("subject", ["3", "Kulttuuripäällikkö", "3. kulturchefen", "kulttuuripaallikko"])
def test_a_correction_is_kept_and_shown_as_an_edit(asked: Town, subject: str) -> None:
    """By number, name in any language or id; the file is not changed, and once it has the address nothing is open."""
    thanks = answer(asked, f"Ok muuten, mutta\n{subject}: {NEW}\n\nT. Elinvoima")
    before = asked.setup.directory.of_party(PARTY)

    assert "Kiitos, kirjasimme korjauksesi." in thanks
    assert f"Uusi osoite: {NEW} (nyt {CULTURE}) Tiedostossa contacts.yaml: muuta kohtaa contacts, kulttuuripaallikko, address" in thanks
    assert kinds_of_history(asked) == [CORRECTED]
    assert told(asked).edits == ("contacts:", "  kulttuuripaallikko:", f"    address: {NEW}  # instead of {CULTURE}")
    assert told(asked, since=timedelta(days=7)).warnings == (f"A correction waits to be put into contacts.yaml: Head of Culture, {NEW}.",)
    with asked.house.store.read() as conn:
        assert overlays.load_overlays(conn) == ()
    put(asked, PARTY, replace(before, contacts=(replace(before.contacts[0], address=NEW.upper()),)))
    assert told(asked).warnings == told(asked).edits == ()


def test_a_yes_beside_a_correction_is_a_correction(asked: Town) -> None:
    """And a yes after it ends it."""
    answer(asked, f"Kunnossa.\n3: {NEW}")
    assert told(asked).warnings
    assert "yhteystiedot on vahvistettu" in answer(asked, "Kunnossa.")
    assert told(asked).warnings == ()


def test_the_edit_says_what_it_touches(asked: Town) -> None:
    """An entry that stands for two parties, one contact of several, and a party that has none."""
    culture = asked.setup.directory.of_party(PARTY)
    second = Contact(id="toinen", name="Toinen", address="toinen@suvikoski.example")
    put(asked, PARTY, replace(culture, contacts=(*culture.contacts, second)))
    asked.remove_contact("tilapalvelupaallikko")
    thanks = answer(asked, f"8: {NEW}\n3: kolmas@suvikoski.example\n15: tilat@suvikoski.example")

    assert "Sama yhteyshenkilö myös: Kaupunkikehitysjohtaja" in thanks
    assert "Vastuutaholla on muitakin yhteyshenkilöitä: toinen." in thanks
    assert "Uusi osoite: tilat@suvikoski.example Tiedostossa contacts.yaml: lisää vastuutaholle yhteyshenkilö" in thanks
    assert told(asked).edits[-3:] == ("parties:", "  tilapalvelupaallikko:", "    contacts: [tilapalvelupaallikko]")


@pytest.mark.parametrize("words", ["Kuka tämä numero 4 on?", "Kulttuurissa vaihtui väki, nimi on auki.", "Älä lähetä."])
def test_other_words_wait_for_a_person(asked: Town, words: str) -> None:
    """They are quoted back, and the digest says where they stand; nothing of them is taken as a yes."""
    thanks = answer(asked, words)

    assert "ihmisen on luettava viestisi" in thanks
    assert words in thanks
    assert told(asked).notes == ("You wrote about the contacts on Fri 20 Dec 2024; a person has to read it: reminder inbox show 1",)
    assert asked.stored(1).state is InboundState.APPLIED


def test_nobody_else_answers_it(asked: Town) -> None:
    """A reply from another address is held and decides nothing."""
    answer(asked, f"3: {NEW}", sender="who@elsewhere.example")

    assert asked.inbox_states() == [InboundState.HELD]
    assert kinds_of_history(asked) == []


def test_without_an_answer_nothing_is_held_up(asked: Town) -> None:
    """Until the round begins it is awaited; then one line says that it was not confirmed. Notices and requests leave as planned."""
    assert told(asked).notes == ("The list of contacts was sent on Fri 20 Dec 2024 and is not answered yet.",)
    asked.move_to(StepKind.REQUEST)
    asked.announce()
    asked.deliver()

    assert len(asked.sent(kind=MailKind.REQUEST)) == 16
    assert told(asked).notes == ("The contacts were not confirmed before the round began. The mails go out by contacts.yaml.",)
    asked.move_to(StepKind.DIGEST)
    asked.announce()
    asked.deliver()
    assert "Yhteystietoja ei vahvistettu ennen kierroksen alkua." in text_of(asked.sent(kind=MailKind.DIGEST)[-1].raw)


def test_no_address_stands_in_the_history(asked: Town) -> None:
    """Addresses stand in the register of people and in the bodies of mails alone."""
    answer(asked, f"3: {NEW}")
    with asked.house.store.read() as conn:
        told_of = [str(event.document) for event in events.load_events(conn)]
        details = [str(row.details) for row in asked.rows(LIST)]

    assert not any("@" in text for text in (*told_of, *details))


def test_a_pause_holds_it_and_disarmed_nothing_leaves(town: Town) -> None:
    """It is a schedule mail; a coordinator who is none any more gets none."""
    town.house = replace(town.house, setup=replace(town.setup, rounds=tuple(with_list(one) for one in town.setup.rounds)))
    town.move_to(StepKind.CONTACTS)
    town.announce()
    assert town.rows(LIST) == []
    town.arm()
    town.announce()
    town.pause()
    town.deliver()
    assert town.sent() == []
    directory = replace(town.setup.directory, coordinators=(Contact(id="x", name="X", address="x@suvikoski.example"),))
    town.house = replace(town.house, setup=replace(town.setup, directory=directory))
    with town.house.store.begin() as conn:
        control.resume(conn)
    town.deliver()

    assert [row.state for row in town.rows(LIST)] == [OutboxState.CANCELLED]


def preview(town: Town) -> bytes:
    """The list as it would be sent now."""
    return compose_preview(town.house, town.round, "", StepKind.CONTACTS).raw


def next_year(one: ReportingRound) -> ReportingRound:
    """The same round a year later."""
    anchors = {name: replace(anchor, on=date(2026, 2, 13)) for name, anchor in one.anchors.items()}
    return replace(one, id="2025", anchors=anchors)
