"""Where the intake begins: what lay in the mailbox before the service first looked is history, and is left alone (fault M14).

Nothing that arrived before our first mail can answer it. So what the server received before the day of the first poll, or of our
first mail where that is earlier, or before REMINDER_INGEST_SINCE, is neither fetched nor moved nor answered. Which mails these are
is decided once a folder, when it is first seen under its UIDVALIDITY, and remembered by UID: a mail that turns up later is taken in
whatever its date says (faults M9, M13).
"""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256

import structlog

from reminder.edges.imap_items import read_uid_set, uid_set
from reminder.edges.ports import FolderScan, MailSource
from reminder.flows.house import House
from reminder.store import control, outbox
from reminder.store.restoring import LAST_POLL

log = structlog.get_logger(__name__)

SINCE = "ingest_since"


def find_history(house: House, source: MailSource, scan: FolderScan, *, is_kept: bool) -> frozenset[str]:
    """The mails of a folder that are left alone. `is_kept` remembers them, and from when on the intake counts.

    Interrupted, it is decided anew by the next poll. Raises TemporaryFailure where the source cannot be asked.
    """
    key = f"history:{sha256(f'{source.account}/{scan.folder}'.encode()).hexdigest()[:32]}"  # the names may be of any length
    cached = house.memory.get(key)
    if isinstance(cached, _History) and cached.uidvalidity == scan.uidvalidity:
        return cached.uids
    with house.store.read() as conn:
        stored = control.get_state(conn, key)
    found = _read(stored) if stored else None
    if found is None or found.uidvalidity != scan.uidvalidity:
        since = _decide_since(house)
        found = _History(scan.uidvalidity, source.find_before(scan, since) if since else frozenset())
        if is_kept:
            _keep(house, key, found, since)
    if is_kept:
        house.memory[key] = found
    return found.uids


class _History:
    """Which mails of a folder are history, under which UIDVALIDITY."""

    def __init__(self, uidvalidity: int, uids: frozenset[str]) -> None:
        self.uidvalidity, self.uids = uidvalidity, uids

    def write(self) -> str:
        """For the service's memory; UIDs of IMAP as a sequence set, the names of a Maildir one by one."""
        is_numeric = all(uid.isdigit() for uid in self.uids)
        held = {"set": uid_set(tuple(self.uids))} if is_numeric else {"names": sorted(self.uids)}
        return json.dumps({"uidvalidity": self.uidvalidity, **held})


def _read(stored: str) -> _History:
    held = json.loads(stored)
    return _History(int(held["uidvalidity"]), frozenset(held["names"] if "names" in held else read_uid_set(held["set"])))


def _decide_since(house: House) -> date | None:
    """The first day that counts: that of the setting, else that which was remembered, else that of our first mail, else today.

    None for a database that was in use before this was remembered: there everything counts.
    """
    if house.ingest_since is not None:
        return house.ingest_since
    with house.store.read() as conn:
        remembered, polled = control.get_state(conn, SINCE), control.get_state(conn, LAST_POLL)
        first_mail = outbox.first_written_at(conn)
    if remembered is not None:
        return date.fromisoformat(remembered)
    if polled is not None:
        return None
    now = house.clock.now()
    return house.setup.calendar.local_day(min(first_mail or now, now))


def _keep(house: House, key: str, found: _History, since: date | None) -> None:
    with house.store.begin() as conn:
        control.set_state(conn, key, found.write())
        if since is not None and house.ingest_since is None:
            control.set_state(conn, SINCE, since.isoformat())
    if found.uids:
        log.info("older mails are left alone", count=len(found.uids), since=since.isoformat() if since else None)
