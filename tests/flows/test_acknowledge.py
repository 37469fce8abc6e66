"""Acknowledge: the sender is told what was recorded, within the caps, and the party where somebody else answered for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState
from reminder.domain.senders import Handling, SenderRules
from reminder.flows import acknowledge
from reminder.flows.digest import list_warnings
from reminder.parse.message import read_mail
from reminder.service.health import measure_health
from tests.flows.town import CULTURE, PRINCIPAL, Town, lines_of, text_of

COLLEAGUE = "toimistosihteeri@suvikoski.example"
DEPUTY = "kulttuurituottaja@suvikoski.example"
STRANGER = "somebody@elsewhere.example"


def acknowledged(town: Town) -> list[str]:
    """Who was written to, sorted."""
    town.deliver()
    return sorted(mail.recipient for mail in town.sent(kind=MailKind.ACKNOWLEDGEMENT))


def say(town: Town, text: str, *, sender: str = "") -> None:
    """Somebody answers the culture manager's request, and it is read."""
    town.reply(CULTURE, text, sender=sender)
    town.read()


def test_it_names_what_was_recorded_and_what_is_missing(town: Town) -> None:
    """Recorded actions stand with their light, the missing ones below; an action is never in both."""
    town.ask()
    say(town, "1.1: vihreä\n3.8: punainen")
    acknowledged(town)

    text = text_of(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)[0].raw)
    recorded, missing = text.split("Puuttuu vielä")
    assert "[1.1]" in recorded
    assert "vihreä" in recorded
    assert "[3.8]" in recorded
    assert "[1.10]" in missing
    assert "[1.1] " not in missing


@pytest.mark.fault("P10")
def test_a_correction_shows_what_stood_there_before(town: Town) -> None:
    """The acknowledgement of a changed light names the earlier one; that of a repeated light does not."""
    town.ask()
    say(town, "1.1: punainen\n3.8: vihreä")
    town.clock.advance(timedelta(hours=2))
    say(town, "1.1: keltainen\n3.8: vihreä")
    acknowledged(town)

    lines = lines_of(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)[-1].raw)
    changed, same = (lines[lines.index(next(line for line in lines if line.startswith(f"[{number}] "))) :][:4] for number in ("1.1", "3.8"))
    assert any("keltainen" in line and "punainen" in line for line in changed)
    assert not any("punainen" in line for line in same[:2])


@pytest.mark.parametrize("sender", [COLLEAGUE, DEPUTY])
def test_who_answers_for_the_party_is_thanked_and_the_party_is_told(town: Town, sender: str) -> None:
    """A colleague of the same domain, or a deputy: the facts count, and both the sender and the listed contact get a mail (19)."""
    town.ask()
    say(town, "1.1: vihreä", sender=sender)

    assert acknowledged(town) == sorted([sender, CULTURE])
    assert len(town.facts()) == 1
    assert sender in text_of(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)[0].raw)
    assert town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)[0].raw != town.sent(sender, MailKind.ACKNOWLEDGEMENT)[0].raw


def test_a_stranger_with_a_token_gets_no_answer(town: Town) -> None:
    """Held for a person; nothing is recorded and nothing tells the stranger that the address lives."""
    town.ask()
    say(town, "1.1: vihreä", sender=STRANGER)

    assert acknowledged(town) == []
    assert town.facts() == ()
    assert town.inbox_states() == [InboundState.HELD]


def test_a_stranger_who_may_answer_is_thanked_and_the_party_is_told(town: Town) -> None:
    """`answers_from: {stranger: provisional}`: the answer counts, not confirmed, and the party reads who gave it."""
    town.set_senders(SenderRules(stranger=Handling.PROVISIONAL))
    town.ask()
    say(town, "1.1: vihreä", sender=STRANGER)

    assert acknowledged(town) == sorted([STRANGER, CULTURE])
    assert [fact.is_provisional for fact in town.facts()] == [True]
    assert "Vahvistamatta" in text_of(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)[0].raw)


@pytest.mark.fault("P7")
def test_an_automatic_reply_gets_no_answer(town: Town) -> None:
    """RFC 3834: `Auto-Submitted: auto-replied` is never answered, whatever it says."""
    town.ask()
    raw = town.write_reply(town.original(CULTURE), "1.1: vihreä")
    town.source.deliver(b"Auto-Submitted: auto-replied\r\n" + raw, when=town.clock.now())
    town.read()

    assert acknowledged(town) == []
    assert town.inbox_states() == [InboundState.IGNORED]


