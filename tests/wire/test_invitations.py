"""Calendar objects of ours, read back by the icalendar library without mercy and by a second implementation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from reminder.domain.hearings import InviteMethod
from reminder.domain.messages import CalendarPart, DraftMessage, MailKind, OutgoingMessage
from reminder.errors import HeaderUnsound
from reminder.wire.headers import Mailbox, finish_message
from reminder.wire.invitations import CalendarEvent, write_event, write_uid

HELSINKI = ZoneInfo("Europe/Helsinki")
STARTS = datetime(2025, 3, 18, 13, 0, tzinfo=HELSINKI)
SAMPLE = CalendarEvent(
    method=InviteMethod.REQUEST,
    uid=write_uid("tests", "kunta.example", "elinvoima", "2024", "hearing", "p1"),
    sequence=0,
    stamped_at=datetime(2025, 3, 4, 9, 0, 1, 5, tzinfo=HELSINKI),
    starts_at=STARTS,
    ends_at=STARTS + timedelta(minutes=20),
    summary="Kuuleminen: Elinvoimaohjelma; osa 1, jatkoa",
    description="Hei,\n\nsinut kutsutaan; tule, ole hyvä.\nÄäkköset ja pitkä rivi, joka on yli seitsemänkymmentäviisi oktettia pitkä.",
    place="kaupungintalo; https://video.kunta.example/1",
    language="fi",
    organizer=Mailbox(name='Jaoston "valmistelu"', address="seuranta@kunta.example"),
    attendee=Mailbox(name="Päällikkö, kulttuuri", address="kulttuuri@kunta.example"),
)


def strictly(content: bytes) -> Event:
    """The one event; nothing in the file may be an error to the library."""
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    assert [error for part in calendar.walk() for error in part.errors] == []
    events = calendar.walk("VEVENT")
    assert len(events) == 1
    assert isinstance(events[0], Event)
    return events[0]


def test_the_whole_object() -> None:
    """What RFC 5546, 3.2.2 wants of a REQUEST, in lines of at most 75 octets that end in CRLF."""
    content = write_event(SAMPLE)
    lines = content.split(b"\r\n")

    assert max(map(len, lines)) <= 75
    assert content.count(b"\n") == content.count(b"\r\n") == len(lines) - 1
    unfolded = content.replace(b"\r\n ", b"").decode().split("\r\n")
    assert {
        "METHOD:REQUEST",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "DTSTAMP:20250304T070001Z",
        "DTSTART;TZID=Europe/Helsinki:20250318T130000",
        "DTEND;TZID=Europe/Helsinki:20250318T132000",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "ORGANIZER;CN=\"Jaoston 'valmistelu'\":mailto:seuranta@kunta.example",
        "SUMMARY;LANGUAGE=fi:Kuuleminen: Elinvoimaohjelma\\; osa 1\\, jatkoa",
    } <= set(unfolded)
    attendee = next(line for line in unfolded if line.startswith("ATTENDEE"))
    assert attendee.endswith(":mailto:kulttuuri@kunta.example")
    assert set(attendee.rpartition(":mailto:")[0].split(";")) == {
        "ATTENDEE",
        'CN="Päällikkö, kulttuuri"',
        "CUTYPE=INDIVIDUAL",
        "ROLE=REQ-PARTICIPANT",
        "PARTSTAT=NEEDS-ACTION",
        "RSVP=TRUE",
    }


def test_a_cancel_asks_for_no_answer() -> None:
    """STATUS and METHOD say so, UID and SEQUENCE name what ends (RFC 5546, 3.2.5)."""
    text = write_event(replace(SAMPLE, method=InviteMethod.CANCEL, sequence=3)).replace(b"\r\n ", b"").decode()

    assert "METHOD:CANCEL" in text
    assert "STATUS:CANCELLED" in text
    assert "SEQUENCE:3" in text
    assert "RSVP" not in text
    assert f"UID:{SAMPLE.uid}" in text


@pytest.mark.parametrize(
    ("zone", "rules"),
    [
        ("Europe/Helsinki", ["BYDAY=-1SU;BYMONTH=3", "BYDAY=-1SU;BYMONTH=10"]),
        ("America/New_York", ["BYDAY=2SU;BYMONTH=3", "BYDAY=1SU;BYMONTH=11"]),
        ("Asia/Tokyo", []),
        ("UTC", []),
    ],
)
def test_the_zone_is_told_by_its_rules(zone: str, rules: list[str]) -> None:
    """Each change of the clock as a yearly rule; a zone without any has one standard time."""
    starts = datetime(2025, 7, 1, 13, 0, tzinfo=ZoneInfo(zone))
    text = write_event(replace(SAMPLE, starts_at=starts, ends_at=starts + timedelta(hours=1))).decode()
    zone_part = text.partition("BEGIN:VTIMEZONE")[2].partition("END:VTIMEZONE")[0]
    found = [dict(pair.split("=") for pair in line[6:].split(";")) for line in zone_part.split("\r\n") if line.startswith("RRULE:")]

    assert sorted(f"BYDAY={rule['BYDAY']};BYMONTH={rule['BYMONTH']}" for rule in found) == sorted(rules)
    assert zone_part.count("BEGIN:STANDARD") == 1


TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=120).map(str.strip).filter(bool)
EVENTS = st.builds(
    lambda method, sequence, starts, minutes, summary, description, name: replace(
        SAMPLE,
        method=method,
        sequence=sequence,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=minutes),
        summary=summary,
        description=description,
        attendee=Mailbox(name=name, address="kulttuuri@kunta.example"),
    ),
    st.sampled_from(InviteMethod),
    st.integers(0, 99),
    st.builds(
        lambda days, hour: datetime(2024, 1, 1, hour, tzinfo=HELSINKI) + timedelta(days=days), st.integers(0, 5800), st.integers(4, 20)
    ),
    st.integers(5, 180),
    TEXTS,
    TEXTS,
    TEXTS,
)


@given(EVENTS)
@settings(max_examples=40, deadline=None)
def test_two_implementations_read_what_was_meant(event: CalendarEvent) -> None:
    """Instants, texts, SEQUENCE and address, by both; the same event gives the same bytes."""
    content = write_event(event)
    ours = strictly(content)
    theirs = vobject.readOne(content.decode()).vevent

    assert write_event(event) == content
    assert ours.decoded("dtstart") == event.starts_at == theirs.dtstart.value
    assert ours.decoded("dtend") == event.ends_at == theirs.dtend.value
    assert int(str(ours["SEQUENCE"])) == event.sequence == int(theirs.sequence.value)
    assert str(ours["SUMMARY"]) == event.summary == theirs.summary.value
    assert str(ours["DESCRIPTION"]) == event.description == theirs.description.value
    assert str(ours["ATTENDEE"]).lower() == "mailto:kulttuuri@kunta.example" == theirs.attendee.value.lower()
    assert str(ours["UID"]) == SAMPLE.uid == theirs.uid.value


def test_the_uid_is_the_same_for_the_same_person_only() -> None:
    """It hangs on instance, round, meeting and person, and on nothing else."""
    what = ("elinvoima", "2024", "hearing", "p1")
    assert write_uid("tests", "kunta.example", *what) == SAMPLE.uid
    others = [write_uid("tests", "kunta.example", *what[:place], "other", *what[place + 1 :]) for place in range(4)]
    assert len({SAMPLE.uid, write_uid("else", "kunta.example", *what), *others}) == 6


def finish(calendar: CalendarPart) -> OutgoingMessage:
    """A finished mail with this object."""
    draft = DraftMessage(kind=MailKind.INVITATION, language="fi", subject="Kutsu", text="Hei\n", html="<p>Hei</p>", calendar=calendar)
    return finish_message(
        draft,
        id="abcdefghijkl",
        person="p1",
        token="",
        sender=SAMPLE.organizer,
        recipient=SAMPLE.attendee,
        reply_to=SAMPLE.organizer,
        message_id="<abc@kunta.example>",
        date=SAMPLE.stamped_at,
        envelope_sender="seuranta@kunta.example",
        boundary_seed="abc",
        not_before=SAMPLE.stamped_at,
    )


def test_the_mail_shows_the_object_twice() -> None:
    """As an alternative of the text, with its method in the header, where Outlook and Gmail look; and as a file (RFC 6047, 2.4)."""
    content = write_event(SAMPLE)
    sent = finish(CalendarPart(method="REQUEST", content=content))
    mail = message_from_bytes(sent.raw, policy=default)
    shape = [(part.get_content_type(), part.get_filename()) for part in mail.walk()]
    calendar, file = (part for part in mail.walk() if part.get_content_type() in {"text/calendar", "application/ics"})

    assert shape == [
        ("multipart/mixed", None),
        ("multipart/alternative", None),
        ("text/plain", None),
        ("text/html", None),
        ("text/calendar", None),
        ("application/ics", "invite.ics"),
    ]
    assert (calendar["Content-Type"].params["method"], calendar["Content-Type"].params["charset"]) == ("REQUEST", "utf-8")
    assert calendar.get_payload(decode=True) == file.get_payload(decode=True) == content


def test_a_method_that_is_none_of_ours_is_refused() -> None:
    """It stands in a header."""
    calendar = CalendarPart(method="REQUEST;\r\nBcc: x@y.example", content=b"")
    with pytest.raises(HeaderUnsound):
        finish(calendar)
