"""Interpret: captured mails become facts, and the sender is told what was understood.

Crash story: the attempt counter is committed before the mail is read; one transaction then holds the reading, the facts and
the acknowledgement in the outbox. Killed before its commit, the mail is read again; killed after it, all is done. A mail that
breaks the reader three times is quarantined, and the mails behind it go on (invariant I6). Trouble that is not the mail's,
such as a busy database, takes the attempt back and ends the pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from reminder.domain.assessments import Assessment
from reminder.domain.judging import SUB_COMMITTEE
from reminder.domain.messages import Item
from reminder.domain.readings import OVERSIZE_RULE, UNFETCHABLE, Answer, InboundState, Reading, ReadingKind, StoredMail, Verdict
from reminder.domain.rounds import Extension
from reminder.errors import ReadingFailed, StoreFailure, TemporaryFailure
from reminder.flows.absences import note_absence
from reminder.flows.acknowledge import write_acknowledgements
from reminder.flows.counting import answer_survey, count_reply, judge_reply, name_end, record_reply
from reminder.flows.deciding_by_mail import take_decision, write_outcome
from reminder.flows.desk_answers import answer_orders, keep_orders
from reminder.flows.evidence import EVIDENCE, settle_by_evidence
from reminder.flows.feedback import write_receipt
from reminder.flows.house import House
from reminder.flows.ingest import defer_beyond_limit, name_sender
from reminder.flows.knowledge import decided_house
from reminder.flows.meeting_answers import note_attendance
from reminder.flows.party_requests import note_requests
from reminder.flows.reading_document import write_document
from reminder.flows.trial import observe_mail
from reminder.flows.troubles import REPLY_NOT_UNDERSTOOD, REPLY_UNDERSTOOD, STATUS_ASKED
from reminder.flows.unacknowledged import note_unacknowledged
from reminder.flows.understanding import Understood, understand
from reminder.parse import PARSER_VERSION
from reminder.plan.timeline import party_deadline
from reminder.store import events, inbox, overlays, reports
from reminder.store.bounces import Bounce, record_bounce
from reminder.store.dialects import one_at_a_time
from reminder.store.repeating import transact
from reminder.store.restoring import RESTORED
from reminder.store.signs import Sign, record_sign

log = structlog.get_logger(__name__)

READING = timedelta(minutes=5)
"""How long a mail is left to the worker that has begun to read it, where there are several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreted:
    """What one pass did, by state."""

    states: tuple[InboundState, ...] = ()
    acknowledged: int = 0
    is_cut: bool = False
    """Whether mails were left to the next pass."""


def interpret_pending(house: House, *, limit: int = 100, at_most: timedelta | None = None) -> Interpreted:
    """Reads and applies what was captured, oldest first, one mail in memory at a time. Safe to repeat.

    Ends after `at_most`, so that a flood of mails that are slow to read does not hold up what goes out; the rest is read by the next
    pass.
    """
    started = house.clock.now()
    with house.store.begin() as conn:
        exhausted = inbox.quarantine_exhausted(conn, house.clock.now())  # mails that killed the whole process (fault K19)
    states: list[InboundState] = [InboundState.QUARANTINED] * len(exhausted)
    acknowledged = 0
    while not house.should_stop():
        with house.store.read() as conn:
            batch = inbox.next_captured(conn, house.clock.now(), limit=limit)
        if not batch:
            break
        for number in batch:
            if (stored := _load(house, number)) is None:
                continue
            state, sent = interpret_one(house, stored)
            states.append(state)
            acknowledged += sent
            if house.should_stop():
                break
            if at_most is not None and house.clock.now() - started > at_most:
                return Interpreted(states=tuple(states), acknowledged=acknowledged, is_cut=True)
    return Interpreted(states=tuple(states), acknowledged=acknowledged)


def _load(house: House, number: int) -> StoredMail | None:
    with house.store.read() as conn:
        return inbox.load_inbound(conn, number)


