"""Approvals: the mails of one kind of a round wait until the coordinator has seen the first ones (docs/decisions/0014).

An approval holds mails in `waiting_approval`. A mail that carries steps of several kinds or rounds may be held by several; it
leaves when none of them holds it any more. The newest decided approval of a kind says how the kind stands: approved, and what
comes later is not held; rejected, and it is held, until the last word is another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, func, select, update

from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.rounds import StepKind
from reminder.store.dialects import insert_new
from reminder.store.outbox.settling import UNAPPROVED
from reminder.store.schema import approval, approval_mail, message, step


class ApprovalState(StrEnum):
    """Where an approval stands. What it waits for ends with its mails: then it is `expired`."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"

    @property
    def holds(self) -> bool:
        """Whether its mails stay where they are."""
        return self in {ApprovalState.WAITING, ApprovalState.REJECTED}


Gate = tuple[str, str, StepKind]
"""Programme, round and kind: what is approved together."""
_OPEN = (ApprovalState.WAITING.value, ApprovalState.REJECTED.value)
_DECIDED = (ApprovalState.APPROVED.value, ApprovalState.REJECTED.value)
_WAITS = message.c.state == OutboxState.WAITING_APPROVAL.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One question to the coordinator."""

    id: int
    programme: str
    round: str
    kind: StepKind
    state: ApprovalState
    is_changed: bool
    opened_at: datetime
    previewed_at: datetime | None
    decided_at: datetime | None
    decided_by: str

    @property
    def gate(self) -> Gate:
        """What it is about."""
        return (self.programme, self.round, self.kind)


def is_approved(conn: Connection, gate: Gate) -> bool:
    """Whether the last word about a kind of a round is yes."""
    query = select(approval.c.state).where(*_at(gate), approval.c.state.in_(_DECIDED))
    return conn.execute(query.order_by(approval.c.decided_at.desc(), approval.c.id.desc()).limit(1)).scalar() == ApprovalState.APPROVED


def load_approved(conn: Connection) -> frozenset[Gate]:
    """The kinds of a round about which the last word is yes."""
    query = select(approval.c.programme, approval.c.round, approval.c.kind, approval.c.state).where(approval.c.state.in_(_DECIDED))
    newest = {(row.programme, row.round, row.kind): row.state for row in conn.execute(query.order_by(approval.c.decided_at, approval.c.id))}
    return frozenset((one[0], one[1], StepKind(one[2])) for one, state in newest.items() if state == ApprovalState.APPROVED)


def hold(
    conn: Connection, mail: str, gate: Gate, now: datetime, *, as_new: bool = False, despite_no: bool = False, is_changed: bool = False
) -> int:
    """Puts a mail that waits under the open approval of its kind, and opens one where there is none. Returns its id.

    With `as_new` it must be one that has not been shown yet, since the coordinator is to see this very mail; a rejected one
    takes it all the same, for then the whole kind is stopped, unless `despite_no` says that it is asked about again.
    """
    # Counted before it is looked for: who opens one in between is found by the search, or wins the number.
    batch = 1 + conn.execute(select(func.count()).select_from(approval).where(*_at(gate))).scalar_one()
    # The row is locked, so that whoever approves it now sees the mail, or this transaction sees the approval.
    query = select(approval).where(*_at(gate), approval.c.state.in_(_OPEN)).order_by(approval.c.id.desc()).limit(1).with_for_update()
    row = conn.execute(query).first()
    was_shown = row is not None and row.previewed_at is not None
    asks_again = despite_no if row is not None and row.state == ApprovalState.REJECTED.value else as_new
    is_open = row is not None and not (was_shown and asks_again)
    approval_id = int(row.id) if row is not None and is_open else _open(conn, gate, batch, now, is_changed=is_changed)
    insert_new(conn, approval_mail, [{"approval": approval_id, "message": mail}])
    return approval_id


def _open(conn: Connection, gate: Gate, batch: int, now: datetime, *, is_changed: bool) -> int:
    row = {"programme": gate[0], "round": gate[1], "kind": gate[2].value, "batch": batch, "state": ApprovalState.WAITING.value}
    values = row | {"is_changed": is_changed, "opened_at": now, "decided_by": ""}
    insert_new(conn, approval, [values])
    found = select(approval.c.id).where(*_at(gate), approval.c.batch == batch).with_for_update()
    return int(conn.execute(found).scalar_one())


def load_approvals(conn: Connection, *, ids: Sequence[int] | None = None, open_only: bool = False) -> tuple[Approval, ...]:
    """The approvals, oldest first: those with these ids, or those that still hold mails."""
    query = select(approval).order_by(approval.c.id)
    if ids is not None:
        query = query.where(approval.c.id.in_(ids))
    if open_only:
        query = query.where(approval.c.state.in_(_OPEN))
    return tuple(_approval(row) for row in conn.execute(query))


def load_expired(conn: Connection, since: datetime) -> tuple[tuple[Approval, int], ...]:
    """The approvals of which mails have waited past their date since an instant, with how many."""
    query = (
        select(approval_mail.c.approval, func.count())
        .join(message, message.c.id == approval_mail.c.message)
        .where(message.c.state == OutboxState.EXPIRED.value, message.c.finished_at >= since, message.c.reason == UNAPPROVED)
        .group_by(approval_mail.c.approval)
    )
    counts = {int(one): int(count) for one, count in conn.execute(query)}
    return tuple((one, counts[one.id]) for one in load_approvals(conn, ids=list(counts)))


def list_held(conn: Connection, approval_id: int) -> tuple[str, ...]:
    """The ids of the mails that wait under an approval, in the order in which they were made."""
    query = select(message.c.id).join(approval_mail, approval_mail.c.message == message.c.id).where(_WAITS)
    return tuple(conn.execute(query.where(approval_mail.c.approval == approval_id).order_by(message.c.created_at, message.c.id)).scalars())


def was_held(conn: Connection, mail: str) -> tuple[Gate, ...]:
    """The kinds for which a mail has needed an approval; none where it has never needed one."""
    query = select(approval).join(approval_mail, approval_mail.c.approval == approval.c.id).where(approval_mail.c.message == mail)
    return tuple(_approval(row).gate for row in conn.execute(query.order_by(approval.c.id)))


def list_waiting_steps(conn: Connection, person: str) -> tuple[tuple[str, MailKind, tuple[str, ...]], ...]:
    """The mails to a person that wait for approval, each with its kind and the keys of its steps."""
    query = select(message.c.id, message.c.kind, step.c.dedupe_key).join(step, step.c.message == message.c.id).where(_WAITS)
    found: dict[tuple[str, MailKind], list[str]] = {}
    for mail, kind, key in conn.execute(query.where(message.c.person == person).order_by(step.c.dedupe_key)):
        found.setdefault((mail, MailKind(kind)), []).append(key)
    return tuple((mail, kind, tuple(keys)) for (mail, kind), keys in found.items())


def mark_previewed(conn: Connection, approval_id: int, now: datetime) -> bool:
    """Says that the coordinator has been sent the preview; False where somebody else has said so already."""
    unseen = (approval.c.id == approval_id, approval.c.previewed_at.is_(None))
    return conn.execute(update(approval).where(*unseen).values(previewed_at=now)).rowcount == 1


def decide(conn: Connection, approval_id: int, state: ApprovalState, actor: str, now: datetime) -> bool:
    """The coordinator's word; False where it stands so already. The caller then releases what nothing holds any more."""
    other = (approval.c.id == approval_id, approval.c.state != state.value)
    return conn.execute(update(approval).where(*other).values(state=state.value, decided_at=now, decided_by=actor)).rowcount == 1


