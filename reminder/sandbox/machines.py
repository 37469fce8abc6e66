"""What machines answer: out-of-office notes (RFC 3834) and delivery status notifications (RFC 3464)."""

from __future__ import annotations

import email
import email.policy
import hashlib
from datetime import date, datetime
from email.message import EmailMessage, Message, MIMEPart

from reminder.domain.programme import Language
from reminder.sandbox.clients import POLICY, start_mail
from reminder.sandbox.originals import Original, Writer

ABSENCE = {
    "fi": ("Automaattinen vastaus: ", "Olen poissa {until} saakka enkä lue sähköpostia. Kiireellisissä asioissa auttaa kaupungin vaihde."),
    "sv": (
        "Automatiskt svar: ",
        "Jag är frånvarande till och med {until} och läser inte e-post. I brådskande ärenden hjälper stadens växel.",
    ),
    "en": ("Automatic reply: ", "I am away until {until} and do not read mail. In urgent matters please call the switchboard."),
}


def out_of_office(original: Original, writer: Writer, until: date, when: datetime) -> bytes:
    """An automatic reply that names the day of return, in the thread and to the reply address, as careless systems send it."""
    prefix, text = ABSENCE[writer.language]
    mail = start_mail(writer, to=original.reply_to, subject=prefix + original.subject, when=when)
    mail["In-Reply-To"] = original.message_id
    mail["References"] = original.message_id
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(text.format(until=_write_day(writer.language, until)) + "\n", charset="utf-8", cte="quoted-printable")
    return bytes(mail)


def bounce(raw: bytes, *, envelope_sender: str, recipient: str, when: datetime, status: str = "5.1.1") -> bytes:
    """A delivery status notification about the mail `raw`, with its headers, to its envelope sender."""
    domain = recipient.rpartition("@")[2]
    server = f"mx.{domain}"
    original = email.message_from_bytes(raw, policy=email.policy.default)
    writer = Writer(address=f"MAILER-DAEMON@{server}", name="Mail Delivery System", language="en")
    report = start_mail(writer, to=envelope_sender, subject="Undelivered Mail Returned to Sender", when=when)
    report["Auto-Submitted"] = "auto-replied"
    said = "550 5.1.1 The email account that you tried to reach does not exist"
    report["Content-Type"] = "multipart/report; report-type=delivery-status"
    report.set_boundary(hashlib.sha256(raw + recipient.encode()).hexdigest()[:24])
    report["MIME-Version"] = "1.0"
    words = f"This is the mail system at host {server}.\n\nYour message could not be delivered.\n\n<{recipient}>: {said}\n"
    delivery = _fields({"Reporting-MTA": f"dns; {server}", "X-Original-Message-ID": str(original["Message-ID"])})
    failed = _fields({"Final-Recipient": f"rfc822; {recipient}", "Action": "failed", "Status": status, "Diagnostic-Code": f"smtp; {said}"})
    report.set_payload([_text_part(words), _status_part(delivery, failed), _headers_part(original)])
    return bytes(report)


def _fields(values: dict[str, str]) -> Message:
    block = Message(policy=POLICY)
    for name, value in values.items():
        block[name] = value
    return block


def _text_part(words: str) -> MIMEPart:
    part = MIMEPart(policy=POLICY)
    part.set_content(words, charset="us-ascii")
    return part


def _status_part(*blocks: Message) -> MIMEPart:
    part = MIMEPart(policy=POLICY)
    part["Content-Type"] = "message/delivery-status"
    part.set_payload(list(blocks))
    return part


def _headers_part(original: EmailMessage | Message) -> MIMEPart:
    part = MIMEPart(policy=POLICY)
    names = ("From", "To", "Subject", "Date", "Message-ID", "X-Reminder-Id", "X-Reminder-Instance")
    lines = [f"{name}: {original[name]}" for name in names if original[name]]
    part.set_content("\n".join(lines) + "\n", subtype="rfc822-headers", charset="utf-8", cte="quoted-printable")
    return part


def _write_day(language: Language, day: date) -> str:
    return f"{day:%d %B %Y}" if language == "en" else f"{day.day}.{day.month}.{day.year}"
