"""Answers to an invitation as calendar programs write them, by their documented shapes; every name and address is invented.

Outlook and Exchange: MS-OXCICAL and MS-OXCMAIL; Google Calendar, Apple Mail and iOS, Thunderbird: as their mails look.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

UID = "0123456789abcdef0123456789abcdef@suvikoski.example"
INVITED = "kulttuuripaallikko@suvikoski.example"
OFFICE = "seuranta@suvikoski.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarMail:
    """What varies of an answer."""

    partstat: str = "ACCEPTED"
    uid: str = UID
    sequence: str = "SEQUENCE:0"
    attendee: str = INVITED
    sender: str = INVITED
    stamp: str = "20250304T081500Z"
    comment: str = ""
    proposed: tuple[str, str] = ("20250318T143000", "20250318T145000")
    headers: tuple[str, ...] = field(default=())


def _mail(one: CalendarMail, subject: str, content_type: str, body: str, *more: str) -> bytes:
    lines = [
        f"From: {one.sender}",
        f"To: {OFFICE}",
        f"Subject: {subject}",
        "Date: Tue, 04 Mar 2025 10:15:00 +0200",
        "Message-ID: <1.calendar@suvikoski.example>",
        "MIME-Version: 1.0",
        *more,
        *one.headers,
        f"Content-Type: {content_type}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body.replace("\n", "\r\n")).encode()


def _encoded(text: str) -> str:
    return base64.encodebytes(text.replace("\n", "\r\n").encode()).decode()


def outlook(one: CalendarMail) -> bytes:
    """Exchange: alternative of an empty text and base64, times in a zone of Windows, X-MICROSOFT properties, prefix in the subject."""
    prefix = {"ACCEPTED": "Hyväksytty", "DECLINED": "Hylätty", "TENTATIVE": "Alustava"}.get(one.partstat, "Uusi ehdotettu aika")
    calendar = f"""BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:FLE Standard Time
BEGIN:STANDARD
DTSTART:16010101T040000
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT={one.partstat};CN=Kulttuuripäällikkö:mailto:{one.attendee}
COMMENT;LANGUAGE=fi-FI:{one.comment}\\n
UID:{one.uid}
SUMMARY;LANGUAGE=fi-FI:{prefix}: Kuuleminen: Elinvoimaohjelma 2024–
 2027
DTSTART;TZID=FLE Standard Time:20250318T132000
DTEND;TZID=FLE Standard Time:20250318T134000
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:{one.stamp}
TRANSP:OPAQUE
STATUS:CONFIRMED
{one.sequence}
LOCATION;LANGUAGE=fi-FI:kaupungintalo\\; https://video.suvikoski.example/1
X-MICROSOFT-CDO-APPT-SEQUENCE:0
X-MICROSOFT-CDO-OWNERAPPTID:2121212121
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY
X-MICROSOFT-CDO-ALLDAYEVENT:FALSE
X-MICROSOFT-CDO-IMPORTANCE:1
X-MICROSOFT-DISALLOW-COUNTER:FALSE
END:VEVENT
END:VCALENDAR
"""
    if one.partstat == "COUNTER":
        start, end = one.proposed
        calendar = calendar.replace("METHOD:REPLY", "METHOD:COUNTER").replace("PARTSTAT=COUNTER", "PARTSTAT=TENTATIVE")
        calendar = calendar.replace("Time:20250318T132000", f"Time:{start}").replace("Time:20250318T134000", f"Time:{end}")
        calendar = calendar.replace(
            "X-MICROSOFT-CDO-APPT", "X-MS-OLK-ORIGINALSTART;TZID=FLE Standard Time:20250318T132000\nX-MICROSOFT-CDO-APPT"
        )
    body = f"""--_000_A
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable



--_000_A
Content-Type: text/calendar; charset="utf-8"; method={"COUNTER" if one.partstat == "COUNTER" else "REPLY"}
Content-Transfer-Encoding: base64

{_encoded(calendar)}
--_000_A--
"""
    subject = f"=?utf-8?B?{base64.b64encode(f'{prefix}: Kuuleminen: Elinvoimaohjelma'.encode()).decode()}?="
    auto = (
        "X-MS-Exchange-Calendar-Originator-Id: 1",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply",
        "Content-Class: urn:content-classes:calendarmessage",
    )
    return _mail(one, subject, 'multipart/alternative; boundary="_000_A"', body, *auto)


def google(one: CalendarMail) -> bytes:
    """Google Calendar: mixed of an alternative with 7bit text and an attached invite.ics, times in UTC."""
    word = {"ACCEPTED": "Accepted", "DECLINED": "Declined", "TENTATIVE": "Tentatively Accepted"}.get(one.partstat, "Proposed new time")
    partstat = "TENTATIVE" if one.partstat == "COUNTER" else one.partstat
    calendar = f"""BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:{"COUNTER" if one.partstat == "COUNTER" else "REPLY"}
