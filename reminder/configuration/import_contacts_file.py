"""Writing contacts.yaml from an import: anew, or into the one that is there, which keeps what only it has.

A contact is known again by its address; one that `import programme` left to fill in, or whose address alone is new, by its party.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.contacts_file import read_contacts
from reminder.configuration.findings import Report
from reminder.configuration.import_contacts import ImportedContacts, ListedParty, ListedPerson
from reminder.configuration.import_rows import Difference
from reminder.configuration.nodes import Node
from reminder.configuration.party_names import name_key
from reminder.configuration.values import slug
from reminder.configuration.yaml_editing import flow_list, header_for, inner, read_sound, show_yaml, table_of, text_value

HEADER = "The people behind the parties; imported by `reminder import contacts`. These are personal data: keep the file apart."
FIELDS = ("name", "address", "language", "phone")


def write_contacts_file(found: ImportedContacts, out: Path, *, keeps: bool) -> tuple[str, Difference, tuple[str, ...]]:
    """The text of the file, what it changes, and coordinators of service.yaml whom it lacks.

    With `keeps` what only the file has stays; else the file is made anew.
    """

    def read(tree: Node | None, report: Report) -> None:
        read_contacts(tree, "fi", report)

    content = read_sound(out, read, pardoned=(say.NO_ADDRESS.advice,))
    is_new = not content or not keeps
    merging = _Merge(content, found)
    merging.run()
    if not keeps:
        content = CommentedMap()
        _Merge(content, found).run()
    missing = tuple(one for one in found.coordinator_ids if one not in inner(content, "contacts"))
    text = show_yaml(content, header_for(out, keys.CONTACTS_FILE, HEADER) if is_new else "")
    return text.replace("\nparties:", "\n\nparties:", 1) if is_new else text, merging.difference(), missing


class _Merge:
    """Puts a list into the tree of a file, and remembers what it changed."""

    def __init__(self, content: CommentedMap, found: ImportedContacts) -> None:
        self.found = found
        self.contacts, self.parties = inner(content, "contacts"), inner(content, "parties")
        self.before = list(self.contacts)
        self.parties_before = list(self.parties)
        self.ids: dict[str, str] = {}
        """Ids of contacts by address."""
        self.added: list[str] = []
        self.changed: list[str] = []

    def run(self) -> None:
        """The whole list, in its order."""
        self._know_again()
        for address, person in self._in_order():
            if address in self.ids:
                self._update(self.ids[address], person)
            else:
                self._add(person)
        for party, listed in self.found.parties.items():
            self._put_party(party, listed)

    def difference(self) -> Difference:
        """What the list says beside the file that was there."""
        used = set(self.ids.values())
        gone = [f"contact {one}, {_text(self.contacts[one], 'address') or 'without an address'}" for one in self.before if one not in used]
        gone += [f"party {one}" for one in self.parties_before if one not in self.found.parties]
        gone += [f"{one} as a contact of {party}" for party in self.parties_before for one in self._beyond(party)]
        return Difference(added=tuple(self.added), changed=tuple(self.changed), only_in_file=tuple(gone))

    def _beyond(self, party: str) -> Iterator[str]:
        """Who stands for a party in the file and not in the list, though both know the party."""
        listed = self.found.parties.get(party)
        for one in _people_of(self.parties[party], "contacts") if listed is not None else ():
            if listed is not None and one not in {self.ids[address] for address in (*listed.contacts, *listed.deputies)}:
                yield one

    def _in_order(self) -> Iterator[tuple[str, ListedPerson]]:
        """Coordinators first, as in the files that we write; then by the list."""
        for address in dict.fromkeys((*self.found.coordinators, *self.found.people)):
            yield address, self.found.people[address]

    def _know_again(self) -> None:
        by_address = {_text(entry, "address").casefold(): one for one, entry in self.contacts.items() if _text(entry, "address")}
        self.ids = {address: by_address[address] for address in self.found.people if address in by_address}
        for address, one in zip(self.found.coordinators, self.found.coordinator_ids, strict=False):
            self._take(address, one)
        for party, listed in self.found.parties.items():
            for address in listed.contacts:
                unmet = (one for one in _people_of(self.parties.get(party), "contacts") if one not in self.ids.values())
                same = next((one for one in unmet if self._is_same(one, self.found.people[address])), None)
                if same is not None:
                    self._take(address, same)

    def _take(self, address: str, one: str) -> None:
        """An id that is known and nobody else's becomes that of an address."""
        if address not in self.ids and one in self.contacts and one not in self.ids.values():
            self.ids[address] = one

    def _is_same(self, one: str, person: ListedPerson) -> bool:
        """Whether a contact of the file is left to be filled in, or has the name of the person and another address."""
        entry = self.contacts.get(one)
        old, name = _text(entry, "address"), _text(entry, "name")
        return not old or (bool(person.name) and name_key(name) == name_key(person.name))

    def _update(self, one: str, person: ListedPerson) -> None:
        entry = self.contacts[one]
        for field in FIELDS:
            old, new = _text(entry, field), getattr(person, field)
            is_same = old.casefold() == new.casefold() if field == "address" else old == new
            if not new or is_same:
                continue
            self.changed.append(f"{field} of {one}: {new}" if not old else f"{field} of {one}: {old} becomes {new}")
            entry[field] = text_value(new)

    def _add(self, person: ListedPerson) -> None:
        person = person if person.name else replace(person, name=self._role_of(person.address))
        one = self._new_id(person)
        self.contacts[one] = table_of({"name": person.name, "address": person.address, "language": person.language, "phone": person.phone})
        self.ids[person.address] = one
        self.added.append(f"contact {one}, {person.address}")

    def _new_id(self, person: ListedPerson) -> str:
        """The id that service.yaml gives a coordinator; else made of the name, or of what stands before the @."""
        if person.address in self.found.coordinators:
            place = self.found.coordinators.index(person.address)
            wanted = [*self.found.coordinator_ids, "koordinaattori"][min(place, len(self.found.coordinator_ids))]
        else:
            wanted = slug(person.name) or slug(person.address.partition("@")[0]) or "contact"
        count = 1
        while (one := wanted if count == 1 else f"{wanted}-{count}") in self.contacts:
            count += 1
        return one

    def _role_of(self, address: str) -> str:
        """Who has no name is called as the one party that the address is for."""
        own = [party for party, listed in self.found.parties.items() if address in listed.contacts]
        return self.found.party_names[own[0]] if len(own) == 1 else ""

    def _put_party(self, party: str, listed: ListedParty) -> None:
        contacts = [self.ids[address] for address in listed.contacts]
        deputies = [self.ids[address] for address in listed.deputies if address not in listed.contacts]
        manager = self.ids[listed.manager] if listed.manager else ""
        entry = self.parties.get(party)
        if entry is None or entry == "":
            self.parties[party] = _party_of(contacts, deputies, manager)
            self.added.append(f"party {party}: {', '.join(contacts) or 'nobody'}")
            return
        known = _people_of(entry, "contacts")
        new = [one for one in contacts if one not in known]
        if isinstance(entry, CommentedSeq) and not deputies and not manager:
            entry.extend(new)
        else:
            entry = self.parties[party] = entry if isinstance(entry, CommentedMap) else CommentedMap({"contacts": _listed(entry)})
            self._extend(entry, "contacts", new)
            self._put_others(party, entry, deputies, manager)
        self.changed += [f"{party}: {one} is one more contact" for one in new]

    def _put_others(self, party: str, entry: CommentedMap, deputies: Iterable[str], manager: str) -> None:
        new = [one for one in deputies if one not in _people_of(entry, "deputies")]
        self._extend(entry, "deputies", new)
        self.changed += [f"{party}: {one} is one more deputy" for one in new]
        old = _text(entry, "manager")
        if manager and manager != old:
            entry["manager"] = manager
            self.changed.append(f"{party}: manager {manager}" + (f" in place of {old}" if old else ""))

    def _extend(self, entry: CommentedMap, key: str, new: list[str]) -> None:
        if new:
            entry[key] = _listed(entry.get(key))
            entry[key].extend(new)


def _party_of(contacts: list[str], deputies: list[str], manager: str) -> object:
    """The short form, a list, where there are only contacts."""
    if not deputies and not manager:
        return flow_list(contacts)
    values: Mapping[str, object] = {"contacts": flow_list(contacts), "deputies": flow_list(deputies), "manager": manager}
    return CommentedMap({key: value for key, value in values.items() if value})


def _people_of(entry: object, key: str) -> list[str]:
    """The ids of a party, in whichever form they are written."""
    value = entry.get(key) if isinstance(entry, CommentedMap) else entry if key == "contacts" else None
    return [str(one) for one in _listed(value)]


def _listed(value: object) -> CommentedSeq:
    if isinstance(value, CommentedSeq):
        return value
    return flow_list([str(value)] if value else [])


def _text(entry: object, key: str) -> str:
    value = entry.get(key) if isinstance(entry, CommentedMap) else None
    return str(value) if value and str(value) not in {"~", "null"} else ""
