"""Who stands in for the coordinators: their deputies, while the last two mails to each coordinator came back (fault U1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from reminder.domain.programme import Contact, Language
from reminder.domain.setup import Setup
from reminder.store import outbox, people

FAILURES = 2
"""One mail that comes back may be an accident."""
_LINE: Mapping[Language, str] = {
    "fi": "Koordinaattorin viestit palautuvat: {who}. Korjaa osoite tiedostoon contacts.yaml.",
    "sv": "Mejlen till koordinatorn kommer i retur: {who}. Rätta adressen i contacts.yaml.",
    "en": "The mails to the coordinator come back: {who}. Correct the address in contacts.yaml.",
}


def find_lost(conn: Connection, setup: Setup) -> tuple[Contact, ...]:
    """The coordinators whose last mails came back or were refused. A corrected address is another person, and begins anew."""
    coordinators = [one for one in setup.directory.coordinators if one not in setup.directory.coordinator_deputies]
    persons = people.find_persons(conn, [one.address for one in coordinators])
    lost = outbox.list_undeliverable(conn, persons.values(), in_a_row=FAILURES)
    return tuple(one for one in coordinators if persons.get(one.address.lower()) in lost)


def with_deputies(conn: Connection, setup: Setup) -> Setup:
    """The setup with the deputies beside the coordinators where all of these are lost: they are still written to, so that it is seen when
    their mails arrive again. Safe to repeat."""
    directory = setup.directory
    own = [one for one in directory.coordinators if one not in directory.coordinator_deputies]
    if not directory.coordinator_deputies or len(find_lost(conn, setup)) < len(own):
        return setup
    both = tuple(dict.fromkeys((*own, *directory.coordinator_deputies)))
    return replace(setup, directory=replace(directory, coordinators=both))


def tell_standing_in(conn: Connection, setup: Setup, language: Language) -> tuple[str, ...]:
    """Whose mails come back, for whoever reads the digest in their place."""
    lost = find_lost(conn, setup)
    return (_LINE[language].format(who=", ".join(one.name or one.address for one in lost)),) if lost else ()