def interpret_one(house: House, stored: StoredMail) -> tuple[InboundState, int]:
    """One mail, read first and then applied in one transaction. A mail that breaks us counts a strike and changes nothing else.

    One whose sender has had their hour's worth is not read, and stays captured.

    Raises TemporaryFailure or StoreFailure where the trouble is not the mail's; that counts no strike.
    """
    now = house.clock.now()
    sender = name_sender(house.addressing.instance, stored.mail.raw)
    with house.store.begin() as conn:
        if house.store.is_shared and not inbox.lock_due(conn, stored.id, now):
            return InboundState.CAPTURED, 0  # another worker reads it
        if defer_beyond_limit(conn, stored, sender, now):
            return InboundState.CAPTURED, 0
        inbox.begin_attempt(conn, stored.id, now, sender=sender, lease=READING if house.store.is_shared else timedelta())
    if UNFETCHABLE in stored.mail.marks:
        reason = "The mail server breaks off whenever this mail is fetched; only its headers are here."
        with house.store.begin() as conn:
            return inbox.record_failure(conn, stored.id, reason, now, reason=reason, max_attempts=1), 0
    try:
        house = decided_house(house)
        understood = understand(house, stored.mail.raw, stored.mail.internal_date)
        return transact(house.store, lambda conn: _apply(conn, house, stored, understood, now), is_harmless_again=True)
    except (TemporaryFailure, StoreFailure):
        _take_back(house, stored)
        raise
    except ReadingFailed as failure:
        log.warning("a mail broke the reader", inbound=stored.id, reason=failure.message)
        return _count_strike(house, stored, failure.message, failure.detail or failure.message, now), 0
    except Exception as fault:  # the boundary of invariant I6: whatever one mail does, the next one goes on
        log.exception("interpret failed", inbound=stored.id)
        name = type(fault).__name__
        return _count_strike(house, stored, f"Recording what it says failed ({name}).", f"{name}: {fault}", now), 0


def _count_strike(house: House, stored: StoredMail, reason: str, error: str, now: datetime) -> InboundState:
    with house.store.begin() as conn:
        return inbox.record_failure(conn, stored.id, error[:2000], now, reason=reason)


def _take_back(house: House, stored: StoredMail) -> None:
    """The attempt was no fault of the mail. Where even that cannot be written, the attempt stands; three in a row would have to."""
    try:
        with house.store.begin() as conn:
            inbox.take_back_attempt(conn, stored.id)
    except (TemporaryFailure, StoreFailure) as failure:
        log.warning("an attempt could not be taken back", inbound=stored.id, reason=failure.message)


def _apply(conn: Connection, house: House, stored: StoredMail, understood: Understood, now: datetime) -> tuple[InboundState, int]:
    one_at_a_time(conn, "apply")  # what the caps on answers count, and the one use of a code, is judged by looking first
    if (state := inbox.lock_captured(conn, stored.id)) is not InboundState.CAPTURED:
        return state, 0  # ended by somebody else while we read it
    reply = judge_reply(conn, house, understood, stored)
    if reply is not None and reply.is_anonymous:
        return count_reply(conn, house, understood, reply, stored, now)
    reading = hold_oversize(mark_oversize(understood.reading, stored))
    if reply is not None:
        verdict, reason = name_end(reply, reading.verdict, reading.reason)
        reading = replace(reading, survey=reply, verdict=verdict, reason=reason)
        record_reply(conn, understood, reply, stored)
    extensions = overlays.load_extensions(conn) if reading.answers else ()
    facts = [assess_answer(house, extensions, answer, reading, stored) for answer in reading.answers]
    reports.record_assessments(conn, facts, source=f"inbound:{stored.id}", now=now)
    note_evidence(conn, understood, stored, now)
    note_absence(conn, reading, stored, now)
    note_attendance(conn, reading, stored, now)
    observe_mail(conn, house, understood, stored.mail.folder, now)
    _append_events(conn, understood, stored, now)
    note_requests(conn, reading, _items(understood), stored.id, now)
    if reply is not None:
        count = _answer(conn, stored, now, lambda: answer_survey(conn, house, understood, reply, stored, now))
    elif reading.orders is not None:
        keep_orders(conn, house, understood, inbound_id=stored.id, may_answer=RESTORED not in stored.mail.marks, now=now)
        count = _answer(conn, stored, now, lambda: answer_orders(conn, house, stored.id, now))
    elif reading.kind is ReadingKind.FEEDBACK:
        count = acknowledge_feedback(conn, house, replace(understood, reading=reading), stored, now)
    elif reading.decision is not None:
        count = answer_decision(conn, house, understood, stored, now)
    else:
        count = acknowledge_reading(conn, house, replace(understood, reading=reading), stored, now)
    state = InboundState(reading.verdict.value)
    inbox.finish(
        conn,
        stored.id,
        state=state,
        reason=reading.reason,
        parser_version=PARSER_VERSION,
        kind=reading.kind.value,
        verdict=reading.verdict.value,
        document=write_document(reading),
        now=now,
    )
    log.info("interpreted", inbound=stored.id, kind=reading.kind.value, verdict=reading.verdict.value, answers=len(facts))
    return state, count


