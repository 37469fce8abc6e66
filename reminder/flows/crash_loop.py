"""A service that ends by an error of the program again and again: it starts slower each time, and tells of it once (fault K18).

A `kill -9` and a machine that is switched off do not count, since nothing is wrong with the program then.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import structlog

from reminder.domain.messages import MailKind
from reminder.errors import ReminderError
from reminder.flows.deliver import deliver
from reminder.flows.house import House
from reminder.flows.lasting_troubles import Lasting, end_lasting, load_lasting, note_lasting
from reminder.flows.trouble_words import CRASHES, words_of

log = structlog.get_logger(__name__)

FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(minutes=15)
ALARM_AFTER = 3
PASSES_OF_TRUST = 20
"""So many passes without an error end it: ten minutes."""


def delay_after(crashes: int) -> timedelta:
    """How long the next start waits: 1, 2, 4, … seconds, at most 15 minutes."""
    return min(FIRST_DELAY * 2 ** min(crashes - 1, 20), LONGEST_DELAY) if crashes else timedelta(0)


def note_crash(house: House, fault: Exception) -> None:
    """The program has ended by this error. Never raises for the database: the error itself matters more."""
    with suppress(ReminderError):
        note_lasting(house, Lasting.CRASHES, type(fault).__name__, lambda trouble: words_of(CRASHES, trouble), least=ALARM_AFTER)


def find_delay(house: House) -> timedelta:
    """How long this start has to wait, by how the last ones have ended. What was told of them leaves now, before the next crash."""
    with house.store.read() as conn:
        trouble = load_lasting(conn, Lasting.CRASHES)
    if trouble is None:
        return timedelta(0)
    delay = delay_after(trouble.count)
    log.error("the last starts ended by an error", count=trouble.count, error=trouble.text, waiting=delay.total_seconds())
    if trouble.count == ALARM_AFTER:
        with suppress(ReminderError):
            deliver(house, only=frozenset({MailKind.ALERT.value}))
    return delay


def end_crashes(house: House) -> None:
    """The service has shown that it works."""
    end_lasting(house, Lasting.CRASHES)
