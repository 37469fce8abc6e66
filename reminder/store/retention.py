"""What is cleared when its time of retention is over: the bytes of mails. Facts, hashes and pseudonyms stay (DESIGN, decision 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from reminder.domain.messages import OutboxState
from reminder.domain.readings import InboundState
from reminder.store.schema import attendance, inbound, inbound_body, message, message_body

OURS_ENDED = tuple(state.value for state in OutboxState if state.is_final and state is not OutboxState.NEEDS_REVIEW)
_THEIRS_ENDED = tuple(
    state.value
    for state in InboundState
    if state not in {InboundState.CAPTURED, InboundState.HELD, InboundState.ASKED_BACK, InboundState.QUARANTINED}
)
"""What waits for a person, or may still be decided by one, keeps its bytes however old it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """How many mails lost their bytes."""

    inbound: int = 0
    sent: int = 0


def purge_bodies(conn: Connection, before: datetime) -> Purged:
    """Clears the bytes of mails that ended before an instant: of theirs the whole body and the words of a calendar's answer, of
    ours the bytes and the address.

    A mail of theirs that comes again is still known by its hash; one of ours is still known by its token. Safe to repeat.
    """
    theirs = select(inbound.c.id).where(inbound.c.state.in_(_THEIRS_ENDED), inbound.c.captured_at < before)
    ours = select(message.c.id).where(message.c.state.in_(OURS_ENDED), message.c.finished_at < before)
    # The words beside a calendar's answer are a part of that mail, kept apart for the coordinator to read.
    conn.execute(update(attendance).where(attendance.c.inbound.in_(theirs), attendance.c.comment != "").values(comment=""))
    cleared = conn.execute(delete(inbound_body).where(inbound_body.c.inbound.in_(theirs))).rowcount
    empty = update(message_body).where(message_body.c.message.in_(ours), message_body.c.raw != b"")
    sent = conn.execute(empty.values(raw=b"", envelope_recipient="", spans=[])).rowcount
    return Purged(inbound=cleared, sent=sent)
