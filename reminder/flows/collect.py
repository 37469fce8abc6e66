"""Collect: new mail from the source into the raw message store, and only then out of the way on the server.

Crash story: one transaction holds the raw bytes with (instance, account, folder, UIDVALIDITY, UID) and the content hash.
Killed before its commit, the mails are fetched again; killed after it, only the move is left, which is harmless to
repeat. Nothing is decided from flags or from a high-water mark: what is new is the difference of the sets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import structlog

from reminder.domain.readings import InboundMail
from reminder.edges.ports import FolderScan, MailSource
from reminder.errors import MailboxFailure, MoveFailure, TemporaryFailure
from reminder.flows.house import House
from reminder.flows.intake_start import find_history
from reminder.flows.mailbox_health import TroubleKind, end_trouble, may_move, note_poll, note_trouble, refuse_too_early
from reminder.flows.quota import has_room, note_room
from reminder.flows.room import require_room_to_fetch
from reminder.flows.shredding import shred_on_server
from reminder.store import control, inbox
from reminder.store.restoring import LAST_POLL, RESTORED, Restored, load_restored, save_restored

log = structlog.get_logger(__name__)

WINDOW = 50
"""Mails committed at once: grouping commits is fair here, since what is not committed is fetched again."""
WINDOW_BYTES = 16_777_216
"""Nor more than this is held in memory at once, but for a single mail."""
UNDATED = "undated"
"""Mark of a mail for which the server gave no INTERNALDATE."""
MOVE_BATCH = 500
"""A MOVE costs Dovecot more with every mail in the box; so one command for many (performance.md, lesson 1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one poll did."""

    captured: int = 0
    moved: int = 0


def collect(house: House, *, at_once: bool = False) -> Collected:
    """One poll. Raises TemporaryFailure where the source cannot be read or the disk is nearly full; what was captured is kept.

    After trouble the source is left alone for a while, which TemporaryFailure tells too; `at_once` is for a person who asks.
    """
    source = house.source
    if source is None:
        return Collected()
    if not at_once:
        refuse_too_early(house, house.clock.now())
    require_room_to_fetch(house)
    try:
        done = _poll(house, source)
    except MailboxFailure as failure:
        note_poll(house, failure)
        raise
    note_poll(house, None)
    return done


def find_new(house: House, source: MailSource, scan: FolderScan, *, is_kept: bool = True) -> list[str]:
    """What of a folder is not kept yet, in the order of arrival, without what was there before us.

    `is_kept` remembers what that was; a caller that changes nothing passes False.
    """
    history = find_history(house, source, scan, is_kept=is_kept)
    with house.store.read() as conn:
        known = inbox.known_uids(
            conn,
            instance=house.addressing.instance,
            account=source.account,
            folder=scan.folder,
            uidvalidity=scan.uidvalidity,
            uids=scan.uids,
        )
    return [uid for uid in scan.uids if uid not in known and uid not in history]


def _poll(house: House, source: MailSource) -> Collected:
    with house.store.read() as conn:
        restored = load_restored(conn)
    captured = _read_again(house, source, restored) if restored is not None and restored.read_again is None else 0
    moved = 0
    scans = source.scan()
    _note_missing(house, scans)
    for scan in scans:
        if not scan.is_missing:
            captured += _capture_new(house, source, scan, restored)
            moved += _move_if_it_can(house, source, scan)
    shred_on_server(house, source, scans)
    if not scans[0].is_missing:
        with house.store.begin() as conn:
            control.set_state(conn, LAST_POLL, house.clock.now().isoformat())
    return Collected(captured=captured, moved=moved)


def _note_missing(house: House, scans: Sequence[FolderScan]) -> None:
    missing = ", ".join(scan.folder for scan in scans if scan.is_missing)
    if missing:
        note_trouble(house, TroubleKind.FOLDER, f"Missing, or closed to us: {missing}.")
    else:
        end_trouble(house, TroubleKind.FOLDER)


def _read_again(house: House, source: MailSource, restored: Restored) -> int:
    """After an older copy was restored: what was put away since it was made comes in again. What the copy knows becomes a duplicate,
    without effect. Interrupted, the next poll begins anew, which is harmless."""
    count = 0
    for scan in source.scan_processed(restored.sweep_since):
        count += _capture_new(house, source, scan, replace(restored, answered_until=house.clock.now()))
    if house.should_stop():
        return count
    with house.store.begin() as conn:
        found = inbox.count_marked(conn, RESTORED, since=restored.at)
        save_restored(conn, replace(restored, read_again=found))
    log.info("read again after a restore", count=found)
    return count


def _capture_new(house: House, source: MailSource, scan: FolderScan, restored: Restored | None = None) -> int:
    count = 0
    new = find_new(house, source, scan)
    if not note_room(house):
        return 0
    for window in _windows(source.fetch(scan, new)):
        require_room_to_fetch(house)
        with house.store.begin() as conn:
            clamped = _mark_restored(_clamp(house, window), restored)
            count += len(inbox.capture(conn, clamped, instance=house.addressing.instance, now=house.clock.now()))
        if house.should_stop() or not has_room(house):
            break
    if count:
        log.info("captured", folder=scan.folder, count=count)
    return count


def _windows(mails: Iterator[InboundMail]) -> Iterator[list[InboundMail]]:
    """Where the source breaks off, what came before that is handed out first: else one mail could hold up all others for ever."""
    window: list[InboundMail] = []
    trouble: TemporaryFailure | None = None
    try:
        for mail in mails:
            window.append(mail)
            if len(window) >= WINDOW or sum(len(one.raw) for one in window) >= WINDOW_BYTES:
                yield window
                window = []
    except TemporaryFailure as failure:
        trouble = failure
    if window:
        yield window
    if trouble is not None:
        raise trouble


def _clamp(house: House, mails: Sequence[InboundMail]) -> Sequence[InboundMail]:
    """An INTERNALDATE that is missing or in the future is taken as the moment it was first seen (fault M13)."""
    now = house.clock.now()
    late = [mail.internal_date > now or UNDATED in mail.marks for mail in mails]
    return [
        replace(mail, internal_date=now, marks=(*mail.marks, "date_clamped")) if ahead else mail
        for mail, ahead in zip(mails, late, strict=True)
    ]


def _mark_restored(mails: Sequence[InboundMail], restored: Restored | None) -> Sequence[InboundMail]:
    """Marks those that what was lost may have answered, so that nobody is answered twice."""
    if restored is None:
        return mails
    until = restored.answered_until
    return [replace(mail, marks=(*mail.marks, RESTORED)) if mail.internal_date <= until else mail for mail in mails]


def _move_if_it_can(house: House, source: MailSource, scan: FolderScan) -> int:
    """What was read is moved out of the way; where that fails, the reading goes on all the same (fault M6)."""
    if not may_move(house, house.clock.now()):
        return 0
    try:
        count = _move_captured(house, source, scan)
    except MoveFailure as failure:
        note_trouble(house, TroubleKind.MOVING, failure.message)
        return 0
    if count:
        end_trouble(house, TroubleKind.MOVING)
    return count


def _move_captured(house: House, source: MailSource, scan: FolderScan) -> int:
    with house.store.read() as conn:
        rows = inbox.unmoved(
            conn,
            instance=house.addressing.instance,
            account=source.account,
            folder=scan.folder,
            uidvalidity=scan.uidvalidity,
            limit=MOVE_BATCH,
        )
    present = set(scan.uids)
    if uids := [uid for _, uid in rows if uid in present]:
        source.move_processed(scan, uids)
    if rows:
        with house.store.begin() as conn:
            inbox.mark_moved(conn, [identity for identity, _ in rows], house.clock.now())
    return len(uids)
