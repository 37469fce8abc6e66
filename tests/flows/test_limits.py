"""The limits of DESIGN on what comes in and on what we answer by ourselves, with their real figures, end to end."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState
from reminder.flows import ingest
from reminder.flows.acknowledge import IN_ALL_PER_HOUR
from reminder.flows.ingest import PER_SENDER_AND_HOUR
from reminder.flows.interpret import interpret_pending
from reminder.sandbox.machines import bounce
from reminder.service.health import measure_health
from reminder.store import inbox
from reminder.store.events import load_events
from tests.flows.town import COORDINATOR, CULTURE, PRINCIPAL, Town, text_of

MACHINE = "valvonta@elsewhere.example"


def send_many(town: Town, count: int, *, sender: str = MACHINE, start: int = 0) -> None:
    """A machine that has gone mad: automatic mails, each another one, within seconds."""
    for number in range(start, start + count):
        head = (
            f"From: Valvonta <{sender}>\r\nTo: seuranta@suvikoski.example\r\nSubject: Alarm {number}\r\nAuto-Submitted: auto-generated\r\n"
        )
        town.source.deliver(f"{head}Message-ID: <{number}@elsewhere.example>\r\n\r\nAlarm {number}\r\n".encode(), when=town.clock.now())


def count_captured(town: Town) -> int:
    """How many mails are stored and not read yet."""
    return town.inbox_states().count(InboundState.CAPTURED)


@pytest.mark.slow
@pytest.mark.fault("A8")
def test_two_hundred_mails_an_hour_of_one_sender_are_read_and_the_rest_wait(town: Town) -> None:
    """The rest stay captured without a strike, others are read meanwhile, one alarm is raised, and an hour later nothing is left."""
    town.ask()
    send_many(town, PER_SENDER_AND_HOUR + 5)
    town.clock.advance(timedelta(seconds=1))
    town.reply(CULTURE, "1.1: vihreä")
    town.read()

    assert PER_SENDER_AND_HOUR == 200
    assert count_captured(town) == 5
    assert town.inbox_states()[-1] is InboundState.APPLIED
    with town.house.store.read() as conn:
        assert {(row.attempts, row.reason) for row in inbox.list_inbound(conn, states=[InboundState.CAPTURED])} == {(0, inbox.DEFERRED)}
    assert measure_health(town.house).red[-1:] == ("one sender sends more than is read in an hour: 5 mails wait their turn",)

    interpret_pending(town.house)
    still = count_captured(town)
    town.clock.advance(timedelta(minutes=61))
    interpret_pending(town.house)

    assert (still, count_captured(town)) == (5, 0)
    assert len(town.inbox_states()) == PER_SENDER_AND_HOUR + 6
    assert not any("wait their turn" in line for line in measure_health(town.house).red)
    town.move_to_day(date(2025, 2, 17), time(8, 30))
    town.announce()
    town.deliver()
    assert text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw).count(MACHINE) == 1


def test_bounces_count_too(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that returns the same mail again and again is a flood like any other; the reports are not lost."""
    monkeypatch.setattr(ingest, "PER_SENDER_AND_HOUR", 3)
    town.ask()
    request = town.sent(CULTURE, MailKind.REQUEST)[0]
    for number in range(5):
        when = town.clock.now() + timedelta(seconds=number)
        town.source.deliver(bounce(request.raw, envelope_sender=request.sender, recipient=CULTURE, when=when), when=when)
    town.clock.advance(timedelta(seconds=10))
    town.read()
    waiting = count_captured(town)
    town.clock.advance(timedelta(minutes=61))
    interpret_pending(town.house)

    assert (waiting, town.inbox_states()) == (2, [InboundState.APPLIED] * 5)


def test_who_waits_longer_is_read_earlier(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two an hour: of seven mails two are read at once and two in each hour after it, in the order in which they came."""
    monkeypatch.setattr(ingest, "PER_SENDER_AND_HOUR", 2)
    town.arm()
    send_many(town, 7)
    town.read()
    left = [count_captured(town)]
    with town.house.store.read() as conn:
        waits = [row.next_attempt_at - town.clock.now() for row in inbox.find_unfinished(conn)]
    for _ in range(3):
        town.clock.advance(timedelta(minutes=61))
        interpret_pending(town.house)
        left.append(count_captured(town))

    assert left == [5, 3, 1, 0]
    assert waits == [timedelta(hours=hours) for hours in (1, 1, 2, 2, 3)]


def test_more_of_the_same_raises_no_second_alarm_that_day(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line a sender and day, whatever comes after it; another sender has a line of its own."""
    monkeypatch.setattr(ingest, "PER_SENDER_AND_HOUR", 2)
    town.arm()
    send_many(town, 4)
    town.read()
    town.clock.advance(timedelta(hours=3))
    send_many(town, 4, start=10)
    send_many(town, 4, start=20, sender="toinen@elsewhere.example")
    town.read()

    with town.house.store.read() as conn:
        assert ingest.find_flooding(conn, town.clock.now() - timedelta(days=1)) == (MACHINE, "toinen@elsewhere.example")
        assert len(load_events(conn, kinds={ingest.KIND})) == 2


@pytest.mark.slow
def test_sixty_automatic_answers_an_hour_in_all(town: Town) -> None:
    """65 colleagues ask within a minute: 60 are answered, then it is quiet and seen; what comes in is read all the same."""
    town.ask()
    for number in range(65):
        town.reply(CULTURE, "Tilanne?", sender=f"kollega{number}@suvikoski.example")
    town.read()
    town.deliver()

    assert len(town.sent(kind=MailKind.ACKNOWLEDGEMENT)) == IN_ALL_PER_HOUR == 60
    assert town.inbox_states() == [InboundState.ASKED_BACK] * 65
    assert any("automatic answers" in line for line in measure_health(town.house).red)
    town.clock.advance(timedelta(minutes=61))
    town.reply(PRINCIPAL, "Tilanne?")
    town.read()
    town.deliver()
    assert len(town.sent(PRINCIPAL, MailKind.ACKNOWLEDGEMENT)) == 1


@pytest.mark.fault("P4")
def test_one_notice_an_address_and_day_that_a_reply_is_empty(town: Town) -> None:
    """A mail program that sends our own mail back and nothing else is told once a day; what says something is answered still."""
    town.ask()
    for _ in range(3):
        town.reply(CULTURE, "")
        town.read()
        town.clock.advance(timedelta(hours=2))
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.deliver()
    same_day = len(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT))
    town.clock.advance(timedelta(days=1))
    town.reply(CULTURE, "")
    town.read()
    town.deliver()

    assert (same_day, len(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT))) == (2, 3)


def test_the_pseudonym_of_a_sender_is_no_address(town: Town) -> None:
    """The tally holds neither the address nor anything that two installations would have in common (DESIGN, decision 6)."""
    raw = f"From: X <{MACHINE.upper()}>\n\nx".encode()

    assert ingest.name_sender("one", raw) == ingest.name_sender("one", f"from:\r\n {MACHINE}\r\n\r\n".encode())
    assert ingest.name_sender("one", raw) != ingest.name_sender("other", raw)
    assert MACHINE not in ingest.name_sender("one", raw)
