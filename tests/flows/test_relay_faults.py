"""The relay as a whole: how fast it is fed, what it says of us, how long it may be away (faults S1, S3, S6, S20, S22)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from reminder.domain.messages import Envelope, MailKind, OutboxState
from reminder.domain.programme import LANGUAGES, Language
from reminder.domain.rounds import StepKind
from reminder.edges.ports import SendOutcome, SendResult
from reminder.edges.smtp import SmtpRelay
from reminder.edges.smtp_phases import asks_to_slow_down
from reminder.flows.digest import LOOK_BACK
from reminder.flows.digest_notes import list_plan_warnings
from reminder.flows.knowledge import load_knowledge
from reminder.flows.pacing import recover
from reminder.service.health import measure_health
from reminder.store import control
from tests.edges.scripted import ScriptedSmtp, Talk
from tests.fakes import RecordingRelay
from tests.flows.town import CULTURE, DOWN, LATER, Town
from tests.real_parts import HOST, smtp_sink

SPAM = SendOutcome(result=SendResult.FAILED, code=554, text="5.7.1 refused as spam")


def make_requests(town: Town) -> None:
    """16 requests wait in the outbox."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()


def test_the_rate_holds_over_restarts_and_workers(town: Town) -> None:
    """Six in any 60 seconds, whoever sends them: the journal is counted, and no process remembers anything."""
    make_requests(town)
    town.house = replace(town.house, mails_a_minute=6)
    other = replace(town.house, owner="another worker", memory={})
    assert town.deliver().accepted == 6

    town.house, first = other, town.house
    waiting = town.deliver()
    assert (waiting.accepted, waiting.resume_at) == (0, town.clock.now() + timedelta(minutes=1))
    town.clock.advance(timedelta(seconds=59))
    assert town.deliver().accepted == 0
    town.clock.advance(timedelta(seconds=1))
    assert town.deliver().accepted == 6
    town.house = first
    assert town.deliver().accepted == 0
    town.clock.advance(timedelta(minutes=1))
    last = town.deliver()
    assert (last.accepted, last.resume_at) == (4, None)


@pytest.mark.fault("S20")
def test_a_relay_that_throttles_gets_fewer_and_all_mails_the_same_day(town: Town) -> None:
    """A real connection to a server that takes five mails a minute and then says 421: the rate goes down, all leave, no alarm."""
    make_requests(town)
    taken_at: list[datetime] = []

    class Throttling(ScriptedSmtp):
        def _next(self, verb: str) -> str:
            recent = [at for at in taken_at if town.clock.now() - at < timedelta(minutes=1)]
            if verb == "MAIL" and len(recent) >= 5:
                return "421 4.7.0 too many messages, slow down\r\n"
            return super()._next(verb)

        def take(self, talk: Talk) -> None:
            taken_at.append(town.clock.now())
            super().take(talk)

    began, complaints = town.clock.now(), 0
    with Throttling() as server:
        relay = SmtpRelay(host=HOST, port=server.port, security="none", idle_limit=0.0)
        town.house = replace(town.house, relay=relay)
        while town.rows(MailKind.REQUEST, OutboxState.QUEUED) or town.rows(MailKind.REQUEST, OutboxState.DEFERRED):
            town.deliver()
            complaints += any("relay" in line for line in measure_health(town.house).red)
            town.clock.advance(timedelta(seconds=30))
        relay.close()

    assert len(server.mails) == 16
    assert {row.state for row in town.rows(MailKind.REQUEST)} == {OutboxState.ACCEPTED}
    assert town.clock.now() - began < timedelta(minutes=15)
    assert complaints == 0
    # The first five go before anything is known; afterwards the learnt rate, three a minute, keeps below what the server takes.
    assert sum(line.startswith(b"MAIL") for line in server.lines) == 17


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (421, "4.7.0 too many messages", True),
        (451, "4.7.500 Server busy. Please try again later", True),
        (432, "4.3.2 Concurrent connections limit exceeded", True),
        (421, "4.7.28 unusual rate of mail", True),
        (450, "4.7.1 Greylisted, too many unknown senders", False),
        (452, "4.5.3 too many recipients", False),
        (421, "4.3.2 shutting down", False),
        (554, "5.7.1 too many", False),
    ],
)
def test_what_asks_to_slow_down(code: int, text: str, expected: bool) -> None:
    """The words of Exchange Online, Gmail and Postfix; greylisting and a full mailbox are none."""
    assert asks_to_slow_down(code, text) is expected


def test_the_rate_recovers() -> None:
    """By a half every ten minutes, and by at least one."""
    assert [recover(4, timedelta(minutes=minutes)) for minutes in (0, 9, 10, 20, 30)] == [4, 4, 6, 9, 13]
    assert recover(1, timedelta(minutes=10)) == 2


@pytest.mark.fault("S6")
def test_three_refusals_by_policy_in_a_row_stop_the_queue(town: Town) -> None:
    """It is our reputation and not their address: three have failed, the others wait, the coordinator is told, health is red."""
    make_requests(town)
    parties = {row.person for row in town.rows()}
    for row in town.setup.directory.parties.values():
        town.relay.answers.update({contact.address: SPAM for contact in row.contacts})

    town.deliver()
    town.clock.advance(timedelta(hours=1))
    town.deliver()

    states = [row.state for row in town.rows(MailKind.REQUEST)]
    assert (states.count(OutboxState.FAILED), states.count(OutboxState.QUEUED)) == (3, len(parties) - 3)
    assert any("refused mails in a row" in line for line in measure_health(town.house).red)
    assert len(town.sent(kind=MailKind.ALERT)) == len(town.rows(MailKind.ALERT)) == 1
    town.relay.answers.clear()
    with town.house.store.begin() as conn:
        control.resume(conn)
    assert town.deliver().accepted == len(parties) - 3


