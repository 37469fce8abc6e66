"""Reading a mail here, in our own process: for tests, and for mails that nobody hostile has written.

What the steps of reading are stands here once; the process that reads for the service does the same steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reminder.domain.markings import MarkedBody
from reminder.domain.messages import SentMessage
from reminder.domain.readings import Reading
from reminder.domain.setup import Setup
from reminder.errors import ReadingFailed
from reminder.parse.context import Context
from reminder.parse.correlate import find_references
from reminder.parse.gist import Gist, write_gist
from reminder.parse.headers import split_message
from reminder.parse.interpreting import interpret
from reminder.parse.limits import HEADER_BLOCK_BYTES
from reminder.parse.marking import mark_mail
from reminder.parse.message import Mail, read_mail
from reminder.parse.sent import read_sent
from reminder.wire.reply_token import Keyring


def begin_reading(raw: bytes, keyring: Keyring, programme_tags: Sequence[str]) -> tuple[Mail, Gist]:
    """The first step: the mail, and what it refers to."""
    mail = read_mail(raw)
    return mail, write_gist(mail, find_references(mail, keyring, programme_tags))


def cut_glance(raw: bytes) -> bytes:
    """As much of a mail as a glance looks at: its header block."""
    return split_message(raw[:HEADER_BLOCK_BYTES])[0]


class ReaderHere:
    """Reads in this process, without a limit of time or memory beyond those of `parse`. Keeps nothing."""

    def read(
        self, raw: bytes, keyring: Keyring, programme_tags: Sequence[str], look_up: Callable[[Gist], Context]
    ) -> tuple[Gist, Context, Reading]:
        """See `MailReader`."""
        try:
            mail, gist = begin_reading(raw, keyring, programme_tags)
            context = look_up(gist)
            return gist, context, interpret(mail, context)
        except MemoryError as error:
            raise ReadingFailed("Reading it needed more memory than there is.") from error

    def mark(self, raw: bytes, context: Context, reading: Reading) -> tuple[MarkedBody, ...]:
        """See `MailReader`."""
        return mark_mail(read_mail(raw), context, reading)

    def glance(self, raw: bytes) -> Gist:
        """See `MailReader`."""
        return write_gist(read_mail(cut_glance(raw)))

    def read_sent(self, raw: bytes, setup: Setup, keyring: Keyring) -> SentMessage | None:
        """See `MailReader`."""
        return read_sent(raw, setup, keyring)

    def close(self) -> None:
        """There is nothing to end."""