def acknowledge_reading(
    conn: Connection, house: House, understood: Understood, stored: StoredMail, now: datetime, *, generation: int = 0
) -> int:
    """The answer to the sender. Where it cannot be written, what they said stands all the same, and a person is told.

    What may have been answered before an older copy of the database was restored is not answered again by itself.
    """
    if RESTORED in stored.mail.marks and not generation:
        return 0
    return _answer(
        conn, stored, now, lambda: write_acknowledgements(conn, house, understood, inbound_id=stored.id, now=now, generation=generation)
    )


def acknowledge_feedback(conn: Connection, house: House, understood: Understood, stored: StoredMail, now: datetime) -> int:
    """The answer to feedback on accessibility: it has arrived, and by when a person answers."""
    if RESTORED in stored.mail.marks:
        return 0
    return _answer(conn, stored, now, lambda: write_receipt(conn, house, understood, stored, now))


def answer_decision(conn: Connection, house: House, understood: Understood, stored: StoredMail, now: datetime) -> int:
    """What the coordinator has decided is done, and told. The decision stands also where the answer cannot be written."""
    outcome = take_decision(conn, house, understood, inbound_id=stored.id, now=now)
    if RESTORED in stored.mail.marks:
        return 0
    return _answer(conn, stored, now, lambda: write_outcome(conn, house, understood, outcome, inbound_id=stored.id, now=now))


def _answer(conn: Connection, stored: StoredMail, now: datetime, write: Callable[[], int]) -> int:
    try:
        with conn.begin_nested():
            return write()
    except (SQLAlchemyError, TemporaryFailure, StoreFailure):
        raise
    except Exception:  # a boundary: an answer that is unsound in whatever way never undoes what was said
        log.exception("acknowledgement unsound", inbound=stored.id)
        note_unacknowledged(conn, stored.id, now)
        return 0


def assess_answer(house: House, extensions: Sequence[Extension], answer: Answer, reading: Reading, stored: StoredMail) -> Assessment:
    """An answer of a mail as a fact of the history."""
    item, received_at = answer.item, stored.mail.internal_date
    programme = house.setup.programmes.get(item.programme)
    action = programme.action(item.action) if programme else None
    return Assessment(
        programme=item.programme,
        round=item.round,
        party=item.party,
        action=item.action,
        light=answer.light,
        phase=answer.phase,
        text=answer.text,
        next_step=answer.next_step,
        next_on=answer.next_on,
        received_at=received_at,
        inbound_id=stored.id,
        actor=reading.sender.person if reading.sender else "",
        is_lead=action is None or action.lead == item.party,
        is_provisional=answer.is_provisional,
        is_late=is_late(house, extensions, item, received_at),
        rule=answer.rule or ",".join(reading.rules),
    )


