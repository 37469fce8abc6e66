"""The life of a captured mail: attempts that are counted before they are made, and the one final state."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from reminder.domain.readings import InboundState, ReadingCause
from reminder.store.dialects import upsert
from reminder.store.schema import inbound, reading

MAX_ATTEMPTS = 3
_BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))


def begin_attempt(conn: Connection, inbound_id: int, now: datetime, *, sender: str = "", lease: timedelta = timedelta()) -> int:
    """Counts an attempt and gives back its number, from 1. Committed before parsing, so that a mail that kills us is counted too.

    `sender` is the pseudonym under which it counts for the limit of mails of one sender. For `lease` no other worker reads it.
    """
    begun = {"attempts": inbound.c.attempts + 1, "next_attempt_at": now + lease, "read_at": now, "sender": sender, "reason": ""}
    counted = update(inbound).where(inbound.c.id == inbound_id).values(begun)
    return int(conn.execute(counted.returning(inbound.c.attempts)).scalar_one())


def lock_due(conn: Connection, inbound_id: int, now: datetime) -> bool:
    """Holds a mail that is to be read now until the transaction ends; False where another worker has it, or has read it."""
    is_due = (inbound.c.id == inbound_id) & (inbound.c.state == InboundState.CAPTURED.value) & (inbound.c.next_attempt_at <= now)
    return conn.execute(select(inbound.c.id).where(is_due).with_for_update(skip_locked=True)).first() is not None


def lock_captured(conn: Connection, inbound_id: int) -> InboundState:
    """The state of a mail, held until the transaction ends; no longer `captured` where somebody else has ended it meanwhile."""
    return InboundState(conn.execute(select(inbound.c.state).where(inbound.c.id == inbound_id).with_for_update()).scalar_one())


def take_back_attempt(conn: Connection, inbound_id: int) -> None:
    """Uncounts an attempt that failed for a cause outside the mail. It is read again at the next pass."""
    is_open = (inbound.c.id == inbound_id) & (inbound.c.state == InboundState.CAPTURED.value) & (inbound.c.attempts > 0)
    conn.execute(update(inbound).where(is_open).values(attempts=inbound.c.attempts - 1, next_attempt_at=inbound.c.read_at))


def record_failure(
    conn: Connection, inbound_id: int, error: str, now: datetime, *, reason: str = "", max_attempts: int = MAX_ATTEMPTS
) -> InboundState:
    """Notes why an attempt failed: tried again after a back-off, or quarantined at the last strike. The mails behind it go on.

    `reason` is told in mails and holds nothing of what the mail says; `error` may, and stays beside it.
    A mail that has ended meanwhile keeps its state.
    """
    row = conn.execute(select(inbound.c.attempts, inbound.c.state).where(inbound.c.id == inbound_id).with_for_update()).one()
    if row.state != InboundState.CAPTURED.value:
        return InboundState(row.state)
    if row.attempts >= max_attempts:
        _quarantine(conn, inbound_id, error, now, reason=reason)
        return InboundState.QUARANTINED
    wait = _BACK_OFF[min(max(row.attempts, 1), len(_BACK_OFF)) - 1]
    conn.execute(update(inbound).where(inbound.c.id == inbound_id).values(error=error, next_attempt_at=now + wait))
    return InboundState.CAPTURED


def quarantine_exhausted(conn: Connection, now: datetime, *, max_attempts: int = MAX_ATTEMPTS) -> tuple[int, ...]:
    """Quarantines the mails whose last attempt never came back, because the process died of it; gives back their ids.

    To be called while no attempt of this process is under way, that is at the start of a round of interpreting. A mail that another
    worker is reading is left alone.
    """
    captured = (inbound.c.state == InboundState.CAPTURED.value) & (inbound.c.next_attempt_at <= now)
    ids = tuple(conn.execute(select(inbound.c.id).where(captured, inbound.c.attempts >= max_attempts).order_by(inbound.c.id)).scalars())
    for inbound_id in ids:
        _quarantine(conn, inbound_id, "The process ended while it read this mail.", now)
    return ids


def finish(
    conn: Connection,
    inbound_id: int,
    *,
    state: InboundState,
    reason: str,
    parser_version: str,
    kind: str,
    verdict: str,
    document: str,
    now: datetime,
) -> None:
    """Ends a mail in a state, with the first reading of it, which led there. Saying the same again changes nothing."""
    made = {"inbound": inbound_id, "generation": 0, "parser_version": parser_version, "made_at": now, "cause": "read", "because": ""}
    upsert(conn, reading, made | {"kind": kind, "verdict": verdict, "document": document})
    _end(conn, inbound_id, state, reason, now)


def lock_reading(conn: Connection, inbound_id: int, generation: int) -> bool:
    """Holds the mail until the transaction ends; False where its newest reading is another one by now (-1: none yet)."""
    conn.execute(select(inbound.c.id).where(inbound.c.id == inbound_id).with_for_update())
    newest = conn.execute(select(func.max(reading.c.generation)).where(reading.c.inbound == inbound_id)).scalar()
    return (-1 if newest is None else newest) == generation


def supersede(
    conn: Connection,
    inbound_id: int,
    *,
    generation: int,
    cause: ReadingCause,
    because: str,
    state: InboundState,
    reason: str,
    parser_version: str,
    kind: str,
    verdict: str,
    document: str,
    now: datetime,
) -> None:
    """Adds a later reading, or a person's decision: from now on the facts of earlier ones have no effect.

    To be called under `lock_reading`, in the transaction of the facts of this generation.
    """
    made = {"inbound": inbound_id, "generation": generation, "parser_version": parser_version, "made_at": now}
    made |= {"cause": cause.value, "because": because, "kind": kind, "verdict": verdict, "document": document}
    conn.execute(reading.insert().values(made))
    _end(conn, inbound_id, state, reason, now)


def confirm(conn: Connection, inbound_id: int, *, generation: int, parser_version: str, document: str) -> None:
    """A later parser reads the same: the reading is now that parser's, its facts stay as they are."""
    same = (reading.c.inbound == inbound_id) & (reading.c.generation == generation)
    conn.execute(update(reading).where(same).values(parser_version=parser_version, document=document))


def _end(conn: Connection, inbound_id: int, state: InboundState, reason: str, now: datetime) -> None:
    values = {"state": state.value, "reason": reason, "error": "", "finished_at": now}
    conn.execute(update(inbound).where(inbound.c.id == inbound_id).values(values))


def _quarantine(conn: Connection, inbound_id: int, error: str, now: datetime, *, reason: str = "") -> None:
    told = f"It could not be read in several attempts. {reason}".rstrip()
    values = {"state": InboundState.QUARANTINED.value, "error": error, "reason": told, "finished_at": now}
    conn.execute(update(inbound).where(inbound.c.id == inbound_id).values(values))
