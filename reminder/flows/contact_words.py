"""What the digest and `status` say of the list of contacts of a round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminder.compose.words import format_date
from reminder.domain.messages import MailKind
from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.flows.contact_answers import ContactsStanding, load_contacts_standing
from reminder.flows.contacts import CONTACTS_OF, EARLIER_LISTS
from reminder.store import outbox
from reminder.store.outbox import MessageRow

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "fi": {
        "confirmed": "Yhteystiedot on vahvistettu {on}.",
        "waiting": "Yhteystietojen lista on lähetetty {on}, eikä siihen ole vielä vastattu.",
        "unconfirmed": "Yhteystietoja ei vahvistettu ennen kierroksen alkua. Viestit lähtevät tiedoston contacts.yaml mukaan.",
        "open": "Korjaus odottaa tiedostoon contacts.yaml: {party}, {address}.",
        "written": "Kirjoitit yhteystiedoista {on}; ihmisen on luettava se: reminder inbox show {inbound}",
    },
    "sv": {
        "confirmed": "Kontaktuppgifterna bekräftades {on}.",
        "waiting": "Listan över kontaktuppgifter skickades {on} och är inte besvarad än.",
        "unconfirmed": "Kontaktuppgifterna bekräftades inte före omgångens början. Mejlen skickas enligt filen contacts.yaml.",
        "open": "En rättelse väntar på att föras in i contacts.yaml: {party}, {address}.",
        "written": "Du skrev om kontaktuppgifterna {on}; en människa måste läsa det: reminder inbox show {inbound}",
    },
    "en": {
        "confirmed": "The contacts were confirmed on {on}.",
        "waiting": "The list of contacts was sent on {on} and is not answered yet.",
        "unconfirmed": "The contacts were not confirmed before the round began. The mails go out by contacts.yaml.",
        "open": "A correction waits to be put into contacts.yaml: {party}, {address}.",
        "written": "You wrote about the contacts on {on}; a person has to read it: reminder inbox show {inbound}",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactWords:
    """What a person has to do about the contacts, and what is good to know."""

    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    """The lines of contacts.yaml that do what was written."""


def tell_contacts(
    conn: Connection, setup: Setup, one: ReportingRound, language: Language, now: datetime, *, since: datetime | None = None
) -> ContactWords:
    """What is open of the list of contacts, until it is done; and what was settled, where given since an instant."""
    standing = load_contacts_standing(conn, setup, one)
    names = setup.programmes[one.programme].parties
    words = _WORDS[language]
    warnings = [words["open"].format(party=names[fix.party].name.in_language(language), address=fix.address) for fix in standing.open]
    word, at = _find_note(conn, standing, now, since)
    on = format_date(setup.calendar.local_day(at), language) if at else ""
    notes = (words[word].format(on=on, inbound=standing.inbound),) if word else ()
    return ContactWords(warnings=tuple(warnings), notes=notes, edits=tuple(line for fix in standing.open for line in fix.edit()))


def _find_note(conn: Connection, standing: ContactsStanding, now: datetime, since: datetime | None) -> tuple[str, datetime | None]:
    at = standing.confirmed_at or standing.written_at
    if at is not None:
        is_news = since is None or at >= since
        return ("confirmed" if standing.confirmed_at else "written", at) if is_news else ("", None)
    row = find_list(conn, standing.one)
    if row is None:
        return "", None
    return "waiting" if row.expires_at is not None and now < row.expires_at else "unconfirmed", row.created_at


def find_list(conn: Connection, one: ReportingRound) -> MessageRow | None:
    """The newest list of this round that a coordinator has got, or may have."""
    rows = outbox.list_messages(conn, kind=MailKind.CONTACTS, limit=EARLIER_LISTS)
    return next((row for row in rows if row.dot_at is not None and row.details.get(CONTACTS_OF) == f"{one.programme}/{one.id}"), None)
