"""Acknowledge: the sender is told what was recorded, action by action, and what is still missing.

Only a mail that may be answered is (RFC 3834); the caps of DESIGN keep two machines from talking to each other for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from reminder.compose.views import AcknowledgementTone, AcknowledgementView, ActionView, Heading, RecordedAnswer
from reminder.domain.assessments import Assessment, TrafficLight, latest
from reminder.domain.intents import Recipient
from reminder.domain.messages import Item, OutgoingMessage
from reminder.domain.programme import LANGUAGES, Contact, Language
from reminder.domain.readings import Answer, Reading, ReadingKind, Trust, Verdict
from reminder.domain.rounds import ReportingRound
from reminder.flows.flood import note_flood
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge, load_knowledge
from reminder.flows.posting import Thread, finish_posting, open_posting, write_heading
from reminder.flows.schedule_views import answered_actions, asked_actions, find_last_times, write_action
from reminder.flows.understanding import Understood, is_closed
from reminder.plan.timeline import party_deadline
from reminder.store import outbox, people

log = structlog.get_logger(__name__)

PER_HOUR, PER_DAY, IN_ALL_PER_HOUR = 3, 10, 60
"""Acknowledgements an address and hour, automatic answers an address and day, and in all an hour (DESIGN, limits)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Addressee:
    recipient: Recipient
    is_for_the_party: bool = False


def write_acknowledgements(
    conn: Connection, house: House, understood: Understood, *, inbound_id: int, now: datetime, generation: int = 0
) -> int:
    """Puts the acknowledgement into the outbox, in the transaction of the facts. Returns how many mails were written.

    `generation` is that of the reading which is acknowledged: each is, once.
    """
    reading, answered = understood.reading, understood.answered
    if not _deserves_answer(reading) or answered is None or not answered.items:
        return 0
    item = reading.answers[0].item if reading.answers else answered.items[0]
    one = house.setup.round(item.programme, item.round)
    if one is None:
        return 0
    knowledge = load_knowledge(conn, house.setup, now)
    written = 0
    for addressee in _addressees(conn, house, understood, item, now):
        if not _is_within_caps(conn, addressee.recipient.person, now):
            log.warning("automatic answer capped", inbound=inbound_id)
            continue
        message = replace(_compose(house, knowledge, one, understood, addressee, inbound_id=inbound_id), answers_generation=generation)
        written += outbox.enqueue(conn, message, now)
    return written


def _compose(
    house: House,
    knowledge: Knowledge,
    one: ReportingRound,
    understood: Understood,
    addressee: _Addressee,
    *,
    inbound_id: int,
) -> OutgoingMessage:
    programme = house.setup.programmes[one.programme]
    posting = open_posting(house, programme.tag)
    recipient = addressee.recipient
    heading = write_heading(house, posting, programme, one.name, recipient.language, knowledge.today)
    view = write_view(knowledge, one, understood, heading, inbound_id=inbound_id, is_for_the_party=addressee.is_for_the_party)
    draft = house.composer.acknowledgement(view)
    thread = _thread(understood, inbound_id, is_for_the_party=addressee.is_for_the_party)
    return finish_posting(house, posting, draft, recipient, knowledge.now, thread=thread, programme_round=f"{one.programme}/{one.id}")


def write_view(
    knowledge: Knowledge,
    one: ReportingRound,
    understood: Understood,
    heading: Heading,
    *,
    inbound_id: int,
    is_for_the_party: bool,
) -> AcknowledgementView:
    """What the acknowledgement tells: recorded, asked back, missing, and which story it is."""
    reading = understood.reading
    parties = _parties(understood)
    programme = knowledge.setup.programmes[one.programme]
    missing = _missing(knowledge, one, parties)
    asked_back = {ask.item.action for ask in reading.ask_back if ask.item is not None}
    return AcknowledgementView(
        heading=heading,
        tone=_tone(knowledge, one, reading, has_missing=bool(missing)),
        party_names=tuple(programme.parties[party].name for party in parties if party in programme.parties),
        recorded=_recorded(knowledge, one, reading, inbound_id),
        ask_back=reading.ask_back,
        missing=tuple(view for view in missing if view.item.action not in asked_back),
        due_on=min(
            (party_deadline(knowledge.setup, one, party, extensions=knowledge.extensions).due_on for party in parties), default=None
        ),
        their_subject=understood.mail.subject,
        sender_trust=reading.sender.trust if reading.sender else Trust.STRANGER,
        is_for_the_party=is_for_the_party,
        answered_by=reading.sender.address if is_for_the_party and reading.sender else "",
        note=reading.note,
    )


def _parties(understood: Understood) -> tuple[str, ...]:
    """The parties that the mail answers for: those of its answers, else those that were asked."""
    answers = [answer.item.party for answer in understood.reading.answers]
    asked = [item.party for item in understood.answered.items] if understood.answered else []
    return tuple(dict.fromkeys([*answers, *asked]))


