"""Answers that were recorded but could not be acknowledged: a person tells their senders, and somebody looks at the cause."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from reminder.store.events import append_event, load_events

KIND = "acknowledgement_unsound"


def note_unacknowledged(conn: Connection, inbound_id: int, now: datetime) -> None:
    """Remembers that this mail was read and applied, and that its sender was told nothing."""
    append_event(conn, KIND, now, document={"inbound": inbound_id})


def find_unacknowledged(conn: Connection, since: datetime) -> tuple[int, ...]:
    """The numbers of the mails whose senders were told nothing since then, oldest first."""
    return tuple(int(event.document["inbound"]) for event in load_events(conn, kinds={KIND}, since=since))