def test_three_an_hour_to_one_address(town: Town) -> None:
    """The fourth answer within an hour is recorded and not acknowledged; an hour later the next one is."""
    town.ask()
    for light in ("vihreä", "keltainen", "punainen", "vihreä"):
        say(town, f"1.1: {light}")
        town.clock.advance(timedelta(minutes=1))
    within = len(acknowledged(town))
    town.clock.advance(timedelta(minutes=61))
    say(town, "1.1: keltainen")

    assert within == 3
    assert len(acknowledged(town)) == 4
    assert len(town.facts()) == 5


@pytest.mark.fault("A7")
def test_ten_a_day_to_one_address(town: Town) -> None:
    """Two an hour all day long: after the tenth it is quiet until the first is a day old."""
    town.ask()
    for number in range(12):
        say(town, f"1.1: {('vihreä', 'keltainen')[number % 2]}")
        town.clock.advance(timedelta(minutes=31))
    within = len(acknowledged(town))
    town.clock.advance(timedelta(hours=24))
    say(town, "1.1: punainen")

    assert within == 10
    assert len(acknowledged(town)) == 11


@pytest.mark.fault("A7", "A8")
def test_sixty_an_hour_in_all_then_it_is_seen(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever they go to. Beyond that nothing more is written that hour, and `health` and the digest say so."""
    monkeypatch.setattr(acknowledge, "IN_ALL_PER_HOUR", 2)
    town.ask()
    say(town, "1.1: vihreä")
    say(town, "3.8: vihreä")
    before = measure_health(town.house).red
    town.reply(PRINCIPAL, "2.1: vihreä")
    town.read()

    assert acknowledged(town) == [CULTURE, CULTURE]
    assert not any("automatic answers" in line for line in before)
    assert any("automatic answers" in line for line in measure_health(town.house).red)
    town.clock.advance(timedelta(hours=2))
    town.reply(PRINCIPAL, "2.1: keltainen")
    town.read()
    assert acknowledged(town) == [CULTURE, CULTURE, PRINCIPAL]
    assert not any("automatic answers" in line for line in measure_health(town.house).red)


def test_the_real_limits_are_those_of_the_design() -> None:
    """3 an address and hour, 10 an address and day, 60 an hour in all."""
    assert (acknowledge.PER_HOUR, acknowledge.PER_DAY, acknowledge.IN_ALL_PER_HOUR) == (3, 10, 60)


def test_the_cap_of_one_address_is_its_own(town: Town) -> None:
    """Whoever writes too often holds up nobody else."""
    town.ask()
    for _ in range(5):
        town.reply(CULTURE, "1.1: vihreä")
    town.reply(PRINCIPAL, "2.1: vihreä")
    town.read()
    town.deliver()

    assert len(town.sent(PRINCIPAL, MailKind.ACKNOWLEDGEMENT)) == 1


def test_it_says_that_it_is_automatic_and_stands_in_the_thread(town: Town) -> None:
    """`Auto-Submitted: auto-replied`, so that another machine does not answer it; In-Reply-To names the sender's own mail."""
    town.ask()
    raw = town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.deliver()

    mail = read_mail(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)[0].raw)
    assert mail.headers.text("auto-submitted").strip() == "auto-replied"
    assert list(mail.in_reply_to) == [read_mail(raw).message_id]


def test_who_says_nothing_that_we_understand_is_asked(town: Town) -> None:
    """No light, no fact: the sender is asked back, once, and nothing is guessed."""
    town.ask()
    town.reply(CULTURE, "Palaan asiaan ensi viikolla.")
    town.read()
    town.deliver()

    assert town.facts() == ()
    assert len(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)) == 1


@pytest.mark.fault("A7")
def test_a_machine_that_answers_every_answer_runs_dry(town: Town) -> None:
    """It looks like a person, with a new light each time: one answer a mail, ten a day, then none; the digest says so."""
    town.ask()
    seen = 0
    for number in range(200):
        answers = acknowledged(town)
        if number and len(answers) == seen:
            break
        seen = len(answers)
        say(town, f"1.1: {('vihreä', 'keltainen')[number % 2]}, {number}")
        town.clock.advance(timedelta(minutes=25))

    assert len(acknowledged(town)) == 10
    assert len(town.facts()) == 11
    assert len({row.in_reply_to for row in town.rows(MailKind.ACKNOWLEDGEMENT)}) == 10
    with town.house.store.read() as conn:
        told = [" ".join(list_warnings(conn, language, town.clock.now())) for language in ("fi", "sv", "en")]
    assert ["kymmenen" in told[0], "tio" in told[1], "ten automatic answers" in told[2]] == [True] * 3
