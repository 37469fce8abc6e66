"""How fast the relay is fed: at most so many mails a minute, and fewer for a while where it asks us to slow down (decision 0021).

What went is counted in the attempt journal and what was learnt stands beside it, so both hold over restarts and over several
workers. Nobody sleeps: where no mail may go the pass of the sender ends, and says when there is room again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from reminder.store import control, outbox
from reminder.store.dialects import one_at_a_time

log = structlog.get_logger(__name__)

KEY = "relay_pace"
MINUTE = timedelta(minutes=1)
RECOVERS_EVERY = timedelta(minutes=10)
"""After each such time without a complaint the rate grows by a half."""
UNLIMITED_AGAIN = 1000
"""Where no rate is set, what was learnt is forgotten once it has grown beyond this."""
UNKNOWN_RATE = 30
"""What is taken for the rate that was too much, where the relay complained although nothing of ours had gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many mails may go now; where none, when there is room again."""

    mails: int
    again_at: datetime


def rate_now(conn: Connection, configured: int, now: datetime) -> int:
    """The mails a minute that hold now: as set, or what the relay has taught us; 0 is none."""
    stored = control.get_state(conn, KEY)
    if not stored:
        return configured
    learnt = json.loads(stored)
    rate = recover(int(learnt["rate"]), now - datetime.fromisoformat(learnt["at"]))
    return configured if rate >= (configured or UNLIMITED_AGAIN) else rate


def recover(rate: int, quiet: timedelta) -> int:
    """What a rate has grown to after a time without a complaint: by a half, and by at least one, every ten minutes."""
    for _ in range(min(quiet // RECOVERS_EVERY, 60)):
        rate += max(1, rate // 2)
    return rate


def find_room(conn: Connection, configured: int, now: datetime) -> Room | None:
    """How many mails may be claimed in this transaction, which no other worker looks into meanwhile; None: there is no rate."""
    rate = rate_now(conn, configured, now)
    if not rate:
        return None
    one_at_a_time(conn, KEY)
    went = outbox.list_under_way(conn, now - MINUTE, now)
    room = max(0, rate - len(went))
    # A quarter of the rate at once, so that a backlog is sent in a few passes and not in one for each mail.
    frees = max(1, rate // 4) - 1
    return Room(mails=room, again_at=now if room else went[len(went) - rate + frees] + MINUTE)


def slow_down(conn: Connection, configured: int, text: str, now: datetime) -> None:
    """The relay has said that it is too much: three quarters of what it took in the last minute. Complaints of one minute are one."""
    stored = control.get_state(conn, KEY)
    if stored and now - datetime.fromisoformat(json.loads(stored)["at"]) < MINUTE:
        return
    taken = outbox.count_dots(conn, now - MINUTE, now)
    was = rate_now(conn, configured, now)
    rate = max(1, min(was or UNKNOWN_RATE, taken or UNKNOWN_RATE) * 3 // 4)
    control.set_state(conn, KEY, json.dumps({"rate": rate, "at": now.isoformat(), "text": text[:500]}, ensure_ascii=False))
    log.warning("the relay asks to slow down", mails_a_minute=rate, text=text[:200])
