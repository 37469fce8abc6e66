"""The files with the people whom the coordinator has named by mail: another contact, a deputy, a successor (decision 0033).

An overlay names people by pseudonyms. Whoever is erased is named no longer, and the decision is without effect.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from reminder.domain.programme import Contact, PartyContacts
from reminder.domain.setup import Setup
from reminder.flows.renaming import current_party
from reminder.store import commands, overlays, people
from reminder.store.overlays import Overlay, OverlayKind


def with_people(conn: Connection, setup: Setup) -> Setup:
    """The setup with these decisions, in their order. Safe to repeat: what is there already stays as it is."""
    for one in overlays.load_people(conn):
        named = _load_contact(conn, setup, one)
        if named is None:
            continue
        replaced = people.find_address(conn, str(one.value.get("replaces", ""))) or ""
        if one.kind is OverlayKind.HAND_OVER:
            has_begun = commands.has_ordered(conn, named.id, one.decided_at)
            setup = _hand_over(setup, named, replaced, has_begun=has_begun)
        else:
            setup = _of_party(setup, one, named, replaced)
    return setup


def _load_contact(conn: Connection, setup: Setup, one: Overlay) -> Contact | None:
    person = str(one.value["person"])
    address = people.find_address(conn, person)
    if address is None:
        return None
    return Contact(id=person, name=people.find_name(conn, person), address=address, language=one.value["language"])


def _of_party(setup: Setup, one: Overlay, named: Contact, replaced: str) -> Setup:
    party = current_party(setup, one.programme, one.party)
    entry = setup.directory.of_party(party)
    if one.kind is OverlayKind.DEPUTY:
        entry = replace(entry, deputies=_with(entry.deputies, named))
    elif replaced:
        entry = replace(entry, contacts=_instead(entry.contacts, named, replaced))
    else:
        entry = replace(entry, contacts=_with(entry.contacts, named))
    parties: dict[str, PartyContacts] = {**setup.directory.parties, party: entry}
    return replace(setup, directory=replace(setup.directory, parties=parties))


def _hand_over(setup: Setup, named: Contact, replaced: str, *, has_begun: bool) -> Setup:
    """Until the successor has ordered something, whoever handed over stays beside them: an address may be mistyped."""
    directory = setup.directory
    coordinators = _with(directory.coordinators, named)
    if has_begun:
        coordinators = tuple(one for one in coordinators if one.address.lower() != replaced or one.address.lower() == named.address)
    return replace(setup, directory=replace(directory, coordinators=coordinators))


def _with(contacts: tuple[Contact, ...], named: Contact) -> tuple[Contact, ...]:
    return contacts if any(one.address.lower() == named.address for one in contacts) else (*contacts, named)


def _instead(contacts: tuple[Contact, ...], named: Contact, replaced: str) -> tuple[Contact, ...]:
    if any(one.address.lower() == named.address for one in contacts):
        return tuple(one for one in contacts if one.address.lower() != replaced or replaced == named.address)
    return tuple(named if one.address.lower() == replaced else one for one in contacts)
