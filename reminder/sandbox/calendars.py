"""What a calendar program sends when somebody presses a button of our invitation."""

from __future__ import annotations

import base64
import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage

from reminder.sandbox.clients import start_mail
from reminder.sandbox.originals import Writer

_SUBJECTS = {"ACCEPTED": "Hyväksytty", "DECLINED": "Hylätty", "TENTATIVE": "Alustava"}
_PROPERTY = re.compile(r"^(UID|SEQUENCE|DTSTART[^:\n]*|DTEND[^:\n]*|SUMMARY[^:\n]*):(.*)$", re.MULTILINE)


def calendar_answer(raw: bytes, writer: Writer, partstat: str, when: datetime, *, to: str, comment: str = "") -> bytes:
    """The answer to the invitation in a mail of ours, in the form of Exchange. Raises ValueError where there is none in it."""
    found = dict(_PROPERTY.findall(_read_calendar(raw)))
    named = {name.partition(";")[0]: f"{name}:{value}" for name, value in found.items()}
    lines = [
        "BEGIN:VCALENDAR",
        "METHOD:REPLY",
        "PRODID:Microsoft Exchange Server 2010",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        f"ATTENDEE;PARTSTAT={partstat};CN={writer.name}:mailto:{writer.address}",
        f"COMMENT;LANGUAGE=fi-FI:{comment}",
        *(named[name] for name in ("UID", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY")),
        f"DTSTAMP:{when.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    mail = start_mail(writer, to=to, subject=f"{_SUBJECTS[partstat]}: {found.get('SUMMARY;LANGUAGE=fi', 'kutsu')}", when=when)
    mail.set_content("\n", charset="utf-8")
    mail.add_alternative(
        "\r\n".join((*lines, "")).encode(),
        maintype="text",
        subtype="calendar",
        params={"method": "REPLY", "charset": "utf-8"},
        cte="base64",
    )
    return bytes(mail)


def _read_calendar(raw: bytes) -> str:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    for part in mail.walk() if isinstance(mail, EmailMessage) else ():
        content = part.get_payload() if part.get_content_type() == "text/calendar" else None
        if isinstance(content, str):
            return base64.b64decode(content).decode().replace("\r\n ", "").replace("\r\n", "\n").partition("END:VTIMEZONE\n")[2]
    raise ValueError("the mail holds no invitation")
