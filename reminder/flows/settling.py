"""The inbox desk: a person accepts, rejects or discards a mail that waits.

Each is one transaction: the decision as the newest reading of the mail, its facts, the history and, for an accepted mail,
the acknowledgement. Repeated, the same decision changes nothing. A decision is never overruled by a replay; another
decision takes its place.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from reminder.domain.assessments import Assessment
from reminder.domain.hearings import Attendance, HearingSlot
from reminder.domain.readings import InboundState, ReadingCause, ReadingKind, Verdict
from reminder.errors import NoAnswerRead, UsageFailure
from reminder.flows.house import House
from reminder.flows.interpret import acknowledge_reading, assess_answer, mark_oversize, note_evidence
from reminder.flows.knowledge import decided_setup
from reminder.flows.meeting_answers import check_proposal, record_answer, take_proposal
from reminder.flows.meetings import slot_of
from reminder.flows.reading_document import write_document
from reminder.flows.rereading import Before, load_before
from reminder.flows.troubles import REPLY_UNDERSTOOD
from reminder.flows.understanding import Understood, understand
from reminder.parse import PARSER_VERSION
from reminder.parse.meetings import OLD
from reminder.store import events, inbox, overlays, reports

EVENTS = {
    ReadingCause.ACCEPT: "mail_accepted",
    ReadingCause.REJECT: "mail_rejected",
    ReadingCause.DISCARD: "mail_discarded",
    ReadingCause.ANSWERED: "feedback_answered",
}
_UNSETTLED = frozenset({InboundState.HELD, InboundState.ASKED_BACK, InboundState.QUARANTINED, InboundState.IGNORED})


class UnclearParty(UsageFailure):
    """Nobody can tell for which party a mail speaks; a person has to say it."""


class NotFeedback(UsageFailure):
    """Only feedback on accessibility is marked as answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a decision does or would do. `is_changed` is False where it was so already."""

    inbound: int
    was: InboundState
    becomes: InboundState
    is_changed: bool
    facts: tuple[Assessment, ...] = ()
    """Recorded; for a rejected mail those that are withdrawn."""
    parties: tuple[str, ...] = ()
    acknowledged: int = 0
    heard: HearingSlot | None = None
    """The slot that a party has by it: it was the answer of a calendar."""


Also = Callable[[Connection, "Settled"], None]
"""What is done in the transaction of a decision, when it is known what it does."""


def accept(
    house: House, number: int, *, party: str = "", because: str = "", dry_run: bool = False, also: Also = lambda conn, settled: None
) -> Settled:
    """Records the answers of a mail as those of a party, whoever sent it, and tells the sender.

    Without `party` it speaks for the parties of the mail of ours that it names by a token, else for those of its sender.
    Raises UsageFailure where nobody can tell for whom it speaks, NoAnswerRead where it holds no answer.
    """
    now = house.clock.now()
    with house.store.read() as conn:
        before = _load_settleable(conn, number)
        extensions = overlays.load_extensions(conn)
    if before.row.state is InboundState.APPLIED and not (party and party not in before.parties):
        return _unchanged(before)
    if "calendar" in before.document:
        return _accept_answer(house, before, because=because, dry_run=dry_run, also=also)
    parties = frozenset({party}) if party else _find_parties(house, before)
    understood = _understand_for(house, before, parties)
    reading = understood.reading
    facts = tuple(assess_answer(house, extensions, answer, reading, before.stored) for answer in reading.answers)
    settled = Settled(
        inbound=number,
        was=before.row.state,
        becomes=InboundState.APPLIED,
        is_changed=True,
        facts=facts,
        parties=tuple(dict.fromkeys(fact.party for fact in facts)),
    )
    if dry_run:
        return settled
    with house.store.begin() as conn:
        generation = _decide(conn, house, before, ReadingCause.ACCEPT, because or "accepted", InboundState.APPLIED, understood)
        reports.record_assessments(conn, facts, source=f"inbound:{number}", now=now, generation=generation)
        note_evidence(conn, understood, before.stored, now)
        for programme, round_id, one in dict.fromkeys((fact.programme, fact.round, fact.party) for fact in facts):
            told = {"inbound": number}
            events.append_event(conn, REPLY_UNDERSTOOD, now, programme=programme, round_id=round_id, party=one, document=told)
        written = acknowledge_reading(conn, house, understood, before.stored, now, generation=generation)
        also(conn, settled)
    return replace(settled, acknowledged=written)


def _accept_answer(house: House, before: Before, *, because: str, dry_run: bool, also: Also) -> Settled:
    """The answer of a calendar counts: attendance as that of the invited person, a proposed time as the slot of the party.

    Raises NoSuchSlot where it cannot be had, NoAnswerRead where it answers what holds no more.
    """
    number, stored, now = before.row.id, before.stored, house.clock.now()
    understood = understand(house, stored.mail.raw, stored.mail.internal_date)
    answer, invited = understood.reading.calendar, understood.reading.invited
    if answer is None or invited is None or OLD in understood.reading.rules:
        why = "It answers an invitation that has been replaced since."
        raise NoAnswerRead(f"There is nothing to accept in mail {number}. {why}", advice=f"`reminder inbox discard {number}` puts it away.")
    with house.store.begin() as conn:
        setup, is_proposal = decided_setup(conn, house.setup), answer.attendance is Attendance.COUNTER
        proposal = check_proposal(conn, setup, answer, invited) if is_proposal else None
        slot = proposal.slot if proposal else slot_of(setup.calendar, invited)
        settled = Settled(
            inbound=number, was=before.row.state, becomes=InboundState.APPLIED, is_changed=True, parties=invited.parties, heard=slot
        )
        if dry_run:
            return settled
        _decide(conn, house, before, ReadingCause.ACCEPT, because or "accepted", InboundState.APPLIED, understood)
        if proposal is not None:
            take_proposal(conn, proposal, because=because or "accepted", actor="", now=now)
        else:
            record_answer(conn, answer, invited, stored, actor="", now=now)
        also(conn, settled)
    return settled


def reject(house: House, number: int, *, because: str, dry_run: bool = False, also: Also = lambda conn, settled: None) -> Settled:
    """What the mail says does not count: what was recorded of it is withdrawn. The mail is kept, and nobody is told."""
    with house.store.read() as conn:
        before = _load_settleable(conn, number)
        withdrawn = reports.load_assessments(conn, inbound_id=number)
    return _put_away(house, before, ReadingCause.REJECT, f"Rejected: {because}", withdrawn, dry_run=dry_run, also=also)


def discard(house: House, number: int, *, because: str, dry_run: bool = False, also: Also = lambda conn, settled: None) -> Settled:
    """The mail needs nothing. Raises UsageFailure for one of which something was recorded: that is for `reject`."""
    with house.store.read() as conn:
        before = _load_settleable(conn, number)
        recorded = reports.load_assessments(conn, inbound_id=number)
    if recorded or (before.row.state not in _UNSETTLED and before.row.state is not InboundState.DISCARDED):
        raise UsageFailure(
            f"Mail {number} is {before.row.state.value}, and {len(recorded)} answers of it count.",
            advice=f"`reminder inbox reject {number} --because TEXT` withdraws them.",
        )
    return _put_away(house, before, ReadingCause.DISCARD, because, (), dry_run=dry_run, also=also)


def mark_answered(house: House, number: int, *, because: str, dry_run: bool = False, also: Also = lambda conn, settled: None) -> Settled:
    """The coordinator has answered this feedback on accessibility: its 14 days have ended. Raises NotFeedback for any other mail."""
    with house.store.read() as conn:
        before = _load_settleable(conn, number)
    if before.kind != ReadingKind.FEEDBACK.value:
        advice = f"`reminder inbox discard {number} --because TEXT` puts another mail away."
        raise NotFeedback(f"Mail {number} is no feedback on accessibility.", advice=advice)
    return _put_away(house, before, ReadingCause.ANSWERED, because, (), dry_run=dry_run, also=also)


def _put_away(
    house: House, before: Before, cause: ReadingCause, because: str, withdrawn: tuple[Assessment, ...], *, dry_run: bool, also: Also
) -> Settled:
    """The mail ends in this state, and why is kept."""
    ends = InboundState.APPLIED if cause is ReadingCause.ANSWERED else InboundState.DISCARDED
    if not because.removeprefix("Rejected:").strip():
        raise UsageFailure("A reason is needed.", advice="Say --because TEXT; it is shown beside the mail.")
    if before.row.state is ends and before.cause is cause:
        return _unchanged(before)
    settled = Settled(
        inbound=before.row.id,
        was=before.row.state,
        becomes=ends,
        is_changed=True,
        facts=withdrawn,
        parties=tuple(dict.fromkeys(fact.party for fact in withdrawn)),
    )
    if not dry_run:
        with house.store.begin() as conn:
            _decide(conn, house, before, cause, because, ends, None)
            also(conn, settled)
    return settled


def _unchanged(before: Before) -> Settled:
    return Settled(inbound=before.row.id, was=before.row.state, becomes=before.row.state, is_changed=False)


def _load_settleable(conn: Connection, number: int) -> Before:
    """How a mail stands that a person may decide about. Raises UsageFailure for one that was not read, or is but a copy."""
    before = load_before(conn, number)
    if before.row.state in {InboundState.CAPTURED, InboundState.DUPLICATE}:
        other = before.row.duplicate_of
        advice = f"Decide about number {other}." if other else "Run `reminder interpret` first."
        raise UsageFailure(f"Mail {number} cannot be decided: {before.refusal}", advice=advice)
    return before


def _find_parties(house: House, before: Before) -> frozenset[str]:
    stored = before.stored
    understood = understand(house, stored.mail.raw, stored.mail.internal_date)
    context = understood.context
    proven = [message for message in understood.sent if message.id in context.proven and message.items]
    duties = [frozenset(item.party for item in message.items) for message in proven]
    if duties and all(parties <= max(duties, key=len) for parties in duties):
        return duties[0]
    entry = context.senders.get(understood.mail.sender)
    own = entry.as_contact | entry.as_deputy if entry and not duties else frozenset()
    if len(own) == 1:
        return own
    named = sorted(frozenset().union(*duties) | own)
    known = ", ".join(named) if named else "an id of programme.yaml"
    raise UnclearParty(f"Nobody can tell for whom mail {before.row.id} speaks.", advice=f"Say --as PARTY, such as: {known}.")


def _understand_for(house: House, before: Before, parties: frozenset[str]) -> Understood:
    """The mail read as the answer of these parties. Raises NoAnswerRead where it holds no answer."""
    stored = before.stored
    understood = understand(house, stored.mail.raw, stored.mail.internal_date, vouched=parties)
    reading = mark_oversize(understood.reading, stored)
    if not reading.answers or reading.verdict is not Verdict.APPLIED:
        asked = any(item.party in parties for message in understood.sent for item in message.items)
        why = (
            f"It was read as {reading.kind.value}. {reading.reason}"
            if asked
            else f"{', '.join(sorted(parties))} had not been asked anything."
        )
        raise NoAnswerRead(
            f"No answer could be read in mail {before.row.id}, so there is nothing to accept. {why}",
            advice=f"`reminder inbox show {before.row.id}` shows how it was read; `inbox reject` or `inbox discard` puts it away.",
        )
    return replace(understood, reading=reading)


def _decide(
    conn: Connection,
    house: House,
    before: Before,
    cause: ReadingCause,
    because: str,
    state: InboundState,
    understood: Understood | None,
) -> int:
    """Writes the decision as the newest generation, and gives that back. Raises UsageFailure where somebody else was first."""
    number, now = before.row.id, house.clock.now()
    if not inbox.lock_reading(conn, number, before.generation):
        raise UsageFailure(
            f"Mail {number} was decided or read by somebody else meanwhile.", advice="Look at it again: `reminder inbox show`."
        )
    generation = before.generation + 1
    reading = understood.reading if understood else None
    inbox.supersede(
        conn,
        number,
        generation=generation,
        cause=cause,
        because=because,
        state=state,
        reason=reading.reason if reading else because,
        parser_version=PARSER_VERSION if reading else before.parser_version,
        kind=reading.kind.value if reading else before.kind,
        verdict=reading.verdict.value if reading else before.verdict,
        document=write_document(reading) if reading else _empty(before),
        now=now,
    )
    document = {"inbound": number, "was": before.row.state.value, "because": because, "generation": generation}
    events.append_event(conn, EVENTS[cause], now, document=document)
    return generation


def _empty(before: Before) -> str:
    """A decision without a reading has no answers; what the parser said stays in the generation before."""
    kept = {name: value for name, value in before.document.items() if name in {"kind", "verdict", "sender", "marks", "rules"}}
    return json.dumps({**kept, "answers": [], "ask_back": [], "missing": []}, ensure_ascii=False)
