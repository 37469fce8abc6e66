"""The last look before a mail leaves: a party that has answered is not reminded (DESIGN, decision 13, invariant O7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.rounds import StepKind
from reminder.edges.ports import SendOutcome, SendResult
from reminder.flows.need import Need
from reminder.store import outbox
from reminder.store.outbox import MessageRow
from reminder.store.schema import message
from tests.flows.town import COORDINATOR, CULTURE, DIRECTOR, Town, numbers_in

ALL = ["1.1", "1.10", "3.8"]


def make_reminders(town: Town) -> MessageRow:
    """The reminders are written but wait in the outbox; the culture manager's row."""
    town.ask()
    town.move_to(StepKind.REMINDER)
    town.announce()
    town.clock.advance(timedelta(minutes=1))
    (row,) = town.rows(MailKind.REMINDER, recipient=CULTURE)
    return row


def test_who_answered_everything_while_the_reminder_waited_is_not_reminded(town: Town) -> None:
    """The row is cancelled, and says why."""
    row = make_reminders(town)
    town.reply(CULTURE, "1.1: vihreä\n1.10: keltainen\n3.8: punainen")
    town.read()

    town.deliver()

    assert town.sent(CULTURE, MailKind.REMINDER) == []
    (after,) = town.rows(MailKind.REMINDER, recipient=CULTURE)
    assert (after.id, after.state, after.reason) == (row.id, OutboxState.CANCELLED, Need.ANSWERED.value)


def test_who_answered_a_part_is_reminded_of_the_rest_once(town: Town) -> None:
    """The reminder is written anew with what is missing, under the same steps; the stale one never leaves, and none leaves twice."""
    stale = make_reminders(town)
    settled = town.settled()
    town.reply(CULTURE, "1.1: vihreä\n3.8: punainen")
    town.read()

    town.deliver()
    town.deliver()
    town.announce()
    town.deliver()

    (reminder,) = town.sent(CULTURE, MailKind.REMINDER)
    old, new = town.rows(MailKind.REMINDER, recipient=CULTURE)
    if old.id != stale.id:
        old, new = new, old
    assert numbers_in(reminder.raw, ALL) == {"1.10"}
    assert (old.id, old.state, old.reason) == (stale.id, OutboxState.CANCELLED, Need.STALE.value)
    assert new.state is OutboxState.ACCEPTED
    assert town.settled() == settled
    with town.house.store.read() as conn:
        assert [item.number for item in outbox.find_sent(conn, [new.id])[0].items] == ["1.10"]


def test_what_may_have_arrived_already_keeps_its_text(town: Town) -> None:
    """A mail whose fate was unknown is sent again byte for byte, also when a part was answered meanwhile (decision 0003)."""
    make_reminders(town)
    town.relay.answers[CULTURE] = SendOutcome(result=SendResult.UNKNOWN, text="lost after the dot")
    town.deliver()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.relay.answers.clear()
    town.clock.advance(timedelta(minutes=31))

    town.deliver()

    first, second = town.sent(CULTURE, MailKind.REMINDER)
    assert first.raw == second.raw


@pytest.mark.fault("G5")
def test_who_is_no_contact_any_more_gets_nothing(town: Town) -> None:
    """The address was taken out of contacts.yaml while the mail waited: cancelled with its reason, never sent."""
    make_reminders(town)
    town.remove_contact("kulttuuripaallikko")

    town.deliver()

    assert town.sent(CULTURE, MailKind.REMINDER) == []
    (row,) = town.rows(MailKind.REMINDER, recipient=CULTURE)
    assert (row.state, row.reason) == (OutboxState.CANCELLED, Need.MOVED_ON.value)


def test_a_request_is_not_renewed(town: Town) -> None:
    """A request asks for everything in one letter; who was quick with a part of it still gets it as it was written."""
    town.ask()
    before = town.sent(DIRECTOR, MailKind.REQUEST)
    town.reply(DIRECTOR, "4.2: vihreä")
    town.read()
    with town.house.store.begin() as conn:
        conn.execute(update(message).where(message.c.kind == "request").values(state="queued", finished_at=None))

    town.deliver()

    assert [mail.raw for mail in town.sent(DIRECTOR, MailKind.REQUEST)] == [before[0].raw] * 2


@pytest.mark.fault("G5")
def test_a_notice_goes_to_nobody_who_has_left(town: Town) -> None:
    """The notice asks for nothing, and still tells a duty: who is no contact any more does not get it."""
    town.arm()
    town.move_to(StepKind.NOTICE)
    town.announce()
    town.remove_contact("kulttuuripaallikko")

    town.deliver()

    assert town.sent(CULTURE) == []
    assert [(row.state, row.reason) for row in town.rows(recipient=CULTURE)] == [(OutboxState.CANCELLED, Need.MOVED_ON.value)]
    assert len(town.sent(kind=MailKind.NOTICE)) == 15


def test_a_digest_goes_to_no_coordinator_of_yesterday(town: Town) -> None:
    """Who is overdue is for the coordinator of today alone."""
    town.ask()
    town.move_to(StepKind.DIGEST)
    town.announce()
    directory = replace(town.setup.directory, coordinators=town.setup.directory.parties["suvimatkat"].contacts)
    town.house = replace(town.house, setup=replace(town.setup, directory=directory))

    town.deliver()

    assert town.sent(COORDINATOR) == []
    assert [row.reason for row in town.rows(MailKind.DIGEST)] == [Need.MOVED_ON.value]


def test_who_stands_for_two_parties_and_answered_for_one_is_reminded_of_the_other(town: Town) -> None:
    """The reminder for both is written anew for the one that still owes; the complete party is not asked again."""
    town.ask()
    town.move_to(StepKind.REMINDER)
    town.announce()
    town.reply(DIRECTOR, "4.2: vihreä")
    town.read()

    town.deliver()

    (reminder,) = town.sent(DIRECTOR, MailKind.REMINDER)
    assert numbers_in(reminder.raw, ["4.2", "4.3"]) == {"4.3"}
