"""Deliver: trouble of a mail and trouble of the relay are kept apart; nothing is sent without its lease."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from reminder.domain.messages import Envelope, MailKind, OutboxState
from reminder.domain.rounds import StepKind
from reminder.edges.ports import SendOutcome, SendResult
from reminder.flows import relay_health
from reminder.flows.deliver import deliver
from reminder.flows.digest import list_warnings
from reminder.flows.lanes import Delivered
from reminder.flows.relay_notes import GIVE_UP_AFTER
from reminder.plan.leaving import next_leave
from reminder.service.health import measure_health
from reminder.store import outbox
from reminder.store.schema import attempt
from tests.fakes import RecordingRelay
from tests.flows.town import CULTURE, DOWN, LATER, REFUSED, Town


def make_requests(town: Town) -> None:
    """16 requests wait in the outbox."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()


def load_trouble(town: Town) -> dict[str, str] | None:
    """What is noted of the relay."""
    with town.house.store.read() as conn:
        return relay_health.load_trouble(conn)


@pytest.mark.parametrize("outcome", [DOWN, REFUSED], ids=lambda outcome: outcome.result.value)
def test_trouble_with_the_relay_burns_no_mail(town: Town, outcome: SendOutcome) -> None:
    """One mail is tried and the pass ends; no attempt counts against any mail, all are due, and later all go out once (O11)."""
    make_requests(town)
    town.answer_all(outcome)

    town.deliver()

    assert len(town.relay.attempts) == 1
    assert {row.attempts for row in town.rows()} == {0}
    assert {row.state for row in town.rows()} <= {OutboxState.QUEUED, OutboxState.DEFERRED}
    assert all(row.next_attempt_at <= town.clock.now() for row in town.rows())
    town.answer_all(None)
    town.clock.advance(timedelta(minutes=1))
    assert town.deliver().accepted == 16
    assert len({mail.raw for mail in town.relay.taken}) == len(town.relay.taken) == 16


@pytest.mark.parametrize(
    ("result", "state"),
    [(SendResult.RELAY_DOWN, OutboxState.DEFERRED), (SendResult.UNKNOWN, OutboxState.UNKNOWN)],
    ids=lambda value: value.value if isinstance(value, SendResult) else None,
)
def test_a_relay_that_asks_for_a_pause_gets_it(town: Town, result: SendResult, state: OutboxState) -> None:
    """Retry-After goes before our own waits, and what is unknown of one mail must not become unknown of all: the pass ends."""
    make_requests(town)
    town.answer_all(SendOutcome(result=result, code=503, text="busy", retry_after=420.0))
    town.deliver()
    town.answer_all(None)
    town.clock.advance(timedelta(seconds=419))
    during = town.deliver()
    tried = [row.state for row in town.rows()].count(state)
    town.clock.advance(timedelta(seconds=1))
    after = town.deliver()

    assert during == Delivered()
    assert tried == 1
    assert after.accepted == (16 if result is SendResult.RELAY_DOWN else 15)
    assert load_trouble(town) is None


def test_a_mail_that_could_not_leave_in_time_waits_for_the_next_opening(town: Town) -> None:
    """Invariant O6: the relay is back on Friday evening; nobody is written to at night, nor on Saturday, but on Monday at eight."""
    make_requests(town)
    town.answer_all(DOWN)
    town.move_to_day(date(2025, 2, 14), time(15, 59))
    town.deliver()
    town.answer_all(None)

    for day, clock in ((14, time(16, 30)), (14, time(23, 0)), (15, time(12, 0)), (17, time(7, 59))):
        town.move_to_day(date(2025, 2, day), clock)
        assert town.deliver().accepted == 0
    town.move_to_day(date(2025, 2, 17), time(8, 0))
    assert town.deliver().accepted == 16


