"""Acknowledge: the sender is told what was recorded, action by action, and what is still missing.

Only a mail that may be answered is (RFC 3834); the caps of DESIGN keep two machines from talking to each other for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import Connection

from reminder.compose.views import AcknowledgementTone, AcknowledgementView, ActionView, Heading, RecordedAnswer
from reminder.domain.assessments import Assessment, TrafficLight, latest
from reminder.domain.intents import Recipient
from reminder.domain.messages import Item, OutgoingMessage
from reminder.domain.programme import LANGUAGES, Contact, Language, Localised
from reminder.domain.readings import Answer, Reading, ReadingKind, Trust, Verdict
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.flows.flood import note_flood, note_loop
from reminder.flows.house import House
from reminder.flows.judging_answers import is_of_sub_committee, write_judged_view
from reminder.flows.knowledge import Knowledge, load_standing
from reminder.flows.posting import Thread, finish_posting, open_posting, write_heading
from reminder.flows.schedule_views import answered_actions, asked_actions, find_last_times, write_action
from reminder.flows.standings import list_standing, write_standing
from reminder.flows.understanding import Understood, is_closed
from reminder.plan.timeline import party_deadline
from reminder.store import outbox, people
from reminder.store.agenda import Place

log = structlog.get_logger(__name__)

PER_HOUR, PER_DAY, IN_ALL_PER_HOUR = 3, 10, 60
"""Acknowledgements an address and hour, automatic answers an address and day, and in all an hour (DESIGN, limits)."""


EMPTY = "empty"
"""The notice that a reply held nothing but what we sent. Sent once a day: the same mail program may do the same again and again."""


TOO_LARGE = "too_large"
"""The notice that a mail was too large to be taken whole, once a day too."""


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
    knowledge = load_standing(conn, house.setup, now, _places(understood, one))
    notice = EMPTY if reading.is_empty else TOO_LARGE if reading.is_too_large else ""
    written = 0
    for addressee in _addressees(conn, house, understood, item, now):
        if not is_within_caps(conn, addressee.recipient.person, now, notice=notice):
            log.warning("automatic answer capped", inbound=inbound_id)
            continue
        message = _compose(conn, house, knowledge, one, understood, addressee, inbound_id=inbound_id)
        details = {**message.details, "notice": notice} if notice else message.details
        message = replace(message, answers_generation=generation, details=details)
        written += outbox.enqueue(conn, message, now)
    return written


def _places(understood: Understood, one: ReportingRound) -> frozenset[Place]:
    """What the mail is about: of whom it speaks, of what they were asked, and whose standing it asks for."""
    asked = understood.answered.items if understood.answered else ()
    items = (*(answer.item for answer in understood.reading.answers), *asked)
    of_status = {(one.programme, one.id, party) for party in understood.reading.asks_status_of}
    return frozenset({(item.programme, item.round, item.party) for item in items} | of_status)


def _compose(
    conn: Connection,
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
    reading = understood.reading
    if reading.only_asks_status:
        subject = understood.mail.subject
        draft = house.composer.standing(write_standing(knowledge, one, reading.asks_status_of, heading, their_subject=subject))
    elif is_of_sub_committee(understood):
        draft = house.composer.acknowledgement(write_judged_view(conn, knowledge.setup, one, understood, heading, inbound_id=inbound_id))
    else:
        view = write_view(knowledge, one, understood, heading, inbound_id=inbound_id, is_for_the_party=addressee.is_for_the_party)
        draft = house.composer.acknowledgement(view)
    thread = make_thread(understood, inbound_id, is_for_the_party=addressee.is_for_the_party)
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
    duties = _duties(knowledge.setup, understood)
    missing = _missing(knowledge, duties)
    asked_back = {ask.item.action for ask in reading.ask_back if ask.item is not None}
    return AcknowledgementView(
        heading=heading,
        tone=_tone(knowledge, one, reading, has_missing=bool(missing)),
        party_names=tuple({duty[1]: _party_name(knowledge.setup, duty) for duty in duties}.values()),
        recorded=_recorded(knowledge, reading, inbound_id),
        ask_back=reading.ask_back,
        missing=tuple(view for view in missing if view.item.action not in asked_back),
        due_on=min((_due_on(knowledge, duty) for duty in _still_open(missing, duties)), default=None),
        their_subject=understood.mail.subject,
        sender_trust=reading.sender.trust if reading.sender else Trust.STRANGER,
        is_for_the_party=is_for_the_party,
        answered_by=reading.sender.address if is_for_the_party and reading.sender else "",
        note=reading.note,
        stands=list_standing(knowledge, one, reading.asks_status_of, without=[answer.item for answer in reading.answers]),
        has_request=bool(reading.requests),
        documents=tuple(document.name for document in reading.attachments),
    )


def _duties(setup: Setup, understood: Understood) -> tuple[tuple[ReportingRound, str], ...]:
    """The rounds and parties that the mail answers for: those of its answers, then those that were asked. One mail may span rounds."""
    answers = [answer.item for answer in understood.reading.answers]
    asked = understood.answered.items if understood.answered else ()
    places = dict.fromkeys((item.programme, item.round, item.party) for item in (*answers, *asked))
    known = ((setup.round(programme, round_id), party) for programme, round_id, party in places)
    return tuple((one, party) for one, party in known if one is not None and party in setup.programmes[one.programme].parties)


def _party_name(setup: Setup, duty: tuple[ReportingRound, str]) -> Localised:
    one, party = duty
    return setup.programmes[one.programme].parties[party].name


def _due_on(knowledge: Knowledge, duty: tuple[ReportingRound, str]) -> date:
    one, party = duty
    return party_deadline(knowledge.setup, one, party, extensions=knowledge.extensions).due_on


def _still_open(missing: Sequence[ActionView], duties: Sequence[tuple[ReportingRound, str]]) -> list[tuple[ReportingRound, str]]:
    """The duties that lack something; all of them where nothing is missing, for the date is shown all the same."""
    owed = {(view.item.programme, view.item.round, view.item.party) for view in missing}
    return [(one, party) for one, party in duties if (one.programme, one.id, party) in owed] or list(duties)


def _missing(knowledge: Knowledge, duties: Sequence[tuple[ReportingRound, str]]) -> tuple[ActionView, ...]:
    found = []
    for one, party in duties:
        programme = knowledge.setup.programmes[one.programme]
        earlier, answered = find_last_times(knowledge, one), answered_actions(knowledge, one, party)
        owed = (action for action in asked_actions(knowledge, programme, one, party) if action.id not in answered)
        found += [write_action(programme, one, party, action, earlier) for action in owed]
    return tuple(found)


def _recorded(knowledge: Knowledge, reading: Reading, inbound_id: int) -> tuple[RecordedAnswer, ...]:
    """The answers of this mail, each beside what stood there without it."""
    rounds = {(answer.item.programme, answer.item.round) for answer in reading.answers}
    others = [fact for fact in knowledge.assessments if fact.inbound_id != inbound_id]
    earlier = {place: latest(fact for fact in others if (fact.programme, fact.round) == place) for place in rounds}
    return tuple(
        RecordedAnswer(
            item=answer.item,
            light=answer.light,
            phase=answer.phase,
            text=answer.text,
            next_step=answer.next_step,
            next_on=answer.next_on,
            was=_changed_from(earlier[answer.item.programme, answer.item.round].get((answer.item.party, answer.item.action)), answer),
            is_provisional=answer.is_provisional,
        )
        for answer in reading.answers
    )


def _changed_from(earlier: Assessment | None, answer: Answer) -> TrafficLight | None:
    return earlier.light if earlier is not None and earlier.light != answer.light else None


def _tone(knowledge: Knowledge, one: ReportingRound, reading: Reading, *, has_missing: bool) -> AcknowledgementTone:
    if reading.is_too_large:
        return AcknowledgementTone.TOO_LARGE
    if reading.waits_for_attachment:
        return AcknowledgementTone.ATTACHMENT
    if is_closed(knowledge.setup, one, knowledge.now):
        return AcknowledgementTone.LATE
    if not reading.answers:
        only_asks = bool(reading.requests) and not reading.ask_back
        return AcknowledgementTone.REQUESTED if only_asks else AcknowledgementTone.NOTHING_UNDERSTOOD
    return AcknowledgementTone.PARTIAL if has_missing or reading.ask_back else AcknowledgementTone.COMPLETE


def _deserves_answer(reading: Reading) -> bool:
    is_reply = reading.kind is ReadingKind.REPLY and reading.may_answer
    is_read = reading.verdict in {Verdict.APPLIED, Verdict.ASKED_BACK} or reading.waits_for_attachment or reading.is_too_large
    return is_reply and is_read and reading.sender is not None


def _addressees(conn: Connection, house: House, understood: Understood, item: Item, now: datetime) -> tuple[_Addressee, ...]:
    """The sender; and the party's own contacts where somebody else answered for them (decision 19).

    A question changes nothing, so that nobody but who asked is written to.
    """
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
    if sender.trust is Trust.LISTED or understood.reading.only_asks_status:
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


def make_thread(understood: Understood, inbound_id: int, *, is_for_the_party: bool) -> Thread:
    """The sender's own thread; what goes to the party stands in the thread of our request."""
    answered = understood.answered
    if is_for_the_party:
        own = (answered.message_id,) if answered else ()
        return Thread(in_reply_to=own[0] if own else "", references=own, answers_inbound=inbound_id)
    mail = understood.mail
    ids = [f"<{one}>" for one in (*mail.references, mail.message_id) if one]
    return Thread(in_reply_to=f"<{mail.message_id}>" if mail.message_id else "", references=ids, answers_inbound=inbound_id)


def is_within_caps(conn: Connection, person: str, now: datetime, *, notice: str) -> bool:
    """Counts what was written to the address in the last hour and day, and to everybody in the last hour; of a notice one a day."""
    hour, day = now - timedelta(hours=1), now - timedelta(days=1)
    if notice and outbox.has_notice(conn, person=person, notice=notice, since=day):
        return False
    if outbox.count_automatic(conn, person=None, kind=None, since=hour) >= IN_ALL_PER_HOUR:
        note_flood(conn, now)
        return False
    if outbox.count_automatic(conn, person=person, kind=None, since=day) >= PER_DAY:
        note_loop(conn, now)
        return False
    return outbox.count_automatic(conn, person=person, kind=None, since=hour) < PER_HOUR
