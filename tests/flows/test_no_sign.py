"""Who has never given a sign of life is named to the coordinator, in one line; who is merely late is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from reminder.domain.messages import MailKind
from reminder.domain.programme import Language, PartyContacts
from reminder.domain.rounds import StepKind
from reminder.flows.knowledge import load_knowledge
from reminder.flows.no_sign import Silent, find_silent, tell_silent
from tests.flows.reports import write_report
from tests.flows.test_signs import token_of
from tests.flows.town import CULTURE, Town, text_of

PARTY = "kulttuuripaallikko"
BEFORE, AFTER = date(2025, 3, 6), date(2025, 3, 10)
"""20 and 24 days after the requests of 14.2.2025."""


def find(town: Town, day: date = AFTER) -> dict[str, Silent]:
    """The parties without a sign of life at noon of a day."""
    town.move_to_day(day)
    with town.house.store.read() as conn:
        knowledge = load_knowledge(conn, town.setup, town.clock.now())
        return {silent.party: silent for silent in find_silent(conn, knowledge, knowledge.setup.rounds[0])}


def tell(town: Town, language: Language) -> tuple[str, ...]:
    """The line of the digest."""
    with town.house.store.read() as conn:
        knowledge = load_knowledge(conn, town.setup, town.clock.now())
        return tell_silent(conn, knowledge, knowledge.setup.rounds[0], language)


def test_it_takes_three_weeks_of_silence(town: Town) -> None:
    """All have been asked and none has said anything: after 20 days nobody is named, after 24 everybody, for the first time."""
    town.ask()
    assert find(town, BEFORE) == {}
    silent = find(town)
    assert silent[PARTY] == Silent(party=PARTY, since=date(2025, 2, 14), is_first_time=True)
    assert len(silent) == 17


@pytest.mark.parametrize("sign", ["reply", "question", "absence note", "delivered", "colleague"])
def test_any_sign_of_life_is_enough(town: Town, sign: str) -> None:
    """A part of an answer, words that are no answer, a program, a report that the mail is in the mailbox, a colleague."""
    town.ask()
    original, mail = town.original(CULTURE), town.sent(CULTURE)[-1]
    raw = {
        "reply": town.write_reply(original, "1.1: vihreä"),
        "question": town.write_reply(original, "Mihin tämä liittyy?"),
        "absence note": b"Auto-Submitted: auto-replied\r\n" + town.write_reply(original, "Olen lomalla."),
        "delivered": write_report("delivered", status="2.0.0", recipient=CULTURE, envelope_id=token_of(mail)),
        "colleague": town.write_reply(original, "1.1: vihreä", sender="joku.muu@suvikoski.example"),
    }[sign]
    town.source.deliver(raw, when=town.clock.now())
    town.read()

    silent = find(town)
    assert PARTY not in silent
    assert len(silent) > 10


@pytest.mark.parametrize("action", ["relayed", "failed"])
def test_what_says_nothing_of_the_mailbox(town: Town, action: str) -> None:
    """Handed on is no arrival; what came back is told as such, and not a second time here."""
    town.ask()
    raw = write_report(action, status="5.1.1", recipient=CULTURE, envelope_id=token_of(town.sent(CULTURE)[-1]))
    town.source.deliver(raw, when=town.clock.now())
    town.read()

    assert (PARTY in find(town)) is (action == "relayed")


def test_an_old_mail_from_the_address_is_enough(town: Town) -> None:
    """Somebody who wrote before the round, of whatever, has a mailbox that works: late is not dead."""
    town.arm()
    town.move_to(StepKind.NOTICE)
    town.announce()
    town.deliver()
    town.reply(CULTURE, "Kiitos tiedosta!", kind=MailKind.NOTICE)
    town.read()
    town.ask()

    assert PARTY not in find(town)


def test_a_new_address_has_its_own_time(town: Town) -> None:
    """Whoever was written to for the first time this week has not been silent for three."""
    town.ask()
    entry = town.setup.directory.of_party(PARTY)
    contacts = (replace(entry.contacts[0], address="uusi@suvikoski.example"),)
    parties = {**town.setup.directory.parties, PARTY: PartyContacts(contacts=contacts)}
    town.house = replace(town.house, setup=replace(town.setup, directory=replace(town.setup.directory, parties=parties)))

    assert PARTY not in find(town)


def test_it_can_be_switched_off_and_ends_with_the_round(town: Town) -> None:
    """`no_sign_days: 0`; and nobody is named once the round takes no answers."""
    town.ask()
    assert find(town, date(2025, 6, 2)) == {}
    town.house = replace(town.house, setup=replace(town.setup, no_sign_days=0))
    assert find(town) == {}


def test_the_digest_says_it_in_one_line(town: Town) -> None:
    """With the day, in each language; before it says whether they were ever asked before, it names the party."""
    town.ask()
    for recipient in {mail.recipient for mail in town.sent(kind=MailKind.REQUEST)} - {CULTURE}:
        town.reply(recipient, "Kiitos, palaan asiaan.")
    town.read()
    town.move_to_day(AFTER, time(8, 30))
    (digest,) = [one for one in town.announce().messages if one.kind is MailKind.DIGEST]

    assert text_of(digest.raw).count("Ei elonmerkkiä") == 1
    assert "kulttuuripäällikkö (" in text_of(digest.raw)
    assert "kysytään ensi kertaa" in text_of(digest.raw)
    (swedish,), (english,) = tell(town, "sv"), tell(town, "en")
    assert "för första gången" in swedish
    assert "asked for the first time" in english
