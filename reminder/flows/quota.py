"""The limit of the database: at nine tenths of it no more mail is taken in, and the last tenth is for what goes out (invariant R6)."""

from __future__ import annotations

from reminder.domain.readings import InboundState
from reminder.flows.house import House
from reminder.flows.mailbox_health import TroubleKind, end_trouble, note_trouble
from reminder.store import inbox
from reminder.store.size import used_bytes

ACCEPTED_TENTHS = 9
FOLLOWS = 8192
"""Bytes that follow from a mail when it is read: reading, facts, history. Those that wait to be read have a claim on them."""
_MEGABYTE = 1_048_576


def has_room(house: House) -> bool:
    """Whether more mail may be taken in. Asked before each window, which holds at most 16 MB, or one mail."""
    if not house.quota_bytes:
        return True
    with house.store.read() as conn:
        expected = used_bytes(conn) + inbox.count_by_state(conn).get(InboundState.CAPTURED, 0) * FOLLOWS
    return expected * 10 < house.quota_bytes * ACCEPTED_TENTHS


def note_room(house: House) -> bool:
    """As `has_room`, and remembers and tells where there is none."""
    if has_room(house):
        end_trouble(house, TroubleKind.FULL)
        return True
    limit = house.quota_bytes / _MEGABYTE
    note_trouble(house, TroubleKind.FULL, f"The database has used {ACCEPTED_TENTHS} tenths of its {limit:.0f} MB (REMINDER_QUOTA_MB).")
    return False
