"""Replay: what is stored is read again with today's parser, compared, and put in the place of what was read before.

Crash story: one transaction a mail holds the new reading, its facts and, where asked for, the acknowledgement. Killed
before its commit, the mail stands as it was; killed after it, it is done. Repeated, a replay goes on: a mail that was read
by today's parser is no longer among those that an older one read.

The time of a fact stays the INTERNALDATE of its mail, so an old mail that is read again never overrules a later one
(invariant I4). What a person decided at the desk or recorded by hand is never overruled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import structlog
from sqlalchemy import Connection

from reminder.domain.assessments import Assessment, latest
from reminder.domain.readings import InboundState, ReadingCause, StoredMail, Verdict
from reminder.errors import ReadingFailed
from reminder.flows.absences import note_absence
from reminder.flows.house import House
from reminder.flows.interpret import acknowledge_reading, assess_answer, hold_oversize, mark_oversize, note_evidence
from reminder.flows.reading_document import write_document
from reminder.flows.rereading import Before, is_like_then, load_before, understand_as_then
from reminder.flows.understanding import Understood
from reminder.parse import PARSER_VERSION
from reminder.store import events, inbox, overlays, reports

log = structlog.get_logger(__name__)
REPLAYED = "mail_replayed"
BY_HAND, LATER = "by_hand", "later"
Key = tuple[str, str, str, str]
"""Programme, round, party, action."""


class ReplayOutcome(StrEnum):
    """What a replay does to one mail."""

    CHANGED = "changed"
    SAME = "same"
    KEPT = "kept"  # a person has decided
    SKIPPED = "skipped"  # there is nothing to read: no bytes any more, a duplicate, not yet read
    FAILED = "failed"  # it breaks the reader, as it may have done before


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionChange:
    """What a mail said of one action, and what it says now. None: nothing."""

    number: str
    before: Assessment | None
    after: Assessment | None
    note: str = ""
    """`by_hand`: kept, recorded by a person; `later`: a later mail speaks of it, so nothing changes on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChange:
    """What reading one mail again changes."""

    inbound: int
    received_at: datetime
    outcome: ReplayOutcome
    why: str = ""
    was: str = ""
    """The state before, and after."""
    becomes: str = ""
    actions: tuple[ActionChange, ...] = ()
    new_questions: tuple[tuple[str, str], ...] = ()
    """Number of the action and reason."""
    newly_missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    acknowledged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A change together with what is written for it."""

    change: MailChange
    stored: StoredMail | None = None
    before: Before | None = None
    understood: Understood | None = None
    facts: tuple[Assessment, ...] = ()


def find_mails(house: House, *, ids: Sequence[int] = (), since: datetime | None = None, everything: bool = False) -> tuple[int, ...]:
    """The mails to be read again: those named, else all or all since an instant, else those that an older parser read.

    In the order in which the server received them. Raises UsageFailure for a number that there is not.
    """
    with house.store.read() as conn:
        if not ids:
            return inbox.find_rereadable(conn, since=since, older_than=None if everything or since else PARSER_VERSION)
        rows = [load_before(conn, number).row for number in dict.fromkeys(ids)]
    return tuple(row.id for row in sorted(rows, key=lambda row: (row.internal_date, row.id)))


def count_older(conn: Connection) -> int:
    """How many mails were read by an older parser and would be read again by default."""
    return len(inbox.find_rereadable(conn, older_than=PARSER_VERSION))


def foresee(house: House, mails: Sequence[int], *, acknowledge: bool = False) -> Iterator[MailChange]:
    """What would change, mail by mail; changes nothing."""
    for number in mails:
        yield _plan(house, number, acknowledge=acknowledge).change


def replay(house: House, mails: Sequence[int], *, acknowledge: bool = False) -> Iterator[MailChange]:
    """Reads mails again and applies what changed, one transaction each. Stops between mails where the house is to stop."""
    for number in mails:
        if house.should_stop():
            return
        yield _apply(house, _plan(house, number, acknowledge=acknowledge), acknowledge=acknowledge)


def _plan(house: House, number: int, *, acknowledge: bool) -> _Plan:
    with house.store.read() as conn:
        before = load_before(conn, number)
    if before.refusal is not None:
        outcome = ReplayOutcome.KEPT if before.is_by_hand else ReplayOutcome.SKIPPED
        return _Plan(change=_unread(before, outcome, before.refusal))
    try:
        understood, notes = understand_as_then(house, before)
    except ReadingFailed as failure:  # whatever one mail does, the next one goes on (invariant I6)
        return _Plan(change=_unread(before, ReplayOutcome.FAILED, failure.message))
    with house.store.read() as conn:
        return _compare(conn, house, before, understood, notes, acknowledge=acknowledge)


def _unread(before: Before, outcome: ReplayOutcome, why: str) -> MailChange:
    state = before.row.state.value
    return MailChange(inbound=before.row.id, received_at=before.row.internal_date, outcome=outcome, why=why, was=state, becomes=state)


def _compare(conn: Connection, house: House, before: Before, understood: Understood, notes: tuple[str, ...], *, acknowledge: bool) -> _Plan:
    stored = before.stored
    reading = hold_oversize(mark_oversize(understood.reading, stored))
    understood = replace(understood, reading=reading)
    extensions = overlays.load_extensions(conn) if reading.answers else ()
    said = {_key(fact): fact for answer in reading.answers for fact in [assess_answer(house, extensions, answer, reading, stored)]}
    had = {_key(fact): fact for fact in reports.load_assessments(conn, inbound_id=stored.id)}
    facts, actions = _weigh(house, had, said, reports.load_assessments(conn))
    asked = {(ask.number, ask.reason.value) for ask in reading.ask_back}
    missing = [item.number for item in reading.missing if item.number not in before.missing]
    state = _state_after(reading.verdict, before.row.state, acknowledge=acknowledge)
    questions = tuple(sorted(asked - before.asked))
    is_same = is_like_then(before, reading) and state is before.row.state and not (questions or missing)
    kept = [action for action in actions if action.note == BY_HAND]
    outcome = ReplayOutcome.KEPT if kept else ReplayOutcome.SAME
    change = MailChange(
        inbound=stored.id,
        received_at=before.row.internal_date,
        outcome=outcome if is_same and len(kept) == len(actions) else ReplayOutcome.CHANGED,
        why=reading.reason,
        was=before.row.state.value,
        becomes=state.value,
        actions=actions,
        new_questions=questions,
        newly_missing=tuple(missing),
        notes=notes,
    )
    return _Plan(change=change, stored=stored, before=before, understood=understood, facts=facts)


def _state_after(verdict: Verdict, was: InboundState, *, acknowledge: bool) -> InboundState:
    """A question that nobody is sent is no question: without an acknowledgement such a mail waits for a person."""
    if verdict is Verdict.ASKED_BACK and was is not InboundState.ASKED_BACK and not acknowledge:
        return InboundState.HELD
    return InboundState(verdict.value)


def _weigh(
    house: House, had: Mapping[Key, Assessment], said: Mapping[Key, Assessment], in_force: Sequence[Assessment]
) -> tuple[tuple[Assessment, ...], tuple[ActionChange, ...]]:
    """The facts of the new reading, and what changes by them. What was recorded by hand of an action stands as it is."""
    by_hand = {_key(fact) for fact in in_force if fact.inbound_id is None}
    counting = {(fact.programme, fact.round, *key): fact for key, fact in _latest_by_round(in_force)}
    facts: list[Assessment] = []
    actions: list[ActionChange] = []
    for key in dict.fromkeys([*had, *said]):
        old, new = had.get(key), said.get(key)
        if old is not None and new is not None:
            new = replace(new, is_late=old.is_late, actor=new.actor or old.actor)
        is_kept = key in by_hand and not _says_the_same(old, new)
        kept = old if is_kept else new
        facts += [kept] if kept is not None else []
        if not _says_the_same(old, new):
            note = BY_HAND if is_kept else LATER if _is_overtaken(counting.get(key), old or new) else ""
            actions.append(ActionChange(number=_number(house, key), before=old, after=new, note=note))
    return tuple(facts), tuple(actions)


def _latest_by_round(facts: Sequence[Assessment]) -> Iterator[tuple[tuple[str, str], Assessment]]:
    for programme, round_id in dict.fromkeys((fact.programme, fact.round) for fact in facts):
        yield from latest(fact for fact in facts if (fact.programme, fact.round) == (programme, round_id)).items()


def _is_overtaken(counting: Assessment | None, fact: Assessment | None) -> bool:
    return counting is not None and fact is not None and counting.inbound_id != fact.inbound_id and counting.received_at > fact.received_at


def _says_the_same(one: Assessment | None, other: Assessment | None) -> bool:
    if one is None or other is None:
        return one is other
    return _content(one) == _content(other)


def _content(fact: Assessment) -> tuple[object, ...]:
    return (fact.light, fact.phase, fact.text, fact.next_step, fact.next_on, fact.is_provisional)


def _key(fact: Assessment) -> Key:
    return (fact.programme, fact.round, fact.party, fact.action)


def _number(house: House, key: Key) -> str:
    programme = house.setup.programmes.get(key[0])
    action = programme.action(key[3]) if programme else None
    return action.number if action else key[3]


def _apply(house: House, plan: _Plan, *, acknowledge: bool) -> MailChange:
    """Puts the reading in the place of the one that it was compared with; told, and nothing done, where that changed meanwhile."""
    change, before, understood = plan.change, plan.before, plan.understood
    if before is None or understood is None or plan.stored is None:
        return change
    now, reading, number = house.clock.now(), understood.reading, change.inbound
    with house.store.begin() as conn:
        if not inbox.lock_reading(conn, number, before.generation):
            why = "It was decided or read by somebody else meanwhile; nothing was changed."
            return replace(change, outcome=ReplayOutcome.SKIPPED, why=why, becomes=change.was, actions=())
        if change.outcome is not ReplayOutcome.CHANGED:
            inbox.confirm(conn, number, generation=before.generation, parser_version=PARSER_VERSION, document=write_document(reading))
            return change
        generation = before.generation + 1
        inbox.supersede(
            conn,
            number,
            generation=generation,
            cause=ReadingCause.REPLAY,
            because=f"read by parser {PARSER_VERSION}, before by {before.parser_version or 'none'}",
            state=InboundState(change.becomes),
            reason=reading.reason,
            parser_version=PARSER_VERSION,
            kind=reading.kind.value,
            verdict=reading.verdict.value,
            document=write_document(reading),
            now=now,
        )
        reports.record_assessments(conn, plan.facts, source=f"inbound:{number}", now=now, generation=generation)
        note_evidence(conn, understood, plan.stored, now)
        note_absence(conn, reading, plan.stored, now)
        document = {"inbound": number, "was": change.was, "becomes": change.becomes, "generation": generation}
        events.append_event(conn, REPLAYED, now, document=document)
        written = acknowledge_reading(conn, house, understood, plan.stored, now, generation=generation) if acknowledge else 0
    log.info("replayed", inbound=number, was=change.was, becomes=change.becomes, facts=len(plan.facts))
    return replace(change, acknowledged=written)
