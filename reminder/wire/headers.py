"""Finished mails: draft and addresses in, RFC 5322 bytes out, every header through one guard and read back again.

The bytes are written by hand instead of through `email.message.EmailMessage`, which loses spaces in Finnish subjects, writes
long Message-IDs as encoded words and has let echoed headers through as new ones (mail-protocol.md, sections 5.1 and 5.1b).
Subjects and names go through `email.header.Header` with lines of 75; ids are never encoded, only folded between ids.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import Header, decode_header
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import encode_rfc2231, format_datetime, parseaddr
from typing import NotRequired, TypedDict, Unpack

from reminder.domain.messages import Attachment, CalendarPart, DraftMessage, Envelope, OutgoingMessage
from reminder.errors import HeaderUnsound

REFERENCES_LIMIT = 20
LINE_LIMIT = 998
CRLF = "\r\n"
CALENDAR_FILE = "invite.ics"
CALENDAR_METHODS = frozenset({"REQUEST", "CANCEL"})
_SOUND_ID = re.compile(r"<(?!.*=\?)[!-;=?-~]{1,250}@[!-;=?-~]{1,250}>")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 '-]*")
_PLAIN_FILE = re.compile(r"[A-Za-z0-9 ._()-]+")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_DROPPED = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A name and an address, as in `Seuranta <seuranta@kunta.example>`. The name may be empty."""

    name: str = ""
    address: str


def clean_header(value: str) -> str:
    """The one guard of outgoing header values: no controls, line separators or bidi overrides, no literal `=?`, single blanks."""
    return " ".join(_DROPPED.sub("", _CONTROLS.sub(" ", value)).split()).replace("=?", "= ?")


def is_sound_message_id(value: str) -> bool:
    """Whether an id may be echoed: printable ASCII without blanks, and without `=?`, which some readers decode inside an id."""
    return _SOUND_ID.fullmatch(value) is not None


def sound_references(references: Iterable[str], in_reply_to: str) -> tuple[str, ...]:
    """The sound ids, each once, ending with the parent; the first and the newest where there are more than twenty."""
    ids = tuple(dict.fromkeys(one for one in (*references, in_reply_to) if is_sound_message_id(one)))
    if is_sound_message_id(in_reply_to):
        ids = (*(one for one in ids if one != in_reply_to), in_reply_to)
    return ids if len(ids) <= REFERENCES_LIMIT else (ids[0], *ids[1 - REFERENCES_LIMIT :])


class Finishing(TypedDict):
    """What makes a draft a finished mail: ids, addresses, instants. All of it comes from the caller, so that bytes can be made again."""

    id: str
    """Twelve base32 characters; the token names it."""
    person: str
    token: str
    sender: Mailbox
    recipient: Mailbox
    reply_to: Mailbox
    message_id: str
    date: datetime
    """Aware; of the Date header."""
    envelope_sender: str
    """Empty for the null return path."""
    boundary_seed: str
    not_before: datetime
    expires_at: NotRequired[datetime | None]
    in_reply_to: NotRequired[str]
    references: NotRequired[Sequence[str]]
    steps: NotRequired[Sequence[str]]
    answers_inbound: NotRequired[int | None]
    auto_submitted: NotRequired[str]
    """`auto-generated` (the default) or `auto-replied` (RFC 3834 section 5)."""
    instance: NotRequired[str]
    """Value of X-Reminder-Instance, by which we know our own mail; empty: left out."""
    extra_headers: NotRequired[Mapping[str, str]]


def finish_message(draft: DraftMessage, **how: Unpack[Finishing]) -> OutgoingMessage:
    """The finished mail, ready for the outbox: the same arguments always give the same bytes.

    An `in_reply_to` or a reference that is not sound is left out, since a broken thread is better than a forged header.
    Raises HeaderUnsound where an address or our own Message-ID cannot be written, or where the mail does not read back as meant.
    """
    headers = {name: value for name, value in _write_headers(draft, how).items() if value}
    content_type, body = _write_body(draft, how["boundary_seed"])
    headers["Content-Type"] = content_type
    raw = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("ascii", "replace") + b"\r\n" + body
    _check(raw, headers, draft, how)
    return OutgoingMessage(
        id=how["id"],
        kind=draft.kind,
        language=draft.language,
        person=how["person"],
        envelope=Envelope(sender=how["envelope_sender"] and _address(how["envelope_sender"]), recipient=_address(how["recipient"].address)),
        message_id=how["message_id"],
        subject=clean_header(draft.subject),
        raw=raw,
        spans=draft.spans,
        items=draft.items,
        not_before=how["not_before"],
        expires_at=how.get("expires_at"),
        in_reply_to=how.get("answers_inbound"),
        steps=tuple(how.get("steps", ())),
        details={"token": how["token"]} if how["token"] else {},
    )


