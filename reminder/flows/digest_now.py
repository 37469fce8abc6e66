"""A digest or a report beside the schedule: to the coordinator who asks for one, or to the successor to whom the desk was handed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from reminder.domain.intents import Recipient
from reminder.domain.messages import MailKind
from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound
from reminder.flows.digest import write_digest
from reminder.flows.knowledge import Knowledge, load_knowledge
from reminder.flows.ordering import Doing
from reminder.flows.sending_report import write_report_mail
from reminder.store import outbox, people

_HANDED_OVER: Mapping[Language, str] = {
    "fi": "{who} on luovuttanut nämä koosteet sinulle. Ota ne vastaan, vastaa: lähetä kooste. Siihen asti saatte ne molemmat.",
    "sv": "{who} har lämnat över dessa sammandrag till dig. Ta emot dem: svara skicka sammandraget. Tills dess får ni båda dem.",
    "en": "{who} has handed these digests over to you. To take them up, answer: send the digest. Until then both of you get them.",
}


def send_digest_now(doing: Doing, person: str) -> None:
    """Puts the digest of the round into the outbox, in the caller's transaction, with what that has decided."""
    now, knowledge, one, recipient = _prepare(doing, person)
    note = ""
    if person != doing.ordered.actor:
        note = _HANDED_OVER[recipient.language].format(who=people.find_address(doing.conn, doing.ordered.actor) or "")
    outbox.enqueue(doing.conn, write_digest(doing.conn, doing.house, knowledge, one, recipient, now, note=note, kind=MailKind.DESK), now)


def send_report_now(doing: Doing, person: str) -> None:
    """Puts the report on the round into the outbox, in the caller's transaction: it shows what the lines before have published."""
    now, knowledge, one, recipient = _prepare(doing, person)
    outbox.enqueue(doing.conn, write_report_mail(doing.conn, doing.house, knowledge, one, recipient, now, kind=MailKind.DESK), now)


def _prepare(doing: Doing, person: str) -> tuple[datetime, Knowledge, ReportingRound, Recipient]:
    now = doing.house.clock.now()
    knowledge = load_knowledge(doing.conn, doing.by.files or doing.house.setup, now)
    one = knowledge.setup.round(doing.one.programme, doing.one.id) or doing.one
    address = people.find_address(doing.conn, person) or ""
    contact = next(contact for contact in knowledge.setup.directory.coordinators if contact.address.lower() == address)
    return now, knowledge, one, Recipient(person=person, address=contact.address, name=contact.name, language=contact.language)
