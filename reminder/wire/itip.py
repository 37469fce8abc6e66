"""Answers of calendar programs (RFC 5546, 3.2.3 and 3.2.7) out of hostile text; the writer of invitations stands in `invitations`.

Outlook and Exchange, Google and Apple leave things out and add things of their own; what is read here is what an answer means:
UID, SEQUENCE, ATTENDEE with PARTSTAT, DTSTAMP, the proposed time of a COUNTER, and the comment. Total: what is no answer is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from reminder.domain.hearings import Attendance, CalendarAnswer

LINES = 2_000
EVENTS = 10
LINE_CHARS = 8_000
COMMENT_CHARS = 1_000
UID_CHARS = 255
MOST_SEQUENCE = 2**31
METHODS = frozenset({"REPLY", "COUNTER"})
_NAME = re.compile(r"([A-Za-z0-9-]{1,60})")
_PARAMETER = re.compile(r';([A-Za-z0-9-]{1,60})=("[^"\n]*"|[^";:,\n]*)((?:,(?:"[^"\n]*"|[^";:,\n]*))*)')
_WHEN = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?")
_DURATION = re.compile(r"P(?:(\d{1,2})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_PARTSTATS: Mapping[str, Attendance] = {
    "ACCEPTED": Attendance.ACCEPTED,
    "TENTATIVE": Attendance.TENTATIVE,
    "DECLINED": Attendance.DECLINED,
}


@dataclass(frozen=True, slots=True)
class _Line:
    """One content line: its parameters with upper-case names, quotation marks taken off."""

    name: str
    parameters: Mapping[str, str]
    value: str


@dataclass(slots=True)
class _Event:
    lines: list[_Line] = field(default_factory=list)

    def first(self, name: str) -> _Line | None:
        return next((line for line in self.lines if line.name == name), None)

    def value(self, name: str) -> str:
        line = self.first(name)
        return line.value.strip() if line else ""


def find_uids(text: str) -> tuple[str, ...]:
    """The UIDs that an answer names; none where it is no answer."""
    method, events = _read(text)
    return tuple(dict.fromkeys(uid for event in events if (uid := event.value("UID")[:UID_CHARS]))) if method in METHODS else ()


def read_answers(text: str) -> tuple[CalendarAnswer, ...]:
    """The answers in a calendar object. A REPLY without a PARTSTAT that says yes, perhaps or no is none."""
    method, events = _read(text)
    if method not in METHODS:
        return ()
    zones = dict[str, ZoneInfo]()
    return tuple(answer for event in events if (answer := _answer(event, method, zones)) is not None)


def _read(text: str) -> tuple[str, tuple[_Event, ...]]:
    method, events, inner = "", list[_Event](), 0
    event: _Event | None = None
    for line in _lines(text):
        word = line.value.strip().upper()
        if line.name == "METHOD" and event is None:
            method = word
        elif line.name == "BEGIN" and word == "VEVENT" and event is None and len(events) < EVENTS:
            event, inner = _Event(), 0
        elif event is not None and line.name == "BEGIN":
            inner += 1
        elif event is not None and line.name == "END" and inner:
            inner -= 1
        elif event is not None and line.name == "END":
            events.append(event)
            event = None
        elif event is not None and not inner:
            event.lines.append(line)
    # An object that was cut off still says what it says.
    return method, tuple(events) if event is None else (*events, event)


def _lines(text: str) -> Iterator[_Line]:
    unfolded = re.sub(r"\r?\n[ \t]", "", text.replace("\r\n", "\n"))
    for row in unfolded.split("\n")[:LINES]:
        match = _NAME.match(row[:LINE_CHARS])
        if match is None:
            continue
        at, parameters = match.end(), dict[str, str]()
        while found := _PARAMETER.match(row, at, LINE_CHARS):
            parameters.setdefault(found[1].upper(), found[2].strip('"'))
            at = found.end()
        if row[at : at + 1] == ":":
            yield _Line(match[1].upper(), parameters, row[at + 1 : LINE_CHARS])


def _answer(event: _Event, method: str, zones: dict[str, ZoneInfo]) -> CalendarAnswer | None:
    uid, attendee = event.value("UID"), event.first("ATTENDEE")
    attendance = Attendance.COUNTER if method == "COUNTER" else _attendance(attendee)
    if not uid or len(uid) > UID_CHARS or attendance is None:
        return None
    starts_at = _instant(event.first("DTSTART"), zones)
    return CalendarAnswer(
        uid=uid,
        attendee=_address(attendee),
        attendance=attendance,
        sequence=_sequence(event.value("SEQUENCE")),
        stamped_at=_instant(event.first("DTSTAMP"), zones),
        starts_at=starts_at,
        ends_at=_end(event, starts_at, zones),
        comment=_unescape(event.value("COMMENT"))[:COMMENT_CHARS].strip(),
    )


def _attendance(attendee: _Line | None) -> Attendance | None:
    return None if attendee is None else _PARTSTATS.get(attendee.parameters.get("PARTSTAT", "").strip().upper())


def _address(attendee: _Line | None) -> str:
    """`MAILTO:` in any case, or the EMAIL parameter where the address itself is none (Apple writes an id there)."""
    if attendee is None:
        return ""
    scheme, _, address = attendee.value.strip().partition(":")
    if scheme.lower() != "mailto" or "@" not in address:
        address = attendee.parameters.get("EMAIL", "")
    return address.strip().strip("<>").lower()[:254] if "@" in address else ""


def _sequence(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 and int(text) < MOST_SEQUENCE else None


def _instant(line: _Line | None, zones: dict[str, ZoneInfo]) -> datetime | None:
    """An instant in UTC; None for a whole day, a floating time, and a zone that nobody knows."""
    match = None if line is None else _WHEN.fullmatch(line.value.strip())
    if line is None or match is None or match[4] is None:
        return None
    zone = UTC if match[7] else _zone(line.parameters.get("TZID", ""), zones)
    if zone is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(match[number]) for number in range(1, 7))
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(name: str, zones: dict[str, ZoneInfo]) -> ZoneInfo | None:
    """By its IANA name, also behind a path as in `/citadel.org/20250101_1/Europe/Helsinki`, or by that of Windows."""
    name = WINDOWS_TO_OLSON.get(name, name)
    parts = name.strip("/").split("/")
    for key in dict.fromkeys(("/".join(parts), "/".join(parts[-2:]))):
        if key in zones:
            return zones[key]
        try:
            return zones.setdefault(key, ZoneInfo(key))
        except (ValueError, OSError, KeyError):
            continue
    return None


def _end(event: _Event, starts_at: datetime | None, zones: dict[str, ZoneInfo]) -> datetime | None:
    if (ends_at := _instant(event.first("DTEND"), zones)) is not None or starts_at is None:
        return ends_at
    match = _DURATION.fullmatch(event.value("DURATION"))
    if match is None:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    try:
        return starts_at + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return None


def _unescape(text: str) -> str:
    return " ".join(_ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text).split())