BEGIN:VEVENT
DTSTART:{_utc(one.proposed[0]) if one.partstat == "COUNTER" else "20250318T112000Z"}
DTEND:{_utc(one.proposed[1]) if one.partstat == "COUNTER" else "20250318T114000Z"}
DTSTAMP:{one.stamp}
ORGANIZER;CN=Elinvoimajaoston valmistelu:mailto:{OFFICE}
UID:{one.uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN={one.attendee};X-NUM-GUESTS
 =0;X-RESPONSE-COMMENT="{one.comment}":mailto:{one.attendee}
{f"COMMENT:{one.comment}" if one.comment else "CLASS:PUBLIC"}
CREATED:20250304T080000Z
DESCRIPTION:Hei\\,\\n\\nElinvoimajaoston valmistelu kutsuu sinut kuulemiseen. Hyväks
 y tai hylkää. 1.1 vihreä
LAST-MODIFIED:{one.stamp}
LOCATION:kaupungintalo
{one.sequence}
STATUS:CONFIRMED
SUMMARY:Kuuleminen: Elinvoimaohjelma
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
"""
    body = f"""--000000000000aa
Content-Type: multipart/alternative; boundary="000000000000bb"

--000000000000bb
Content-Type: text/plain; charset="UTF-8"

{one.attendee} has {word.lower()} this invitation.

--000000000000bb
Content-Type: text/calendar; charset="UTF-8"; method=REPLY
Content-Transfer-Encoding: 7bit

{calendar}
--000000000000bb--

--000000000000aa
Content-Type: application/ics; name="invite.ics"
Content-Disposition: attachment; filename="invite.ics"
Content-Transfer-Encoding: base64

{_encoded(calendar)}
--000000000000aa--
"""
    sender = "Auto-Submitted: auto-generated", "Sender: Google Calendar <calendar-notification@google.example>"
    return _mail(
        one, f"{word}: Kuuleminen: Elinvoimaohjelma @ Tue Mar 18, 2025", 'multipart/mixed; boundary="000000000000aa"', body, *sender
    )


def _utc(local: str) -> str:
    """March before the change of the clock: two hours."""
    return f"{local[:9]}{int(local[9:11]) - 2:02}{local[11:]}Z"


def apple(one: CalendarMail) -> bytes:
    """Apple: quoted-printable calendar, IANA zone, upper-case MAILTO or an id with EMAIL, no SEQUENCE where it is 0."""
    calendar = f"""BEGIN:VCALENDAR
CALSCALE:GREGORIAN
VERSION:2.0
METHOD:REPLY
PRODID:-//Apple Inc.//macOS 14.4//EN
BEGIN:VEVENT
UID:{one.uid}
DTSTART;TZID=Europe/Helsinki:20250318T132000
DTEND;TZID=Europe/Helsinki:20250318T134000
{one.sequence if one.sequence != "SEQUENCE:0" else "CREATED:20250304T080000Z"}
DTSTAMP:{one.stamp}
SUMMARY:Kuuleminen: Elinvoimaohjelma
ATTENDEE;CN="Päällikkö, kulttuuri";CUTYPE=INDIVIDUAL;EMAIL="{one.attendee}";PARTSTAT={one.partstat};RO
 LE=REQ-PARTICIPANT:/aMjQ1/principal/
{f"COMMENT:{one.comment}" if one.comment else "TRANSP:OPAQUE"}
END:VEVENT
END:VCALENDAR
"""
    quoted = calendar.replace("=", "=3D").replace("ä", "=C3=A4").replace("ö", "=C3=B6")
    body = f"""--Apple-Mail-1
Content-Type: text/plain; charset=us-ascii

{INVITED} has accepted your invitation.
--Apple-Mail-1
Content-Type: text/calendar; charset=utf-8; name=iCal-1.ics; method=REPLY
Content-Disposition: attachment; filename=iCal-1.ics
Content-Transfer-Encoding: quoted-printable

{quoted}
--Apple-Mail-1--
"""
    return _mail(one, "Accepted: Kuuleminen", 'multipart/alternative; boundary="Apple-Mail-1"', body)


def thunderbird(one: CalendarMail) -> bytes:
    """Thunderbird: the whole mail is one calendar object; REQUEST-STATUS, and an alarm inside."""
    body = f"""BEGIN:VCALENDAR
PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
BEGIN:VALARM
ACTION:DISPLAY
UID:another
ATTENDEE;PARTSTAT=DECLINED:mailto:other@suvikoski.example
TRIGGER:-PT15M
END:VALARM
CREATED:20250304T081500Z
DTSTAMP:{one.stamp}
UID:{one.uid}
SUMMARY:Kuuleminen: Elinvoimaohjelma
ORGANIZER;RSVP=TRUE;PARTSTAT=ACCEPTED;ROLE=CHAIR:MAILTO:{OFFICE}
ATTENDEE;PARTSTAT={one.partstat};ROLE=REQ-PARTICIPANT:MAILTO:{one.attendee}
DTSTART:20250318T112000Z
DTEND:20250318T114000Z
{one.sequence}
REQUEST-STATUS:2.0;Success
{f"COMMENT:{one.comment}" if one.comment else "CLASS:PUBLIC"}
END:VEVENT
END:VCALENDAR
"""
    return _mail(one, "Kutsuvastaus", "text/calendar; method=REPLY; charset=UTF-8", body, "Content-Transfer-Encoding: 8bit")


PROGRAMS = {"outlook": outlook, "google": google, "apple": apple, "thunderbird": thunderbird}
