"""Explain: a reading without any effect; knows the sent mails from the database or from a folder of .eml files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from reminder.domain.messages import SentMessage
from reminder.domain.readings import Reading, ReadingKind, Verdict
from reminder.domain.setup import Setup
from reminder.edges.ports import MailReader
from reminder.errors import ReadingFailed
from reminder.flows.house import Addressing
from reminder.flows.understanding import Known, Understood, load_known, newest_first, understand_with
from reminder.parse.context import Context
from reminder.parse.gist import Gist
from reminder.parse.limits import MAIL_BYTES
from reminder.store.engine import Store

Explained = Understood
FAR_PAST = datetime(2000, 1, 1, tzinfo=UTC)
"""For a mail without a readable Date: before every round, so that nothing is taken for late."""


def explain_file(
    path: Path,
    setup: Setup,
    addressing: Addressing,
    reader: MailReader,
    *,
    store: Store | None = None,
    sent: tuple[SentMessage, ...] = (),
) -> Explained:
    """Reads one file as if it had been received when its Date header says (there is no INTERNALDATE in a file).

    The sent mails are those of the store, else `sent`. A file that breaks the reader, or cannot be opened, is `quarantined`,
    with the reason: the next one goes on.
    """

    def look_up(gist: Gist) -> Known:
        return _among(sent, setup, gist) if store is None else load_known(store, gist)

    try:
        return understand_with(look_up, setup, addressing, reader, _read_file(path), _received_at)
    except ReadingFailed as failure:
        return _set_aside(failure.message)
    except OSError as error:
        return _set_aside(f"It cannot be opened: {error.strerror or error}.")


def _received_at(gist: Gist) -> datetime:
    return gist.date or FAR_PAST


def _read_file(path: Path) -> bytes:
    """The file, as far as a mail is read; whatever its size, it takes no more memory than that."""
    with path.open("rb") as file:
        return file.read(MAIL_BYTES + 1)


def _set_aside(reason: str) -> Explained:
    reading = Reading(kind=ReadingKind.OTHER, verdict=Verdict.QUARANTINED, reason=reason)
    return Understood(mail=Gist(), reading=reading, sent=(), context=Context(own_addresses=frozenset(), instance=""))


def _among(sent: tuple[SentMessage, ...], setup: Setup, gist: Gist) -> Known:
    """What a folder of sent mails knows of a mail's references and sender."""
    contacts = [contact for entry in setup.directory.parties.values() for contact in (*entry.contacts, *entry.deputies)]
    named = gist.named
    found = newest_first(
        message
        for message in sent
        if message.id in named.proven or message.message_id.strip("<>") in named.message_ids or message.recipient.lower() == gist.sender
    )
    return Known(sent=found, persons={contact.address.lower(): contact.id for contact in contacts})


def load_sent_folder(folder: Path, setup: Setup, addressing: Addressing, reader: MailReader) -> tuple[SentMessage, ...]:
    """The sent mails of a folder; files that are not ours, or that break the reader, are passed over."""
    found = [_read_sent(path, setup, addressing, reader) for path in sorted(folder.rglob("*.eml")) if path.is_file()]
    return newest_first(message for message in found if message is not None)


def _read_sent(path: Path, setup: Setup, addressing: Addressing, reader: MailReader) -> SentMessage | None:
    try:
        return reader.read_sent(_read_file(path), setup, addressing.keyring)
    except ReadingFailed:
        return None
