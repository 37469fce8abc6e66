"""`kill -9` just before any commit of the planning: what was not committed is planned once by the next start (faults K1 and K2)."""

from __future__ import annotations

import os
import random
import signal
from dataclasses import replace

import pytest
from sqlalchemy import event

from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.rounds import StepKind
from reminder.store.engine import Store
from tests.flows.town import Town


def announce_and_die(town: Town, nth: int) -> int:
    """How a process ended that announces, and is killed before its N-th commit: in a fork, with a database of its own."""
    store = town.house.store
    store.close()  # no connection may be shared with the fork
    child = os.fork()
    if child == 0:
        try:
            own = Store.open(f"sqlite:///{store.path}")
            left = [nth]

            def die(_: object) -> None:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            event.listen(own.writer, "commit", die)
            # A process draws its own ids; the fork would draw those of its parent.
            town.house = replace(town.house, store=own, random_bytes=random.Random(nth).randbytes)
            town.announce()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.fault("K1", "K2")
@pytest.mark.parametrize("nth", [1, 2, 3, 7, 12])
def test_a_planning_that_is_killed_before_any_commit_is_made_up_for_once(town: Town, nth: int) -> None:
    """The rows that were committed stay, the others are written by the next start, and each party gets one mail."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    code = announce_and_die(town, nth)
    left = len(town.rows(MailKind.REQUEST))
    town.announce()
    written = len(town.rows(MailKind.REQUEST))
    town.announce()
    town.deliver()

    assert code == -signal.SIGKILL
    assert left < written == len(town.rows(MailKind.REQUEST)) == len(town.sent(kind=MailKind.REQUEST))
    assert {row.state for row in town.rows(MailKind.REQUEST)} == {OutboxState.ACCEPTED}
    recipients = [mail.recipient for mail in town.sent(kind=MailKind.REQUEST)]
    assert len(recipients) == len(set(recipients)) > 10
