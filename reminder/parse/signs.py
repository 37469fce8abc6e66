"""What a mail proves of a mail of ours: that it was taken, that it arrived, that somebody is there (mail-protocol.md, 2.2)."""

from __future__ import annotations

from dataclasses import replace

from reminder.domain.messages import SentMessage
from reminder.domain.readings import Reading, ReadingKind, SignKind, Trust
from reminder.parse.context import Context
from reminder.parse.message import Mail

_SIGN_OF = {
    ReadingKind.REPLY: SignKind.REPLY,
    ReadingKind.COMMAND: SignKind.REPLY,
    ReadingKind.ENCRYPTED: SignKind.REPLY,
    ReadingKind.AUTO_REPLY: SignKind.AUTOMATIC,
    ReadingKind.READ_RECEIPT: SignKind.AUTOMATIC,
    ReadingKind.CALENDAR: SignKind.AUTOMATIC,
}


def find_original(mail: Mail, context: Context) -> SentMessage | None:
    """The mail of ours that this is a copy of: by its Message-ID, else by our own header, which survives a relay that writes ids anew.

    A token in the text does not count here: an acknowledgement of ours quotes the mail that it is about.
    """
    by_id = next((one for one in context.sent if one.message_id == f"<{mail.message_id}>"), None)
    return by_id or next((one for one in context.sent if one.id == mail.headers.text("x-reminder-id").strip().lower()), None)


def note_sign(reading: Reading, mail: Mail, context: Context) -> Reading:
    """The reading with what it proves. A mail whose sender our own server calls forged proves nothing, nor does one that is matched
    by its sender alone: it may answer an earlier mail."""
    if reading.sign is not None or not reading.message or (reading.sender and reading.sender.trust is Trust.REFUSED):
        return reading
    if reading.kind is ReadingKind.OWN:
        original = find_original(mail, context)
        is_copy = original is not None and original.id == reading.message
        return replace(reading, sign=SignKind.COPY) if is_copy else reading
    sign = _SIGN_OF.get(reading.kind)
    return replace(reading, sign=sign) if sign is not None and _names(mail, context, reading.message) else reading


def _names(mail: Mail, context: Context, message: str) -> bool:
    """Whether a valid token or a Message-ID in the mail names the message."""
    ids = {f"<{one}>" for one in (*mail.in_reply_to, *mail.references)}
    return message in context.proven or any(one.id == message and one.message_id in ids for one in context.sent)