def test_a_mail_that_waits_for_the_window_is_no_alarm(town: Town) -> None:
    """Put off on Friday afternoon, it is not yet late on Sunday; where it cannot leave on Monday either, it is."""
    make_requests(town)
    town.relay.answers[CULTURE] = LATER
    town.deliver()

    def complaints() -> list[str]:
        return [one for one in measure_health(town.house).red if "has not left" in one]

    town.move_to_day(date(2025, 2, 16), time(12, 0))
    assert complaints() == []
    town.move_to_day(date(2025, 2, 17), time(12, 0))
    assert len(complaints()) == 1


def test_an_acknowledgement_leaves_at_night(town: Town) -> None:
    """A receipt answers somebody who is awake, and keeps to no window."""
    town.ask()
    town.move_to_day(date(2025, 2, 14), time(23, 0))
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    assert town.deliver().accepted == 1


@pytest.mark.parametrize("outcome", [DOWN, REFUSED], ids=lambda outcome: outcome.result.value)
def test_the_relay_is_left_alone_longer_and_longer(town: Town, outcome: SendOutcome) -> None:
    """After each failure in a row it is left alone for 1, 2, 5, 15, 15 minutes; a success clears it."""
    make_requests(town)
    town.answer_all(outcome)
    waits = []
    for _ in range(5):
        tried = len(town.relay.attempts)
        town.deliver()
        assert len(town.relay.attempts) == tried + 1
        failed_at = town.clock.now()
        while len(town.relay.attempts) == tried + 1:
            town.clock.advance(timedelta(minutes=1))
            if _may_try(town):
                break
            town.deliver()
        waits.append(int((town.clock.now() - failed_at).total_seconds() / 60))

    town.answer_all(None)
    town.deliver()

    assert waits == [1, 2, 5, 15, 15]
    assert len(town.relay.taken) == 16
    assert load_trouble(town) is None


def _may_try(town: Town) -> bool:
    with town.house.store.read() as conn:
        return relay_health.may_try(conn, town.clock.now())


def test_trouble_with_the_relay_is_seen(town: Town) -> None:
    """`health` is red and the digest says so in each language, with the relay's own words; when it is over both are quiet."""
    make_requests(town)
    town.answer_all(REFUSED)
    town.deliver()

    health = measure_health(town.house)
    with town.house.store.read() as conn:
        warnings = {language: list_warnings(conn, language, town.clock.now()) for language in ("fi", "sv", "en")}

    assert any("the password is wrong" in line for line in health.red)
    assert "RED" in health.line
    assert all(len(lines) == 1 and "5.7.8 the password is wrong" in lines[0] for lines in warnings.values())
    town.answer_all(None)
    town.clock.advance(timedelta(minutes=1))
    town.deliver()
    with town.house.store.read() as conn:
        assert list_warnings(conn, "fi", town.clock.now()) == ()
    assert not any("relay" in line for line in measure_health(town.house).red)


def test_a_deferred_mail_waits_longer_each_time_and_is_given_up_after_five_days(town: Town) -> None:
    """1, 5, 15, 30, 60, 120, 240 minutes, each within 20 %, and over the night; after five days it has failed and waits for a person."""
    make_requests(town)
    town.relay.answers[CULTURE] = LATER
    waits: list[float] = []
    hours: set[int] = set()
    town.deliver()
    began = town.clock.now()
    while (row := town.rows(recipient=CULTURE)[0]).state is OutboxState.DEFERRED:
        waits.append((row.next_attempt_at - town.clock.now()).total_seconds() / 60)
        town.clock.set(row.next_attempt_at)
        if town.deliver() != Delivered():
            hours.add(town.clock.now().astimezone(town.setup.calendar.zone).hour)

    assert waits[:6] == [pytest.approx(minutes, rel=0.2) for minutes in (1, 5, 15, 30, 60, 120)]
    assert hours <= set(range(8, 16))
    assert row.state is OutboxState.FAILED
    assert row.reason == LATER.text
    assert GIVE_UP_AFTER <= town.clock.now() - began <= GIVE_UP_AFTER + timedelta(days=1)
    assert town.sent(CULTURE) == []
    assert len(town.relay.taken) == 15


