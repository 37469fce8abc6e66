"""Bytes become a `Mail`: addresses, ids, dates and parts, with its defects listed. Total: any bytes are a mail."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from reminder.parse.addresses import Mailbox, read_addresses, read_author
from reminder.parse.decoding import clean_text, undo_twice_encoded
from reminder.parse.headers import Headers, read_headers, read_parameters, split_message
from reminder.parse.limits import HTML_CHARS, MAIL_BYTES, READING_FAULTS, REFERENCES, TEXT_CHARS
from reminder.parse.structure import Part, split_parts

RECIPIENT_FIELDS = (
    "to",
    "cc",
    "resent-to",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-forwarded-to",
    "apparently-to",
)
"""Where the reply address may survive a forward or a relay (inbound.md 67)."""
REPORT_TYPES = {"message/delivery-status", "message/disposition-notification", "message/feedback-report", "message/global-delivery-status"}
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,400})>")
_BARE_ID = re.compile(r"[^\s<>,;()\"]{1,250}@[^\s<>,;()\"]{1,250}")
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_ENCRYPTED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted", "application/x-microsoft-rpmsg-message"}
CALENDAR_TYPES = {"text/calendar", "application/ics"}
_HAS_METHOD = re.compile(r"^METHOD[:;]", re.IGNORECASE | re.MULTILINE)
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file in a mail. `name` is a cleaned base name, safe to show, never a path."""

    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """A text of the sender: plain or HTML, decoded and cleaned."""

    text: str
    is_flowed: bool = False
    deletes_space: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail as read. Every text in it is cleaned of controls; nothing in it is trusted."""

    headers: Headers
    author: Mailbox | None = None
    from_fault: str = ""
    """Why there is no one author; such a mail is held (inbound.md 71)."""
    from_addresses: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    """Addresses of all the fields that may hold our reply address."""
    subject: str = ""
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    texts: tuple[TextPart, ...] = ()
    html: tuple[str, ...] = ()
    attachments: tuple[AttachedFile, ...] = ()
    reports: tuple[Part, ...] = ()
    """Machine-readable report parts: delivery status, disposition notification, feedback report."""
    returned: tuple[Part, ...] = ()
    """Attached or returned mails; their text is nobody's answer."""
    calendars: tuple[str, ...] = ()
    has_encrypted: bool = False
    media_type: str = "text/plain"
    report_type: str = ""
    defects: tuple[str, ...] = ()
    size: int = 0
    raw: bytes = field(default=b"", repr=False)
    """The bytes as they came, for the judges of delivery reports."""

    @property
    def sender(self) -> str:
        """The address of the one author, lower case; empty where there is none."""
        return self.author.address if self.author else ""

    @property
    def sender_name(self) -> str:
        """The display name of the author; claims nothing."""
        return self.author.name if self.author else ""

    @property
    def received_count(self) -> int:
        """How many hops the mail says it took; more than 50 is a loop."""
        return self.headers.count("received")

    def is_ours(self, instance: str) -> bool:
        """Whether the mail bears the mark of this instance. A copy or an echo of our own mail is never a reply."""
        return bool(instance) and self.headers.text("x-reminder-instance") == instance


def read_mail(raw: bytes) -> Mail:
    """Reads any bytes as a mail, within the limits, and never raises: this is a documented boundary."""
    try:
        return _read(raw)
    except READING_FAULTS as fault:
        return Mail(headers=Headers(), from_fault="from_unreadable", defects=(f"unreadable:{type(fault).__name__}",), size=len(raw))


def _read(raw: bytes) -> Mail:
    defects = ["too_large"] if len(raw) > MAIL_BYTES else []
    block, body = split_message(raw[:MAIL_BYTES])
    headers = read_headers(block, defects)
    parts = split_parts(headers, body, defects)
    author, fault = read_author(headers.all_raw("from"))
    media_type, parameters = _outermost(headers)
    mail = Mail(
        headers=headers,
        author=author,
        from_fault=fault,
        from_addresses=tuple(box.address for raw_from in headers.all_raw("from") for box in read_addresses(raw_from)),
        recipients=_recipients(headers),
        subject=headers.text("subject")[:1000],
        message_id=next(iter(read_message_ids(headers.text("message-id"))), ""),
        in_reply_to=read_message_ids(" ".join(headers.all_text("in-reply-to")))[:REFERENCES],
        references=read_message_ids(" ".join(headers.all_text("references")))[-REFERENCES:],
        date=_read_date(headers.text("date")),
        media_type=media_type,
        report_type=parameters.get("report-type", "").lower(),
        defects=tuple(dict.fromkeys(defects)),
        size=len(raw),
        raw=raw,
    )
    return _with_parts(mail, parts)


