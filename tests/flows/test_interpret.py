"""Interpret: a captured mail becomes facts once, and a mail that breaks us does not hold up the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from reminder.domain.assessments import Phase, TrafficLight, latest
from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState
from reminder.flows import interpret as interpreting
from reminder.flows.house import House
from reminder.flows.interpret import interpret_pending
from reminder.flows.knowledge import load_knowledge
from reminder.flows.understanding import Understood, understand
from reminder.service.health import measure_health
from reminder.store import inbox
from tests.flows.town import CULTURE, PRINCIPAL, Town, text_of


def answered_by(town: Town, party: str) -> set[str]:
    """The numbers of the actions that count as answered by a party."""
    with town.house.store.read() as conn:
        progress = load_knowledge(conn, town.setup, town.clock.now()).progress(town.round).of_party(party)
    assert progress is not None
    return {action.number for action in progress.answered}


def test_an_answer_is_recorded_and_acknowledged_once(town: Town) -> None:
    """Light, phase and words stand in the history under the pseudonym of the sender, and one acknowledgement goes to them."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä, valmis\nIkkunoita oli yhdeksän.")
    town.read()
    town.deliver()

    (fact,) = town.facts()
    assert (fact.party, fact.action, fact.light, fact.phase) == ("kulttuuripaallikko", "nayteikkunat", TrafficLight.GREEN, Phase.DONE)
    assert fact.text == "Ikkunoita oli yhdeksän."
    assert fact.received_at == town.clock.now()
    assert fact.actor.startswith("p")
    assert CULTURE not in repr(fact)
    assert town.inbox_states() == [InboundState.APPLIED]
    assert [mail.recipient for mail in town.sent(kind=MailKind.ACKNOWLEDGEMENT)] == [CULTURE]


@pytest.mark.fault("M10", "A3")
def test_the_same_mail_again_is_a_duplicate(town: Town) -> None:
    """Delivered twice by a relay: the second is a duplicate, and neither facts nor mails follow from it."""
    town.ask()
    raw = town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.clock.advance(timedelta(minutes=3))
    town.source.deliver(b"Received: from elsewhere by here; now\r\n" + raw, when=town.clock.now())

    town.read()

    assert town.inbox_states() == [InboundState.APPLIED, InboundState.DUPLICATE]
    assert len(town.facts()) == 1
    assert len(town.rows(MailKind.ACKNOWLEDGEMENT)) == 1