def test_a_deferred_mail_does_not_hold_up_the_others(town: Town) -> None:
    """Trouble with one recipient is that mail's own."""
    make_requests(town)
    town.relay.answers[CULTURE] = LATER

    done = town.deliver()

    assert (done.accepted, done.deferred) == (15, 1)
    assert load_trouble(town) is None


def test_a_permanent_refusal_is_final(town: Town) -> None:
    """5xx for a recipient is never tried again (invariant O10)."""
    make_requests(town)
    town.relay.answers[CULTURE] = SendOutcome(result=SendResult.FAILED, code=550, text="5.1.1 no such user")
    town.deliver()
    town.clock.advance(timedelta(days=2))

    town.deliver()

    assert town.relay.attempts.count(CULTURE) == 1
    assert [row.state for row in town.rows(recipient=CULTURE)] == [OutboxState.FAILED]


@dataclass
class SlowRelay:
    """Takes so long over one mail that its lease ends, and another worker takes the lease back meanwhile."""

    town: Town
    inner: RecordingRelay
    slow: str

    def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
        """As `ports.Relay`."""
        if envelope.recipient == self.slow:
            self.slow = ""
            self.town.clock.advance(timedelta(minutes=16))
            with self.town.house.store.begin() as conn:
                outbox.recover_leases(conn, self.town.clock.now())
        return self.inner.send(envelope, raw, before_dot=before_dot)

    def close(self) -> None:
        """As `ports.Relay`."""


def test_who_has_lost_the_lease_sends_no_dot(town: Town) -> None:
    """The lease ended during the talk: the final dot is not sent, and every mail still goes out exactly once (invariant O9)."""
    make_requests(town)
    slow = SlowRelay(town=town, inner=town.relay, slow=CULTURE)
    town.house = replace(town.house, relay=slow)

    town.deliver()
    town.clock.advance(timedelta(minutes=20))
    town.deliver()

    assert town.relay.attempts.count(CULTURE) == 2
    assert sorted(mail.recipient for mail in town.relay.taken) == sorted({mail.recipient for mail in town.relay.taken})
    assert {row.state for row in town.rows()} == {OutboxState.ACCEPTED}


def test_a_mail_whose_lease_ended_before_its_turn_is_left_alone(town: Town) -> None:
    """Found by seeds 54 and 62 of the simulation: a worker that was frozen talked of mails that another had tried meanwhile."""
    make_requests(town)
    asked = {row.id for row in town.rows()}
    town.house = replace(town.house, relay=SlowRelay(town=town, inner=town.relay, slow=CULTURE))

    town.deliver()

    with town.house.store.read() as conn:
        leases = conn.execute(select(attempt.c.message)).scalars().all()
    assert len(leases) > len(asked) == len(set(leases))
    assert sorted(town.relay.attempts) == sorted([CULTURE, *set(town.relay.attempts)]), "only the slow mail twice"


def test_an_unknown_fate_is_not_sent_again_at_once(town: Town) -> None:
    """The answer to the dot was lost: nothing for 30 minutes, then the same bytes, at most twice, then a person must look."""
    make_requests(town)
    town.relay.answers[CULTURE] = SendOutcome(result=SendResult.UNKNOWN, text="lost after the dot")
    town.deliver()
    copies = []
    for _ in range(4):
        town.clock.advance(timedelta(minutes=29))
        town.deliver()
        copies.append(len(town.sent(CULTURE)))
        town.clock.advance(timedelta(minutes=2))
        town.deliver()

    assert copies == [1, 2, 3, 3]
    assert len({mail.raw for mail in town.sent(CULTURE)}) == 1
    assert [row.state for row in town.rows(recipient=CULTURE)] == [OutboxState.NEEDS_REVIEW]


