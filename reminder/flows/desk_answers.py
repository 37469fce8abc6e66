"""Taking up what a coordinator orders, and the one answer to each mail of theirs (decision 0029)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.compose.desk_views import DeskLine, DeskOutcome, DeskView
from reminder.compose.words import format_date
from reminder.domain.commands import Command, NearMiss, Orders
from reminder.domain.intents import Recipient
from reminder.domain.messages import MailKind
from reminder.domain.programme import Contact, Language
from reminder.flows.codes import take_codes
from reminder.flows.desk_lines import show_example
from reminder.flows.desk_words import tell_why_not
from reminder.flows.digest import DESK_OF
from reminder.flows.house import House
from reminder.flows.ordering import Told
from reminder.flows.posting import Thread, finish_posting, open_posting, write_heading
from reminder.flows.understanding import Understood
from reminder.store import commands, outbox, people
from reminder.store.commands import CommandState, DeskMail, Ordered

ANSWERS_AN_HOUR = 20
"""Answers to one coordinator; beyond that two machines talk to each other."""
_PERSON = re.compile(r"\bp[a-z2-7]{10}\b")
_OUTCOMES = {
    CommandState.DONE: DeskOutcome.DONE,
    CommandState.CODE: DeskOutcome.CODE,
}


def keep_orders(conn: Connection, house: House, understood: Understood, *, inbound_id: int, may_answer: bool, now: datetime) -> None:
    """Keeps the lines of a mail, in the transaction that ends it; they are carried out after it."""
    reading = understood.reading
    orders, actor = reading.orders or Orders(), reading.sender.person if reading.sender else ""
    asked = outbox.load_message(conn, reading.message)
    programme, _, round_id = (asked.details.get(DESK_OF, "") if asked is not None else "").partition("/")
    mail = DeskMail(
        subject=understood.mail.subject,
        message_id=understood.mail.message_id,
        references=understood.mail.references,
        note=orders.note,
        misses=tuple((miss.line, miss.verb, miss.why) for miss in orders.near_misses),
        actor=actor,
        programme=programme,
        round=round_id,
        may_answer=reading.may_answer and may_answer,
    )
    commands.add_mail(conn, inbound_id, mail, [hide_addresses(conn, one, now) for one in orders.commands], now)
    take_codes(conn, house, inbound_id, mail, orders.codes, language_of_actor(conn, house, actor), now)


def answer_orders(conn: Connection, house: House, inbound_id: int, now: datetime) -> int:
    """The answer to a mail, as soon as none of its lines waits any more. How many were written: one, or none to a machine."""
    if commands.has_waiting(conn, inbound_id):
        return 0
    mail = commands.load_mail(conn, inbound_id)
    contact = find_coordinator(conn, house, mail.actor)
    if contact is None or not mail.may_answer or _is_flooded(conn, mail.actor, now):
        return 0
    programme = house.setup.programmes.get(mail.programme, next(iter(house.setup.programmes.values())))
    one = house.setup.round(mail.programme, mail.round)
    recipient = Recipient(person=mail.actor, address=contact.address, name=contact.name, language=contact.language)
    posting = open_posting(house, programme.tag)
    today = house.setup.calendar.local_day(now)
    heading = write_heading(house, posting, programme, one.name if one else programme.name, contact.language, today)
    lines = [write_line(conn, ordered) for ordered in commands.load_commands(conn, inbound_id)]
    view = DeskView(
        heading=heading,
        lines=(*lines, *(write_miss(NearMiss(line=line, verb=verb, why=why), contact.language) for line, verb, why in mail.misses)),
        note=mail.note,
        their_subject=mail.subject,
    )
    ids = [f"<{name}>" for name in (*mail.references, mail.message_id) if name]
    thread = Thread(in_reply_to=ids[-1] if mail.message_id else "", references=ids, answers_inbound=inbound_id)
    message = finish_posting(house, posting, house.composer.desk(view), recipient, now, thread=thread)
    details = {**message.details, DESK_OF: f"{mail.programme}/{mail.round}"}
    return int(outbox.enqueue(conn, replace(message, details=details), now))


def hide_addresses(conn: Connection, one: Command, now: datetime) -> Command:
    """A line that names people, with their pseudonyms in the place of their addresses and names (DESIGN, decision 6)."""
    if not one.addresses:
        return one
    persons, line = people.ensure_persons(conn, one.addresses, now), one.line
    for address in one.addresses:
        line = re.sub(rf"<?{re.escape(address)}>?", persons[address], line, flags=re.IGNORECASE)
    if one.name:
        people.name_person(conn, persons[one.addresses[-1]], one.name)
        line = line.replace(one.name, "").replace(":  ", ": ")
    return replace(one, addresses=tuple(persons[address] for address in one.addresses), line=line, name="")


def write_line(conn: Connection, ordered: Ordered) -> DeskLine:
    """One line of theirs with what came of it."""
    told = Told.from_document(ordered.result)
    return DeskLine(
        line=show_people(conn, ordered.command.line),
        outcome=_OUTCOMES.get(ordered.state, DeskOutcome.REFUSED),
        said=show_people(conn, told.said),
        follows=tuple(show_people(conn, line) for line in told.follows),
        undo=tuple(told.undo.splitlines()),
    )


def show_people(conn: Connection, text: str) -> str:
    """A text with addresses in the place of pseudonyms, as far as these are not erased."""
    return _PERSON.sub(lambda found: people.find_address(conn, found[0]) or found[0], text)


def write_miss(miss: NearMiss, language: Language) -> DeskLine:
    """A line that only sounds like a command, with how it would be one."""
    why, example = tell_why_not(miss.why, language), show_example(miss.verb, language)
    return DeskLine(line=miss.line, outcome=DeskOutcome.NOT_DONE, said=why, example=example)


def find_coordinator(conn: Connection, house: House, actor: str) -> Contact | None:
    """The coordinator behind a pseudonym; None where they are one no longer."""
    address = (people.find_address(conn, actor) or "").lower()
    return next((contact for contact in house.setup.directory.coordinators if contact.address.lower() == address), None)


def language_of_actor(conn: Connection, house: House, actor: str) -> Language:
    """In which language a coordinator is answered."""
    contact = find_coordinator(conn, house, actor)
    return contact.language if contact is not None else "en"


def tell_moment(at: datetime, language: Language) -> str:
    """A day with its hour, in local time."""
    return f"{format_date(at.date(), language)} {'' if language == 'en' else 'klo ' if language == 'fi' else 'kl. '}{at:%H.%M}"


def _is_flooded(conn: Connection, actor: str, now: datetime) -> bool:
    since = now - timedelta(hours=1)
    return outbox.count_automatic(conn, person=actor, kind=MailKind.DESK, since=since) >= ANSWERS_AN_HOUR
