"""What waits for the coordinator's word, as the digest and `status` tell it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from reminder.compose.views import WaitingApproval
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.flows.house import House
from reminder.flows.knowledge import decided_setup
from reminder.flows.previewing import Held, load_held, name_command
from reminder.store import approvals
from reminder.store.approvals import ApprovalState


def list_waiting(conn: Connection, house: House, now: datetime) -> tuple[Held, ...]:
    """What waits for a word, also what was stopped, oldest first."""
    setup = decided_setup(conn, house.setup)
    found = (load_held(conn, setup, one, now) for one in approvals.load_approvals(conn, open_only=True))
    return tuple(held for held in found if held is not None)


def list_approvals(conn: Connection, house: House, one: ReportingRound, now: datetime) -> tuple[WaitingApproval, ...]:
    """What of a round waits for a word, for its digest."""
    return tuple(
        WaitingApproval(
            kind=held.approval.kind,
            count=len(held.mails),
            since=house.setup.calendar.local_day(held.approval.opened_at),
            is_stopped=held.approval.state is ApprovalState.REJECTED,
            command=f"{name_command(held.approval)} --anew"
            if held.approval.state is ApprovalState.REJECTED
            else name_command(held.approval),
        )
        for held in list_waiting(conn, house, now)
        if (held.approval.programme, held.approval.round) == (one.programme, one.id)
    )


def list_unapproved(conn: Connection, one: ReportingRound, since: datetime) -> tuple[tuple[StepKind, int], ...]:
    """How many mails of a round have waited for a word past their date since an instant, by kind."""
    counts: dict[StepKind, int] = {}
    for approval, count in approvals.load_expired(conn, since):
        if (approval.programme, approval.round) == (one.programme, one.id):
            counts[approval.kind] = counts.get(approval.kind, 0) + count
    return tuple(counts.items())