def test_a_reply_settles_an_unknown_fate(town: Town) -> None:
    """Who answers a mail has got it: it is accepted and not sent again."""
    make_requests(town)
    town.relay.answers[CULTURE] = SendOutcome(result=SendResult.UNKNOWN, text="lost after the dot")
    town.deliver()
    town.clock.advance(timedelta(minutes=5))
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.clock.advance(timedelta(hours=2))

    town.deliver()

    assert len(town.sent(CULTURE, MailKind.REQUEST)) == 1
    assert [row.state for row in town.rows(MailKind.REQUEST, recipient=CULTURE)] == [OutboxState.ACCEPTED]


@pytest.mark.fault("C2")
def test_a_clock_that_goes_backwards_stops_sending(town: Town) -> None:
    """Nothing is sent until it is right again; then everything is (DESIGN, limits)."""
    make_requests(town)
    deliver(town.house, limit=1)
    town.clock.advance(timedelta(days=-1))
    town.deliver()
    assert len(town.relay.attempts) == 1
    town.clock.advance(timedelta(days=1))

    town.deliver()

    assert len(town.relay.taken) == 16


@pytest.mark.fault("C3")
def test_a_clock_that_jumps_a_year_ahead_sends_nothing(town: Town) -> None:
    """More than 400 days at once: an acknowledgement, which never expires, stays too."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.clock.advance(timedelta(days=401))

    town.deliver()

    assert town.sent(kind=MailKind.ACKNOWLEDGEMENT) == []
    assert [row.state for row in town.rows(MailKind.ACKNOWLEDGEMENT)] == [OutboxState.QUEUED]


def test_the_service_that_is_told_to_end_begins_no_other_mail(town: Town) -> None:
    """Between two mails it looks whether it should stop; what it had leased goes back at once, without an attempt counted."""
    make_requests(town)
    town.house = replace(town.house, should_stop=lambda: bool(town.relay.taken))

    town.deliver()

    assert len(town.relay.taken) == 1
    assert {row.state for row in town.rows()} == {OutboxState.ACCEPTED, OutboxState.QUEUED}
    assert {row.attempts for row in town.rows(state=OutboxState.QUEUED)} == {0}


def test_a_mail_sent_again_and_the_next_one_do_not_meet_on_one_day(town: Town) -> None:
    """Invariant O8: the answer to the request's dot was lost, and the service was off until the reminder was due. The reminder
    leaves, and the identical copy of the request on the next working day; neither is lost."""
    make_requests(town)
    town.relay.answers[CULTURE] = SendOutcome(result=SendResult.UNKNOWN, text="lost after the dot")
    town.deliver()
    town.relay.answers.clear()
    town.move_to(StepKind.REMINDER)

    for _ in range(3):
        town.announce()
        town.deliver()
        town.clock.set(next_turn(town))

    assert [len(town.sent(CULTURE, kind)) for kind in (MailKind.REQUEST, MailKind.REMINDER)] == [2, 1]
    assert mail_day(town, MailKind.REQUEST) > mail_day(town, MailKind.REMINDER)
    assert {row.attempts for row in town.rows(MailKind.REQUEST, recipient=CULTURE)} == {2}


def next_turn(town: Town) -> datetime:
    """The next opening of the sending window on another day."""
    now = town.clock.now()
    return next_leave(town.setup.calendar, town.setup.window, now, town.setup.calendar.local_day(now))


def mail_day(town: Town, kind: MailKind) -> date:
    """The local day on which a mail of this kind last left for the culture manager."""
    (row,) = town.rows(kind, recipient=CULTURE)
    assert row.dot_at is not None
    return town.setup.calendar.local_day(row.dot_at)


def test_two_mails_to_one_person_are_not_in_talk_at_once(town: Town) -> None:
    """Two reminders that could not leave for days meet in one claim: one leaves, the other on the next working day."""
    make_requests(town)
    town.answer_all(DOWN)
    town.deliver()
    town.move_to(StepKind.REMINDER)
    town.announce()
    town.answer_all(None)

    town.deliver()

    assert len(town.sent(CULTURE)) == 1
    town.clock.set(next_turn(town))
    town.deliver()
    assert len(town.sent(CULTURE)) == len({mail.raw for mail in town.sent(CULTURE)}) == 2
