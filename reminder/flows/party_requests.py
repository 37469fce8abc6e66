"""What parties ask for is kept, shown to the coordinator until it is settled, and its outcome told to whoever asked (decision 0033).

A request is a line of the history, and so is its end: nothing of a round changes by being asked for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from reminder.compose.desk_views import OutcomeView
from reminder.domain.intents import Recipient
from reminder.domain.messages import Item
from reminder.domain.party_requests import Asked
from reminder.domain.programme import Contact, Language
from reminder.domain.readings import Reading, Verdict
from reminder.domain.rounds import ReportingRound
from reminder.domain.workdays import Unit
from reminder.flows.acknowledge import is_within_caps
from reminder.flows.knowledge import Knowledge, load_round
from reminder.flows.ordering import Doing
from reminder.flows.posting import finish_posting, open_posting, write_heading
from reminder.flows.renaming import current_party
from reminder.flows.schedule_views import write_action
from reminder.store import events, outbox, people

ASKED, SETTLED = "party_asked", "party_request_settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """What a party has asked for and nobody has settled. `actor` is who asked."""

    party: str
    what: Asked
    words: str
    until: date | None
    address: str
    actor: str
    at: datetime


def note_requests(conn: Connection, reading: Reading, items: Iterable[Item], inbound_id: int, now: datetime) -> bool:
    """Keeps what is asked for, for each party that the mail speaks for; addresses in it become pseudonyms. Whether there was anything."""
    if not reading.requests or reading.verdict is Verdict.HELD:
        return False
    for programme, round_id, party in dict.fromkeys((item.programme, item.round, item.party) for item in items):
        for one in reading.requests:
            person = people.ensure_persons(conn, [one.address], now)[one.address] if one.address else ""
            document = {
                "what": one.what.value,
                "words": re.sub(re.escape(one.address), person, one.words, flags=re.IGNORECASE) if person else one.words,
                "until": one.until.isoformat() if one.until else "",
                "count": one.count,
                "unit": one.unit.value if one.unit else "",
                "person": person,
                "inbound": inbound_id,
            }
            actor = reading.sender.person if reading.sender else ""
            events.append_event(conn, ASKED, now, actor=actor, programme=programme, round_id=round_id, party=party, document=document)
    return True


def load_open_requests(conn: Connection, knowledge: Knowledge, one: ReportingRound) -> tuple[OpenRequest, ...]:
    """What waits for the coordinator, oldest first: of each kind and party the newest. Who has answered everything waits for nothing."""
    found: dict[tuple[str, str], events.Event] = {}
    for event in events.load_events(conn, kinds={ASKED, SETTLED}, programme=one.programme, round_id=one.id):
        key = (current_party(knowledge.setup, event.programme, event.party), str(event.document["what"]))
        if event.kind == ASKED:
            found[key] = event
        else:
            found.pop(key, None)
    progress = knowledge.progress(knowledge.setup.round(one.programme, one.id) or one)
    open_ = []
    for (party, what), event in found.items():
        standing = progress.of_party(party)
        if standing is not None and not standing.is_complete:
            open_.append(_open(conn, knowledge, event, party, Asked(what), standing.deadline.due_on))
    return tuple(open_)


def _open(conn: Connection, knowledge: Knowledge, event: events.Event, party: str, what: Asked, due_on: date) -> OpenRequest:
    kept = event.document
    until = date.fromisoformat(kept["until"]) if kept["until"] else None
    if until is None and kept["count"]:
        asked_on = knowledge.setup.calendar.local_day(event.at)
        until = knowledge.setup.calendar.add(max(asked_on, due_on), int(kept["count"]), Unit(kept["unit"])).on
    address = people.find_address(conn, kept["person"]) or "" if kept["person"] else ""
    words = str(kept["words"]).replace(kept["person"], address or "–") if kept["person"] else str(kept["words"])
    return OpenRequest(party=party, what=what, words=words, until=until, address=address, actor=event.actor, at=event.at)


def settle_requests(doing: Doing, party: str, kinds: Collection[Asked], *, is_granted: bool, until: date | None = None) -> int:
    """Ends what a party has asked for of these kinds, and tells whoever asked. How many it were; none is no trouble."""
    knowledge = load_round(doing.conn, doing.by.files or doing.house.setup, doing.house.clock.now(), doing.one)
    mine = [one for one in load_open_requests(doing.conn, knowledge, doing.one) if one.party == party and one.what in kinds]
    for one in mine:
        document = {"what": one.what.value, "granted": is_granted, "inbound": doing.ordered.inbound}
        place = {"programme": doing.one.programme, "round_id": doing.one.id, "party": party}
        events.append_event(doing.conn, SETTLED, knowledge.now, actor=doing.ordered.actor, document=document, **place)
        _tell(doing, knowledge, one, is_granted=is_granted, until=until)
    return len(mine)


def _tell(doing: Doing, knowledge: Knowledge, asked: OpenRequest, *, is_granted: bool, until: date | None) -> None:
    house, one = doing.house, knowledge.setup.round(doing.one.programme, doing.one.id) or doing.one
    address = people.find_address(doing.conn, asked.actor)
    progress = knowledge.progress(one).of_party(asked.party)
    if address is None or progress is None or not is_within_caps(doing.conn, asked.actor, knowledge.now, notice=""):
        return
    contact = _contact(knowledge, asked.party, address)
    recipient = Recipient(
        person=asked.actor, address=address, name=contact.name if contact else "", language=_language(knowledge, asked, contact)
    )
    programme = knowledge.setup.programmes[one.programme]
    posting = open_posting(house, programme.tag)
    view = OutcomeView(
        heading=write_heading(house, posting, programme, one.name, recipient.language, knowledge.today),
        what=asked.what.value,
        is_granted=is_granted,
        words=asked.words,
        because=doing.command.text,
        due_on=until or progress.deadline.due_on,
        missing=tuple(write_action(programme, one, asked.party, action, {}) for action in progress.missing),
    )
    message = finish_posting(
        house, posting, house.composer.outcome(view), recipient, knowledge.now, programme_round=f"{one.programme}/{one.id}"
    )
    outbox.enqueue(doing.conn, message, knowledge.now)


def _contact(knowledge: Knowledge, party: str, address: str) -> Contact | None:
    entry = knowledge.setup.directory.of_party(party)
    return next((one for one in (*entry.contacts, *entry.deputies) if one.address.lower() == address.lower()), None)


def _language(knowledge: Knowledge, asked: OpenRequest, contact: Contact | None) -> Language:
    contacts = knowledge.setup.directory.of_party(asked.party).contacts
    return contact.language if contact else contacts[0].language if contacts else knowledge.setup.languages[0]
