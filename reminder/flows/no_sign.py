"""Parties of which nobody has ever heard although their mails were taken: the address may be dead, and only a call can tell.

It is no alarm for who is late. A party is named where the mails to it were taken long ago and nothing ever came: no reply for it in any
round, and of its contacts no other mail, no automatic one and no report that a mail is in the mailbox. Our own copy counts for nothing
here, since it speaks of our relay alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from reminder.compose.reasons import format_day
from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound
from reminder.flows.knowledge import Knowledge
from reminder.flows.renaming import current_party
from reminder.flows.troubles import REPLY_NOT_UNDERSTOOD, REPLY_UNDERSTOOD, STATUS_ASKED, load_troubles
from reminder.flows.understanding import is_closed
from reminder.store import events, outbox, people
from reminder.store.signs import find_alive

_LINE: Mapping[Language, str] = {
    "fi": "Ei elonmerkkiä, vaikka viestit on otettu vastaan: {who}. Soita, osoite voi olla kuollut.",
    "sv": "Inget livstecken, fast mejlen har tagits emot: {who}. Ring, adressen kan vara död.",
    "en": "No sign of life, though the mails were taken: {who}. Call them, the address may be dead.",
}
_FIRST: Mapping[Language, str] = {
    "fi": "{party} ({since} alkaen, kysytään ensi kertaa)",
    "sv": "{party} (sedan {since}, tillfrågas för första gången)",
    "en": "{party} (since {since}, asked for the first time)",
}
_AGAIN: Mapping[Language, str] = {
    "fi": "{party} ({since} alkaen, ei ole vastannut aiemminkaan)",
    "sv": "{party} (sedan {since}, har inte svarat tidigare heller)",
    "en": "{party} (since {since}, has not answered in earlier rounds either)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """One party without a sign of life. `since` is the local day on which the first of its mails in this round was taken."""

    party: str
    since: date
    is_first_time: bool


def find_silent(conn: Connection, knowledge: Knowledge, one: ReportingRound) -> tuple[Silent, ...]:
    """The parties of an open round that still owe a report and have never been heard of, in the order of the programme."""
    setup, now = knowledge.setup, knowledge.now
    if not setup.no_sign_days or is_closed(setup, one, now) or (one.programme, one.id) in knowledge.closed:
        return ()
    before = now - timedelta(days=setup.no_sign_days)
    taken = outbox.first_taken(conn, one.programme)
    persons, heard, alive = people.load_persons(conn), _heard_parties(conn, knowledge, one), _find_alive(conn)
    bounced = load_troubles(conn, setup, [(one.programme, one.id)]).bounced
    found = []
    for progress in knowledge.progress(one).parties:
        party, entry = progress.party.id, setup.directory.of_party(progress.party.id)
        contacts = {persons.get(contact.address.lower(), "") for contact in entry.contacts}
        asked = [mail for mail in taken if current_party(setup, one.programme, mail.party) == party]
        here = [mail.at for mail in asked if mail.round == one.id and mail.person in contacts and mail.at <= before]
        if progress.is_complete or not here or party in heard or (one.programme, one.id, party) in bounced or contacts & alive:
            continue
        is_first = all(mail.round == one.id for mail in asked)
        found.append(Silent(party=party, since=setup.calendar.local_day(min(here)), is_first_time=is_first))
    return tuple(found)


def tell_silent(conn: Connection, knowledge: Knowledge, one: ReportingRound, language: Language) -> tuple[str, ...]:
    """All of them in one line, those that are silent since one day named together; nothing where there are none."""
    names = knowledge.setup.programmes[one.programme].parties
    alike: dict[tuple[date, bool], list[str]] = {}
    for silent in find_silent(conn, knowledge, one):
        alike.setdefault((silent.since, silent.is_first_time), []).append(names[silent.party].name.in_language(language))
    told = [
        (_FIRST if is_first_time else _AGAIN)[language].format(party=", ".join(parties), since=format_day(since, language))
        for (since, is_first_time), parties in alike.items()
    ]
    return (_LINE[language].format(who="; ".join(told)),) if told else ()


def _heard_parties(conn: Connection, knowledge: Knowledge, one: ReportingRound) -> frozenset[str]:
    """The parties for which anybody ever wrote, or something was recorded by hand, in whatever round of the programme."""
    kinds = (REPLY_UNDERSTOOD, REPLY_NOT_UNDERSTOOD, STATUS_ASKED)
    wrote = {
        current_party(knowledge.setup, one.programme, event.party)
        for event in events.load_events(conn, kinds=kinds, programme=one.programme)
    }
    return frozenset(wrote | {fact.party for fact in knowledge.assessments if fact.programme == one.programme})


def _find_alive(conn: Connection) -> frozenset[str]:
    """The people, by pseudonym, who ever wrote to us, or whose mailbox has shown itself to be alive."""
    return find_alive(conn) | events.list_actors(conn, "mail_read")
