"""The example city with an afternoon of hearings and a seminar, and calendars that answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from email import message_from_bytes
from email.policy import default

from icalendar import Calendar, Event

from reminder.domain.hearings import Meeting, MeetingKind, Wish
from reminder.domain.messages import MailKind
from reminder.domain.programme import Localised
from reminder.flows.inviting import invite
from tests.flows.town import Town

HEARING_DAY, SEMINAR_DAY, INVITE_DAY = date(2025, 3, 18), date(2025, 5, 8), date(2025, 3, 4)
HEARD = ("lukion-rehtori", "kulttuuripaallikko", "johtoryhma", "kaupunkikehitysjohtaja")


def hearings(**changes: object) -> Meeting:
    """An afternoon for four parties, two of which have the same contact."""
    afternoon = Meeting(
        kind=MeetingKind.HEARING,
        days=(HEARING_DAY,),
        opens=time(13),
        until=time(16),
        length=20,
        parties=HEARD,
        place=Localised({"fi": "kaupungintalo", "sv": "stadshuset", "en": "City Hall"}),
        link="https://video.suvikoski.example/1",
        presenter="elinvoimakoordinaattori",
        invite_on=INVITE_DAY,
    )
    return replace(afternoon, **changes)  # type: ignore[arg-type]


def seminar(**changes: object) -> Meeting:
    """A morning for two parties."""
    morning = Meeting(
        kind=MeetingKind.SEMINAR, days=(SEMINAR_DAY,), opens=time(9), until=time(12), parties=HEARD[:2], invite_on=date(2025, 4, 1)
    )
    return replace(morning, **changes)  # type: ignore[arg-type]


def hold(town: Town, *meetings: Meeting) -> None:
    """Somebody edits the meetings of schedule.yaml."""
    one = replace(town.round, meetings=meetings)
    town.house = replace(town.house, setup=replace(town.setup, rounds=(one, *town.setup.rounds[1:])))


def wish(party: str, clock: time, day: date = HEARING_DAY) -> dict[str, Wish]:
    """A fixed time."""
    return {party: Wish(on=day, begins=clock)}


def invite_on(town: Town, day: date = INVITE_DAY, clock: time = time(9)) -> None:
    """A morning: who is to be told is told, and the mails leave."""
    town.move_to_day(day, clock)
    invite(town.house)
    town.deliver()


def events_of(town: Town, recipient: str = "") -> list[tuple[str, Event]]:
    """What the calendars of these people have got, oldest first: the method and the event."""
    found = []
    for mail in town.sent(recipient, MailKind.INVITATION):
        parsed = message_from_bytes(mail.raw, policy=default)
        part = next(part for part in parsed.walk() if part.get_content_type() == "text/calendar")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        calendar = Calendar.from_ical(content)
        assert isinstance(calendar, Calendar)
        found.append((str(calendar["METHOD"]), next(one for one in calendar.walk("VEVENT") if isinstance(one, Event))))
    return found


def told(town: Town, recipient: str = "") -> list[str]:
    """`REQUEST 0 18. 13:00-13:20`, oldest first."""
    rows = []
    for method, event in events_of(town, recipient):
        starts, ends = event.decoded("dtstart"), event.decoded("dtend")
        assert isinstance(starts, datetime)
        assert isinstance(ends, datetime)
        rows.append(f"{method} {event['SEQUENCE']} {starts.day}. {starts:%H:%M}-{ends:%H:%M}")
    return rows
