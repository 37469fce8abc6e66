"""At most 200 mails an hour of one sender are read; the rest stay stored and wait their turn (DESIGN, limits).

Bounces and automatic mails count like any other: a machine that has gone mad is the likeliest flood. Nothing is lost, nothing
counts as a failed attempt, and the coordinator is told once a day and sender.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from reminder.domain.readings import StoredMail
from reminder.parse.sender import read_sender
from reminder.store import inbox
from reminder.store.events import append_event, load_events

log = structlog.get_logger(__name__)

PER_SENDER_AND_HOUR = 200
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KIND = "sender_deferred"


def name_sender(instance: str, raw: bytes) -> str:
    """The pseudonym under which a sender's mails are counted; the address itself stands in the bytes alone (decision 6)."""
    return hmac.new(instance.encode(), read_sender(raw).encode(), hashlib.sha256).hexdigest()[:32]


def defer_beyond_limit(conn: Connection, stored: StoredMail, sender: str, now: datetime) -> bool:
    """Puts a mail off where its sender has had their hour's worth; True where it did.

    Who waits longer is read earlier: each mail waits until the hour is over, and an hour more for each 200 of the same sender
    that wait already.
    """
    tally = inbox.tally_sender(conn, sender, since=now - HOUR, now=now)
    if tally.read < PER_SENDER_AND_HOUR or tally.first_read_at is None:
        return False
    until = tally.first_read_at + HOUR * (1 + tally.waiting // PER_SENDER_AND_HOUR)
    inbox.defer(conn, stored.id, sender=sender, until=max(until, now + timedelta(seconds=1)))
    if all(event.document["sender"] != sender for event in load_events(conn, kinds={KIND}, since=now - DAY)):
        log.warning("a sender is over the limit, the rest of their mails wait", inbound=stored.id)
        append_event(conn, KIND, now, document={"sender": sender, "inbound": stored.id})
    return True


def find_flooding(conn: Connection, since: datetime) -> tuple[str, ...]:
    """Whose mails had to wait since then: the address as their kept mail has it, else its number."""
    found = []
    for event in load_events(conn, kinds={KIND}, since=since):
        number = int(event.document["inbound"])
        stored = inbox.load_inbound(conn, number)
        found.append((read_sender(stored.mail.raw) if stored is not None else "") or f"inbox {number}")
    return tuple(dict.fromkeys(found))
