"""Shredding: what is left of anonymous replies is deleted on the mail server, in the write-ahead log and in our own answers.

Crash story: what is to be deleted is committed with the counting. The server comes first, then the row that names the mail. Killed
between the two, the mail is no longer found on the server, and the row goes; the deletion is harmless to repeat.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from reminder.edges.ports import FolderScan, MailSource
from reminder.errors import MoveFailure
from reminder.flows.house import House
from reminder.flows.mailbox_health import TroubleKind, end_trouble, note_trouble
from reminder.flows.turns import name_poll, take_turn
from reminder.store import control
from reminder.store.surveys import WAL_HOLDS, Doomed, clear_receipts, forget_inbound, list_doomed, list_receipts

log = structlog.get_logger(__name__)


def shred(house: House) -> int:
    """Everything that is left to destroy; how many mails were deleted on the server. Safe to repeat, and tried again by every pass.

    Raises TemporaryFailure where the mailbox cannot be reached, and TurnLost; the log and the answers are seen to before that.
    """
    shred_here(house)
    source = house.source
    if source is None or not _list_doomed(house, source):
        return 0
    with take_turn(house, name_poll(house)) as ours:
        return 0 if ours is None else shred_on_server(ours, source, source.scan())


def shred_here(house: House) -> None:
    """Empties the write-ahead log where it may hold a reply, and the answers to replies that have gone out."""
    with house.store.read() as conn:
        if not list_receipts(conn) and control.get_state(conn, WAL_HOLDS) != "yes":
            return
    with house.store.begin() as conn:
        cleared = clear_receipts(conn)
        holds = control.get_state(conn, WAL_HOLDS) == "yes"
        if cleared:
            control.set_state(conn, WAL_HOLDS, "yes")
    if (holds or cleared) and house.store.truncate_log():
        with house.store.begin() as conn:
            control.set_state(conn, WAL_HOLDS, "")


def shred_on_server(house: House, source: MailSource, scans: Sequence[FolderScan]) -> int:
    """Deletes the mails of these folders for good; how many. What is gone, or has a new number, is done with: under its new number it
    is read again, counts nothing and is deleted then."""
    doomed, count = _list_doomed(house, source), 0
    for scan in scans:
        own = [one for one in doomed if one.folder == scan.folder]
        if scan.is_missing or not own:
            continue
        there = [one.uid for one in own if one.uidvalidity == scan.uidvalidity]
        try:
            source.delete(scan, there)
        except MoveFailure as failure:
            note_trouble(house, TroubleKind.DELETING, failure.message)
            continue
        with house.store.begin() as conn:
            forget_inbound(conn, [one.inbound for one in own])
        count += len(there)
    if count:
        end_trouble(house, TroubleKind.DELETING)
        log.info("replies to anonymous surveys deleted on the server", count=count)
    return count


def _list_doomed(house: House, source: MailSource) -> tuple[Doomed, ...]:
    with house.store.read() as conn:
        return list_doomed(conn, instance=house.addressing.instance, account=source.account)