@pytest.mark.fault("P1")
def test_a_mail_that_breaks_us_is_quarantined_after_three_strikes_and_the_next_goes_on(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried after 1 and 5 minutes more, then quarantined with its fault; the mail behind it is read in the first pass (I6)."""

    def understand_or_break(house: House, raw: bytes, received_at: datetime) -> Understood:
        if b"poison" in raw:
            raise ZeroDivisionError("poison")
        return understand(house, raw, received_at)

    monkeypatch.setattr(interpreting, "understand", understand_or_break)
    town.ask()
    town.reply(CULTURE, "1.1: vihreä\npoison")
    town.clock.advance(timedelta(seconds=1))
    town.reply(PRINCIPAL, "2.1: keltainen")
    town.read()
    after_first = town.inbox_states()
    for minutes in (1, 5):
        town.clock.advance(timedelta(minutes=minutes))
        interpret_pending(town.house)

    assert after_first == [InboundState.CAPTURED, InboundState.APPLIED]
    assert town.inbox_states() == [InboundState.QUARANTINED, InboundState.APPLIED]
    assert [fact.party for fact in town.facts()] == ["lukion-rehtori"]
    with town.house.store.read() as conn:
        (row,) = inbox.list_inbound(conn, states=[InboundState.QUARANTINED])
    assert (row.attempts, row.error) == (3, "ZeroDivisionError: poison")


@pytest.mark.fault("P1", "K19")
def test_a_mail_that_kills_the_process_three_times_is_quarantined(town: Town) -> None:
    """The strike is counted before the reading, so that a mail which never returns is set aside all the same (fault K19)."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.house = replace(town.house, should_stop=lambda: True)
    town.read()
    for _ in range(3):
        with town.house.store.begin() as conn:
            inbox.begin_attempt(conn, 1, town.clock.now())
    town.house = replace(town.house, should_stop=lambda: False)

    interpret_pending(town.house)

    assert town.inbox_states() == [InboundState.QUARANTINED]
    assert town.facts() == ()


def test_a_mail_that_waits_too_long_to_be_read_is_seen(town: Town) -> None:
    """`health` is red when a captured mail has waited for more than an hour."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.house = replace(town.house, should_stop=lambda: True)
    town.read()
    town.clock.advance(timedelta(minutes=61))

    assert any("waited" in line for line in measure_health(town.house).red)


def test_between_two_mails_it_looks_whether_it_should_end(town: Town) -> None:
    """A service that is told to end reads no other mail; what is left is read by the next one."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.reply(PRINCIPAL, "2.1: keltainen")
    house = town.house
    town.house = replace(house, should_stop=lambda: bool(town.facts()))
    town.read()
    first = len(town.facts())
    town.house = house

    town.read()

    assert first == 1
    assert len(town.facts()) == 2


@pytest.mark.fault("P9")
def test_a_late_answer_is_kept_and_changes_nothing(town: Town) -> None:
    """After the close the answer is in the history, marked late; the round stands as it did, and the sender is told so (I9)."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.move_to_day(date(2025, 4, 26))
    town.reply(CULTURE, "1.1: punainen\n3.8: punainen")

    town.read()
    town.deliver()

    facts = town.facts()
    assert [fact.is_late for fact in facts] == [False, True, True]
    assert latest(facts)["kulttuuripaallikko", "nayteikkunat"].light is TrafficLight.GREEN
    assert answered_by(town, "kulttuuripaallikko") == {"1.1"}
    assert "päättynyt" in text_of(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)[-1].raw)


def test_the_last_minute_of_the_last_day_counts(town: Town) -> None:
    """A deadline ends with the local day, by INTERNALDATE and not by when we polled (decisions 9 and 10)."""
    town.ask()
    closes = town.setup.calendar.end_of(date(2025, 4, 25))
    raw = town.write_reply(town.original(CULTURE), "1.1: vihreä")
    town.source.deliver(raw, when=closes - timedelta(seconds=1))
    raw = town.write_reply(town.original(PRINCIPAL), "2.1: vihreä")
    town.source.deliver(raw, when=closes)
    town.clock.set(closes + timedelta(hours=9))

    town.read()

    assert {fact.party: fact.is_late for fact in town.facts()} == {"kulttuuripaallikko": False, "lukion-rehtori": True}


@pytest.mark.fault("P10")
def test_the_later_answer_counts_in_whatever_order_they_are_read(town: Town) -> None:
    """A correction wins by INTERNALDATE, also when the earlier mail is fetched after it (invariant I4)."""
    town.ask()
    first, second = town.write_reply(town.original(CULTURE), "1.1: punainen"), town.write_reply(town.original(CULTURE), "1.1: vihreä")
    arrived = town.clock.now()
    town.clock.advance(timedelta(hours=5))
    town.source.deliver(second, when=arrived + timedelta(hours=2))
    town.read()
    town.source.deliver(first, when=arrived)

    town.read()

    assert len(town.facts()) == 2
    assert latest(town.facts())["kulttuuripaallikko", "nayteikkunat"].light is TrafficLight.GREEN


@pytest.mark.fault("A5")
def test_an_answer_with_the_token_of_another_instance_is_held(town: Town) -> None:
    """A token of another installation proves nothing; with a stranger's address the mail waits for a person and is not answered."""
    town.ask()
    original = town.original(CULTURE)
    forged = replace(original, reply_to="seuranta@suvikoski.example", message_id="<x@elsewhere.example>", subject="Vastaus")
    town.source.deliver(town.write_reply(forged, "1.1: vihreä", sender="x@elsewhere.example"), when=town.clock.now())

    town.read()

    assert town.inbox_states() == [InboundState.HELD]
    assert (town.facts(), town.rows(MailKind.ACKNOWLEDGEMENT)) == ((), [])


def test_the_sender_stands_in_history_as_a_pseudonym(town: Town) -> None:
    """Neither the fact nor the stored reading holds an address (DESIGN, decision 6)."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()

    with town.house.store.read() as conn:
        (reading,) = inbox.load_readings(conn, 1)
    assert "@" not in town.facts()[0].actor
    assert CULTURE not in reading.document