def _with_parts(mail: Mail, parts: Sequence[Part]) -> Mail:
    """The mail with what its parts hold, each told by its type and by whether it is attached."""
    own = [part for part in parts if not _is_attachment(part)]
    return replace(
        mail,
        texts=tuple(_text_part(part) for part in own if part.media_type == "text/plain"),
        html=tuple(_cleaned(part, HTML_CHARS) for part in own if part.media_type == "text/html"),
        attachments=tuple(_attached_file(part) for part in parts if _is_attachment(part)),
        reports=tuple(part for part in parts if part.media_type in REPORT_TYPES),
        returned=tuple(part for part in parts if _is_returned(part)),
        calendars=tuple(_calendar(part) for part in parts if part.media_type in CALENDAR_TYPES),
        has_encrypted=any(_is_encrypted(part) for part in parts),
    )


def _outermost(headers: Headers) -> tuple[str, dict[str, str]]:
    return read_parameters(headers.raw("content-type"))


def _recipients(headers: Headers) -> tuple[str, ...]:
    found = (box.address for name in RECIPIENT_FIELDS for raw in headers.all_raw(name) for box in read_addresses(raw))
    return tuple(dict.fromkeys(found))


def read_message_ids(text: str) -> tuple[str, ...]:
    """Message ids without angle brackets, in order. Comments, commas and missing brackets are forgiven (inbound.md 69)."""
    bare = _COMMENT.sub(" ", text)
    found = _MESSAGE_ID.findall(bare) or _BARE_ID.findall(bare)
    return tuple(dict.fromkeys(found))


def _read_date(text: str) -> datetime | None:
    """The Date header, in UTC; None where it is none. It decides nothing (DESIGN, decision 10)."""
    try:
        when = parsedate_to_datetime(text[:100])
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _is_returned(part: Part) -> bool:
    return part.media_type in {"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"}


def _is_attachment(part: Part) -> bool:
    """Whether a part is a file. Texts without a file name are the sender's own, whatever their disposition says."""
    if part.media_type in {"text/plain", "text/html"}:
        return (
            part.disposition == "attachment"
            or (bool(part.name) and part.disposition != "inline")
            or "multipart/report" in part.parents[:-1]
        )
    return not (part.media_type in REPORT_TYPES or _is_returned(part) or part.media_type == "text/calendar")


def _is_encrypted(part: Part) -> bool:
    if part.media_type in {"application/pkcs7-mime", "application/x-pkcs7-mime"}:
        return part.parameters.get("smime-type", "").lower() != "certs-only"
    return part.media_type in _ENCRYPTED or part.name.lower().endswith(".rpmsg") or "multipart/encrypted" in part.parents


def _text_part(part: Part) -> TextPart:
    return TextPart(
        text=_cleaned(part, TEXT_CHARS),
        is_flowed=part.parameters.get("format", "").lower() == "flowed",
        deletes_space=part.parameters.get("delsp", "").lower() == "yes",
    )


def _calendar(part: Part) -> str:
    """A calendar object; its method stands in it, or only beside its type (RFC 6047, 2.4), which some programs leave it at."""
    text, method = _cleaned(part, TEXT_CHARS), part.parameters.get("method", "").strip()
    return text if not method or _HAS_METHOD.search(text) else f"METHOD:{method[:20]}\n{text}"


def _cleaned(part: Part, limit: int) -> str:
    return undo_twice_encoded(clean_text(part.text(limit)))


def _attached_file(part: Part) -> AttachedFile:
    return AttachedFile(
        name=clean_file_name(part.name),
        media_type=part.media_type,
        size=len(part.content),
        sha256=hashlib.sha256(part.content).hexdigest(),
        content=part.content,
    )


def clean_file_name(name: str) -> str:
    """A base name that can be shown and stored: no path, no control, no leading dot, no device name, at most 120 characters."""
    base = unicodedata.normalize("NFC", clean_text(name)).replace("\n", " ").replace("\\", "/").rpartition("/")[2]
    base = "".join(char for char in base if unicodedata.category(char)[0] != "C").strip().lstrip(".").strip()
    return "_" + base[:119] if _DEVICES.fullmatch(base) else base[:120]
