"""The coordinator's answer to a preview, the test mail or the list of contacts: what is done about it, and what is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from reminder.compose.views import ContactEdit, DecidedTone, DecidedView
from reminder.domain.intents import Recipient
from reminder.domain.messages import MailKind
from reminder.domain.programme import Programme
from reminder.domain.readings import Decision
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.flows.acknowledge import is_within_caps, make_thread
from reminder.flows.approving import Word, approve, reject
from reminder.flows.contact_answers import ContactsAnswer, take_contacts_answer
from reminder.flows.house import House
from reminder.flows.posting import finish_posting, open_posting, write_heading
from reminder.flows.previewing import APPROVAL, name_command
from reminder.flows.understanding import Understood
from reminder.store import outbox, people
from reminder.store.approvals import Approval, load_approvals


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it: for the answer."""

    tone: DecidedTone
    approval: Approval | None = None
    word: Word | None = None
    contacts: ContactsAnswer | None = None
    note: str = ""
    """Words that are kept for a person to read."""


_WORDS = {Decision.APPROVE: approve, Decision.REJECT: reject}
_TONES = {Decision.APPROVE: DecidedTone.APPROVED, Decision.REJECT: DecidedTone.REJECTED}


def take_decision(conn: Connection, house: House, understood: Understood, *, inbound_id: int, now: datetime) -> Outcome:
    """Does what the coordinator has decided. A word that comes too late, or a second time, changes nothing."""
    reading, asked = understood.reading, outbox.load_message(conn, understood.reading.message)
    if asked is not None and asked.kind is MailKind.TEST:
        return Outcome(tone=DecidedTone.RECEIVED)
    if asked is not None and asked.kind is MailKind.CONTACTS:
        said = take_contacts_answer(conn, house.setup, asked, reading, inbound_id, now)
        if said.is_confirmed:
            return Outcome(tone=DecidedTone.CONFIRMED, contacts=said)
        return Outcome(tone=DecidedTone.NOTED, contacts=said, note=reading.note)
    number = asked.details.get(APPROVAL, "") if asked is not None and asked.kind is MailKind.PREVIEW else ""
    found = load_approvals(conn, ids=[int(number)]) if number else ()
    if not found:
        return Outcome(tone=DecidedTone.NOTHING_WAITS)
    if reading.decision not in _WORDS:
        return Outcome(tone=DecidedTone.UNCLEAR, approval=found[0])
    actor = reading.sender.person if reading.sender else ""
    word = _WORDS[reading.decision](conn, house, found[0].id, actor, now)
    return Outcome(tone=DecidedTone.NOTHING_WAITS if word is None else _TONES[reading.decision], approval=found[0], word=word)


def write_outcome(conn: Connection, house: House, understood: Understood, outcome: Outcome, *, inbound_id: int, now: datetime) -> int:
    """The answer to the coordinator, in the thread of their mail; none to a machine, and none beyond the caps. How many were written."""
    sender = understood.reading.sender
    if sender is None or not understood.reading.may_answer:
        return 0
    contact = next((one for one in house.setup.directory.coordinators if one.address.lower() == sender.address.lower()), None)
    person = people.ensure_persons(conn, [sender.address], now)[sender.address.lower()]
    if contact is None or not is_within_caps(conn, person, now, notice=""):
        return 0
    recipient = Recipient(person=person, address=sender.address, name=contact.name, language=contact.language)
    programme = _programme(house, outcome)
    posting = open_posting(house, programme.tag)
    one = _round(house, outcome)
    name = one.name if one else programme.name
    heading = write_heading(house, posting, programme, name, recipient.language, house.setup.calendar.local_day(now))
    leaves_at = outcome.word.leaves_at if outcome.word else None
    view = DecidedView(
        heading=heading,
        tone=outcome.tone,
        kind=outcome.approval.kind if outcome.approval else StepKind.REQUEST,
        count=outcome.word.count if outcome.word else 0,
        leaves_at=leaves_at.astimezone(house.setup.calendar.zone) if leaves_at else None,
        their_subject=understood.mail.subject,
        command=_command(outcome),
        note=outcome.note,
        edits=_write_edits(programme, outcome),
    )
    thread = make_thread(understood, inbound_id, is_for_the_party=False)
    message = finish_posting(house, posting, house.composer.decided(view), recipient, now, thread=thread)
    # An answer to this answer is one to the preview: "do not send" may come a minute after "approved".
    details = {**message.details, APPROVAL: str(outcome.approval.id)} if outcome.approval else message.details
    return int(outbox.enqueue(conn, replace(message, details=details), now))


def _programme(house: House, outcome: Outcome) -> Programme:
    known = house.setup.programmes
    about = outcome.approval or (outcome.contacts.one if outcome.contacts else None)
    return known.get(about.programme, next(iter(known.values()))) if about else next(iter(known.values()))


def _round(house: House, outcome: Outcome) -> ReportingRound | None:
    if outcome.approval is not None:
        return house.setup.round(outcome.approval.programme, outcome.approval.round)
    return outcome.contacts.one if outcome.contacts else None


def _write_edits(programme: Programme, outcome: Outcome) -> tuple[ContactEdit, ...]:
    """What has to change in contacts.yaml, one entry a party."""
    changes = outcome.contacts.corrections if outcome.contacts else ()
    return tuple(
        ContactEdit(
            party=programme.parties[one.party].name,
            entry=one.contact.id if one.contact else "",
            address=one.address,
            was=one.contact.address if one.contact else "",
            shared_with=tuple(programme.parties[other].name for other in one.shared_with if other in programme.parties),
            others=one.others,
        )
        for one in changes
    )


def _command(outcome: Outcome) -> str:
    if outcome.tone is DecidedTone.REJECTED and outcome.approval is not None:
        return f"{name_command(outcome.approval)} --anew"
    return "reminder plan"
