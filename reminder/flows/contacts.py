"""The list of contacts before a round: who will be written to, what is new or odd about it, to be confirmed by the coordinator.

What was listed is kept with the mail as pseudonyms, so that the next list can say what has changed since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from reminder.compose.contact_views import ContactsView, ListedParty, ListedPerson
from reminder.domain.intents import SendIntent
from reminder.domain.messages import MailKind, OutgoingMessage
from reminder.domain.programme import Contact, Localised, PartyContacts, Programme
from reminder.domain.rounds import ReportingRound
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge
from reminder.flows.posting import finish_posting, open_posting, write_heading
from reminder.plan.timeline import asked_parties
from reminder.store import outbox, people
from reminder.store.bounces import load_bounces

CONTACTS_OF, LISTED = "contacts_of", "listed"
"""Keys in the details of the mail: the round that it is about, and the pseudonyms by party."""
BOUNCE_MEMORY = timedelta(days=400)
"""How long a mail that came back is told of an address."""
EARLIER_LISTS = 200
"""Mails of this kind that are looked through for the one before."""

Listed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """The list that was sent before this one."""

    on: date | None
    listed: Listed
    addresses: Mapping[str, str]


def number_parties(programme: Programme, one: ReportingRound) -> tuple[str, ...]:
    """The parties of the list in its order; a correction may name them by their place, counted from 1."""
    asked = asked_parties(one, programme)
    return tuple(party for party in programme.parties if party in asked)


def compose_contacts(house: House, knowledge: Knowledge, one: ReportingRound, intent: SendIntent, now: datetime) -> OutgoingMessage:
    """The finished mail to one coordinator."""
    programme = knowledge.setup.programmes[one.programme]
    posting = open_posting(house, programme.tag)
    heading = write_heading(house, posting, programme, one.name, intent.recipient.language, knowledge.today)
    with house.store.read() as conn:
        work = _Listing(conn, house, knowledge, one)
    kind, on = _find_first(knowledge, one)
    view = ContactsView(heading=heading, first_kind=kind, first_on=on, parties=work.parties(), compared_with=work.before.on)
    message = finish_posting(
        house,
        posting,
        house.composer.contacts(view),
        intent.recipient,
        now,
        expires_at=intent.head.expires_at,
        steps=intent.keys,
        programme_round=f"{one.programme}/{one.id}",
    )
    details = {CONTACTS_OF: f"{one.programme}/{one.id}", LISTED: json.dumps(work.pseudonyms())}
    return replace(message, details={**message.details, **details})


def _find_first(knowledge: Knowledge, one: ReportingRound) -> tuple[MailKind, date]:
    """What the parties of the round get first, and the local day of it."""
    steps = (step for step in knowledge.timeline() if (step.key.programme, step.key.round) == (one.programme, one.id))
    first = next((step for step in steps if not step.key.step.is_for_coordinator), None)
    if first is None:
        return MailKind.REQUEST, knowledge.today
    return MailKind(first.key.step.value), knowledge.setup.calendar.local_day(first.not_before)


class _Listing:
    """Gathers what the list says; all that it needs is read when it is made."""

    def __init__(self, conn: Connection, house: House, knowledge: Knowledge, one: ReportingRound) -> None:
        self._knowledge, self._round = knowledge, one
        self._programme = knowledge.setup.programmes[one.programme]
        self._directory = knowledge.setup.directory
        self._persons = people.load_persons(conn)
        self._bounced = _load_bounced(conn, knowledge)
        self._asked_before = {party for (programme, round_id, party) in outbox.last_mails(conn) if _is_other(one, programme, round_id)}
        self.before = _load_before(conn, knowledge, one)
        self._parties = number_parties(self._programme, one)

    def parties(self) -> tuple[ListedParty, ...]:
        """One entry a party, in the order of the programme."""
        return tuple(self._write(number, party) for number, party in enumerate(self._parties, start=1))

    def pseudonyms(self) -> dict[str, list[str]]:
        """Who is listed, by party, without an address."""
        return {party: [self._person(one) for one in _people(self._directory.of_party(party))] for party in self._parties}

    def _write(self, number: int, party: str) -> ListedParty:
        entry = self._directory.of_party(party)
        before = self.before.listed.get(party)
        gone = set(before or ()) - {self._person(one) for one in _people(entry)}
        return ListedParty(
            number=number,
            party=self._programme.parties[party].name,
            contacts=tuple(self._list(one, party, before, is_contact=True) for one in entry.contacts),
            deputies=tuple(self._list(one, party, before) for one in entry.deputies),
            manager=self._list(entry.manager, party, before) if entry.manager else None,
            gone=tuple(sorted(self.before.addresses[person] for person in gone if person in self.before.addresses)),
            never_answered=party in self._asked_before and not any(fact.party == party for fact in self._knowledge.assessments),
        )

    def _list(self, contact: Contact, party: str, before: Sequence[str] | None, *, is_contact: bool = False) -> ListedPerson:
        person = self._person(contact)
        return ListedPerson(
            name=contact.name,
            address=contact.address,
            language=contact.language,
            is_new=before is not None and person not in before,
            bounced_on=self._bounced.get(person),
            also_for=self._others(contact, party) if is_contact else (),
        )

    def _others(self, contact: Contact, party: str) -> tuple[Localised, ...]:
        address = contact.address.lower()
        return tuple(
            self._programme.parties[other].name
            for other in self._parties
            if other != party and any(one.address.lower() == address for one in self._directory.of_party(other).contacts)
        )

    def _person(self, contact: Contact) -> str:
        return self._persons.get(contact.address.lower(), contact.id)


def _people(entry: PartyContacts) -> tuple[Contact, ...]:
    return (*entry.contacts, *entry.deputies, *((entry.manager,) if entry.manager else ()))


def _is_other(one: ReportingRound, programme: str, round_id: str) -> bool:
    return programme == one.programme and round_id != one.id


def _load_bounced(conn: Connection, knowledge: Knowledge) -> dict[str, date]:
    """The day on which the newest mail to each person came back for good."""
    found = load_bounces(conn, since=knowledge.now - BOUNCE_MEMORY)
    return {bounce.recipient_person: knowledge.setup.calendar.local_day(bounce.at) for bounce in found if bounce.is_permanent}


def _load_before(conn: Connection, knowledge: Knowledge, one: ReportingRound) -> _Before:
    """The newest list of another round of the programme."""
    for row in outbox.list_messages(conn, kind=MailKind.CONTACTS, limit=EARLIER_LISTS):
        programme, _, round_id = row.details.get(CONTACTS_OF, "").partition("/")
        if _is_other(one, programme, round_id):
            listed: dict[str, list[str]] = json.loads(row.details.get(LISTED, "{}"))
            persons = {person for party in listed.values() for person in party}
            addresses = {person: address for person in persons if (address := people.find_address(conn, person)) is not None}
            return _Before(on=knowledge.setup.calendar.local_day(row.created_at), listed=listed, addresses=addresses)
    return _Before(on=None, listed={}, addresses={})
