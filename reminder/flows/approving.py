"""The coordinator's word about what waits: by reply to the preview, or by command.

One transaction holds the decision, the mails that it lets go or stops, its line of history and, by mail, the reading and the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.messages import OutgoingMessage
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.errors import UsageFailure
from reminder.flows.holding import hold_renewed, release_free
from reminder.flows.house import House
from reminder.flows.knowledge import decided_setup
from reminder.flows.previewing import Held
from reminder.flows.renewal import renew
from reminder.store import approvals, events, outbox
from reminder.store.approvals import Approval, ApprovalState

APPROVED, REJECTED = "approved", "rejected"
ANEW = "written anew, to be approved again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What came of a word about one approval."""

    approval: Approval
    count: int
    """Mails that it lets go or stops."""
    leaves_at: datetime | None = None
    """When the first of those that go leaves."""


def choose_waiting(held: tuple[Held, ...], one: ReportingRound | None, kind: StepKind | None) -> tuple[Held, ...]:
    """Those of a round and a kind. Raises UsageFailure where nothing of it waits."""
    chosen = tuple(
        each
        for each in held
        if (one is None or (each.approval.programme, each.approval.round) == (one.programme, one.id)) and kind in {None, each.approval.kind}
    )
    if not chosen and (one is not None or kind is not None):
        waits = ", ".join(f"{each.approval.programme}/{each.approval.round} {each.approval.kind.value}" for each in held)
        raise UsageFailure("Nothing of this waits for approval.", advice=f"What waits: {waits}." if waits else "Nothing waits at all.")
    return chosen


def approve(conn: Connection, house: House, approval_id: int, actor: str, now: datetime) -> Word | None:
    """Lets the mails of an approval go; None where none of them waits any more."""
    return _decide(conn, house, approval_id, ApprovalState.APPROVED, actor, now)


def reject(conn: Connection, house: House, approval_id: int, actor: str, now: datetime) -> Word | None:
    """Stops the mails of an approval, also those that were approved and have not left, and with them the kind of the round."""
    return _decide(conn, house, approval_id, ApprovalState.REJECTED, actor, now)


def _decide(conn: Connection, house: House, approval_id: int, state: ApprovalState, actor: str, now: datetime) -> Word | None:
    found = approvals.load_approvals(conn, ids=[approval_id])
    if not found or found[0].state is ApprovalState.EXPIRED:
        return None
    if not approvals.decide(conn, approval_id, state, actor, now):
        return None if state is ApprovalState.APPROVED else Word(approval=found[0], count=len(approvals.list_held(conn, approval_id)))
    setup = decided_setup(conn, house.setup)
    if state is ApprovalState.REJECTED:
        approvals.take_back(conn, approval_id)
    count = len(approvals.list_held(conn, approval_id))
    leaves = release_free(conn, setup, now) if state is ApprovalState.APPROVED else ()
    one = found[0]
    told = {"approval": approval_id, "kind": one.kind.value, "mails": count}
    what = f"preview_{state.value}"
    events.append_event(conn, what, now, actor=actor, programme=one.programme, round_id=one.round, document=told)
    return Word(approval=one, count=count, leaves_at=leaves[0] if leaves else None)


def write_anew(house: House, held: Held, now: datetime) -> int:
    """Writes the waiting mails of an approval with what is true now, for another preview. How many were written.

    A mail whose steps the files no longer know, or that nobody needs any more, is cancelled.
    """
    renewed: list[tuple[str, OutgoingMessage | None]] = []
    for mail in held.mails:
        with house.store.read() as conn:
            steps = outbox.load_steps(conn, mail.id)
        renewed.append((mail.id, renew(house, person=mail.person, recipient=mail.recipient, keys=steps, now=now)))
    with house.store.begin() as conn:
        written = 0
        for before, message in renewed:
            if message is not None and hold_renewed(conn, house.setup, before, message, ANEW, now, is_anew=True):
                written += 1
            else:
                outbox.cancel(conn, before, ANEW, now)
        approvals.expire_empty(conn, now)
        told = {"approval": held.approval.id, "kind": held.approval.kind.value, "mails": written}
        place = {"programme": held.approval.programme, "round_id": held.approval.round}
        events.append_event(conn, "preview_anew", now, document=told, **place)
    return written
