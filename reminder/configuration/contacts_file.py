"""contacts.yaml: the people. Personal data, kept apart from everything that is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.findings import HasPlace, Report, hint_for
from reminder.configuration.nodes import Listing, Node, Scalar
from reminder.configuration.phrases import THE_CONTACT, THE_CONTACTS, named
from reminder.configuration.sections import Section, is_given, open_section, read_items, read_line, read_named
from reminder.configuration.values import is_address
from reminder.domain.programme import LANGUAGES, Contact, Language, LightOf, PartyContacts, SubCommittee


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsDraft:
    """What contacts.yaml says: contacts by id, and the contacts of the parties, with places."""

    contacts: Mapping[str, Contact] = field(default_factory=dict)
    parties: Mapping[str, PartyContacts] = field(default_factory=dict)
    contact_places: Mapping[str, HasPlace] = field(default_factory=dict)
    party_places: Mapping[str, HasPlace] = field(default_factory=dict)
    sub_committee: SubCommittee = field(default_factory=SubCommittee)


def read_contacts(tree: Node | None, default_language: Language, report: Report) -> ContactsDraft:
    """Reads the file. A contact with a faulty address is reported and kept, so that it is not reported missing as well."""
    section = open_section(tree, keys.CONTACTS, "contacts.yaml", report)
    contacts: dict[str, Contact] = {}
    places: dict[str, HasPlace] = {}
    for key, value in read_named(section.find("contacts"), "`contacts`", report):
        inner = open_section(value, keys.CONTACT, named("contact", key.value), report)
        contacts[key.value], places[key.value] = _read_contact(key, inner, default_language), key
    _report_shared_addresses(contacts, places, report)
    parties: dict[str, PartyContacts] = {}
    party_places: dict[str, HasPlace] = {}
    for key, value in read_named(section.find("parties"), "`parties`", report):
        parties[key.value], party_places[key.value] = _read_party(key, value, contacts, report), key
    return ContactsDraft(
        contacts=contacts,
        parties=parties,
        contact_places=places,
        party_places=party_places,
        sub_committee=_read_sub_committee(section.find("sub_committee"), contacts, report),
    )


def _read_sub_committee(node: Node | None, contacts: Mapping[str, Contact], report: Report) -> SubCommittee:
    if node is None or not is_given(node):
        return SubCommittee()
    section = open_section(node, keys.SUB_COMMITTEE, "`sub_committee`", report)
    presenter = section.find("presenter")
    return SubCommittee(
        presenter=None if presenter is None else find_contact(presenter, contacts, report),
        members=_find_all(section.items("members"), contacts, report),
        light_of=LightOf(section.choice("light_of", tuple(LightOf), LightOf.PRESENTER)),
    )


def _read_contact(key: Scalar, section: Section, default_language: Language) -> Contact:
    address = section.line("address")
    if section.find("address") is None and section.is_sound:
        section.report.add(say.NO_ADDRESS, section.place("address"), contact=key.value)
    elif address and not is_address(address):
        section.report.add(say.NOT_ADDRESS, section.place("address"), value=address)
    language = section.line("language") or default_language
    if language not in LANGUAGES:
        section.report.add(say.NOT_OUR_LANGUAGE, section.place("language"), value=language)
        language = default_language
    return Contact(
        id=key.value,
        name=section.line("name") or key.value,
        address=address,
        language=language,
        phone=section.line("phone"),
    )


def _report_shared_addresses(contacts: Mapping[str, Contact], places: Mapping[str, HasPlace], report: Report) -> None:
    first: dict[str, str] = {}
    for contact in contacts.values():
        address = contact.address.casefold()
        if address and first.setdefault(address, contact.id) != contact.id:
            other = first[address]
            report.add(say.ADDRESS_TWICE, places[contact.id], address=contact.address, other=other, line=places[other].line)


def _read_party(key: Scalar, value: Node, contacts: Mapping[str, Contact], report: Report) -> PartyContacts:
    """The long form with keys, or the short form: a contact, or a list of them."""
    if isinstance(value, (Scalar, Listing)):
        return PartyContacts(contacts=_find_all(read_items(value, THE_CONTACTS, report), contacts, report))
    section = open_section(value, keys.PARTY_CONTACTS, named("party", key.value), report)
    manager = section.find("manager")
    return PartyContacts(
        contacts=_find_all(section.items("contacts"), contacts, report),
        deputies=_find_all(section.items("deputies"), contacts, report),
        manager=None if manager is None else find_contact(manager, contacts, report),
    )


def _find_all(nodes: tuple[Node, ...], contacts: Mapping[str, Contact], report: Report) -> tuple[Contact, ...]:
    found = (find_contact(node, contacts, report) for node in nodes if is_given(node))
    return tuple(dict.fromkeys(contact for contact in found if contact is not None))


def find_contact(node: Node, contacts: Mapping[str, Contact], report: Report) -> Contact | None:
    """The contact that a text names; an unknown one is reported."""
    name = read_line(node, THE_CONTACT, report)
    if name is None:
        return None
    if name not in contacts:
        report.add(say.CONTACT_UNKNOWN, node, contact=name, hint=hint_for(name, tuple(contacts)))
    return contacts.get(name)
