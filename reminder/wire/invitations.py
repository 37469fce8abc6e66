"""An invitation as a calendar object: REQUEST and CANCEL (RFC 5545, RFC 5546); the reader of answers stands in `itip`.

One event for one person. Times are local, with the VTIMEZONE of the zone; the same arguments always give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText
from icalendar.cal import Component

from reminder.domain.hearings import InviteMethod
from reminder.wire.headers import Mailbox, clean_header

PRODUCT = "-//reminder//hearings//EN"
ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """What an invitation says. Instants are aware, in the zone of the city."""

    method: InviteMethod
    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    place: str
    language: str
    organizer: Mailbox
    attendee: Mailbox


def write_uid(instance: str, domain: str, *what: str) -> str:
    """The UID of an event, such as a meeting of one person: always the same for the same things, and telling nothing of them."""
    return f"{hashlib.sha256('/'.join((instance, *what)).encode()).hexdigest()[:32]}@{domain}"


def write_event(event: CalendarEvent) -> bytes:
    """The calendar object, CRLF line ends, folded at 75 octets."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", event.method.value)
    calendar.add_component(_write_zone(event.starts_at))
    calendar.add_component(_write_component(event))
    written: bytes = calendar.to_ical()
    return written


def _write_component(event: CalendarEvent) -> Event:
    is_cancelled = event.method is InviteMethod.CANCEL
    component = Event()
    component.add("uid", event.uid)
    component.add("sequence", event.sequence)
    component.add("dtstamp", event.stamped_at.astimezone(UTC).replace(microsecond=0))
    component.add("dtstart", event.starts_at)
    component.add("dtend", event.ends_at)
    component.add("summary", event.summary, parameters={"LANGUAGE": event.language})
    component.add("description", event.description, parameters={"LANGUAGE": event.language})
    if event.place:
        component.add("location", event.place, parameters={"LANGUAGE": event.language})
    component["organizer"] = _write_address(event.organizer)
    attendee = _write_address(event.attendee)
    attendee.params["CUTYPE"] = vText("INDIVIDUAL")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    if not is_cancelled:
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        attendee.params["RSVP"] = vText("TRUE")
    component.add("attendee", attendee, encode=False)
    component.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    component.add("transp", "TRANSPARENT" if is_cancelled else "OPAQUE")
    return component


def _write_address(box: Mailbox) -> vCalAddress:
    address = vCalAddress(f"mailto:{box.address}")
    if name := clean_header(box.name).replace('"', "'"):
        address.params["CN"] = vText(name)
    return address


def _write_zone(at: datetime) -> Timezone:
    """The rules of the zone around this instant (RFC 5545, 3.6.5): each change of the clock in the year before, as a yearly rule
    where the year of the meeting changes it by the same rule, else with both dates."""
    zone = at.tzinfo
    if not isinstance(zone, ZoneInfo):
        raise ValueError("the time of a meeting needs a zone by name")
    component = Timezone()
    component.add("tzid", zone.key)
    before, same = list(_changes(zone, at.year - 1)), list(_changes(zone, at.year))
    for change in before:
        match = next((one for one in same if (one.month, one.nth) == (change.month, change.nth)), None)
        component.add_component(_observance(change, repeats=match is not None))
    for change in same:
        if not any((one.month, one.nth) == (change.month, change.nth) for one in before):
            component.add_component(_observance(change, repeats=False))
    if not component.subcomponents:
        start = datetime(1970, 1, 1)  # noqa: DTZ001 - local, as the format has it
        offset = at.utcoffset() or timedelta()
        component.add_component(_fill(TimezoneStandard(), start, offset, offset, at.tzname() or zone.key))
    return component


@dataclass(frozen=True, slots=True)
class _Change:
    """One change of the clock: local time before it, offsets before and after, and the name of the time after it."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def month(self) -> int:
        return self.local.month

    @property
    def nth(self) -> str:
        """`-1SU` for the last Sunday, else which one it is."""
        number = -1 if self.local.day > 24 else (self.local.day - 1) // 7 + 1
        return f"{number}{('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')[self.local.weekday()]}"


def _changes(zone: ZoneInfo, year: int) -> Iterator[_Change]:
    """The changes of the clock in a year, found by the hour."""
    hour, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    last = hour.astimezone(zone)
    while hour < end:
        day = hour + timedelta(days=1)
        if day.astimezone(zone).utcoffset() == last.utcoffset():
            hour, last = day, day.astimezone(zone)
            continue
        for _ in range(24):
            hour += ONE_HOUR
            now = hour.astimezone(zone)
            before, after = last.utcoffset() or timedelta(), now.utcoffset() or timedelta()
            if before != after:
                yield _Change((hour + before).replace(tzinfo=None), before, after, now.tzname() or zone.key)
            last = now


def _observance(change: _Change, *, repeats: bool) -> Component:
    component = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    _fill(component, change.local, change.before, change.after, change.name)
    if repeats:
        component.add("rrule", {"FREQ": "YEARLY", "BYMONTH": change.month, "BYDAY": change.nth})
    return component


def _fill(component: Component, start: datetime, before: timedelta, after: timedelta, name: str) -> Component:
    component.add("dtstart", start)
    component.add("tzoffsetfrom", before)
    component.add("tzoffsetto", after)
    component.add("tzname", name)
    return component
