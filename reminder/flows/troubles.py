"""What went wrong with a party's mails in a round: a reply that was not understood, a mail of ours that came back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.setup import Setup
from reminder.flows.renaming import current_party
from reminder.store import outbox
from reminder.store.bounces import load_bounces
from reminder.store.events import Event, load_events

REPLY_UNDERSTOOD = "reply_understood"
REPLY_NOT_UNDERSTOOD = "reply_not_understood"
STATUS_ASKED = "status_asked"
"""A mail that asks how things stand, or for something a person decides about: a sign of life, but no reply, understood or not."""

Place = tuple[str, str, str]
"""Programme, round and party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubles:
    """The parties that something went wrong with, by place. A reply that comes later than a bounce ends that trouble."""

    puzzled: frozenset[Place] = frozenset()
    """Their newest reply was not understood."""
    bounced: frozenset[Place] = frozenset()
    """Their newest mail came back for good."""


def load_troubles(conn: Connection, setup: Setup, rounds: Iterable[tuple[str, str]]) -> Troubles:
    """The troubles of these rounds, each as (programme, round), of the parties as they are called now."""
    puzzled: set[Place] = set()
    bounced: set[Place] = set()
    for programme, round_id in dict.fromkeys(rounds):
        replies = newest_replies(conn, programme, round_id)
        puzzled |= {(programme, round_id, party) for party, event in replies.items() if event.kind == REPLY_NOT_UNDERSTOOD}
        bounced |= {(programme, round_id, party) for party in open_bounces(conn, programme, round_id, replies)}
    return Troubles(puzzled=_current(setup, puzzled), bounced=_current(setup, bounced))


def _current(setup: Setup, places: Iterable[Place]) -> frozenset[Place]:
    return frozenset((programme, round_id, current_party(setup, programme, party)) for programme, round_id, party in places)


def newest_replies(
    conn: Connection, programme: str, round_id: str, *, kinds: Collection[str] = (REPLY_UNDERSTOOD, REPLY_NOT_UNDERSTOOD)
) -> dict[str, Event]:
    """The newest reply of each party in a round, of these kinds."""
    return {event.party: event for event in load_events(conn, kinds=kinds, programme=programme, round_id=round_id)}


def open_bounces(conn: Connection, programme: str, round_id: str, replies: Mapping[str, Event]) -> dict[str, datetime]:
    """When the newest mail to each party came back for good, where no reply and no question has come since."""
    alive = {**replies, **newest_replies(conn, programme, round_id, kinds=(REPLY_UNDERSTOOD, REPLY_NOT_UNDERSTOOD, STATUS_ASKED))}
    permanent = {bounce.message: bounce.at for bounce in load_bounces(conn) if bounce.is_permanent}
    newest: dict[str, datetime] = {}
    for message in outbox.find_sent(conn, list(permanent)):
        for item in message.items:
            if (item.programme, item.round) == (programme, round_id):
                newest[item.party] = max(newest.get(item.party, permanent[message.id]), permanent[message.id])
    return {party: at for party, at in newest.items() if party not in alive or alive[party].at < at}
