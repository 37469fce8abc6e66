"""Explain: a reading without any effect; knows the sent mails from the database or from a folder of .eml files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from reminder.domain.messages import SentMessage
from reminder.domain.setup import Setup
from reminder.flows.house import Addressing
from reminder.flows.understanding import Understood, newest_first, understand, understand_with
from reminder.parse.correlate import find_references
from reminder.parse.message import read_mail
from reminder.parse.sent import read_sent
from reminder.store.engine import Store

Explained = Understood
FAR_PAST = datetime(2000, 1, 1, tzinfo=UTC)
"""For a mail without a readable Date: before every round, so that nothing is taken for late."""


def explain_file(
    path: Path, setup: Setup, addressing: Addressing, *, store: Store | None = None, sent: tuple[SentMessage, ...] | None = None
) -> Explained:
    """Reads one file as if it had been received when its Date header says (there is no INTERNALDATE in a file)."""
    raw = path.read_bytes()
    mail = read_mail(raw)
    received_at = mail.date or FAR_PAST
    if store is not None:
        with store.read() as conn:
            return understand(conn, setup, addressing, raw, received_at)
    references = find_references(mail, addressing.keyring, [programme.tag for programme in setup.programmes.values()])
    contacts = [contact for entry in setup.directory.parties.values() for contact in (*entry.contacts, *entry.deputies)]
    persons = {contact.address.lower(): contact.id for contact in contacts}
    return understand_with(
        mail,
        references,
        _candidates(sent or (), mail.sender, references.proven, references.message_ids),
        setup,
        addressing,
        received_at,
        persons,
    )


def _candidates(
    sent: tuple[SentMessage, ...], sender: str, proven: tuple[str, ...], message_ids: tuple[str, ...]
) -> tuple[SentMessage, ...]:
    return newest_first(
        message
        for message in sent
        if message.id in proven or message.message_id.strip("<>") in message_ids or message.recipient.lower() == sender.lower()
    )


def load_sent_folder(folder: Path, setup: Setup, addressing: Addressing) -> tuple[SentMessage, ...]:
    """The sent mails of a folder; files that are not ours are passed over."""
    found = [read_sent(path.read_bytes(), setup, addressing.keyring) for path in sorted(folder.rglob("*.eml"))]
    return newest_first(message for message in found if message is not None)
