"""From raw bytes to a reading: the correlation context is gathered here, so that `parse` stays pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.messages import SentMessage
from reminder.domain.readings import Reading
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.flows.house import Addressing
from reminder.parse.context import Context, OpenRound, SenderEntry
from reminder.parse.correlate import References, find_references
from reminder.parse.interpreting import interpret
from reminder.parse.message import Mail, read_mail
from reminder.plan.dates import last_day, rule_date
from reminder.store import outbox, people


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A mail with its reading, the messages of ours that it may refer to, and all else that the reading knew."""

    mail: Mail
    reading: Reading
    sent: tuple[SentMessage, ...]
    context: Context

    @property
    def answered(self) -> SentMessage | None:
        """The message of ours that it answers."""
        return next((message for message in self.sent if message.id == self.reading.message), None)


def understand(
    conn: Connection,
    setup: Setup,
    addressing: Addressing,
    raw: bytes,
    received_at: datetime,
    *,
    vouched: frozenset[str] = frozenset(),
) -> Understood:
    """Reads one mail against everything that we sent. Changes nothing.

    `vouched` are parties for which somebody says that the mail speaks, whoever sent it: then what these were asked counts too.
    """
    mail = read_mail(raw)
    references = find_references(mail, addressing.keyring, [programme.tag for programme in setup.programmes.values()])
    persons = people.load_persons(conn)
    sent = find_candidates(conn, mail, references, persons)
    if vouched:
        asked = [message for message in find_asked(conn, setup, persons, vouched) if message.created_at <= received_at]
        sent = newest_first((*sent, *asked))
    return understand_with(mail, references, sent, setup, addressing, received_at, persons, vouched=vouched)


def understand_with(
    mail: Mail,
    references: References,
    sent: tuple[SentMessage, ...],
    setup: Setup,
    addressing: Addressing,
    received_at: datetime,
    persons: Mapping[str, str],
    *,
    vouched: frozenset[str] = frozenset(),
) -> Understood:
    """Reads a mail against the given sent messages; used where they come from files instead of the database."""
    known = {message.id for message in sent}
    context = Context(
        own_addresses=addressing.own_addresses,
        instance=addressing.instance,
        sent=sent,
        proven=frozenset(references.proven) & known,
        senders=list_senders(setup, persons),
        party_domains=list_domains(setup),
        open_rounds=tuple(
            OpenRound(programme=one.programme, round=one.id, programme_tag=setup.programmes[one.programme].tag)
            for one in setup.rounds
            if is_open(setup, one, received_at)
        ),
        trusted_authserv=addressing.trusted_authserv,
        vouched=vouched,
        today=setup.calendar.local_day(received_at),
    )
    return Understood(mail=mail, reading=interpret(mail, context), sent=sent, context=context)


def find_candidates(conn: Connection, mail: Mail, references: References, persons: Mapping[str, str]) -> tuple[SentMessage, ...]:
    """The messages of ours that the mail may refer to, newest first, each once."""
    found = [
        *outbox.find_sent(conn, references.proven),
        *outbox.find_sent_by_message_ids(conn, [f"<{one}>" for one in references.message_ids]),
    ]
    for tag in references.short_tags:
        found += outbox.find_sent_by_tag(conn, tag.rpartition("-")[2].lower())
    if (person := persons.get(mail.sender.lower())) is not None:
        found += outbox.find_sent_to(conn, person)
    return newest_first(found)


def find_asked(conn: Connection, setup: Setup, persons: Mapping[str, str], parties: Iterable[str]) -> tuple[SentMessage, ...]:
    """The messages of ours to the contacts of these parties."""
    contacts = [contact for party in parties for contact in setup.directory.of_party(party).contacts]
    known = [persons[contact.address.lower()] for contact in contacts if contact.address.lower() in persons]
    return tuple(message for person in known for message in outbox.find_sent_to(conn, person))


def newest_first(messages: Iterable[SentMessage]) -> tuple[SentMessage, ...]:
    """Each message once, newest first."""
    unique = {message.id: message for message in messages}
    return tuple(sorted(unique.values(), key=lambda message: (message.created_at, message.id), reverse=True))


def list_senders(setup: Setup, persons: Mapping[str, str]) -> dict[str, SenderEntry]:
    """All known addresses with the parties that each may answer for."""
    as_contact: dict[str, set[str]] = {}
    as_deputy: dict[str, set[str]] = {}
    for party, entry in setup.directory.parties.items():
        for contact in entry.contacts:
            as_contact.setdefault(contact.address.lower(), set()).add(party)
        for contact in entry.deputies:
            as_deputy.setdefault(contact.address.lower(), set()).add(party)
    coordinators = {contact.address.lower() for contact in setup.directory.coordinators}
    return {
        address: SenderEntry(
            person=persons.get(address, ""),
            as_contact=frozenset(as_contact.get(address, ())),
            as_deputy=frozenset(as_deputy.get(address, ())),
            is_coordinator=address in coordinators,
        )
        for address in as_contact.keys() | as_deputy.keys() | coordinators
    }


def list_domains(setup: Setup) -> dict[str, frozenset[str]]:
    """The mail domains of each party's contacts."""
    return {
        party: frozenset(contact.address.lower().rpartition("@")[2] for contact in entry.contacts)
        for party, entry in setup.directory.parties.items()
    }


def is_open(setup: Setup, one: ReportingRound, at: datetime) -> bool:
    """Whether the round takes answers without a token: from its notice (or request) until it closes."""
    first = one.schedule.notice or one.schedule.request
    return rule_date(one, setup.calendar, first).on <= setup.calendar.local_day(at) and not is_closed(setup, one, at)


def is_closed(setup: Setup, one: ReportingRound, at: datetime) -> bool:
    """Whether the round's last day is over."""
    return at >= setup.calendar.end_of(last_day(one, setup.calendar))
