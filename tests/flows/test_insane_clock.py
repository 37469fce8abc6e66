"""A clock that cannot be believed sends nothing, and spoils nothing: when it is right again, everything goes (DESIGN, limits)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.rounds import StepKind
from reminder.flows.deliver import deliver
from tests.flows.town import Town

AHEAD = timedelta(days=401)


@pytest.mark.fault("C3")
def test_a_year_ahead_lets_no_waiting_mail_expire(town: Town) -> None:
    """By that clock the requests in the outbox are past their time; they are left alone, and go when it is right again."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()
    deliver(town.house, limit=1)
    town.clock.advance(AHEAD)
    town.deliver()
    states = {row.state for row in town.rows()}
    town.clock.advance(-AHEAD)

    town.deliver()

    assert states == {OutboxState.ACCEPTED, OutboxState.QUEUED}
    assert len(town.sent(kind=MailKind.REQUEST)) == 16


@pytest.mark.fault("C3")
def test_a_year_ahead_settles_no_step(town: Town) -> None:
    """By that clock every step of the round is over; none is recorded as skipped, and the reminders go when it is right again."""
    town.ask()
    settled = town.settled()
    town.clock.advance(AHEAD)
    ahead = town.announce()
    unchanged = town.settled()
    town.clock.advance(-AHEAD)
    town.move_to(StepKind.REMINDER)

    assert (ahead.messages, ahead.skipped, unchanged) == ((), 0, settled)
    assert {message.kind for message in town.announce().messages} >= {MailKind.REMINDER}
