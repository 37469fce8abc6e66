"""What goes onto the wire reads back as it was meant, whatever was put in."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Mapping
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.domain.messages import Attachment, DraftMessage, MailKind, OutgoingMessage
from reminder.errors import HeaderUnsound
from reminder.wire.headers import Mailbox, clean_header, finish_message, is_sound_message_id, sound_references

NOON = datetime(2025, 2, 3, 10, 0, tzinfo=UTC)
OFFICE = Mailbox(name="Elinvoimaohjelman seuranta – Koivulahden kaupunki", address="seuranta@koivulahti.example")
PARTY = Mailbox(name="Kulttuuripäällikkö", address="kulttuuri@koivulahti.example")
TOKEN = "ar" + "abcdefghijkl" + "k" * 20
REPLY = Mailbox(name="Seuranta", address=f"seuranta+{TOKEN}@koivulahti.example")
EXCHANGE_ID = "<DB9PR02MB6764ABCDEF0123456789ABCDEF0123456@DB9PR02MB6764.eurprd02.prod.outlook.com>"
OUR_ID = "<abcdefghijkl.1@koivulahti.example>"
EXPECTED = {
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "auto-submitted",
    "x-auto-response-suppress",
    "x-reminder-id",
    "x-reminder-instance",
    "content-language",
    "mime-version",
    "content-type",
}
# Measured to put a Bcc line on the wire through EmailMessage and policy.SMTP (mail-protocol.md 5.1).
HOSTILE = (
    "<a@b> =?utf-8?q?=0ABcc:_victim@example.com?=",
    "<=?utf-8?q?=0ABcc:_x@e.com?=@b>",
    "ä =?UTF-8?Q?=0A?= Bcc: victim@example.com",
    "hei\r\nBcc: victim@example.com\r\n\r\nbody",
    "hei\nBcc: victim@example.com",
    "hei\rBcc: x",
    "a\u2028Bcc: x",
    "a\x85Bcc: x",
    "\x00",
    "=\x00?utf-8?q?=0ABcc:_x?=",
    "\u202egnihsihp",
    '"quoted" <other@evil.test>',
    "a, b <c@d.test>; e",
    "\ud800",
)


def _draft(subject: str = "Kolme toimenpidettä", text: str = "Hei\n", html: str = "<p>Hei</p>\n", **more: object) -> DraftMessage:
    attachments = more.get("attachments", ())
    assert isinstance(attachments, tuple)
    return DraftMessage(kind=MailKind.REQUEST, language="fi", subject=subject, text=text, html=html, attachments=attachments)


def _finish(
    draft: DraftMessage | None = None,
    *,
    recipient: Mailbox = PARTY,
    in_reply_to: str = "",
    references: tuple[str, ...] = (),
    auto_submitted: str = "auto-generated",
    extra: Mapping[str, str] | None = None,
    message_id: str = OUR_ID,
    date: datetime = NOON,
) -> OutgoingMessage:
    return finish_message(
        draft or _draft(),
        id="abcdefghijkl",
        person="p1",
        token=TOKEN,
        sender=OFFICE,
        recipient=recipient,
        reply_to=REPLY,
        message_id=message_id,
        date=date,
        in_reply_to=in_reply_to,
        references=references,
        envelope_sender="seuranta@koivulahti.example",
        boundary_seed="seed",
        not_before=NOON,
        auto_submitted=auto_submitted,
        instance="koivulahti",
        extra_headers=extra or {},
    )


def _headers(message: OutgoingMessage) -> Message:
    return email.message_from_bytes(message.raw)


def _read(message: Message, name: str) -> str:
    value = str(message[name]).replace("\r\n", "").replace("\n", "")
    return str(make_header(decode_header(value)))


def test_plain_request_has_each_header_once() -> None:
    """RFC 5322 section 3.6: one each of the headers that we write, and no other."""
    parsed = _headers(_finish())

    assert sorted(name.lower() for name in parsed) == sorted(EXPECTED)
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["X-Auto-Response-Suppress"] == "OOF, AutoReply"


def test_automatic_answer_suppresses_all_answers() -> None:
    """An acknowledgement is auto-replied and wants no answer of a machine (RFC 3834 section 5)."""
    parsed = _headers(_finish(auto_submitted="auto-replied"))

    assert (parsed["Auto-Submitted"], parsed["X-Auto-Response-Suppress"]) == ("auto-replied", "All")


def test_bodies_are_quoted_printable_text_first() -> None:
    """Text stands before HTML, both quoted-printable, and both read back."""
    text = "Äyskäröinti vie öljyä.\n" + "pitkä rivi " * 40 + "\n.piste\nFrom täältä\n"
    parsed = _headers(_finish(_draft(text=text)))
    parts = [part for part in parsed.walk() if not part.is_multipart()]

    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert {part["Content-Transfer-Encoding"] for part in parts} == {"quoted-printable"}
    payload = parts[0].get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().replace("\r\n", "\n") == text + ""


def test_same_arguments_same_bytes() -> None:
    """Boundaries come from the seed: a mail can be made again to the byte."""
    assert _finish().raw == _finish().raw


@pytest.mark.parametrize("length", range(20, 160, 3))
def test_finnish_subjects_lose_no_space(length: int) -> None:
    """At 78 columns the stdlib's policy lost a space beside a dash (mail-protocol.md 5.1b)."""
    subject = ("Elinvoimaohjelma – sivistysjohtaja – määräaika 2.3.2026 – kaupunkikehitysjohtaja " * 3)[:length].strip()
    message = _finish(_draft(subject))

    assert _read(_headers(message), "Subject") == subject
    assert max(map(len, message.raw.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78


def test_exchange_ids_are_never_encoded() -> None:
    """An id of 81 characters stands as it is in In-Reply-To and References."""
    ids = tuple(EXCHANGE_ID.replace("<DB9", f"<D{number:02d}") for number in range(30))
    parsed = _headers(_finish(in_reply_to=EXCHANGE_ID, references=ids))

    assert parsed["In-Reply-To"] == EXCHANGE_ID
    references = str(parsed["References"]).split()
    assert len(references) == 20
    assert (references[0], references[-1]) == (ids[0], EXCHANGE_ID)


@pytest.mark.fault("A6")
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_values_make_no_header(hostile: str) -> None:
    """The strings that were measured to inject headers stay inside the value that they were put into."""
    draft = _draft(hostile, text=hostile, html=hostile, attachments=(Attachment(name=hostile, media_type="text/csv", content=b"a"),))
    recipient = Mailbox(name=hostile, address=PARTY.address)
    message = _finish(draft, recipient=recipient, in_reply_to=hostile, references=(hostile,), extra={"X-Reminder-Note": hostile})

    for policy in (email.policy.compat32, email.policy.SMTP):
        names = {name.lower() for name in email.message_from_bytes(message.raw, policy=policy)}
        assert names <= EXPECTED | {"x-reminder-note"}
    assert b"\nbcc:" not in message.raw.lower().partition(b"\r\n\r\n")[0]


@pytest.mark.fault("A6")
@settings(max_examples=150, deadline=None)
@given(subject=st.text(max_size=300), name=st.text(max_size=120), parent=st.text(max_size=60))
def test_any_text_reads_back(subject: str, name: str, parent: str) -> None:
    """Whatever the subject, the name and the parent's id are: the mail reads back as the cleaned values."""
    message = _finish(_draft(subject), recipient=Mailbox(name=name, address=PARTY.address), in_reply_to=parent)
    parsed = _headers(message)
    shown, address = parseaddr(str(parsed["To"]).replace("\r\n", "").replace("\n", ""))

    assert ("Subject" in parsed) == bool(clean_header(subject))
    assert not parsed["Subject"] or _read(parsed, "Subject") == clean_header(subject)
    assert (str(make_header(decode_header(shown))), address) == (clean_header(name), PARTY.address)
    assert max(map(len, message.raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("address", ["a b@c.example", "a@b\r\nBcc: x@y.test", "a@b, c@d", "ä@b.example", "", "a@b>", "=?x?=@b.example"])
def test_unsound_recipient_is_refused(address: str) -> None:
    """An address that cannot be written as it is stops the mail."""
    with pytest.raises(HeaderUnsound):
        _finish(recipient=Mailbox(address=address))


def test_unsound_own_parts_are_refused() -> None:
    """Our own Message-ID, header names and dates are never mended silently."""
    with pytest.raises(HeaderUnsound):
        _finish(message_id="<a b@c>")
    with pytest.raises(HeaderUnsound):
        _finish(extra={"X-A: b\r\nBcc": "x"})
    with pytest.raises(HeaderUnsound):
        _finish(date=NOON.replace(tzinfo=None))


def test_extra_header_may_not_stand_twice() -> None:
    """A header of ours that is given again in other letters is refused: RFC 5322 allows one Subject."""
    with pytest.raises(HeaderUnsound):
        _finish(extra={"SUBJECT": "toinen", "subject": "kolmas"})


def test_attachment_name_keeps_its_letters() -> None:
    """A file name with Finnish letters is written after RFC 2231, without folders."""
    attachment = Attachment(name="..\\..\\Elinvoimaohjelma – päätös.pdf", media_type="application/pdf", content=b"%PDF" * 100)
    parsed = _headers(_finish(_draft(attachments=(attachment,))))
    parts = [part for part in parsed.walk() if part.get_content_disposition() == "attachment"]

    assert parsed.get_content_type() == "multipart/mixed"
    assert parts[0].get_filename() == "Elinvoimaohjelma – päätös.pdf"
    assert parts[0].get_payload(decode=True) == b"%PDF" * 100


def test_sound_ids() -> None:
    """The pattern of mail-protocol.md 5.1: no blank, no `=?`, not over 250 a side."""
    assert is_sound_message_id(EXCHANGE_ID)
    assert not any(map(is_sound_message_id, (*HOSTILE, "", "a@b", "<a@b", "<a@b>\n", f"<{'a' * 251}@b>", "<a@b><c@d>")))
    assert sound_references(("<a@b>", "nonsense", "<a@b>", "<p@q>"), "<p@q>") == ("<a@b>", "<p@q>")
