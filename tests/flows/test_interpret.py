"""Interpret: a captured mail becomes facts and one acknowledgement, in one transaction, once."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from reminder.domain.assessments import Phase, TrafficLight, latest
from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState
from reminder.domain.setup import Setup
from reminder.flows import interpret as interpreting
from reminder.flows.collect import collect
from reminder.flows.house import Addressing
from reminder.flows.knowledge import load_knowledge
from reminder.flows.understanding import Understood, understand
from reminder.store import inbox
from tests.flows.town import CULTURE, PRINCIPAL, Town, text_of

POISON = b"this-mail-is-poison"


def test_a_reply_is_recorded_and_acknowledged_once(town: Town) -> None:
    """Light, phase, words, who and when are kept, with the rule that took them; one acknowledgement says what was recorded."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä, valmis\n3.8: punainen")

    done = town.read()
    town.deliver()

    facts = {fact.action: fact for fact in town.facts()}
    assert done.states == (InboundState.APPLIED,)
    assert (facts["nayteikkunat"].light, facts["nayteikkunat"].phase) == (TrafficLight.GREEN, Phase.DONE)
    assert {fact.light for fact in facts.values()} == {TrafficLight.GREEN, TrafficLight.RED}
    assert all(fact.received_at == town.clock.now() and fact.inbound_id == 1 and fact.rule and fact.actor for fact in facts.values())
    (acknowledgement,) = town.sent(kind=MailKind.ACKNOWLEDGEMENT)
    assert acknowledgement.recipient == CULTURE
    assert "[1.10]" in text_of(acknowledgement.raw)


def test_the_actor_is_a_pseudonym(town: Town) -> None:
    """Neither the fact nor the stored reading holds the sender's address (DESIGN, decision 6)."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()

    with town.house.store.read() as conn:
        (reading,) = inbox.load_readings(conn, 1)
    assert "@" not in town.facts()[0].actor
    assert CULTURE not in reading.document
    assert json.loads(reading.document)["sender"]["trust"] == "listed"


def test_the_same_mail_again_is_a_duplicate(town: Town) -> None:
    """The same bytes under another number of the server change nothing and are not answered."""
    town.ask()
    raw = town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.source.deliver(raw, when=town.clock.now() + timedelta(minutes=5))
    town.clock.advance(timedelta(minutes=10))

    town.read()
    town.deliver()

    assert town.inbox_states() == [InboundState.APPLIED, InboundState.DUPLICATE]
    assert len(town.facts()) == 1
    assert len(town.sent(kind=MailKind.ACKNOWLEDGEMENT)) == 1


def test_the_last_answer_counts(town: Town) -> None:
    """A party that changes its mind is believed, and the history keeps both."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.clock.advance(timedelta(days=1))
    town.reply(CULTURE, "1.1: keltainen")
    town.read()
    town.deliver()

    assert [fact.light for fact in town.facts()] == [TrafficLight.GREEN, TrafficLight.YELLOW]
    assert [fact.light for fact in latest(town.facts()).values()] == [TrafficLight.YELLOW]


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading is total, so that no real mail breaks it; the boundary must hold all the same. This one function is made to break."""

    def break_at_poison(conn: Connection, setup: Setup, addressing: Addressing, raw: bytes, received_at: datetime) -> Understood:
        if POISON in raw:
            raise RecursionError("poison")
        return understand(conn, setup, addressing, raw, received_at)

    monkeypatch.setattr(interpreting, "understand", break_at_poison)


@pytest.mark.usefixtures("poison")
def test_a_mail_that_breaks_us_is_quarantined_and_the_next_one_goes_on(town: Town) -> None:
    """Three strikes with a pause between, then it waits for a person; the mail behind it is read at once (invariant I6)."""
    town.ask()
    town.reply(CULTURE, POISON.decode())
    town.reply(PRINCIPAL, "2.1: vihreä")

    states = [town.read().states]
    for _ in range(4):
        town.clock.advance(timedelta(hours=1))
        states.append(town.read().states)

    assert states[0] == (InboundState.CAPTURED, InboundState.APPLIED)
    assert states[1:] == [(InboundState.CAPTURED,), (InboundState.QUARANTINED,), (), ()]
    assert [fact.action for fact in town.facts()] == ["yrittajyyskurssi"]
    assert town.stored(1).attempts == 3


@pytest.mark.usefixtures("poison")
def test_a_strike_is_not_repeated_at_once(town: Town) -> None:
    """After a strike the mail rests for a minute, so that one pass does not use up all three."""
    town.ask()
    town.reply(CULTURE, POISON.decode())

    assert [town.read().states, town.read().states] == [(InboundState.CAPTURED,), ()]
    assert town.stored(1).attempts == 1


def test_a_mail_that_killed_the_process_three_times_is_quarantined(town: Town) -> None:
    """The strike is counted before reading: a process that dies of a mail does not die of it for ever (fault K19)."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    collect(town.house)
    for _ in range(3):
        with town.house.store.begin() as conn:
            inbox.begin_attempt(conn, 1, town.clock.now())

    assert town.read().states == (InboundState.QUARANTINED,)
    assert town.facts() == ()


def test_a_stranger_with_our_token_changes_nothing(town: Town) -> None:
    """A forwarded request answered from elsewhere waits for a person, and gets no automatic answer (decision 19)."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä", sender="joku@muualla.example")

    town.read()
    town.deliver()

    assert town.inbox_states() == [InboundState.HELD]
    assert town.facts() == ()
    assert town.sent(kind=MailKind.ACKNOWLEDGEMENT) == []


def test_a_late_answer_is_kept_and_has_no_effect(town: Town) -> None:
    """After the close an answer is recorded as late, thanked for as such, and changes nothing of the round (invariant I9)."""
    town.ask()
    town.move_to_day(date(2025, 5, 5))
    before = _progress(town)
    town.reply(CULTURE, "1.1: vihreä")

    town.read()
    town.deliver()

    assert [(fact.action, fact.is_late) for fact in town.facts()] == [("nayteikkunat", True)]
    assert latest(town.facts()) == {}
    assert _progress(town) == before
    assert len(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)) == 1


def test_an_answer_on_the_last_day_still_counts(town: Town) -> None:
    """A round closes with the end of its last local day: 25.4.2025, 23.59 in Helsinki is in time, midnight is not."""
    town.ask()
    end = town.setup.calendar.end_of(date(2025, 4, 25))
    town.clock.set(end - timedelta(minutes=1))
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.clock.set(end)
    town.reply(CULTURE, "3.8: vihreä")
    town.read()

    assert [(fact.action, fact.is_late) for fact in town.facts()] == [("nayteikkunat", False), (town.facts()[1].action, True)]


def _progress(town: Town) -> str:
    with town.house.store.read() as conn:
        return load_knowledge(conn, town.setup, town.clock.now()).progress(town.round).fingerprint()
