"""The running order as an iCalendar file (RFC 5545): one entry a visit, for the calendar of who leads the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from icalendar import Calendar, Event

from reminder.compose.meetings.views import OrderRow, OrderView
from reminder.compose.meetings.words import WORDS, say_answer
from reminder.compose.words import capital
from reminder.domain.hearings import join_place
from reminder.domain.programme import Language
from reminder.wire.invitations import write_uid

PRODUCT = "-//reminder//running order//EN"


def render_order_calendar(views: Sequence[OrderView], language: Language) -> bytes:
    """All visits of these meetings. An entry keeps its UID while its parties stay the same, so that importing again moves it."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for view in views:
        for row in view.rows:
            calendar.add_component(_write_event(view, row, language))
    written: bytes = calendar.to_ical()
    return written


def _write_event(view: OrderView, row: OrderRow, language: Language) -> Event:
    zone, names = view.as_of.tzinfo, ", ".join(capital(party.in_language(language)) for party in row.parties)
    people = [f"{one.name or one.address}: {say_answer(one.attendance, language, is_told=one.is_told)}" for one in row.people]
    actions = [f"[{one.number}] {one.title}" for one in row.actions]
    event = Event()
    event.add("uid", write_uid(view.instance, view.instance or "reminder", view.key, *row.ids))
    event.add("dtstamp", view.as_of.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", datetime.combine(row.on, row.begins, tzinfo=zone).astimezone(UTC))
    event.add("dtend", datetime.combine(row.on, row.ends, tzinfo=zone).astimezone(UTC))
    event.add("summary", f"{WORDS[language].kinds[view.kind]}: {names}")
    event.add("description", "\n".join([*people, *actions]))
    where = join_place(view.place.in_language(language) if view.place else "", view.link)
    if where:
        event.add("location", where)
    return event