@pytest.mark.fault("S1")
def test_a_relay_that_is_down_for_half_an_hour_is_told_once(town: Town) -> None:
    """Before that no alert is written; afterwards one, which leaves when the relay is back. No mail has lost an attempt."""
    make_requests(town)
    town.answer_all(DOWN)
    for _ in range(29):
        town.deliver()
        town.clock.advance(timedelta(minutes=1))
    assert town.rows(MailKind.ALERT) == []
    for _ in range(60):
        town.clock.advance(timedelta(minutes=1))
        town.deliver()
    assert len(town.rows(MailKind.ALERT)) == 1
    assert {row.attempts for row in town.rows()} == {0}
    town.answer_all(None)
    town.clock.advance(timedelta(minutes=15))
    town.deliver()
    assert len(town.sent(kind=MailKind.ALERT)) == 1
    assert len(town.sent(kind=MailKind.REQUEST)) == 16


@pytest.mark.fault("S3")
def test_greylisting_is_no_alarm(town: Town) -> None:
    """450 for a quarter of an hour: delivered after it, nobody has been told anything."""
    make_requests(town)
    town.relay.answers[CULTURE] = LATER
    for minute in range(30):
        if minute == 15:
            town.relay.answers.clear()
        town.deliver()
        assert not any("relay" in line or "has not left" in line for line in measure_health(town.house).red)
        town.clock.advance(timedelta(minutes=1))

    assert len(town.sent(CULTURE)) == 1
    assert town.rows(MailKind.ALERT) == []


@pytest.mark.slow
@pytest.mark.fault("S22")
def test_after_six_days_without_a_relay_nothing_stale_is_sent(town: Town) -> None:
    """What is older than five days is given up with its reason, not failed; when the relay is back it does not go out."""
    make_requests(town)
    town.answer_all(DOWN)
    for _ in range(6 * 24 * 2):
        town.deliver()
        town.clock.advance(timedelta(minutes=30))
    requests = town.rows(MailKind.REQUEST)
    assert {row.state for row in requests} == {OutboxState.EXPIRED}
    assert all(row.reason for row in requests)
    town.answer_all(None)
    town.deliver()
    assert town.sent(kind=MailKind.REQUEST) == []
    words: Mapping[Language, str] = {
        "fi": "ei saatu ajoissa postipalvelimelle",
        "sv": "inte tog emot dem i tid",
        "en": "did not take them in time",
    }
    for language in LANGUAGES:
        told = [line for line in plan_warnings(town, language) if words[language] in line]
        assert len(told) == 1
        names = [party.name.in_language(language) for party in town.house.setup.programmes[town.round.programme].parties.values()]
        assert sum(f"{name} (" in told[0] for name in names) > 10


def plan_warnings(town: Town, language: Language) -> list[str]:
    """What the digest of this week says of what an outage cost."""
    now = town.clock.now()
    with town.house.store.read() as conn:
        return list(list_plan_warnings(conn, load_knowledge(conn, town.house.setup, now), town.round, language, now - LOOK_BACK))


class Together(RecordingRelay):
    """Takes a mail only when as many are in flight as there are connections; alone it would wait for ever."""

    def __init__(self, inner: RecordingRelay, gate: threading.Barrier) -> None:
        super().__init__()
        self.inner, self.gate = inner, gate

    def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
        """As `ports.Relay`."""
        self.gate.wait(30)
        return self.inner.send(envelope, raw, before_dot=before_dot)


def test_several_mails_are_in_flight_at_once(town: Town) -> None:
    """Four connections: each mail is taken once, though no talk ends before four have begun; one refusal is that mail's own."""
    make_requests(town)
    town.relay.answers[CULTURE] = SendOutcome(result=SendResult.FAILED, code=550, text="5.1.1 no such user")
    first, *others = [Together(town.relay, gate) for gate in [threading.Barrier(4)] for _ in range(4)]
    town.house = replace(town.house, relay=first, further_relays=tuple(others))

    done = town.deliver()

    assert (done.accepted, done.failed) == (15, 1)
    assert len({mail.raw for mail in town.relay.taken}) == len(town.relay.taken) == 15


def test_a_relay_that_is_down_ends_the_pass_of_all_connections(town: Town) -> None:
    """At most one try a connection, one back-off for all, and no mail has lost an attempt (decision 0007)."""
    make_requests(town)
    town.answer_all(DOWN)
    town.house = replace(town.house, further_relays=(town.relay, town.relay, town.relay))

    town.deliver()

    assert len(town.relay.attempts) <= 4
    assert {row.attempts for row in town.rows()} == {0}
    town.answer_all(None)
    town.clock.advance(timedelta(minutes=1))
    assert town.deliver().accepted == 16


@pytest.mark.real
def test_four_connections_to_a_real_sink(town: Town) -> None:
    """Sixteen mails over four connections of the production sender: each arrives once."""
    make_requests(town)
    with smtp_sink() as sink:
        relays = [SmtpRelay(host=HOST, port=sink.port, security="none") for _ in range(4)]
        town.house = replace(town.house, relay=relays[0], further_relays=tuple(relays[1:]))
        assert town.deliver().accepted == 16
        for relay in relays:
            relay.close()
        assert len(sink.mails()) == 16
