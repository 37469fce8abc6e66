"""Announce: what is due becomes mails in the outbox, once."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from reminder.domain.intents import SendIntent
from reminder.domain.messages import DraftMessage, MailKind, OutboxState, OutgoingMessage
from reminder.domain.rounds import StepKind
from reminder.errors import HeaderUnsound
from reminder.flows import posting
from reminder.flows.announce import announce, find_due, find_due_at_any_hour, skip_due
from reminder.store import control
from reminder.wire.headers import Mailbox, finish_message
from tests.flows.town import DIRECTOR, PRINCIPAL, Town, numbers_in


def test_each_step_becomes_one_mail_and_again_nothing(town: Town) -> None:
    """17 parties, one person for two of them: 16 requests settle 17 steps, and a second pass finds nothing to do."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    before = town.settled()

    first = town.announce()
    settled = town.settled()
    second = town.announce()

    assert [message.kind for message in first.messages] == [MailKind.REQUEST] * 16
    assert len([key for key in settled - before if "/request/" in key]) == 17
    assert (second.messages, second.skipped) == ((), 0)
    assert town.settled() == settled
    assert len(town.rows(MailKind.REQUEST)) == 16


def test_a_person_for_two_parties_gets_one_mail_with_both(town: Town) -> None:
    """The development director also reads for the management group."""
    town.ask()

    (request,) = town.sent(DIRECTOR, MailKind.REQUEST)

    assert numbers_in(request.raw, ["4.2", "4.3", "4.4"]) == {"4.2", "4.3"}


@pytest.mark.fault("G11")
def test_nothing_is_announced_before_arm(town: Town) -> None:
    """Before `arm` no mail is made and no step is settled, however much is due."""
    town.move_to(StepKind.REQUEST)

    assert town.announce().messages == ()
    assert (town.rows(), town.settled()) == ([], frozenset())


@pytest.mark.parametrize("everything", [False, True])
def test_nothing_is_announced_while_paused(town: Town, everything: bool) -> None:
    """A pause holds schedule mails before they are made; after it they are made, in one mail for each duty."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.pause(everything=everything)

    assert town.announce().messages == ()
    with town.house.store.begin() as conn:
        control.resume(conn)
    assert len(town.announce().messages) == 16


def test_a_dry_run_changes_nothing(town: Town) -> None:
    """`--dry-run` makes the mails and throws them away."""
    town.arm()
    town.move_to(StepKind.REQUEST)

    assert len(announce(town.house, dry_run=True).messages) == 16
    assert (town.rows(), town.settled()) == ([], frozenset())
    assert len(town.announce().messages) == 16


def test_what_is_due_at_arm_is_skipped_also_at_night(town: Town) -> None:
    """`arm` at eleven in the evening lists and skips what would otherwise leave in the morning (DESIGN, decision 11)."""
    town.move_to_day(date(2025, 2, 14), time(23, 0))
    in_the_window = find_due(town.house, town.clock.now()).intents

    due = find_due_at_any_hour(town.house, town.clock.now())
    skip_due(town.house, due)
    town.arm()
    town.move_to_day(date(2025, 2, 17), time(8, 0))
    announced = town.announce()

    assert not [intent for intent in in_the_window if isinstance(intent, SendIntent)]
    assert len([intent for intent in due.intents if isinstance(intent, SendIntent)]) == 16
    assert [message for message in announced.messages if message.kind is not MailKind.DIGEST] == []
    assert town.rows() == []


def test_what_comes_after_a_skipped_request_still_goes(town: Town) -> None:
    """Skipping at `arm` silences what was due then, and not the reminders that follow."""
    town.move_to(StepKind.REQUEST)
    skip_due(town.house, find_due_at_any_hour(town.house, town.clock.now()))
    town.arm()
    town.move_to(StepKind.REMINDER)

    kinds = {message.kind for message in town.announce().messages}

    assert kinds == {MailKind.REMINDER}


@pytest.mark.fault("C1", "C9")
def test_an_outage_collapses_into_the_newest_step(town: Town) -> None:
    """Three weeks without a pass: one mail for each duty, the newest; the older ones are recorded as skipped (decision 8)."""
    town.ask()
    town.move_to(StepKind.LAST_CALL)

    announced = town.announce()
    town.deliver()

    chasing = [message for message in announced.messages if message.kind is not MailKind.DIGEST]
    assert {message.kind for message in chasing} == {MailKind.LAST_CALL}
    assert len(town.sent(PRINCIPAL)) == 2
    assert announced.skipped >= 2 * len(chasing)


def test_a_mail_past_its_time_is_never_sent(town: Town) -> None:
    """A request that waited in the outbox until after the close expires and is never sent (invariant O7)."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()
    town.move_to_day(date(2025, 5, 5))

    town.deliver()

    assert town.relay.taken == []
    assert {row.state for row in town.rows(MailKind.REQUEST)} == {OutboxState.EXPIRED}


def test_one_unsound_mail_holds_up_no_other(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail that would not read back as meant is not written and is told; its step stays due, the others go."""

    def finish(draft: DraftMessage, *, recipient: Mailbox, **rest: Any) -> OutgoingMessage:
        if recipient.address == PRINCIPAL:
            raise HeaderUnsound("the header To is unsound")
        return finish_message(draft, recipient=recipient, **rest)

    monkeypatch.setattr(posting, "finish_message", finish)
    town.arm()
    town.move_to(StepKind.REQUEST)
    first = town.announce()
    monkeypatch.undo()

    assert (len(first.messages), first.trouble) == (15, ("the header To is unsound",))
    assert [len(town.announce().messages), len(town.rows(recipient=PRINCIPAL))] == [1, 1]
