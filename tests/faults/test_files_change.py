"""What an edit of the files does to mails that are on their way: what left stays, and is not sent again (faults G3, G4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from reminder.domain.messages import Envelope, MailKind, OutboxState
from reminder.domain.rounds import DateRule, StepKind
from reminder.edges.ports import SendOutcome
from reminder.flows.need import Need
from reminder.plan.timeline import plan_timeline
from tests.fakes import RecordingRelay
from tests.flows.town import CULTURE, DOWN, Town, text_of

NEW = "uusi.kulttuuripaallikko@suvikoski.example"
PARTY = "kulttuuripaallikko"


def edit(town: Town, **changes: Any) -> None:
    """Somebody edits the round in schedule.yaml."""
    moved = replace(town.round, schedule=replace(town.round.schedule, **changes))
    rounds = tuple(moved if one is town.round else one for one in town.setup.rounds)
    town.house = replace(town.house, setup=replace(town.setup, rounds=rounds, version=f"{town.setup.version}+"))


def write_without_sending(town: Town, day: date) -> None:
    """A morning on which the relay is out of reach: what is due is written, and waits."""
    town.answer_all(DOWN)
    town.go(day)
    town.answer_all(None)


APRIL = DateRule(base="2025-04-04")


@pytest.mark.fault("G3")
def test_a_schedule_that_changes_after_the_reminders_plans_new_ones_and_repeats_none(town: Town) -> None:
    """The due day moves to April: nothing that left is sent again, and the last call is that of the new day."""
    town.ask()
    town.go(date(2025, 2, 21))
    edit(town, due=APRIL)

    town.go(date(2025, 2, 28))
    on_the_old_day = town.sent(CULTURE, MailKind.LAST_CALL)
    town.go(date(2025, 4, 4))

    assert on_the_old_day == []
    assert len(town.sent(CULTURE, MailKind.REQUEST)) == 1
    (last_call,) = town.sent(CULTURE, MailKind.LAST_CALL)
    assert "4.4.2025" in text_of(last_call.raw)


@pytest.mark.fault("G3")
def test_a_request_that_waits_while_the_deadline_moves_leaves_with_the_new_one(town: Town) -> None:
    """It was written in an outage, and asks by the day that the files say when it leaves; it leaves once."""
    town.arm()
    town.answer_all(DOWN)
    town.move_to(StepKind.REQUEST)
    town.announce()
    town.deliver()
    town.answer_all(None)
    edit(town, due=APRIL)
    asked = town.setup.calendar.local_day(town.clock.now())
    for days in range(1, 7):
        town.go(asked + timedelta(days=days))

    (request,) = town.sent(CULTURE, MailKind.REQUEST)
    assert "4.4.2025" in text_of(request.raw)
    assert {row.reason for row in town.rows(MailKind.REQUEST, OutboxState.CANCELLED)} == {Need.EDITED.value}


@pytest.mark.fault("G3")
def test_a_reminder_whose_day_moves_away_while_it_waits_is_sent_on_its_new_day(town: Town) -> None:
    """Its step is open again: nothing leaves on the old day, and one reminder on the new one."""
    town.ask()
    write_without_sending(town, date(2025, 2, 21))
    (waiting,) = town.rows(MailKind.REMINDER, recipient=CULTURE)
    edit(town, due=APRIL)
    days = [date(2025, 2, 21) + timedelta(days=days) for days in range(3, 42)]
    left = {}
    for day in days:
        before = len(town.sent(CULTURE, MailKind.REMINDER))
        town.go(day)
        if len(town.sent(CULTURE, MailKind.REMINDER)) > before:
            left[day] = town.sent(CULTURE, MailKind.REMINDER)[-1]

    planned = sorted(
        town.setup.calendar.local_day(step.not_before)
        for step in plan_timeline(town.setup)
        if step.key.step is StepKind.REMINDER and step.key.party == PARTY and step.key.round == town.round.id
    )
    assert list(left) == planned
    assert all("4.4.2025" in text_of(mail.raw) for mail in left.values())
    row = next(row for row in town.rows(MailKind.REMINDER, OutboxState.CANCELLED) if row.id == waiting.id)
    assert row.reason == Need.EDITED.value


@pytest.mark.fault("G3")
def test_a_reminder_that_falls_away_while_it_waits_is_cancelled_with_its_reason(town: Town) -> None:
    """Nobody gets it; where the line is put back into the file, it is sent after all."""
    town.ask()
    write_without_sending(town, date(2025, 2, 21))
    reminders = town.round.schedule.reminders
    edit(town, reminders=())
    town.go(date(2025, 2, 24))
    cancelled = [row.reason for row in town.rows(MailKind.REMINDER, recipient=CULTURE)]
    sent_then = town.sent(CULTURE, MailKind.REMINDER)
    edit(town, reminders=reminders)
    town.go(date(2025, 2, 25))

    assert (cancelled, sent_then) == ([Need.EDITED.value], [])
    assert len(town.sent(CULTURE, MailKind.REMINDER)) == 1


def test_an_edit_of_something_else_leaves_a_waiting_mail_as_it_is(town: Town) -> None:
    """The same bytes that were written leave: nobody approved them for nothing."""
    town.ask()
    write_without_sending(town, date(2025, 2, 21))
    (waiting,) = town.rows(MailKind.REMINDER, recipient=CULTURE)
    edit(town, closes=DateRule(base="2025-12-31"))
    town.go(date(2025, 2, 24))

    (sent,) = town.rows(MailKind.REMINDER, recipient=CULTURE)
    assert (sent.id, sent.state) == (waiting.id, OutboxState.ACCEPTED)


class Overtaken(RecordingRelay):
    """A relay during whose talk the files change."""

    def __init__(self, change: Callable[[], None]) -> None:
        super().__init__()
        self._change = change

    def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
        """As any relay; the edit happens when the mail is under way."""
        if envelope.recipient == CULTURE:
            self._change()
        return super().send(envelope, raw, before_dot=before_dot)


@pytest.mark.fault("G4")
def test_an_address_that_changes_while_its_mail_leaves_is_used_from_the_next_mail_on(town: Town) -> None:
    """The attempt keeps the envelope that it was written with; the reminder goes to the new address alone."""

    def change() -> None:
        known = town.setup.directory.of_party(PARTY)
        contacts = tuple(replace(one, address=NEW) for one in known.contacts)
        parties = {**town.setup.directory.parties, PARTY: replace(known, contacts=contacts)}
        town.house = replace(town.house, setup=replace(town.setup, directory=replace(town.setup.directory, parties=parties)))

    relay = Overtaken(change)
    town.house, town.relay = replace(town.house, relay=relay), relay
    town.ask()
    town.go(date(2025, 2, 21))

    sent = [(mail.recipient, kind) for kind in (MailKind.REQUEST, MailKind.REMINDER) for mail in town.sent(kind=kind)]
    assert [one for one in sent if one[0] in {CULTURE, NEW}] == [(CULTURE, MailKind.REQUEST), (NEW, MailKind.REMINDER)]
