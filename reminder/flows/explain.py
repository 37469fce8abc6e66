"""Explain: a reading without any effect; knows the sent mails from the database or from a folder of .eml files."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reminder.domain.markings import MarkedBody
from reminder.domain.messages import SentMessage
from reminder.domain.readings import Reading, ReadingCause, ReadingKind, Verdict
from reminder.domain.setup import Setup
from reminder.edges.ports import MailReader
from reminder.errors import ReadingFailed
from reminder.flows.house import Addressing, House
from reminder.flows.interpret import hold_oversize, mark_oversize
from reminder.flows.rereading import Before, load_before, understand_as_then
from reminder.flows.understanding import Known, Understood, load_known, newest_first, understand, understand_with
from reminder.parse import PARSER_VERSION
from reminder.parse.context import Context
from reminder.parse.gist import Gist
from reminder.parse.limits import MAIL_BYTES
from reminder.store import inbox
from reminder.store.engine import Store
from reminder.store.inbox import ReadingRow

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
    """The sent mails of a folder; files that are not ours, break the reader or cannot be opened are passed over."""
    found = [_read_sent(path, setup, addressing, reader) for path in sorted(folder.rglob("*.eml")) if path.is_file()]
    return newest_first(message for message in found if message is not None)


def _read_sent(path: Path, setup: Setup, addressing: Addressing, reader: MailReader) -> SentMessage | None:
    try:
        return reader.read_sent(_read_file(path), setup, addressing.keyring)
    except (ReadingFailed, OSError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """A stored mail: how it was read, what was decided of it, and how today's parser reads it."""

    before: Before
    rows: tuple[ReadingRow, ...]
    """Newest first."""
    understood: Understood | None = None
    """None where its bytes are no longer kept."""
    bodies: tuple[MarkedBody, ...] = ()

    @property
    def readings(self) -> tuple[dict[str, Any], ...]:
        """What was said by each reading, newest first."""
        return tuple(json.loads(row.document) for row in self.rows)

    @property
    def is_older(self) -> bool:
        """Whether an older parser made the reading that counts."""
        return bool(self.rows) and not self.before.is_by_hand and self.before.parser_version != PARSER_VERSION


def explain_stored(house: House, number: int) -> Reread:
    """A mail of the inbox, read once more for the sake of its marks; changes nothing. Raises UsageFailure for an unknown number."""
    with house.store.read() as conn:
        before = load_before(conn, number)
        rows = inbox.load_readings(conn, number)
    if before.kept is None or not before.kept.mail.raw:
        return Reread(before=before, rows=rows)
    mail = before.stored.mail
    try:
        if before.cause is ReadingCause.ACCEPT:
            understood = understand(house, mail.raw, mail.internal_date, vouched=before.parties)
        else:
            understood, _ = understand_as_then(house, before)
    except ReadingFailed as failure:
        understood = _set_aside(failure.message)
    understood = replace(understood, reading=hold_oversize(mark_oversize(understood.reading, before.stored)))
    return Reread(before=before, rows=rows, understood=understood, bodies=mark_bodies(house.reader, mail.raw, understood))


def mark_file(path: Path, understood: Understood, reader: MailReader) -> tuple[MarkedBody, ...]:
    """The text of a file with its reading marked; nothing where it cannot be read."""
    try:
        return mark_bodies(reader, _read_file(path), understood)
    except OSError:
        return ()


def mark_bodies(reader: MailReader, raw: bytes, understood: Understood) -> tuple[MarkedBody, ...]:
    """The readable bodies with the reading marked; none of a mail that breaks the reader."""
    if understood.reading.verdict is Verdict.QUARANTINED:
        return ()
    try:
        return reader.mark(raw, understood.context, understood.reading)
    except ReadingFailed:
        return ()