def is_late(house: House, extensions: Sequence[Extension], item: Item, received_at: datetime) -> bool:
    """Whether an answer came after the round closed for the party: kept, marked, and without effect (invariant I9).

    The sub-committee meets when the reports are in, and its own light is never late.
    """
    if item.party == SUB_COMMITTEE:
        return False
    one = house.setup.round(item.programme, item.round)
    if one is None:
        return True
    closes = party_deadline(house.setup, one, item.party, extensions=extensions).closes_on
    return received_at >= house.setup.calendar.end_of(closes)


def note_evidence(conn: Connection, understood: Understood, stored: StoredMail, now: datetime) -> None:
    """What a mail proves of one of ours is kept, and settles its fate where that was unknown; a bounce is a fact about a delivery,
    not a state."""
    reading, sign = understood.reading, understood.reading.sign
    if sign is not None:
        at = stored.mail.internal_date
        record_sign(conn, Sign(message=reading.message, inbound=stored.id, kind=sign, at=at))
        settle_by_evidence(conn, reading.message, f"{EVIDENCE[sign]}, inbox {stored.id}", now)
    bounced = reading.bounce
    if bounced is not None and bounced.message:
        returned = next((message for message in understood.sent if message.id == bounced.message), None)
        record_bounce(
            conn,
            Bounce(
                message=bounced.message,
                inbound=stored.id,
                recipient_person=returned.person if returned else "",
                is_permanent=bounced.is_permanent,
                status=bounced.status,
                diagnostic=bounced.diagnostic[:500],
                at=stored.mail.internal_date,
            ),
        )


def _append_events(conn: Connection, understood: Understood, stored: StoredMail, now: datetime) -> None:
    """One line of history a mail, and one a party that replied (style of the typed event log)."""
    reading = understood.reading
    actor = reading.sender.person if reading.sender else ""
    document = {"inbound": stored.id, "kind": reading.kind.value, "verdict": reading.verdict.value, "reason": reading.reason}
    events.append_event(conn, "mail_read", now, actor=actor, document=document)
    if reading.kind is not ReadingKind.REPLY or not (
        reading.verdict in {Verdict.APPLIED, Verdict.ASKED_BACK} or reading.waits_for_attachment
    ):
        return
    is_no_answer = reading.only_asks_status or (bool(reading.requests) and not reading.answers and not reading.ask_back)
    kind = STATUS_ASKED if is_no_answer else REPLY_UNDERSTOOD if reading.answers else REPLY_NOT_UNDERSTOOD
    told = {"inbound": stored.id}
    for programme, round_id, party in dict.fromkeys((item.programme, item.round, item.party) for item in _items(understood)):
        events.append_event(conn, kind, now, actor=actor, programme=programme, round_id=round_id, party=party, document=told)


def _items(understood: Understood) -> list[Item]:
    if understood.reading.answers:
        return [answer.item for answer in understood.reading.answers]
    return list(understood.answered.items) if understood.answered else []


def mark_oversize(reading: Reading, stored: StoredMail) -> Reading:
    """The reading with what is known of the mail from fetching it."""
    return replace(reading, marks=(*reading.marks, *stored.mail.marks)) if stored.mail.marks else reading


def hold_oversize(reading: Reading) -> Reading:
    """A reply of which only the beginning was fetched waits for a person; what its beginning says is not recorded by itself (fault P2)."""
    is_read = reading.verdict in {Verdict.APPLIED, Verdict.ASKED_BACK} or reading.waits_for_attachment
    if OVERSIZE_RULE not in reading.marks or reading.kind is not ReadingKind.REPLY or not is_read:
        return reading
    reason = "The mail is larger than 25 MB, so only its beginning was fetched."
    return replace(reading, verdict=Verdict.HELD, answers=(), ask_back=(), reason=reason, rules=(*reading.rules, OVERSIZE_RULE))
