"""What the process that reads can be asked to do: each request is a value that is sent there and done there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from reminder.domain.markings import MarkedBody
from reminder.domain.messages import SentMessage
from reminder.domain.readings import Reading
from reminder.domain.setup import Setup
from reminder.edges.reading import begin_reading
from reminder.parse.context import Context
from reminder.parse.gist import Gist, write_gist
from reminder.parse.interpreting import interpret
from reminder.parse.marking import mark_mail
from reminder.parse.message import Mail, read_mail
from reminder.parse.sent import read_sent
from reminder.wire.reply_token import Keyring

Result = TypeVar("Result", covariant=True)
OUT_OF_MEMORY = 71
"""Exit code of who has no memory left, and so makes no answer any more."""


@dataclass(slots=True)
class Table:
    """What lies before the reader: the mail between its two steps."""

    mail: Mail | None = None


class Request(Protocol[Result]):
    """One request with the type of its answer."""

    @property
    def goes_on(self) -> bool:
        """Whether it goes on with the mail of the request before it, and with what is left of its time."""
        ...

    def do(self, table: Table) -> Result:
        """Does it, in the process that reads."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """The first step of reading a mail."""

    raw: bytes
    keyring: Keyring
    programme_tags: Sequence[str]
    goes_on: bool = False

    def do(self, table: Table) -> Gist:
        """What the mail refers to; the mail itself stays on the table."""
        table.mail, gist = begin_reading(self.raw, self.keyring, self.programme_tags)
        return gist


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpret:
    """The second step, with what is known of the mail's references and sender."""

    context: Context
    goes_on: bool = True

    def do(self, table: Table) -> Reading:
        """The reading of the mail on the table, which is then cleared."""
        mail, table.mail = table.mail, None
        if mail is None:
            raise ValueError("no mail was begun")
        return interpret(mail, self.context)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkUp:
    """A mail whose reading is to be marked in it."""

    raw: bytes
    context: Context
    reading: Reading
    goes_on: bool = False

    def do(self, table: Table) -> tuple[MarkedBody, ...]:
        """Its readable bodies."""
        return mark_mail(read_mail(self.raw), self.context, self.reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A header block for a list."""

    block: bytes
    goes_on: bool = False

    def do(self, table: Table) -> Gist:
        """What it says."""
        return write_gist(read_mail(self.block))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSent:
    """One of our own mails, or what pretends to be one."""

    raw: bytes
    setup: Setup
    keyring: Keyring
    goes_on: bool = False

    def do(self, table: Table) -> SentMessage | None:
        """The mail as it was sent."""
        return read_sent(self.raw, self.setup, self.keyring)
