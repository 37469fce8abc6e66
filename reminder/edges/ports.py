"""Ports: what the flows need of the world outside, as narrow protocols. Fakes and real parts obey one contract suite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from reminder.domain.markings import MarkedBody
from reminder.domain.messages import Envelope, SentMessage
from reminder.domain.readings import InboundMail, Reading
from reminder.domain.setup import Setup
from reminder.parse.context import Context
from reminder.parse.gist import Gist
from reminder.wire.reply_token import Keyring


class Clock(Protocol):
    """The only source of time. `now` is aware and in UTC."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Lets real seconds pass."""
        ...


class SendResult(StrEnum):
    """What became of one SMTP transaction; foreign codes are translated here, once."""

    ACCEPTED = "accepted"
    """The relay answered 250 to the final dot."""
    DEFERRED = "deferred"
    """Trouble with this message (4xx at RCPT or after the dot, or lost before the dot); surely not sent; try later."""
    FAILED = "failed"
    """5xx at RCPT or after the dot: permanent, never tried again (invariant O10)."""
    UNKNOWN = "unknown"
    """The answer to the final dot was lost: it may have gone (mail-protocol.md section 2)."""
    RELAY_DOWN = "relay_down"
    """No connection, 421, timeout before the transaction: trouble with the relay, not with the message (O11)."""
    RELAY_REFUSED = "relay_refused"
    """Authentication, TLS, or 5xx at connect, EHLO or MAIL: a matter of configuration; the queue is paused (O11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOutcome:
    """The result with the relay's own words."""

    result: SendResult
    code: int | None = None
    text: str = ""
    retry_after: float = 0.0
    """Seconds that the relay asks to be left alone, whatever became of this mail; 0 where it asks nothing."""
    copy_refused: str = ""
    """What the relay said where it took the mail and not our own copy of it."""
    is_throttled: bool = False
    """The relay says that it gets too many mails or connections from us."""


class Relay(Protocol):
    """The way out, over one connection and for one thread; `close` may come from any."""

    def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
        """Submits the bytes as they are. `before_dot` is called once, just before the final dot goes onto the wire; if it
        raises, the dot is not sent and the connection is dropped. Never raises for what a relay does."""
        ...

    def close(self) -> None:
        """Ends the connection, if there is one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderScan:
    """What a folder holds: the identity of each mail. `uids` in ascending order of arrival."""

    folder: str
    uidvalidity: int
    uids: tuple[str, ...]
    is_missing: bool = False
    """The folder is not there; the others are read all the same."""


class MailSource(Protocol):
    """The way in. Nothing is decided from flags; reading marks nothing."""

    @property
    def account(self) -> str:
        """Stable name of the mailbox, such as `seuranta@imap.kunta.example`."""
        ...

    def scan(self) -> Sequence[FolderScan]:
        """The folders that are read, with the identities of all their mails; that of the replies first.

        Raises LoginFailure where the server refuses us, and TemporaryFailure for all else."""
        ...

    def scan_processed(self, since: datetime | None = None) -> Sequence[FolderScan]:
        """The folder of the mails that were moved out of the way; empty where there is none. With `since` at least those that the
        server received since that day. Raises TemporaryFailure."""
        ...

    def find_before(self, scan: FolderScan, day: date) -> frozenset[str]:
        """Those of a scan that the server received before that day, by its own reckoning. Raises TemporaryFailure."""
        ...

    def fetch(self, scan: FolderScan, uids: Iterable[str]) -> Iterator[InboundMail]:
        """The mails with these identities, one by one; one that has vanished meanwhile is left out. Raises TemporaryFailure."""
        ...

    def move_processed(self, scan: FolderScan, uids: Sequence[str]) -> None:
        """Moves mails out of the way, after they are kept. Harmless to repeat; what is gone is gone.

        Raises MoveFailure where the server cannot move, or will not, and TemporaryFailure for all else."""
        ...

    def delete(self, scan: FolderScan, uids: Sequence[str]) -> None:
        """Deletes mails for good, and none but these. Harmless to repeat; what is gone is gone.

        Raises MoveFailure where the server cannot do that, and TemporaryFailure for all else."""
        ...

    def wait(self, seconds: float) -> None:
        """Returns when something may have arrived, at the latest after `seconds`. A hint, never the truth (RFC 2177)."""
        ...

    def close(self) -> None:
        """Ends the connection, if there is one."""
        ...


class Site(Protocol):
    """Where the public page is put."""

    def publish(self, files: Mapping[str, bytes]) -> None:
        """Replaces the site by these files, whole or not at all. Names are relative paths."""
        ...


class MailReader(Protocol):
    """Where mails are read. All its calls raise ReadingFailed where a mail breaks the reader, and TemporaryFailure where the
    reader cannot work for another cause or was closed meanwhile, which is no fault of the mail."""

    def read(
        self, raw: bytes, keyring: Keyring, programme_tags: Sequence[str], look_up: Callable[[Gist], Context]
    ) -> tuple[Gist, Context, Reading]:
        """One mail, read in two steps: `look_up` is called between them, with what the mail refers to, and says what is known
        of that. It may be called a second time, where the reading had to begin anew."""
        ...

    def mark(self, raw: bytes, context: Context, reading: Reading) -> tuple[MarkedBody, ...]:
        """The readable bodies of a mail with its reading marked in them."""
        ...

    def glance(self, raw: bytes) -> Gist:
        """What the header block says, for a list. The rest of the mail is not looked at, and the tokens are not either."""
        ...

    def read_sent(self, raw: bytes, setup: Setup, keyring: Keyring) -> SentMessage | None:
        """One of our own mails, read back from its text; None where it is none of ours."""
        ...

    def close(self) -> None:
        """Ends the reader, a reading that is under way included. May be called from another thread."""
        ...
