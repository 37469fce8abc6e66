"""What a person decides about a mail that goes out and waits for them: to the command line and to the desk alike."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.commands import Verb
from reminder.domain.messages import OutboxState
from reminder.errors import UsageFailure
from reminder.flows.desk_lines import show_example
from reminder.flows.desk_words import tell
from reminder.flows.evidence import settle_by_evidence
from reminder.flows.house import House
from reminder.flows.need import Need, judge_need
from reminder.flows.ordering import Doing, Told
from reminder.store import events, outbox
from reminder.store.outbox import MessageRow

POINTLESS = frozenset({Need.MOVED_ON, Need.CLOSED, Need.ANSWERED})
"""Such a mail would be cancelled just before it left; one whose text is stale is written anew."""
_PAST = {Verb.RELEASE: "mail_released", Verb.CANCEL: "mail_cancelled"}


def is_doubtful(row: MessageRow) -> bool:
    """Whether nobody knows if the mail went. One that waited for approval when a copy was restored surely had not."""
    if row.details.get(outbox.HELD_AS) == OutboxState.WAITING_APPROVAL.value:
        return False
    waits_again = row.state in {OutboxState.QUEUED, OutboxState.DEFERRED} and row.ambiguous_resends > 0
    return waits_again or row.state in {OutboxState.UNKNOWN, OutboxState.NEEDS_REVIEW}


def is_pointless(conn: Connection, house: House, row: MessageRow, now: datetime) -> bool:
    """Whether a mail that failed would not be sent anyway: its time has passed, or nobody needs it. `house` is as decided by hand."""
    claimed = outbox.load_claimed(conn, row.id)
    is_past = row.expires_at is not None and row.expires_at <= now
    return claimed is None or is_past or judge_need(house, claimed) in POINTLESS


def settle_messages(doing: Doing) -> Told:
    """Lets the mails of a line go, ends them, or takes them as arrived. Raises UsageFailure where one of them does not wait for that."""
    told = []
    for number in doing.command.messages:
        row = outbox.load_message(doing.conn, number)
        said = _settle(doing, row) if row is not None else ""
        if not said:
            raise UsageFailure(tell("no_message", doing.by.language, number=number))
        told.append(Told(said=tell(said, doing.by.language, number=number)))
    return Told.joined(told)


def _settle(doing: Doing, row: MessageRow) -> str:
    """What is told of it; empty where the mail does not wait for this."""
    conn, now, verb = doing.conn, doing.house.clock.now(), doing.command.verb
    if verb is Verb.SETTLE:
        is_settled = is_doubtful(row) and settle_by_evidence(conn, row.id, "settled by the coordinator", now, because=doing.command.text)
        return "settled" if is_settled else ""
    if row.state not in {OutboxState.NEEDS_REVIEW, OutboxState.UNKNOWN, OutboxState.FAILED}:
        return ""
    said = _release(doing, row, now) if verb is Verb.RELEASE else _cancel(doing, row, now)
    if said:
        events.append_event(conn, _PAST[verb], now, actor=doing.ordered.actor, document={"message": row.id})
    return said


def _release(doing: Doing, row: MessageRow, now: datetime) -> str:
    if row.state is OutboxState.FAILED:
        if is_pointless(doing.conn, doing.house, row, now):
            example = show_example(Verb.REMIND, doing.by.language)
            raise UsageFailure(tell("not_again", doing.by.language, number=row.id, example=example))
        return "retried" if outbox.retry_failed(doing.conn, row.id, now) else ""
    return "released" if outbox.release_reviewed(doing.conn, row.id, now) else ""


def _cancel(doing: Doing, row: MessageRow, now: datetime) -> str:
    if row.state is OutboxState.FAILED:
        return "put_away" if outbox.put_away_failed(doing.conn, row.id, doing.because, now) else ""
    return "cancelled" if outbox.cancel(doing.conn, row.id, doing.because, now) else ""
