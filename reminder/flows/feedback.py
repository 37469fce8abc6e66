"""Feedback on accessibility: acknowledged at once, counted down in each digest, and the coordinators warned before its 14 days end.

The law on digital services (306/2019) gives 14 days. The day on which the mail arrived is not counted (act 150/1930, section 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from reminder.compose.desk_views import FeedbackView
from reminder.compose.words import format_day
from reminder.domain.commands import Verb
from reminder.domain.intents import Recipient
from reminder.domain.programme import LANGUAGES, Language
from reminder.domain.readings import InboundState, ReadingKind, StoredMail, Trust
from reminder.domain.setup import Setup
from reminder.flows.acknowledge import is_within_caps, make_thread
from reminder.flows.alerting import AlertText, post_alert
from reminder.flows.desk_lines import show_example
from reminder.flows.house import House
from reminder.flows.posting import finish_posting, open_posting, write_heading
from reminder.flows.understanding import Understood
from reminder.store import events, inbox, outbox, people
from reminder.wire.feedback import find_feedback

DAYS = timedelta(days=14)
WARN_BEFORE = timedelta(days=4)
"""So long before the last day the coordinators are warned."""
WARNED = "feedback_warned"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFeedback:
    """Feedback that nobody has answered yet."""

    inbound: int
    received_at: datetime
    due_on: date

    def days_left(self, today: date) -> int:
        """How many days there are until its last one; negative once that is over."""
        return (self.due_on - today).days


def due_on(setup: Setup, received_at: datetime) -> date:
    """The last day on which feedback that arrived at an instant is to be answered."""
    return setup.calendar.local_day(received_at) + DAYS


def load_open(conn: Connection, setup: Setup) -> tuple[OpenFeedback, ...]:
    """The feedback that waits for its answer, the most urgent first."""
    found = inbox.find_read_as(conn, ReadingKind.FEEDBACK, state=InboundState.HELD)
    return tuple(OpenFeedback(inbound=number, received_at=at, due_on=due_on(setup, at)) for number, at in found)


def write_receipt(conn: Connection, house: House, understood: Understood, stored: StoredMail, now: datetime) -> int:
    """Puts the acknowledgement into the outbox, in the transaction of the reading. How many mails were written: one, or none where
    the sender may not be answered or has had enough answers."""
    reading, mail = understood.reading, understood.mail
    sender = reading.sender
    if sender is None or not reading.may_answer or sender.trust is Trust.REFUSED:
        return 0
    persons = people.ensure_persons(conn, [sender.address], now)
    person = persons[sender.address.lower()]
    if not is_within_caps(conn, person, now, notice=""):
        return 0
    language = _language(house.setup, mail.subject)
    programme = next(iter(house.setup.programmes.values()))
    posting = open_posting(house, programme.tag)
    today = house.setup.calendar.local_day(now)
    heading = write_heading(house, posting, programme, programme.name, language, today)
    due = due_on(house.setup, stored.mail.internal_date)
    draft = house.composer.feedback(FeedbackView(heading=heading, due_on=due))
    recipient = Recipient(person=person, address=sender.address, name="", language=language)
    thread = make_thread(understood, stored.id, is_for_the_party=False)
    return int(outbox.enqueue(conn, finish_posting(house, posting, draft, recipient, now, thread=thread), now))


def _language(setup: Setup, subject: str) -> Language:
    """That of the statement page whose link was opened, as the subject tells; else the main one."""
    return find_feedback((), frozenset(), subject) or setup.languages[0]


def warn_of_feedback(house: House) -> int:
    """Warns the coordinators of feedback whose last day is near, once each, and once more when it is over. How many alerts it were.

    Crash story: alert and memory of it are one transaction.
    """
    now = house.clock.now()
    today = house.setup.calendar.local_day(now)
    with house.store.read() as conn:
        near = [one for one in load_open(conn, house.setup) if one.days_left(today) <= WARN_BEFORE.days]
    if not near:
        return 0
    added = 0
    with house.store.begin() as conn:
        told = {(event.document["inbound"], event.document["late"]) for event in events.load_events(conn, kinds={WARNED})}
        for one in near:
            is_late = one.days_left(today) < 0
            if (one.inbound, is_late) in told:
                continue
            added += post_alert(conn, house, _texts(one, is_late=is_late), one.received_at, now)
            events.append_event(conn, WARNED, now, document={"inbound": one.inbound, "late": is_late})
    return added


_SOON: Mapping[Language, tuple[str, str, str]] = {
    "fi": (
        "saavutettavuuspalautteeseen {number} on vastattava viimeistään {day}",
        "Laki antaa 14 päivää. Lähettäjä sai kuittauksen, mutta ei vielä vastausta.",
        "Lue palaute ja vastaa lähettäjälle omasta sähköpostistasi. Vastaa sitten koosteeseen rivillä: {line}",
    ),
    "sv": (
        "respons {number} om tillgänglighet ska besvaras senast {day}",
        "Lagen ger 14 dagar. Avsändaren har fått en kvittering men inget svar än.",
        "Läs responsen och svara avsändaren från din egen e-post. Svara sedan på sammandraget med raden: {line}",
    ),
    "en": (
        "feedback {number} on accessibility is to be answered by {day}",
        "The law gives 14 days. The sender has had an acknowledgement, and no answer yet.",
        "Read the feedback and answer its sender from your own mail. Then answer a digest with the line: {line}",
    ),
}
_LATE: Mapping[Language, str] = {
    "fi": "saavutettavuuspalautteeseen {number} olisi pitänyt vastata viimeistään {day}",
    "sv": "respons {number} om tillgänglighet skulle ha besvarats senast {day}",
    "en": "feedback {number} on accessibility should have been answered by {day}",
}


def _texts(one: OpenFeedback, *, is_late: bool) -> Mapping[Language, AlertText]:
    return {language: _text(one, language, is_late=is_late) for language in LANGUAGES}


def _text(one: OpenFeedback, language: Language, *, is_late: bool) -> AlertText:
    what, means, to_do = _SOON[language]
    values = {
        "number": one.inbound,
        "day": format_day(one.due_on, language),
        "line": show_example(Verb.ANSWERED, language, number=one.inbound),
    }
    what = _LATE[language] if is_late else what
    return AlertText(what=what.format(**values), means=means, to_do=to_do.format(**values), command=f"reminder inbox show {one.inbound}")
