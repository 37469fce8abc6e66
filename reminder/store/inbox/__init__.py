"""The raw message store: the bytes first, understood later (docs/states.md).

Capture commits the bytes with their identity. Interpreting counts its attempt in a transaction of its own, and applies in
a second one together with everything that follows from the mail. Only then is the mail moved on the server.
"""

from reminder.store.inbox.capturing import capture, known_uids, mark_moved, mark_unread, unmoved
from reminder.store.inbox.finding import (
    InboundRow,
    ReadingRow,
    count_by_state,
    count_marked,
    find_inbound,
    find_read_as,
    find_rereadable,
    find_unfinished,
    list_inbound,
    load_inbound,
    load_readings,
    next_captured,
)
from reminder.store.inbox.interpreting import (
    begin_attempt,
    confirm,
    finish,
    lock_captured,
    lock_due,
    lock_reading,
    quarantine_exhausted,
    record_failure,
    supersede,
    take_back_attempt,
)
from reminder.store.inbox.limiting import DEFERRED, SenderTally, count_deferred, defer, tally_sender

__all__ = [
    "DEFERRED",
    "InboundRow",
    "ReadingRow",
    "SenderTally",
    "begin_attempt",
    "capture",
    "confirm",
    "count_by_state",
    "count_deferred",
    "count_marked",
    "defer",
    "find_inbound",
    "find_read_as",
    "find_rereadable",
    "find_unfinished",
    "finish",
    "known_uids",
    "list_inbound",
    "load_inbound",
    "load_readings",
    "lock_captured",
    "lock_due",
    "lock_reading",
    "mark_moved",
    "mark_unread",
    "next_captured",
    "quarantine_exhausted",
    "record_failure",
    "supersede",
    "take_back_attempt",
    "tally_sender",
    "unmoved",
]