def _missing(knowledge: Knowledge, one: ReportingRound, parties: Sequence[str]) -> tuple[ActionView, ...]:
    programme = knowledge.setup.programmes[one.programme]
    earlier = find_last_times(knowledge, one)
    answered = {party: answered_actions(knowledge, one, party) for party in parties}
    return tuple(
        write_action(programme, one, party, action, earlier)
        for party in parties
        for action in asked_actions(knowledge, programme, one, party)
        if action.id not in answered[party]
    )


def _recorded(knowledge: Knowledge, one: ReportingRound, reading: Reading, inbound_id: int) -> tuple[RecordedAnswer, ...]:
    """The answers of this mail, each beside what stood there without it."""
    others = (fact for fact in knowledge.assessments if fact.inbound_id != inbound_id)
    earlier = latest(fact for fact in others if (fact.programme, fact.round) == (one.programme, one.id))
    return tuple(
        RecordedAnswer(
            item=answer.item,
            light=answer.light,
            phase=answer.phase,
            text=answer.text,
            next_step=answer.next_step,
            next_on=answer.next_on,
            was=_changed_from(earlier.get((answer.item.party, answer.item.action)), answer),
            is_provisional=answer.is_provisional,
        )
        for answer in reading.answers
    )


def _changed_from(earlier: Assessment | None, answer: Answer) -> TrafficLight | None:
    return earlier.light if earlier is not None and earlier.light != answer.light else None


def _tone(knowledge: Knowledge, one: ReportingRound, reading: Reading, *, has_missing: bool) -> AcknowledgementTone:
    if is_closed(knowledge.setup, one, knowledge.now):
        return AcknowledgementTone.LATE
    if not reading.answers:
        return AcknowledgementTone.NOTHING_UNDERSTOOD
    return AcknowledgementTone.PARTIAL if has_missing or reading.ask_back else AcknowledgementTone.COMPLETE


def _deserves_answer(reading: Reading) -> bool:
    is_reply = reading.kind is ReadingKind.REPLY and reading.may_answer
    return is_reply and reading.verdict in {Verdict.APPLIED, Verdict.ASKED_BACK} and reading.sender is not None


def _addressees(conn: Connection, house: House, understood: Understood, item: Item, now: datetime) -> tuple[_Addressee, ...]:
    """The sender; and the party's own contacts where a colleague of the same domain answered for them (decision 19)."""
    sender = understood.reading.sender
    if sender is None:
        return ()
    directory = house.setup.directory.of_party(item.party)
    known = next((one for one in (*directory.contacts, *directory.deputies) if one.address.lower() == sender.address.lower()), None)
    language = known.language if known else _language(understood)
    persons = people.ensure_persons(conn, [sender.address, *(one.address for one in directory.contacts)], now)
    to_sender = Recipient(
        person=persons[sender.address.lower()], address=sender.address, name=known.name if known else "", language=language
    )
    if sender.trust not in {Trust.DOMAIN, Trust.DEPUTY}:
        return (_Addressee(recipient=to_sender),)
    return (
        _Addressee(recipient=to_sender),
        *(_Addressee(recipient=_to_contact(one, persons), is_for_the_party=True) for one in directory.contacts),
    )


def _to_contact(contact: Contact, persons: Mapping[str, str]) -> Recipient:
    return Recipient(person=persons[contact.address.lower()], address=contact.address, name=contact.name, language=contact.language)


def _language(understood: Understood) -> Language:
    """A stranger's language is that of the mail that they answer."""
    spoken = understood.answered.language if understood.answered else LANGUAGES[0]
    return next((language for language in LANGUAGES if language == spoken), LANGUAGES[0])


def _thread(understood: Understood, inbound_id: int, *, is_for_the_party: bool) -> Thread:
    """The sender's own thread; what goes to the party stands in the thread of our request."""
    answered = understood.answered
    if is_for_the_party:
        own = (answered.message_id,) if answered else ()
        return Thread(in_reply_to=own[0] if own else "", references=own, answers_inbound=inbound_id)
    mail = understood.mail
    ids = [f"<{one}>" for one in (*mail.references, mail.message_id) if one]
    return Thread(in_reply_to=f"<{mail.message_id}>" if mail.message_id else "", references=ids, answers_inbound=inbound_id)


def _is_within_caps(conn: Connection, person: str, now: datetime) -> bool:
    """Counts what was written to the address in the last hour and day, and to everybody in the last hour."""
    hour, day = now - timedelta(hours=1), now - timedelta(days=1)
    if outbox.count_automatic(conn, person=None, kind=None, since=hour) >= IN_ALL_PER_HOUR:
        note_flood(conn, now)
        return False
    return (
        outbox.count_automatic(conn, person=person, kind=None, since=hour) < PER_HOUR
        and outbox.count_automatic(conn, person=person, kind=None, since=day) < PER_DAY
    )
