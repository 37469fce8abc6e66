"""Whom the coordinator names by mail: another contact of a party, a deputy, a successor at the desk (decision 0033).

Each is an overlay with pseudonyms, in the transaction of the command; `with_people` puts it over the files. What is told of it names
people by pseudonyms too, since it is kept; whoever reads it sees addresses (`desk_answers.show_people`).
"""

from __future__ import annotations

from reminder.domain.programme import Contact, Language
from reminder.domain.rounds import ReportingRound
from reminder.flows.by_hand import By, Decided, know, name_party, record_decision, writing
from reminder.flows.by_hand_words import refuse, tell
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge
from reminder.store import agenda, people
from reminder.store.overlays import OverlayKind


def replace_contact(
    house: House, one: ReportingRound, party: str, *, person: str, instead_of: str = "", because: str, by: By, dry_run: bool = False
) -> Decided:
    """Mails to a party go to this person; they are named by pseudonyms. Raises UsageFailure where it is not clear whom they replace."""
    knowledge = know(house, one, by)
    name, entry = name_party(knowledge, one, party, by), knowledge.setup.directory.of_party(party)
    address = _address(house, by, person)
    if any(contact.address.lower() == address for contact in entry.contacts):
        raise refuse("is_contact", by.language, party=name, who=person)
    replaced = _find_replaced(house, entry.contacts, instead_of, name, by)
    value = {"person": person, "replaces": "", "language": replaced.language if replaced else _language(house)}
    if replaced is not None:
        value["replaces"] = _person(house, by, replaced)
    record_decision(house, OverlayKind.CONTACT, one, party, because=because, by=by, dry_run=dry_run, value=value)
    said = "contact_replaced" if replaced else "contact_named"
    return Decided(
        said=tell(said, by.language, party=name, who=person, was=value["replaces"]),
        follows=(tell("contact_follows", by.language), *_shared(knowledge, one, party, replaced, value["replaces"], by)),
    )


def add_deputy(house: House, one: ReportingRound, party: str, *, person: str, because: str, by: By, dry_run: bool = False) -> Decided:
    """This person may answer in a party's place. Nothing is sent to them. Raises UsageFailure where they may already."""
    knowledge = know(house, one, by)
    name, entry = name_party(knowledge, one, party, by), knowledge.setup.directory.of_party(party)
    address = _address(house, by, person)
    if any(contact.address.lower() == address for contact in (*entry.contacts, *entry.deputies)):
        raise refuse("may_answer", by.language, party=name, who=person)
    value = {"person": person, "language": entry.contacts[0].language if entry.contacts else _language(house)}
    record_decision(house, OverlayKind.DEPUTY, one, party, because=because, by=by, dry_run=dry_run, value=value)
    return Decided(said=tell("deputy_added", by.language, party=name, who=person), follows=(tell("deputy_follows", by.language),))


def hand_over(house: House, one: ReportingRound, *, person: str, because: str, by: By, dry_run: bool = False) -> Decided:
    """The digests go to a successor. Whoever hands over stays beside them until the successor has sent a first command."""
    knowledge = know(house, one, by)
    address = _address(house, by, person)
    if person == by.actor or any(contact.address.lower() == address for contact in knowledge.setup.directory.coordinators):
        raise refuse("is_coordinator", by.language, who=person)
    value = {"person": person, "replaces": by.actor, "language": _language(house)}
    record_decision(house, OverlayKind.HAND_OVER, one, "", because=because, by=by, dry_run=dry_run, value=value)
    if not dry_run:
        with writing(house, by) as conn:
            for other in knowledge.setup.rounds:
                agenda.look_again(conn, other.programme, other.id, None, house.clock.now())
    return Decided(said=tell("handed_over", by.language, who=person), follows=(tell("until_taken_up", by.language),))


def _find_replaced(house: House, contacts: tuple[Contact, ...], instead_of: str, name: str, by: By) -> Contact | None:
    """Whose place it is: the one that is named, or the only one."""
    if instead_of:
        address = _address(house, by, instead_of)
        found = next((contact for contact in contacts if contact.address.lower() == address), None)
        if found is None:
            raise refuse("no_such_contact", by.language, party=name, who=instead_of)
        return found
    if len(contacts) > 1:
        raise refuse("which_contact", by.language, party=name, names=", ".join(_person(house, by, contact) for contact in contacts))
    return contacts[0] if contacts else None


def _shared(knowledge: Knowledge, one: ReportingRound, party: str, replaced: Contact | None, who: str, by: By) -> tuple[str, ...]:
    """That the same person stands for other parties too, which this does not change."""
    if replaced is None:
        return ()
    parties = knowledge.setup.directory.parties.items()
    others = [name_party(knowledge, one, other, by) for other, entry in parties if other != party and replaced in entry.contacts]
    return (tell("also_contact_of", by.language, who=who, parties=", ".join(others)),) if others else ()


def _address(house: House, by: By, person: str) -> str:
    with writing(house, by) as conn:
        return people.find_address(conn, person) or ""


def _person(house: House, by: By, contact: Contact) -> str:
    with writing(house, by) as conn:
        return people.ensure_persons(conn, [contact.address], house.clock.now())[contact.address.lower()]


def _language(house: House) -> Language:
    """The city's own first language, where nobody's is known."""
    return house.setup.languages[0]
