"""The coordinator's answer to the list of contacts: confirmed, corrected, or words that a person has to read.

contacts.yaml stays the truth: a correction by mail is kept as a pseudonym in the history, shown as a ready edit, and done when the
file has the address. Nothing waits for an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.programme import Contact, Programme
from reminder.domain.readings import Decision, Reading
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.flows.contacts import CONTACTS_OF, number_parties
from reminder.parse.contact_lines import ContactLine, find_contact_lines, says_unchanged
from reminder.store import events, people
from reminder.store.outbox import MessageRow

CONFIRMED, CORRECTED = "contacts_confirmed", "contacts_corrected"
"""Kinds of the history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Another address for a party. `contact` is whose entry of contacts.yaml has to change; None: a new one is needed."""

    party: str
    address: str
    contact: Contact | None = None
    shared_with: tuple[str, ...] = ()
    """Other parties that the same entry stands for."""
    others: tuple[str, ...] = ()
    """Further contacts of the party, where it has several: a person has to say which one is meant."""

    def edit(self) -> tuple[str, ...]:
        """The lines of contacts.yaml, ready to be put in."""
        if self.contact is not None:
            notes = [f"instead of {self.contact.address}"]
            notes += [f"also of {', '.join(self.shared_with)}"] if self.shared_with else []
            notes += [f"or is {', '.join(self.others)} meant?"] if self.others else []
            return ("contacts:", f"  {self.contact.id}:", f"    address: {self.address}  # {'; '.join(notes)}")
        return (
            "contacts:",
            f"  {self.party}:",
            f"    address: {self.address}",
            "parties:",
            f"  {self.party}:",
            f"    contacts: [{self.party}]",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsAnswer:
    """What came of an answer."""

    is_confirmed: bool
    corrections: tuple[Correction, ...]
    one: ReportingRound | None


def take_contacts_answer(
    conn: Connection, setup: Setup, asked: MessageRow, reading: Reading, inbound_id: int, now: datetime
) -> ContactsAnswer:
    """Keeps the answer in the history. A yes with a correction is a correction; the last answer counts."""
    one = find_listed_round(setup, asked)
    if one is None:
        return ContactsAnswer(is_confirmed=False, corrections=(), one=None)
    corrections = tuple(find_corrections(setup, one, reading.note))
    is_confirmed = not corrections and (reading.decision is Decision.APPROVE or says_unchanged(reading.note))
    persons = people.ensure_persons(conn, [change.address for change in corrections], now) if corrections else {}
    changes = [{"party": change.party, "person": persons[change.address]} for change in corrections]
    events.append_event(
        conn,
        CONFIRMED if is_confirmed else CORRECTED,
        now,
        actor=reading.sender.person if reading.sender else "",
        programme=one.programme,
        round_id=one.id,
        document={"inbound": inbound_id, **({} if is_confirmed else {"changes": changes})},
    )
    return ContactsAnswer(is_confirmed=is_confirmed, corrections=corrections, one=one)


def find_listed_round(setup: Setup, asked: MessageRow) -> ReportingRound | None:
    """The round that a list was about; None where the files no longer know it."""
    programme, _, round_id = asked.details.get(CONTACTS_OF, "").partition("/")
    return setup.round(programme, round_id)


def find_corrections(setup: Setup, one: ReportingRound, words: str) -> Iterator[Correction]:
    """Those lines that name a party of the list and an address that it does not have; the newest of a party counts."""
    found: dict[str, str] = {}
    names = _names_of(setup.programmes[one.programme], one)
    for line in find_contact_lines(words):
        party = _find_party(names, line)
        if party is not None:
            found[party] = line.address
    for party, address in found.items():
        if not _has_address(setup, party, address):
            yield write_correction(setup, party, address)


def write_correction(setup: Setup, party: str, address: str) -> Correction:
    """What has to change in contacts.yaml for a party to be written to at this address."""
    contacts = setup.directory.of_party(party).contacts
    if not contacts:
        return Correction(party=party, address=address)
    first, *others = contacts
    shared = (other for other, entry in setup.directory.parties.items() if other != party and first in entry.contacts)
    return Correction(party=party, address=address, contact=first, shared_with=tuple(shared), others=tuple(one.id for one in others))


def _names_of(programme: Programme, one: ReportingRound) -> dict[str, str]:
    """What a party of the list may be called by: its number there, its id, and its name in each language."""
    names: dict[str, str] = {}
    for number, party in enumerate(number_parties(programme, one), start=1):
        for name in (str(number), party, *programme.parties[party].name.texts.values()):
            names.setdefault(name.casefold(), party)
    return names


def _find_party(names: Mapping[str, str], line: ContactLine) -> str | None:
    subject = line.subject.casefold().removesuffix(".").strip()
    number, _, rest = subject.partition(" ")
    bare = rest if number.removesuffix(".").isdecimal() and rest else subject
    return names.get(subject) or names.get(bare)


def _has_address(setup: Setup, party: str, address: str) -> bool:
    return any(contact.address.lower() == address for contact in setup.directory.of_party(party).contacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsStanding:
    """How it stands with the list of contacts of a round."""

    one: ReportingRound
    confirmed_at: datetime | None = None
    open: tuple[Correction, ...] = ()
    """Corrections that contacts.yaml does not have yet."""
    written_at: datetime | None = None
    """When the coordinator wrote something else than a yes, and has not confirmed since."""
    inbound: int = 0
    """Where that stands."""


def load_contacts_standing(conn: Connection, setup: Setup, one: ReportingRound) -> ContactsStanding:
    """From the history and the files as they are now."""
    told = events.load_events(conn, kinds=[CONFIRMED, CORRECTED], programme=one.programme, round_id=one.id)
    if not told:
        return ContactsStanding(one=one)
    wanted = {change["party"]: change["person"] for event in told for change in event.document.get("changes", ())}
    addresses = {party: people.find_address(conn, person) for party, person in wanted.items()}
    still = (
        write_correction(setup, party, address)
        for party, address in addresses.items()
        if address and not _has_address(setup, party, address)
    )
    newest = told[-1]
    is_confirmed = newest.kind == CONFIRMED
    return ContactsStanding(
        one=one,
        confirmed_at=newest.at if is_confirmed else None,
        open=() if is_confirmed else tuple(still),
        written_at=None if is_confirmed else newest.at,
        inbound=int(newest.document.get("inbound", 0)),
    )