def list_free(conn: Connection) -> tuple[str, ...]:
    """The mails that wait though no approval holds them any more, in the order in which they were made; locked."""
    query = select(message.c.id).where(_WAITS, ~_is_held()).order_by(message.c.created_at, message.c.id).with_for_update()
    return tuple(conn.execute(query).scalars())


def release(conn: Connection, mail: str, leaves_at: datetime) -> bool:
    """Queues a mail whose approvals are all given. Its steps count from when it leaves; False where it no longer waits."""
    values = {"state": OutboxState.QUEUED.value, "not_before": leaves_at, "next_attempt_at": leaves_at}
    if conn.execute(update(message).where(message.c.id == mail, _WAITS).values(**values)).rowcount != 1:
        return False
    conn.execute(update(step).where(step.c.message == mail).values(decided_at=leaves_at))
    return True


def take_back(conn: Connection, approval_id: int) -> int:
    """Puts those mails of an approval that are approved and have not been tried yet back to wait. How many they were."""
    mine = select(approval_mail.c.message).where(approval_mail.c.approval == approval_id)
    untried = (message.c.id.in_(mine), message.c.state == OutboxState.QUEUED.value, message.c.attempts == 0)
    return conn.execute(update(message).where(*untried).values(state=OutboxState.WAITING_APPROVAL.value)).rowcount


def expire_empty(conn: Connection, now: datetime) -> int:
    """Ends the waiting approvals that have been shown and hold no mail any more; a rejected one keeps its kind stopped."""
    mine = exists().where(approval_mail.c.approval == approval.c.id, approval_mail.c.message == message.c.id, _WAITS)
    empty = (approval.c.state == ApprovalState.WAITING.value, ~mine)
    return conn.execute(update(approval).where(*empty).values(state=ApprovalState.EXPIRED.value, decided_at=now)).rowcount


def _is_held() -> ColumnElement[bool]:
    held = exists().where(approval_mail.c.message == message.c.id, approval_mail.c.approval == approval.c.id, approval.c.state.in_(_OPEN))
    return held.correlate(message)


def _at(gate: Gate) -> tuple[Any, ...]:
    return (approval.c.programme == gate[0], approval.c.round == gate[1], approval.c.kind == gate[2].value)


def _approval(row: Row[Any]) -> Approval:
    return Approval(
        id=row.id,
        programme=row.programme,
        round=row.round,
        kind=StepKind(row.kind),
        state=ApprovalState(row.state),
        is_changed=row.is_changed,
        opened_at=row.opened_at,
        previewed_at=row.previewed_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )
