"""A mailbox that obeys the contract of `ports.MailSource`, with other clients in it, and remembers what really was in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from reminder.domain.readings import InboundMail
from reminder.edges.ports import FolderScan
from reminder.errors import TemporaryFailure
from reminder.simulation.journal import Letter
from reminder.simulation.world import World

ACCOUNT = "seuranta@simulated"
FOLDER, PROCESSED = "INBOX", "Processed"


class ServerMailbox:
    """What stands on the server, whoever is connected: it outlives every incarnation of the program."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.uidvalidity = 1
        self._next = 1
        self.inbox: dict[str, Letter] = {}
        self.processed: dict[str, Letter] = {}
        """The folder of what was put away: numbered by itself, and never anew."""
        self.hidden: set[str] = set()
        """Mails that are there and not listed yet: a server may show a mail after younger ones (fault M9)."""

    def put(
        self,
        raw: bytes,
        at: datetime,
        *,
        kind: str,
        sender: str = "",
        said: Mapping[str, str] | None = None,
        is_poison: bool = False,
    ) -> Letter:
        """A mail arrives; `said` is what it truly says."""
        letter = Letter(
            number=len(self._world.journal.letters) + 1,
            at=at,
            kind=kind,
            sender=sender,
            raw=raw,
            uid=str(self._next),
            said=said or {},
            is_poison=is_poison,
        )
        self._next += 1
        self._world.journal.letters.append(letter)
        self.inbox[letter.uid] = letter
        if self._world.strikes("mail shown late"):
            self.hidden.add(letter.uid)
            self._world.plan(timedelta(hours=5), partial(self._reveal, letter))
        self._world.note(f"mailbox: {kind} as {self.uidvalidity}/{letter.uid}")
        return letter

    def _reveal(self, letter: Letter, _at: datetime) -> None:
        self.hidden.discard(letter.uid)

    def renumber(self) -> None:
        """A new UIDVALIDITY, and new UIDs for all (RFC 3501 section 2.3.1.1)."""
        self.uidvalidity += 1
        letters, self.inbox, self._next = list(self.inbox.values()), {}, 1
        self.hidden.clear()
        for letter in letters:
            letter.uid, self._next = str(self._next), self._next + 1
            self.inbox[letter.uid] = letter
        self._world.note(f"mailbox: UIDVALIDITY is {self.uidvalidity}")

    def find(self, scan: FolderScan, uid: str) -> Letter | None:
        """What has this UID in the folder as it was scanned; None where the folder was numbered anew since."""
        if scan.folder == PROCESSED:
            return self.processed.get(uid)
        return self.inbox.get(uid) if scan.uidvalidity == self.uidvalidity else None

    def put_away(self, uid: str) -> None:
        """Out of the inbox, into the folder of what was put away, as its newest."""
        self.processed[str(len(self.processed) + 1)] = self.inbox.pop(uid)

    def take_away(self, letter: Letter) -> None:
        """Another client moves or deletes a mail."""
        self.inbox.pop(letter.uid, None)
        letter.has_vanished = True


class SimulatedSource:
    """The mailbox as one incarnation reaches it."""

    def __init__(self, world: World, incarnation: int, server: ServerMailbox) -> None:
        self._world = world
        self._incarnation = incarnation
        self._server = server

    @property
    def account(self) -> str:
        """As `ports.MailSource`."""
        return ACCOUNT

    def scan(self) -> Sequence[FolderScan]:
        """As `ports.MailSource`."""
        self._reach("mailbox away")
        if self._world.strikes("UIDVALIDITY changes"):
            self._server.renumber()
        uids = tuple(uid for uid in self._server.inbox if uid not in self._server.hidden)
        for uid in uids:
            self._server.inbox[uid].was_shown = True
        return (FolderScan(folder=FOLDER, uidvalidity=self._server.uidvalidity, uids=uids),)

    def scan_processed(self, since: datetime | None = None) -> Sequence[FolderScan]:
        """As `ports.MailSource`."""
        self._reach("mailbox away")
        uids = tuple(uid for uid, letter in self._server.processed.items() if since is None or letter.at >= since)
        return (FolderScan(folder=PROCESSED, uidvalidity=1, uids=uids),)

    def find_before(self, scan: FolderScan, day: date) -> frozenset[str]:
        """As `ports.MailSource`."""
        self._reach("mailbox away")
        found = {uid: self._server.inbox.get(uid) for uid in scan.uids}
        return frozenset(uid for uid, letter in found.items() if letter is not None and letter.at.date() < day)

    def fetch(self, scan: FolderScan, uids: Iterable[str]) -> Iterator[InboundMail]:
        """As `ports.MailSource`."""
        for uid in uids:
            self._reach("mailbox lost in the middle")
            self._interfere(uid)
            letter = self._server.find(scan, uid)
            if letter is None:
                continue
            yield InboundMail(
                account=ACCOUNT,
                folder=scan.folder,
                uidvalidity=scan.uidvalidity,
                uid=uid,
                raw=letter.raw,
                internal_date=letter.at,
                size=len(letter.raw),
            )
            self._world.fence(self._incarnation)
            self._world.point("after a mail was fetched")

    def move_processed(self, scan: FolderScan, uids: Sequence[str]) -> None:
        """As `ports.MailSource`. Lost in the middle, some are moved and the caller does not learn which."""
        self._reach("move refused")
        self._world.point("before the mails are moved")
        for uid in uids:
            letter = self._server.find(scan, uid)
            if letter is not None:
                letter.was_moved = True
                self._server.put_away(uid)
        self._world.point("after the mails were moved")

    def delete(self, scan: FolderScan, uids: Sequence[str]) -> None:
        """As `ports.MailSource`."""
        self._reach("move refused")
        for uid in uids:
            if (letter := self._server.find(scan, uid)) is not None:
                self._server.take_away(letter)

    def wait(self, seconds: float) -> None:
        """As `ports.MailSource`; virtual time passes, and nothing arrives meanwhile."""
        self._world.clock.sleep(seconds)

    def close(self) -> None:
        """There is no connection to end."""

    def _reach(self, kind: str) -> None:
        self._world.fence(self._incarnation)
        if self._world.strikes(kind):
            raise TemporaryFailure("The mailbox cannot be reached just now.")

    def _interfere(self, uid: str) -> None:
        """Other clients have hands too."""
        letter = self._server.inbox.get(uid)
        kinds = ("another client deletes a mail", "another client moves a mail")
        if letter is not None and any(self._world.strikes(kind) for kind in kinds):
            self._server.take_away(letter)
