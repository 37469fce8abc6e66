"""The dates of the rounds and of their meetings for a calendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from reminder.domain.programme import Language, Localised
from reminder.report.site.meetings import MeetingView
from reminder.report.site.views import SiteView
from reminder.report.site.words import tell_hours, words_of
from reminder.wire.invitations import write_uid

PRODUCT = "-//reminder//follow-up of a programme//EN"


def write_calendar(site: SiteView, language: Language) -> bytes:
    """The dates of the rounds as whole days (RFC 5545). A UID hangs on what the date is, so that a moved date moves its entry."""
    words, calendar = words_of(language), Calendar()
    for key, value in (("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN")):
        calendar.add(key, value)
    calendar.add("x-wr-calname", site.programme.in_language(language))
    host = urlsplit(site.address).hostname or "reminder"
    for one in site.rounds:
        for kind, on in (("asked_on", one.asked_on), ("due_on", one.due_on), ("closes_on", one.closes_on)):
            if on is not None:
                event = Event()
                event.add("uid", write_uid(site.programme_id, host, one.id, kind))
                event.add("dtstamp", datetime.combine(on, time(0), tzinfo=UTC))
                event.add("dtstart", on)
                event.add("dtend", on + timedelta(days=1))
                event.add("summary", f"{site.programme.in_language(language)}: {words[kind].lower()} ({one.name.in_language(language)})")
                event.add("transp", "TRANSPARENT")
                calendar.add_component(event)
    for meeting in site.meetings:
        for index, day in enumerate(meeting.days):
            calendar.add_component(_write_event(site, meeting, index, day, language, host))
    written: bytes = calendar.to_ical()
    return written


def _write_event(site: SiteView, one: MeetingView, index: int, day: date, language: Language, host: str) -> Event:
    """A day of a meeting. Its UID counts the days, so that a day that is moved moves its event."""
    words, zone, event = words_of(language), site.updated_at.tzinfo, Event()
    begins = datetime.combine(day, one.opens, tzinfo=zone).astimezone(UTC)
    event.add("uid", write_uid(site.programme_id, host, one.round_id, f"{one.kind.value}-{index}"))
    event.add("dtstamp", begins)
    event.add("dtstart", begins)
    event.add("dtend", datetime.combine(day, one.until, tzinfo=zone).astimezone(UTC))
    event.add(
        "summary", f"{site.programme.in_language(language)}: {words[one.kind.value].lower()} ({one.round_name.in_language(language)})"
    )
    event.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
    if one.place:
        event.add("location", one.place.in_language(language))
    heard = [(tell_hours(language, slot.begins, slot.ends), slot.parties) for slot in one.slots if slot.on == day]
    lines = [f"{when} {_join_names(parties, language)}" for when, parties in heard]
    lines += [_join_names(one.parties, language)] if one.parties else []
    if lines and not one.is_cancelled:
        event.add("description", "\n".join(lines))
    return event


def _join_names(parties: Sequence[tuple[str, Localised]], language: Language) -> str:
    return ", ".join(name.in_language(language) for _, name in parties)
