"""From raw bytes to a reading: the correlation context is gathered here, so that `parse` stays pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.judging import SUB_COMMITTEE
from reminder.domain.messages import SentMessage
from reminder.domain.readings import Reading
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.domain.surveys import Survey
from reminder.edges.ports import MailReader
from reminder.flows.house import Addressing, House
from reminder.flows.renaming import current_messages
from reminder.parse.classify import plain_address
from reminder.parse.context import Context, InvitedTo, OpenRound, SenderEntry
from reminder.parse.gist import Gist
from reminder.plan.dates import last_day, rule_date
from reminder.store import outbox, people
from reminder.store.engine import Store
from reminder.store.invitations import load_invitations, newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A mail with its reading, the messages of ours that it may refer to, and all else that the reading knew."""

    mail: Gist
    reading: Reading
    sent: tuple[SentMessage, ...]
    context: Context

    @property
    def answered(self) -> SentMessage | None:
        """The message of ours that it answers."""
        return next((message for message in self.sent if message.id == self.reading.message), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a mail's references and sender: the messages of ours, newest first, and who the sender is."""

    sent: tuple[SentMessage, ...]
    persons: Mapping[str, str]
    invitations: Mapping[str, InvitedTo] = field(default_factory=dict)
    """Those of ours that a calendar object in the mail names, by UID."""


def understand(house: House, raw: bytes, received_at: datetime, *, vouched: frozenset[str] = frozenset()) -> Understood:
    """Reads one mail against everything that we sent. Changes nothing; no transaction is open while the mail is read.

    A token that a former key signed counts in a mail that arrived before that key's end, however late it is read, or read again.

    `vouched` are parties for which somebody says that the mail speaks, whoever sent it: then what these were asked counts too.
    Raises ReadingFailed where the mail breaks the reader, TemporaryFailure where the reader or the database cannot be used.
    """

    def look_up(gist: Gist) -> Known:
        known = load_known(house.store, gist)
        return _with_asked(house, known, vouched, received_at) if vouched else known

    addressing = replace(house.addressing, keyring=house.addressing.keyring.at(received_at))
    return understand_with(look_up, house.setup, addressing, house.reader, raw, lambda _: received_at, vouched=vouched)


def _with_asked(house: House, known: Known, parties: frozenset[str], received_at: datetime) -> Known:
    with house.store.read() as conn:
        asked = [one for one in find_asked(conn, house.setup, parties) if one.created_at <= received_at]
    return replace(known, sent=newest_first((*known.sent, *asked)))


def understand_with(
    look_up: Callable[[Gist], Known],
    setup: Setup,
    addressing: Addressing,
    reader: MailReader,
    raw: bytes,
    received_at: Callable[[Gist], datetime],
    *,
    vouched: frozenset[str] = frozenset(),
) -> Understood:
    """Reads a mail against the sent messages that `look_up` finds for it, as received at the instant that `received_at` says."""

    def prepare(gist: Gist) -> Context:
        return replace(write_context(gist, look_up(gist), setup, addressing, received_at(gist)), vouched=vouched)

    tags = [programme.tag for programme in setup.programmes.values()]
    gist, context, reading = reader.read(raw, addressing.keyring, tags, prepare)
    return Understood(mail=gist, reading=reading, sent=context.sent, context=context)


def write_context(gist: Gist, known: Known, setup: Setup, addressing: Addressing, received_at: datetime) -> Context:
    """What the reader needs to know: of the city's senders only this one, of the domains only this sender's."""
    domain = gist.sender.rpartition("@")[2]
    addresses = {gist.sender, plain_address(gist.sender)}
    return Context(
        own_addresses=addressing.own_addresses,
        instance=addressing.instance,
        sent=current_messages(setup, known.sent),
        proven=frozenset(gist.named.proven) & {message.id for message in known.sent},
        senders={address: entry for address, entry in list_senders(setup, known.persons).items() if address in addresses},
        party_domains={party: frozenset({domain}) for party, domains in list_domains(setup).items() if domain in domains},
        open_rounds=tuple(
            OpenRound(programme=one.programme, round=one.id, programme_tag=setup.programmes[one.programme].tag)
            for one in setup.rounds
            if is_open(setup, one, received_at)
        ),
        trusted_authserv=addressing.trusted_authserv,
        rules=setup.senders,
        invitations=known.invitations,
        surveys=find_surveys(setup, known.sent),
        today=setup.calendar.local_day(received_at),
    )


def find_surveys(setup: Setup, sent: Iterable[SentMessage]) -> dict[tuple[str, str], Survey]:
    """What the surveys among these mails ask, as the files say it now."""
    places = {(item.programme, item.round) for message in sent if message.kind.is_of_survey for item in message.items}
    rounds = ((place, setup.survey_round(*place)) for place in places)
    return {place: one.survey for place, one in rounds if one is not None and one.survey is not None}


def load_known(store: Store, gist: Gist) -> Known:
    """What the database knows of a mail's references and sender, in one reading transaction."""
    with store.read() as conn:
        persons = people.find_persons(conn, {gist.sender, plain_address(gist.sender)})
        return Known(sent=find_candidates(conn, gist, persons), persons=persons, invitations=find_invitations(conn, gist))


def find_invitations(conn: Connection, gist: Gist) -> dict[str, InvitedTo]:
    """The invitations of ours that the mail's calendar objects name, as they were told last."""
    told = newest(load_invitations(conn, uids=gist.events)) if gist.events else {}
    return {uid: InvitedTo(invitation=one, address=people.find_address(conn, one.person) or "") for uid, one in told.items()}


def find_candidates(conn: Connection, gist: Gist, persons: Mapping[str, str]) -> tuple[SentMessage, ...]:
    """The messages of ours that the mail may refer to, newest first, each once."""
    named = gist.named
    found = [
        *outbox.find_sent(conn, [*named.proven, named.own_id] if named.own_id else named.proven),
        # With its own id, since it may be the copy of a mail of ours.
        *outbox.find_sent_by_message_ids(conn, [f"<{one}>" for one in (*named.message_ids, gist.message_id) if one]),
    ]
    for tag in named.short_tags:
        found += outbox.find_sent_by_tag(conn, tag.rpartition("-")[2].lower())
    if (person := persons.get(gist.sender.lower())) is not None:
        found += outbox.find_sent_to(conn, person)
    return newest_first(found)


def find_asked(conn: Connection, setup: Setup, parties: Iterable[str]) -> tuple[SentMessage, ...]:
    """The messages of ours to the contacts of these parties."""
    contacts = [contact for party in parties for contact in setup.directory.of_party(party).contacts]
    persons = people.find_persons(conn, [contact.address for contact in contacts])
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
        # Whoever is above a party is asked for help by an escalation, and may answer it in the party's place.
        for contact in (*entry.deputies, *((entry.manager,) if entry.manager else ())):
            as_deputy.setdefault(contact.address.lower(), set()).add(party)
    # Who gives the sub-committee's own light; by nobody else's answer can one come about.
    for contact in setup.directory.sub_committee.judges:
        as_contact.setdefault(contact.address.lower(), set()).add(SUB_COMMITTEE)
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
