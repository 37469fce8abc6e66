"""What waits for the coordinator's approval goes into the outbox as waiting, and leaves it as any other schedule mail.

One transaction holds the mail, its steps and the approval that holds it: killed before its commit, the step is planned again;
killed after it, the mail waits and is shown by the next pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.messages import MailKind, OutboxState, OutgoingMessage
from reminder.domain.rounds import ApprovalPolicy, StepKey
from reminder.domain.setup import Setup
from reminder.plan.leaving import next_leave
from reminder.store import agenda, approvals, outbox
from reminder.store.approvals import Gate

OVERTAKEN = "a newer mail of the same duty took its place before it was approved"


def find_gates(setup: Setup, keys: Iterable[str]) -> tuple[Gate, ...]:
    """What a mail with these steps needs an approval for, by the policy of each round; each once."""
    steps = [StepKey.read(key)[0] for key in keys]
    gates = dict.fromkeys((step.programme, step.round, step.step) for step in steps)
    return tuple(gate for gate in gates if (one := setup.round(gate[0], gate[1])) is not None and one.approve.asks_for(gate[2]))


def find_closed_gates(conn: Connection, setup: Setup, keys: Iterable[str]) -> tuple[Gate, ...]:
    """Those of them that are not approved: with `first` one yes opens a kind of a round, with `all` each mail is asked about."""
    return tuple(gate for gate in find_gates(setup, keys) if asks_each_time(setup, gate) or not approvals.is_approved(conn, gate))


def asks_each_time(setup: Setup, gate: Gate) -> bool:
    """Whether every mail is asked about, also after one of its kind was approved."""
    one = setup.round(gate[0], gate[1])
    return one is not None and one.approve is ApprovalPolicy.ALL


def enqueue_schedule_mail(conn: Connection, setup: Setup, message: OutgoingMessage, now: datetime) -> bool:
    """Into the outbox, waiting where an approval is needed; False where it is there already.

    An older mail that still waits for its approval gives way to a newer one of the same duty, as older steps do after an outage.
    """
    closed = find_closed_gates(conn, setup, message.steps)
    state = OutboxState.WAITING_APPROVAL if closed else OutboxState.QUEUED
    if not outbox.enqueue(conn, message, now, state=state):
        return False
    _give_way(conn, message, now)
    for gate in closed:
        approvals.hold(conn, message.id, gate, now, as_new=asks_each_time(setup, gate))
    return True


def hold_renewed(
    conn: Connection, setup: Setup, before: str, renewed: OutgoingMessage, reason: str, now: datetime, *, is_anew: bool = False
) -> bool:
    """Puts a renewed mail into the place of an earlier one; what has needed an approval is asked about again.

    Either the mail was approved and what it says has changed since, or (`is_anew`) the coordinator wants to see it again.
    """
    gates = [gate for gate in approvals.was_held(conn, before) if gate in find_gates(setup, renewed.steps)]
    state = OutboxState.WAITING_APPROVAL if gates else OutboxState.QUEUED
    if not outbox.replace_stale(conn, before, renewed, reason, now, state=state):
        return False
    for gate in gates:
        approvals.hold(conn, renewed.id, gate, now, as_new=True, despite_no=is_anew, is_changed=not is_anew)
    return True


def _give_way(conn: Connection, message: OutgoingMessage, now: datetime) -> None:
    duties = {_duty(key) for key in message.steps}
    for other, kind, keys in approvals.list_waiting_steps(conn, message.person):
        is_other = other != message.id and MailKind.ESCALATION not in {kind, message.kind}
        if is_other and {_duty(key) for key in keys} <= duties:
            outbox.cancel(conn, other, OVERTAKEN, now)


def _duty(key: str) -> tuple[str, str, str]:
    step, _ = StepKey.read(key)
    return (step.programme, step.round, step.party)


def release_free(conn: Connection, setup: Setup, now: datetime) -> tuple[datetime, ...]:
    """Queues every waiting mail that nothing holds any more; when each leaves, the earliest first.

    They leave in the sending window of a working day, each person's on a day of its own.
    """
    free = [row for mail in approvals.list_free(conn) if (row := outbox.load_message(conn, mail)) is not None]
    if not free:
        return ()
    taken = dict(outbox.last_schedule_days(conn, setup.calendar.zone, {row.person for row in free}, with_waiting=False))
    leaving = []
    for row in free:
        at = next_leave(setup.calendar, setup.window, now, taken.get(row.person))
        if approvals.release(conn, row.id, at):
            taken[row.person] = setup.calendar.local_day(at)
            # The grace of an escalation runs from when the warning leaves, and a person's day is taken now.
            for place in {_duty(key) for key in outbox.load_steps(conn, row.id)}:
                agenda.look_again(conn, *place, now)
            leaving.append(at)
    return tuple(sorted(leaving))


def lift_policies(conn: Connection, setup: Setup, now: datetime) -> int:
    """Ends the approvals of kinds that the files no longer ask about: an edit to `approve: none` lets what waits go."""
    lifted = 0
    for one in approvals.load_approvals(conn, open_only=True):
        round_ = setup.round(one.programme, one.round)
        if round_ is not None and not round_.approve.asks_for(one.kind):
            lifted += approvals.decide(conn, one.id, approvals.ApprovalState.APPROVED, "schedule.yaml", now)
    return lifted
