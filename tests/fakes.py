"""Parts of the outside world in memory, for tests of flows. They pass the same contract suites as the real ones (tests/edges)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reminder.domain.messages import Envelope
from reminder.domain.readings import InboundMail
from reminder.edges.ports import FolderScan, SendOutcome, SendResult

_BEFORE_DOT = {SendResult.DEFERRED, SendResult.FAILED, SendResult.RELAY_DOWN, SendResult.RELAY_REFUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenMail:
    """One mail that a relay has taken."""

    sender: str
    recipient: str
    raw: bytes


class RecordingRelay:
    """A relay that takes everything, except where `answers` says otherwise for a recipient.

    With `SendResult.UNKNOWN` the mail is taken and the answer to the dot lost, unless the recipient is in `lost`.
    """

    def __init__(self, answers: Mapping[str, SendOutcome] | None = None, *, lost: Iterable[str] = ()) -> None:
        self.answers: dict[str, SendOutcome] = dict(answers or {})
        self.lost = set(lost)
        self.taken: list[TakenMail] = []
        self.attempts: list[str] = []
        self.is_closed = False

    def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
        """As `ports.Relay`; a bare line end and an unsound address fail as they do on the wire."""
        self.is_closed = False
        self.attempts.append(envelope.recipient)
        if not envelope.recipient or any(mark in envelope.sender + envelope.recipient for mark in "\r\n <>"):
            return SendOutcome(result=SendResult.FAILED, text="unsound address")
        if raw.replace(b"\r\n", b"").translate(None, b"\r\n") != raw.replace(b"\r\n", b""):
            return SendOutcome(result=SendResult.FAILED, text="bare line end")
        outcome = self.answers.get(envelope.recipient, SendOutcome(result=SendResult.ACCEPTED, code=250, text="OK"))
        if outcome.result in _BEFORE_DOT:
            return outcome
        before_dot()
        if envelope.recipient not in self.lost:
            self.taken.append(TakenMail(sender=envelope.sender, recipient=envelope.recipient, raw=raw))
        return outcome

    def close(self) -> None:
        """As `ports.Relay`."""
        self.is_closed = True


class MemorySource:
    """A mailbox in memory, with one folder and one for processed mails."""

    def __init__(self, *, account: str = "seuranta@memory", uidvalidity: int = 1) -> None:
        self._account = account
        self._uidvalidity = uidvalidity
        self._next = 1
        self._mails: dict[str, tuple[bytes, datetime]] = {}
        self.processed: dict[str, tuple[bytes, datetime]] = {}
        self._news = threading.Event()

    @property
    def account(self) -> str:
        """As `ports.MailSource`."""
        return self._account

    def deliver(self, raw: bytes, *, when: datetime) -> str:
        """Puts a mail there and returns its identity."""
        uid = str(self._next)
        self._next += 1
        self._mails[uid] = (raw, when)
        self._news.set()
        return uid

    def remove(self, uid: str) -> None:
        """What another client does when it deletes a mail."""
        self._mails.pop(uid, None)

    def renumber(self) -> None:
        """A new UIDVALIDITY, and new UIDs for all."""
        self._uidvalidity += 1
        mails, self._mails, self._next = self._mails, {}, 1
        for raw, when in mails.values():
            self.deliver(raw, when=when)

    def scan(self) -> Sequence[FolderScan]:
        """As `ports.MailSource`."""
        return (FolderScan(folder="INBOX", uidvalidity=self._uidvalidity, uids=tuple(self._mails)),)

    def scan_processed(self, since: datetime | None = None) -> Sequence[FolderScan]:
        """As `ports.MailSource`."""
        uids = tuple(uid for uid, (_, when) in self.processed.items() if since is None or when >= since)
        return (FolderScan(folder="Processed", uidvalidity=self._uidvalidity, uids=uids),)

    def delete(self, scan: FolderScan, uids: Sequence[str]) -> None:
        """As `ports.MailSource`."""
        for uid in uids if scan.uidvalidity == self._uidvalidity else ():
            self._mails.pop(uid, None)

    def find_before(self, scan: FolderScan, day: date) -> frozenset[str]:
        """As `ports.MailSource`."""
        return frozenset(uid for uid in scan.uids if uid in self._mails and self._mails[uid][1].date() < day)

    def fetch(self, scan: FolderScan, uids: Iterable[str]) -> Iterator[InboundMail]:
        """As `ports.MailSource`."""
        mails = self._mails if scan.folder == "INBOX" else self.processed
        for uid in uids:
            if uid in mails and scan.uidvalidity == self._uidvalidity:
                raw, when = mails[uid]
                yield InboundMail(
                    account=self._account,
                    folder=scan.folder,
                    uidvalidity=scan.uidvalidity,
                    uid=uid,
                    raw=raw,
                    internal_date=when,
                    size=len(raw),
                )

    def move_processed(self, scan: FolderScan, uids: Sequence[str]) -> None:
        """As `ports.MailSource`."""
        for uid in uids:
            if uid in self._mails and scan.uidvalidity == self._uidvalidity:
                self.processed[uid] = self._mails.pop(uid)

    def wait(self, seconds: float) -> None:
        """As `ports.MailSource`."""
        self._news.wait(seconds)
        self._news.clear()

    def close(self) -> None:
        """As `ports.MailSource`."""