def _write_headers(draft: DraftMessage, how: Finishing) -> dict[str, str]:
    auto_submitted, parent = how.get("auto_submitted", "auto-generated"), how.get("in_reply_to", "")
    free = {"X-Reminder-Instance": how.get("instance", ""), **how.get("extra_headers", {})}
    return {
        "From": _write_mailbox(how["sender"]),
        "To": _write_mailbox(how["recipient"]),
        "Reply-To": _write_mailbox(how["reply_to"]),
        "Subject": _encode("Subject", draft.subject),
        "Date": _write_date(how["date"]),
        "Message-ID": _own_id(how["message_id"]),
        "In-Reply-To": parent if is_sound_message_id(parent) else "",
        "References": "\r\n ".join(sound_references(how.get("references", ()), parent)),
        "Auto-Submitted": clean_header(auto_submitted),
        # A reminder silences out-of-office notes but still wants to hear of a failed delivery (MS-OXCMAIL); an answer wants neither.
        "X-Auto-Response-Suppress": "All" if auto_submitted == "auto-replied" else "OOF, AutoReply",
        "X-Reminder-Id": _encode("X-Reminder-Id", how["id"]),
        **{_header_name(name): _encode(name, value) for name, value in free.items()},
        "Content-Language": _encode("Content-Language", draft.language),
        "MIME-Version": "1.0",
    }


