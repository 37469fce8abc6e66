"""An alert to the coordinators: what is wrong, since when, what it means for the mails, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminder.compose.views import AlertView
from reminder.domain.intents import Recipient
from reminder.domain.programme import Language
from reminder.flows.house import House
from reminder.flows.knowledge import decided_setup
from reminder.flows.posting import finish_posting, open_posting, write_heading
from reminder.store import outbox, people


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertText:
    """What an alert says in one language."""

    what: str
    means: str
    to_do: str
    command: str = ""


def post_alert(conn: Connection, house: House, texts: Mapping[Language, AlertText], since: datetime, now: datetime) -> int:
    """Puts the alert into the outbox, one mail a coordinator in their own language, in the caller's transaction. How many it were."""
    coordinators = decided_setup(conn, house.setup).directory.coordinators
    persons = people.ensure_persons(conn, [contact.address for contact in coordinators], now)
    programme = next(iter(house.setup.programmes.values()))
    zone, added = house.setup.calendar.zone, 0
    for contact in coordinators:
        text = texts[contact.language]
        posting = open_posting(house, programme.tag)
        today = house.setup.calendar.local_day(now)
        heading = write_heading(house, posting, programme, programme.name, contact.language, today)
        view = AlertView(
            heading=heading, what=text.what, since=since.astimezone(zone), means=text.means, to_do=text.to_do, command=text.command
        )
        person = persons[contact.address.strip().lower()]
        recipient = Recipient(person=person, address=contact.address, name=contact.name, language=contact.language)
        added += outbox.enqueue(conn, finish_posting(house, posting, house.composer.alert(view), recipient, now), now)
    return added
