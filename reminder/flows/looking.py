"""A look into our own mailbox for what has come since, while a command waits for it. Nothing in it is marked, moved or kept.

The database is asked too, since a service that runs beside the command may be faster and have the mail already.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import structlog

from reminder.edges.ports import FolderScan, MailSource
from reminder.errors import ReadingFailed, ReminderError
from reminder.flows.house import House
from reminder.flows.trial import Trial, load_trial, observe_mail
from reminder.flows.understanding import understand

log = structlog.get_logger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks where nothing says that mail has come."""
NEWEST = 200
"""So many of the newest mails of a folder are looked at where what is waited for was sent before."""


class Look:
    """What is in the mailbox and was not there at the beginning. `fault` says why it could not be looked into; empty: it could."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._seen: set[tuple[str, int, str]] = set()
        self.fault = "" if house.source else "No mailbox is set."

    def begin(self) -> None:
        """Remembers what is there now."""
        if self._house.source is None:
            return
        try:
            self._seen |= {_identity(scan, uid) for scan in self._house.source.scan() for uid in scan.uids}
        except ReminderError as failure:
            self.fault = failure.message

    def look_back(self) -> None:
        """Looks at all that was there, too, for what it waits for was sent before: at the newest mails of each folder."""
        source = self._house.source
        if source is None or self.fault:
            return
        try:
            self._seen -= {_identity(scan, uid) for scan in source.scan() for uid in scan.uids[-NEWEST:]}
        except ReminderError as failure:
            self.fault = failure.message

    def until_seen(self, trial: Trial, wait: float, watch: Callable[[float], None]) -> Trial:
        """What is known of the test mail when its copy or a delivery report has come, or when so many real seconds have passed.

        A mailbox that cannot be looked into ends it at once; `fault` says why. `watch` is told how many seconds have passed.
        """
        began = monotonic()
        while True:
            self._look()
            with self._house.store.read() as conn:
                trial = load_trial(conn) or trial
            passed = monotonic() - began
            if trial.is_proven or trial.returned or self.fault or passed >= wait:
                return trial
            watch(passed)
            self._wait(min(LOOK_EVERY, wait - passed))

    def _look(self) -> None:
        source = self._house.source
        if source is None or self.fault:
            return
        try:
            for scan in source.scan():
                self._look_into(source, scan)
        except ReminderError as failure:
            self.fault = failure.message

    def _look_into(self, source: MailSource, scan: FolderScan) -> None:
        for mail in source.fetch(scan, [uid for uid in scan.uids if _identity(scan, uid) not in self._seen]):
            self._seen.add(_identity(scan, mail.uid))
            try:
                understood = understand(self._house, mail.raw, mail.internal_date)
            except ReadingFailed as failure:
                log.warning("a mail could not be looked at", reason=failure.message)
                continue
            with self._house.store.begin() as conn:
                observe_mail(conn, self._house, understood, scan.folder, self._house.clock.now())

    def _wait(self, seconds: float) -> None:
        try:
            if self._house.source is not None:
                self._house.source.wait(seconds)
        except ReminderError as failure:
            self.fault = failure.message


def _identity(scan: FolderScan, uid: str) -> tuple[str, int, str]:
    return (scan.folder, scan.uidvalidity, uid)