def _encode(name: str, value: str) -> str:
    """A cleaned value, folded; lines of 75 keep each encoded word within RFC 2047 section 2."""
    cleaned = clean_header(value)
    if cleaned.isascii() and len(cleaned) <= 900:
        return _fold(cleaned, len(name) + 2)
    return Header(cleaned, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")


def _fold(text: str, used: int) -> str:
    lines, line = [], ""
    for word in text.split(" "):
        if line and used + len(line) + 1 + len(word) > 76:
            lines.append(line)
            line, used = word, 1
        else:
            line = f"{line} {word}" if line else word
    return "\r\n ".join([*lines, line])


def _write_mailbox(box: Mailbox) -> str:
    name, address = clean_header(box.name), _address(box.address)
    if not name:
        return address
    if _PLAIN_NAME.fullmatch(name) and len(name) <= 60:
        shown = f'"{name}"' if "'" in name else name
    else:
        shown = Header(name, "utf-8", maxlinelen=75, header_name="Reply-To").encode(linesep=CRLF)
    return f"{shown}{CRLF if len(shown) + len(address) > 60 else ''} <{address}>"


def _address(address: str) -> str:
    if not _ADDRESS.fullmatch(address) or "=?" in address or len(address) > 254:
        raise HeaderUnsound(
            f"The address {clean_header(address)!r} cannot be written into a mail.", advice="Correct it in the configuration."
        )
    return address


def _own_id(message_id: str) -> str:
    if not is_sound_message_id(message_id):
        raise HeaderUnsound(f"Our own Message-ID {clean_header(message_id)!r} is not sound.")
    return message_id


def _header_name(name: str) -> str:
    if not _HEADER_NAME.fullmatch(name):
        raise HeaderUnsound(f"The header name {clean_header(name)!r} cannot be written into a mail.")
    return name


def _write_date(date: datetime) -> str:
    if date.tzinfo is None:
        raise HeaderUnsound("The date of a mail must be aware.")
    return format_datetime(date)


def _write_body(draft: DraftMessage, seed: str) -> tuple[str, bytes]:
    """Content type and body: text first, then HTML, then a calendar object; inside `multipart/mixed` where there are attachments.

    Outlook and Gmail show the buttons of an invitation where its object is an alternative of the text (RFC 6047, 2.4); others
    open the same object as a file.
    """
    calendar, files = draft.calendar, draft.attachments
    parts = [_text_part("plain", draft.text), _text_part("html", draft.html)]
    if calendar is not None:
        parts.append(_calendar_part(calendar))
        files = (*files, Attachment(name=CALENDAR_FILE, media_type="application/ics", content=calendar.content))
    alternative = _multipart("alternative", parts, seed)
    if not files:
        return alternative
    content_type, body = alternative
    inner = f"Content-Type: {content_type}\r\n\r\n".encode() + body
    return _multipart("mixed", [inner, *(_attachment_part(one) for one in files)], seed)


def _multipart(subtype: str, parts: Sequence[bytes], seed: str) -> tuple[str, bytes]:
    # `=_` occurs neither in quoted-printable nor in base64, so no part can hold the boundary (RFC 2045 section 6.7).
    boundary = f"=_{subtype}_{hashlib.sha256(f'{subtype} {seed}'.encode()).hexdigest()[:24]}"
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return f'multipart/{subtype};\r\n boundary="{boundary}"', body + b"--" + boundary.encode() + b"--\r\n"


def _text_part(subtype: str, text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    encoded = binascii.b2a_qp(lines, istext=True).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + encoded


def _calendar_part(calendar: CalendarPart) -> bytes:
    if calendar.method not in CALENDAR_METHODS:
        raise HeaderUnsound(f"The calendar method {clean_header(calendar.method)!r} is none of ours.")
    head = (
        f"Content-Type: text/calendar; charset=utf-8;\r\n method={calendar.method}; component=VEVENT\r\nContent-Transfer-Encoding: base64"
    )
    return head.encode() + b"\r\n\r\n" + base64.encodebytes(calendar.content).replace(b"\n", b"\r\n")


def _attachment_part(attachment: Attachment) -> bytes:
    if not _MEDIA_TYPE.fullmatch(attachment.media_type):
        raise HeaderUnsound(f"The media type {clean_header(attachment.media_type)!r} of an attachment is not sound.")
    name = clean_header(attachment.name).replace("\\", "/").rpartition("/")[2][-120:] or "liite"
    written = f'filename="{name}"' if _PLAIN_FILE.fullmatch(name) else f"filename*={encode_rfc2231(name, 'utf-8')}"
    head = (
        f"Content-Type: {attachment.media_type}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n {written}\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(attachment.content).replace(b"\n", b"\r\n")


def _check(raw: bytes, headers: Mapping[str, str], draft: DraftMessage, how: Finishing) -> None:
    """Reads the mail back as a recipient would and compares. Raises HeaderUnsound."""
    lines = raw.split(CRLF.encode())
    if max(map(len, lines)) > LINE_LIMIT or not raw.count(b"\n") == raw.count(b"\r") == len(lines) - 1:
        raise HeaderUnsound("The mail has a line that is too long or a bare line end.")
    parsed = BytesHeaderParser(policy=compat32).parsebytes(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    names = Counter(name.lower() for name in parsed)
    if names != Counter(name.lower() for name in headers) or max(names.values()) > 1 or parsed.defects:
        raise HeaderUnsound("The mail does not have the headers that it was given.")
    meant = {"Subject": clean_header(draft.subject), "Message-ID": how["message_id"]}
    meant |= {name: _unfold(headers[name]) for name in ("In-Reply-To", "References") if name in headers}
    if any(_decode(str(parsed.get(name, ""))) != value for name, value in meant.items()):
        raise HeaderUnsound("The subject or an id of the mail does not read back as it was meant.")
    for name, box in (("From", how["sender"]), ("To", how["recipient"]), ("Reply-To", how["reply_to"])):
        shown, address = parseaddr(_unfold(str(parsed[name])))
        if (_decode(shown), address) != (clean_header(box.name), box.address):
            raise HeaderUnsound(f"{name} does not read back as it was meant.")


def _unfold(value: str) -> str:
    return value.replace(CRLF, "").replace("\n", "")


def _decode(value: str) -> str:
    try:
        chunks = decode_header(_unfold(value))
        return "".join(chunk if isinstance(chunk, str) else chunk.decode(charset or "ascii") for chunk, charset in chunks)
    except (MessageError, UnicodeDecodeError, LookupError) as error:
        raise HeaderUnsound("A header of the mail cannot be decoded again.") from error
