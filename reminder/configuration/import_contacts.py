"""`reminder import contacts`: the city's list of contacts, out of a spreadsheet, becomes a contacts.yaml.

Several rows for a party are several contacts. What cannot be taken is listed with its line, the reason and what to do; the
rest of its row is taken all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from reminder.configuration.columns import Columns, find_table
from reminder.configuration.import_beside import read_coordinators_beside, read_programmes_beside
from reminder.configuration.import_files import read_aliases
from reminder.configuration.import_headings import PEOPLE
from reminder.configuration.import_parties import FreeParties, KnownParties
from reminder.configuration.import_rows import RejectedRow
from reminder.configuration.party_names import name_key
from reminder.configuration.people_cells import Duty, is_formula, read_duty, read_language, read_mailboxes
from reminder.configuration.sheet import Row, SheetTable, read_sheet
from reminder.configuration.values import slug
from reminder.domain.programme import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsOptions:
    """How to import. `aliases` maps spellings to parties; `programme_file` None: the one beside the file that is written."""

    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    aliases: Path | None = None
    programme_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPerson:
    """Somebody of the list, known by the address; empty where the list says nothing."""

    address: str
    name: str = ""
    language: str = ""
    phone: str = ""


@dataclass(slots=True)
class ListedParty:
    """Who stands for a party: addresses in the order of the list, each once."""

    contacts: dict[str, None] = field(default_factory=dict)
    deputies: dict[str, None] = field(default_factory=dict)
    manager: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedContacts:
    """What an import found."""

    rows_read: int
    people: Mapping[str, ListedPerson]
    parties: Mapping[str, ListedParty]
    party_names: Mapping[str, str]
    """What each of the parties is called, by id."""
    coordinators: tuple[str, ...]
    coordinator_ids: tuple[str, ...]
    """Ids that service.yaml gives its coordinators."""
    rejected: tuple[RejectedRow, ...]
    notes: tuple[str, ...]


def import_contacts(source: Path, out: Path, options: ContactsOptions | None = None) -> ImportedContacts:
    """Reads a list of contacts. Raises UsageFailure, ReminderError or ConfigurationFailure where it cannot be read at all."""
    options = options or ContactsOptions()
    programmes = read_programmes_beside(options.programme_file or out.parent / "programme.yaml")
    coordinators = read_coordinators_beside(out.parent / "service.yaml") or ()
    aliases = read_aliases(options.aliases) if options.aliases is not None else {}
    sheet = read_sheet(source, options.sheet)
    table = find_table(sheet.rows, options.columns, PEOPLE, source.name)
    cells = [cell for row in table.rows if (cell := table.columns.cell(row.cells, "party"))]
    parties = FreeParties.of(cells, aliases) if programmes is None else KnownParties(programmes, aliases)
    return _Importer(table.columns, table.rows, parties, programmes, coordinators).run(sheet)


class _Importer:
    """One import: collects people and their parties row by row, then whom the cells only name."""

    def __init__(
        self,
        columns: Columns,
        rows: Sequence[Row],
        parties: KnownParties | FreeParties,
        programmes: Sequence[Programme] | None,
        coordinator_ids: tuple[str, ...],
    ) -> None:
        self.columns, self.rows, self.names, self.programmes, self.coordinator_ids = columns, rows, parties, programmes, coordinator_ids
        self.people: dict[str, ListedPerson] = {}
        self.parties: dict[str, ListedParty] = {}
        self.coordinators: dict[str, None] = {}
        self.groups: dict[str, dict[str, None]] = {}
        self.rejected: list[RejectedRow] = []
        self.remarks: dict[str, list[int]] = {}
        self.named_above: list[tuple[int, str, str, tuple[str, ...]]] = []
        self.above: tuple[str, ...] = ()

    def run(self, sheet: SheetTable) -> ImportedContacts:
        """The whole list."""
        for row in self.rows:
            self._read_row(row)
        for line, key, name, parties in self.named_above:
            self._find_named(line, key, name, parties)
        self.parties = {party: one for party, one in self.parties.items() if one.contacts or one.deputies or one.manager}
        return ImportedContacts(
            rows_read=len(self.rows),
            people=self.people,
            parties=self.parties,
            party_names={party: self.names.shown(party) for party in self.parties},
            coordinators=tuple(self.coordinators),
            coordinator_ids=self.coordinator_ids,
            rejected=tuple(sorted(self.rejected, key=lambda one: one.line)),
            notes=(*sheet.notes(), *self.columns.notes(), *self._notes()),
        )

    def _cell(self, row: Row, key: str) -> str:
        return self.columns.cell(row.cells, key)

    def _reject(self, row: Row | int, reason: str) -> None:
        self.rejected.append(RejectedRow(line=row if isinstance(row, int) else row.line, reason=reason))

    def _remark(self, row: Row, words: str) -> None:
        self.remarks.setdefault(words, []).append(row.line)

    def _read_row(self, row: Row) -> None:
        role = self._cell(row, "role")
        duty = read_duty(role)
        parties, is_coordinator = self._find_parties(row, duty)
        if not parties and not is_coordinator:
            return  # said why; nobody is taken without a place
        people = self._read_people(row, "" if duty else role)
        for group in filter(None, (part.strip() for part in self._cell(row, "group").replace("\n", ",").replace(";", ",").split(","))):
            self.groups.setdefault(group, {}).update(dict.fromkeys(parties))
        for party in parties:
            self._place(self.parties.setdefault(party, ListedParty()), people, duty or Duty.CONTACT, row)
        if is_coordinator:
            self.coordinators.update(dict.fromkeys(people))
        for key in ("deputy", "manager"):
            self._read_beside(row, key, parties)

    def _find_parties(self, row: Row, duty: Duty | None) -> tuple[tuple[str, ...], bool]:
        """The parties of a row; those of the row above where the cell is empty and nothing stands between (merged cells)."""
        cell = self._cell(row, "party")
        if not cell:
            if duty is Duty.COORDINATOR:
                return (), True
            if row.is_after_gap or not self.above or not self._cell(row, "address"):
                self.above = () if row.is_after_gap else self.above
                self._reject(row, "names no responsible party; write it into each row")
                return (), False
            self._remark(row, "No party is named; taken as one more of the party above")
            return self.above, False
        found = self.names.find(cell)
        is_coordinator = duty is Duty.COORDINATOR or self._is_coordinator(cell, is_party=bool(found.ids) and self.programmes is not None)
        if is_coordinator:
            self.above = ()
            return (), True
        for reason in found.unknown:
            self._reject(row, reason)
        self.above = found.ids
        return found.ids, False

    def _is_coordinator(self, cell: str, *, is_party: bool) -> bool:
        return not is_party and (read_duty(cell) is Duty.COORDINATOR or name_key(cell) in {name_key(one) for one in self.coordinator_ids})

    def _read_people(self, row: Row, role: str) -> tuple[str, ...]:
        """The addresses of a row; who they are goes into the list of people."""
        cell, name = self._cell(row, "address"), self._name(row, role)
        if not cell:
            if not any(self._cell(row, key) for key in ("deputy", "manager")):
                self._reject(row, "has no email address; write it, or remove the row")
            return ()
        found = read_mailboxes(cell)
        for address in found.broken:
            self._reject(row, f"{address!r} is no email address; write it as rooli@kunta.example, without å, ä and ö")
        if not found.people and not found.broken:
            self._reject(row, f"{cell!r} is no email address; write it as rooli@kunta.example")
        elif found.words:
            self._remark(row, "Words beside an address were left out")
        names = [part.strip() for part in name.replace("\n", ";").split(";") if part.strip()]
        for index, (beside, address) in enumerate(found.people):
            own = names[index] if len(names) == len(found.people) else name if len(names) == 1 else beside
            self._add(row, replace(self._person(row, address, len(found.people)), name=own or beside))
        return tuple(address for _, address in found.people)

    def _name(self, row: Row, role: str) -> str:
        name = self._cell(row, "name")
        if is_formula(name):
            self._reject(row, f"the name {name!r} is a formula; the contact was taken without it")
            return role
        if name and role and name_key(name) != name_key(role):
            self._remark(row, "The role was left out, since a name stands beside it")
        return name or role

    def _person(self, row: Row, address: str, count: int) -> ListedPerson:
        cell, phone = self._cell(row, "language"), " ".join(self._cell(row, "phone").split())
        language = read_language(cell) if cell else None
        if cell and language is None:
            self._reject(row, f"mails are not written in {cell!r}; the contact was taken without a language. Write fi, sv or en")
        if phone.startswith(("=", "@")):
            self._reject(row, f"the phone number {phone!r} is a formula; the contact was taken without it")
            phone = ""
        elif phone and self.columns.places.get("phone") in row.numeric:
            self._remark(row, "The phone number is a number, and may have lost its first zero")
        return ListedPerson(address=address, language=language or "", phone=phone if count == 1 else "")

    def _add(self, row: Row, person: ListedPerson) -> None:
        """What two rows say of one address is put together; where they differ, the first counts and a remark says so."""
        known = self.people.get(person.address)
        if known is None:
            self.people[person.address] = person
            return
        pairs = ((known.name, person.name), (known.language, person.language), (known.phone, person.phone))
        if any(old and new and old.casefold() != new.casefold() for old, new in pairs):
            self._remark(row, "The address stands in an earlier row with other details; those were kept")
        joined = [old or new for old, new in pairs]
        self.people[person.address] = replace(known, name=joined[0], language=joined[1], phone=joined[2])

    def _place(self, party: ListedParty, people: Iterable[str], duty: Duty, row: Row) -> None:
        addresses = tuple(people)
        if duty is Duty.DEPUTY:
            party.deputies.update(dict.fromkeys(addresses))
        elif duty is Duty.MANAGER:
            for address in addresses:
                self._set_manager(party, address, row.line)
        else:
            party.contacts.update(dict.fromkeys(addresses))

    def _set_manager(self, party: ListedParty, address: str, line: int) -> None:
        if party.manager and party.manager != address:
            self._reject(line, f"{address} is a second manager; {party.manager} was kept, since a party has one")
        party.manager = party.manager or address

    def _read_beside(self, row: Row, key: str, parties: tuple[str, ...]) -> None:
        """The deputy or manager in a column of their own: addresses, or a name that stands elsewhere in the list."""
        cell, name = self._cell(row, key), self._cell(row, f"{key}_name")
        if not cell and not name:
            return
        found = read_mailboxes(cell)
        for address in found.broken:
            self._reject(row, f"{address!r} is no email address; the row was taken without it")
        for beside, address in found.people:
            own = "" if is_formula(name) else name
            self._add(row, ListedPerson(address=address, name=own if len(found.people) == 1 and own else beside))
        duty = Duty.DEPUTY if key == "deputy" else Duty.MANAGER
        for party in parties:
            self._place(self.parties[party], (address for _, address in found.people), duty, row)
        if not found.people and not found.broken:
            self.named_above.append((row.line, key, cell or name, parties))

    def _named(self, name: str) -> list[str]:
        """The addresses that a name may stand for: a person of the list, a party by its first contact, or the coordinator."""
        wanted = name_key(name)
        if found := [person.address for person in self.people.values() if person.name and name_key(person.name) == wanted]:
            return found
        if found := [next(iter(self.parties[one].contacts), "") for one in self.names.find(name).ids if one in self.parties]:
            return [address for address in found if address]
        return list(self.coordinators)[:1] if self._is_coordinator(name, is_party=False) else []

    def _find_named(self, line: int, key: str, name: str, parties: tuple[str, ...]) -> None:
        """A deputy or manager of whom only the name, or the party, is given."""
        found = self._named(name)
        if len(found) != 1:
            self._reject(line, f"the {key} {name!r} has no address here; write it into that column. The row was taken without it")
            return
        for party in parties:
            if key == "deputy":
                self.parties[party].deputies[found[0]] = None
            else:
                self._set_manager(self.parties[party], found[0], line)

    def _notes(self) -> tuple[str, ...]:
        notes = [f"{words}: line {', '.join(map(str, lines))}." for words, lines in self.remarks.items()]
        if self.programmes is None:
            notes.append(
                "No programme.yaml stands beside the file, so the parties could not be compared; import the programme first, or name it."
            )
        wanted = dict.fromkeys(party for programme in self.programmes or () for party in programme.parties)
        silent = [party for party in wanted if party not in self.parties or not self.parties[party].contacts]
        if silent:
            notes.append(f"The list gives no contact for {', '.join(silent)}.")
        if self.groups:
            shown = ", ".join(f"`{slug(name, joiner='_') or name}: [{', '.join(parties)}]`" for name, parties in self.groups.items())
            notes.append(f"Groups stand in schedule.yaml; write there under `groups`: {shown}.")
        return tuple(notes)
