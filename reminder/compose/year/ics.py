"""The year as an iCalendar file (RFC 5545): mails as timed entries, anchors and deadlines as whole days.

Each entry bears a UID that hangs on what it is and not on when: a calendar that imports the file again moves its entries
instead of doubling them. Entries are transparent (nobody is busy because of a mail) and bear no alarm.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from reminder.compose.reasons import explain_date
from reminder.compose.words import capital
from reminder.compose.year.telling import name_mail, name_mark, name_recipients, name_state
from reminder.compose.year.views import MailState, YearMail, YearMark, YearView
from reminder.compose.year.words import WORDS
from reminder.domain.programme import Language

PRODUCT = "-//reminder//year of a programme//EN"
LENGTH = timedelta(minutes=15)
ONE_DAY = timedelta(days=1)


def render_calendar(view: YearView, language: Language) -> bytes:
    """The file. Mails that will not go out, as things stand, are left out."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{capital(view.title.in_language(language))}: {WORDS[language].title}")
    shown = [mail for mail in view.mails if mail.is_active]
    for uid, mail in _named(shown):
        calendar.add_component(_mail_event(view, uid, mail, language))
    for mark in view.marks:
        calendar.add_component(_mark_event(view, mark, language))
    written: bytes = calendar.to_ical()
    return written


def _named(mails: Iterable[YearMail]) -> Iterator[tuple[str, YearMail]]:
    """Each mail with what its UID hangs on. Of several of one step, as under own schedules, all but the largest name their parties."""
    ordered = sorted(mails, key=lambda mail: (-len(mail.parties), mail.at))
    seen: Counter[tuple[object, ...]] = Counter()
    for mail in ordered:
        key = (mail.programme, mail.round, mail.kind.value, mail.ordinal, mail.version)
        own = ",".join(party.id for party in mail.parties) if seen[key] else ""
        seen[key] += 1
        yield "/".join(map(str, (*key, own))), mail


def _uid(view: YearView, name: str) -> str:
    return f"{hashlib.sha256(name.encode()).hexdigest()[:32]}@{view.instance or 'reminder'}"


def _start_event(view: YearView, name: str, summary: str, description: str) -> Event:
    event = Event()
    event.add("uid", _uid(view, name))
    event.add("dtstamp", view.as_of.astimezone(UTC))
    event.add("summary", summary)
    event.add("description", description)
    event.add("transp", "TRANSPARENT")
    return event


def _mail_event(view: YearView, name: str, mail: YearMail, language: Language) -> Event:
    words = WORDS[language]
    round_name = mail.round_name.in_language(language)
    summary = f"{capital(name_mail(mail, language))}: {name_recipients(mail, language)} ({round_name})"
    lines = [f"{words.why}: {explain_date(mail.why, language)}."]
    if mail.parties:
        lines.append(f"{words.to}: {', '.join(party.name.in_language(language) for party in mail.parties)}.")
    if mail.state is not MailState.UNKNOWN:
        lines.append(f"{words.state}: {name_state(mail, language)}.")
    event = _start_event(view, f"mail/{name}", summary, "\n".join(lines))
    start: datetime = mail.at.astimezone(UTC)
    event.add("dtstart", start)
    event.add("dtend", start + LENGTH)
    event.add("categories", [mail.kind.value])
    return event


def _mark_event(view: YearView, mark: YearMark, language: Language) -> Event:
    words = WORDS[language]
    round_name = mark.round_name.in_language(language) if mark.round_name else ""
    summary = capital(name_mark(mark, language)) + (f" ({round_name})" if round_name else "")
    parties = ",".join(party.in_language("fi") for party in mark.parties)
    name = f"mark/{mark.kind.value}/{mark.programme}/{mark.round}/{mark.name.in_language('fi') if mark.name else ''}/{parties}"
    event = _start_event(view, name, summary, words.marks[mark.kind])
    event.add("dtstart", mark.on)
    event.add("dtend", mark.on + ONE_DAY)
    event.add("categories", [mark.kind.value])
    return event
