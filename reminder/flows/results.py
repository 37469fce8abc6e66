"""What the relay has said of a mail, written down; where the database is away just then, kept until it is back (fault D3).

A relay's yes that is lost makes the mail `unknown`, and half an hour later it is sent once more. So a result that could not be written
stays in this process and is written at the start of its next delivery, before anything else is claimed: there is at most one for each
connection. The epoch of its lease keeps it from counting where another worker has taken the mail up meanwhile. With the process it is
lost, and the mail is `unknown` as after any kill.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from reminder.edges.ports import SendOutcome, SendResult
from reminder.errors import StoreUnavailable
from reminder.flows import own_copy
from reminder.flows.house import House
from reminder.flows.relay_notes import GIVE_UP_AFTER, note_outcome
from reminder.store import outbox
from reminder.store.outbox import Claimed
from reminder.store.repeating import transact

log = structlog.get_logger(__name__)

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
_KEY = "unwritten_results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of one attempt, and when it was known."""

    message: Claimed
    outcome: SendOutcome
    at: datetime

    @property
    def fate(self) -> SendResult:
        """What becomes of the mail."""
        return _final_result(self.message, self.outcome, self.at)

    @property
    def next_attempt(self) -> datetime | None:
        """When to try again: 1, 5, 15, 30, 60 minutes, then 2 and 4 hours, ±20 % by the message's own id (mail-protocol 2.3)."""
        if self.fate in {SendResult.RELAY_DOWN, SendResult.RELAY_REFUSED}:
            return self.at
        if self.fate is not SendResult.DEFERRED:
            return None
        step = BACK_OFF[min(self.message.attempts, len(BACK_OFF)) - 1]
        digest = hashlib.sha256(f"{self.message.id}/{self.message.attempts}".encode()).digest()
        return self.at + step * (0.8 + 0.4 * digest[0] / 255)


def write_result(house: House, result: Result) -> bool:
    """Writes it, with what it says of the relay; whether the pass has to end for that. Raises StoreUnavailable where the database cannot
    be written, and then keeps it for `write_what_was_kept`."""
    try:
        return _write(house, result)
    except StoreUnavailable as failure:
        _kept(house).append(result)
        log.warning(
            "a result could not be written and is kept", message=result.message.id, result=result.fate.value, reason=failure.message
        )
        raise


def write_what_was_kept(house: House) -> None:
    """Writes the results that this process could not write before. Raises StoreUnavailable where that is still so: nothing may be
    claimed then."""
    kept = _kept(house)
    while kept:
        _write(house, kept[0])
        log.info("a result that was kept is written", message=kept[0].message.id, result=kept[0].fate.value)
        kept.pop(0)


def _final_result(message: Claimed, outcome: SendOutcome, now: datetime) -> SendResult:
    """Who was put off for too long has failed."""
    is_too_old = now - max(message.created_at, message.not_before) > GIVE_UP_AFTER
    return SendResult.FAILED if outcome.result is SendResult.DEFERRED and is_too_old else outcome.result


def _kept(house: House) -> list[Result]:
    kept = house.memory.setdefault(_KEY, [])
    assert isinstance(kept, list)
    return kept


def _write(house: House, result: Result) -> bool:
    message, outcome, at, fate = result.message, result.outcome, result.at, result.fate
    has_to_end = False

    def record(conn: Connection) -> bool:
        nonlocal has_to_end
        later = result.next_attempt
        is_ours = outbox.record_result(conn, message, fate.value, now=at, code=outcome.code, text=outcome.text, next_attempt_at=later)
        has_to_end = note_outcome(conn, house, outcome, at)
        own_copy.observe(conn, outcome, at)
        return is_ours

    # After the dot the answer is worth some patience: what is not recorded is sent once more. The epoch keeps it from counting twice.
    if not transact(house.store, record, is_harmless_again=True):
        log.warning("the result came too late, another worker has this mail by now", message=message.id, result=fate.value)
    return has_to_end
