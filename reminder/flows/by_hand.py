"""What the coordinator decides by hand: more time, an action that is not asked for, one more mail, a round closed or opened again.

Each is one transaction, or a part of the caller's: an overlay with its reason, and a line of history. An overlay remembers
what the files said, so that a later edit of the same thing can end it (`overtaken`). A dry run says the same and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from reminder.compose.reasons import format_date
from reminder.domain.decisions import AddedStep
from reminder.domain.intents import PartyDeadline
from reminder.domain.programme import Language
from reminder.domain.rounds import Extension, ReportingRound, StepKind
from reminder.domain.setup import Setup
from reminder.flows.by_hand_words import name_decision, name_step, refuse, tell
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge, load_round
from reminder.flows.overtaken import read_files
from reminder.flows.renaming import current_party
from reminder.plan.timeline import party_deadline, plan_timeline
from reminder.report.progress import PartyProgress
from reminder.store import agenda, events, overlays
from reminder.store.overlays import PEOPLE, OverlayKind


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who decides, in which language it is told, and in whose transaction it is done; without one, in one of its own."""

    actor: str
    language: Language = "en"
    conn: Connection | None = None
    files: Setup | None = None
    """The files alone, where `house.setup` holds what was decided already: a decision remembers what they said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a decision does or would do: in a sentence, what follows from it, and how to take it back."""

    said: str
    follows: tuple[str, ...] = ()
    undo: str = ""


def extend(house: House, one: ReportingRound, party: str, *, until: date, because: str, by: By, dry_run: bool = False) -> Decided:
    """More time for a party: a new deadline with reminders of its own. Raises UsageFailure where it would give none."""
    knowledge = know(house, one, by)
    progress = _asked(knowledge, one, party, by)
    _need_open(knowledge, one, by)
    due_on, name = progress.deadline.due_on, name_party(knowledge, one, party, by)
    if until <= due_on or until < knowledge.today:
        dates = {"until": _day(until, by), "due": _day(due_on, by), "today": _day(knowledge.today, by)}
        raise refuse("no_more_time", by.language, party=name, **dates, advice="Name a later day.")
    granted = _granted(knowledge, one, progress.deadline, until, because)
    record_decision(house, OverlayKind.EXTENSION, one, party, because=because, by=by, value={"due_on": until.isoformat()}, dry_run=dry_run)
    follows = _ladder(knowledge, one, party, granted, by)
    return Decided(
        said=tell("extended", by.language, party=name, until=_day(until, by), was=_day(due_on, by)),
        follows=(*follows, tell("old_deadline", by.language)),
        undo=f"reminder extend {_named(one)} {party} --undo",
    )


def waive(house: House, one: ReportingRound, party: str, action: str, *, because: str, by: By, dry_run: bool = False) -> Decided:
    """An action is not asked for in this round. `action` is its printed number or its id. Raises UsageFailure."""
    knowledge = know(house, one, by)
    progress, name = _asked(knowledge, one, party, by), name_party(knowledge, one, party, by)
    asked = next((own for own in progress.asked if action in {own.number, own.id}), None)
    if asked is None:
        known = ", ".join(own.number for own in progress.asked) or "nothing"
        raise refuse("not_its_action", by.language, party=name, action=action, round=one.id, advice=f"It is asked for: {known}.")
    record_decision(house, OverlayKind.WAIVER, one, party, subject=asked.id, because=because, by=by, dry_run=dry_run)
    left = ", ".join(own.number for own in progress.missing if own.id != asked.id)
    follows = tell("still_missing", by.language, numbers=left) if left else tell("owes_nothing", by.language, party=name)
    return Decided(
        said=tell("waived", by.language, party=name, number=asked.number, title=asked.title),
        follows=(follows,),
        undo=f"reminder waive {_named(one)} {party} {asked.number} --undo",
    )


def remind(house: House, one: ReportingRound, party: str, *, because: str, by: By, dry_run: bool = False) -> Decided:
    """One more mail to a party, as soon as mails may leave. Raises UsageFailure where there is nothing to remind of."""
    knowledge = know(house, one, by)
    progress, name = _asked(knowledge, one, party, by), name_party(knowledge, one, party, by)
    _need_open(knowledge, one, by)
    if progress.is_complete:
        raise refuse("complete", by.language, party=name)
    if not house.setup.directory.of_party(party).contacts:
        raise refuse("no_contact", by.language, party=name, advice="Add one in contacts.yaml.")
    if not _was_asked(knowledge, one, party):
        raise refuse("not_asked_yet", by.language, party=name, advice="`reminder plan` shows when.")
    if any(step.party == party and (step.programme, step.round) == (one.programme, one.id) for step in _waiting(knowledge)):
        raise refuse("reminder_waits", by.language, party=name, advice="`reminder plan` shows it.")
    kind = StepKind.OVERDUE if progress.is_overdue else StepKind.REMINDER
    record_decision(house, OverlayKind.ADDED_STEP, one, party, subject=kind.value, because=because, by=by, dry_run=dry_run)
    return Decided(
        said=tell("reminded", by.language, party=name, numbers=", ".join(action.number for action in progress.missing)),
        follows=(tell("taken_in", by.language),),
        undo=f"reminder remind {_named(one)} {party} --undo",
    )


def close_round(house: House, one: ReportingRound, *, because: str, by: By, dry_run: bool = False) -> Decided:
    """Nothing more goes out, and the round ends with this day: what comes later is kept as late. Raises UsageFailure."""
    knowledge = know(house, one, by)
    _need_open(knowledge, one, by)
    _record_last_day(house, one, knowledge.today, is_closed=True, because=because, by=by, dry_run=dry_run)
    progress = knowledge.progress(knowledge.setup.round(one.programme, one.id) or one)
    missing = sum(not party.is_complete for party in progress.parties)
    return Decided(
        said=tell("closed", by.language, round=_named(one)),
        follows=(tell("not_complete", by.language, count=missing),),
        undo=f"reminder reopen {_named(one)} --undo",
    )


def reopen_round(house: House, one: ReportingRound, *, until: date, because: str, by: By, dry_run: bool = False) -> Decided:
    """The round takes answers again until a day. What fell due while it was closed stays skipped. Raises UsageFailure."""
    knowledge = know(house, one, by)
    known = knowledge.setup.round(one.programme, one.id) or one
    last_day = party_deadline(knowledge.setup, known, "").closes_on
    is_closed = (one.programme, one.id) in knowledge.closed
    if until < knowledge.today or (until <= last_day and not is_closed):
        dates = {"last": _day(last_day, by), "until": _day(until, by)}
        raise refuse("is_open", by.language, round=one.id, **dates, advice="Name a later day.")
    _record_last_day(house, one, until, is_closed=False, because=because, by=by, dry_run=dry_run)
    return Decided(
        said=tell("reopened", by.language, round=_named(one), until=_day(until, by)),
        follows=(tell("not_made_up", by.language),),
        undo=f"reminder reopen {_named(one)} --undo",
    )


def take_back(
    house: House, kind: OverlayKind, one: ReportingRound, party: str = "", action: str = "", *, by: By, dry_run: bool = False
) -> Decided:
    """Ends the newest decision of a kind. Raises UsageFailure where there is none, or where its mail has been written already."""
    now = house.clock.now()
    programme = house.setup.programmes[one.programme]
    subject = next((own.id for own in programme.actions if action and action in {own.number, own.id}), action)
    with writing(house, by) as conn:
        found = [
            overlay
            for overlay in overlays.load_overlays(conn, kind=kind)
            if (kind in PEOPLE or (overlay.programme, overlay.round) == (one.programme, one.id))
            and current_party(house.setup, overlay.programme, overlay.party) == party
            and (kind is not OverlayKind.WAIVER or overlay.subject == subject)
        ]
        if not found:
            raise refuse("no_decision", by.language, advice="`reminder status` shows what was decided by hand.")
        newest = found[-1]
        if kind is OverlayKind.ADDED_STEP and overlays.is_added_step_settled(conn, newest):
            raise refuse("written_already", by.language, advice="`reminder outbox list` shows whether it has gone out.")
        if not dry_run:
            overlays.end_overlay(conn, newest.id, because="taken back", now=now)
            agenda.look_again(conn, one.programme, one.id, party or None, now)
            _tell(conn, house, "taken_back", newest.kind, one, party, newest.because, by)
    on, what = f"{newest.decided_at:%d.%m.%Y}", name_decision(newest.kind.value, by.language)
    return Decided(said=tell("taken_back", by.language, what=what, on=on, because=newest.because))


@contextmanager
def writing(house: House, by: By) -> Iterator[Connection]:
    """The caller's transaction, or one that ends with this decision."""
    with nullcontext(by.conn) if by.conn is not None else house.store.begin() as conn:
        yield conn


def know(house: House, one: ReportingRound, by: By) -> Knowledge:
    """What is known within the decision's transaction."""
    with nullcontext(by.conn) if by.conn is not None else house.store.read() as conn:
        return load_round(conn, house.setup, house.clock.now(), one)


def _asked(knowledge: Knowledge, one: ReportingRound, party: str, by: By) -> PartyProgress:
    known = knowledge.setup.round(one.programme, one.id) or one
    progress = knowledge.progress(known).of_party(party)
    if progress is None:
        name = name_party(knowledge, one, party, by)
        raise refuse("not_asked", by.language, round=one.id, party=name, advice="`reminder status` shows who is asked.")
    return progress


def name_party(knowledge: Knowledge, one: ReportingRound, party: str, by: By) -> str:
    """The party's name in a mail; on the command line its id, as it was typed."""
    known = knowledge.setup.programmes[one.programme].parties.get(party)
    return known.name.in_language(by.language) if known is not None and by.conn is not None else party


def _need_open(knowledge: Knowledge, one: ReportingRound, by: By) -> None:
    known = knowledge.setup.round(one.programme, one.id) or one
    if (one.programme, one.id) in knowledge.closed or knowledge.today > party_deadline(knowledge.setup, known, "").closes_on:
        advice = f"`reminder reopen {_named(one)} --until D --because TEXT` opens it again."
        raise refuse("is_closed", by.language, round=one.id, advice=advice)


def _was_asked(knowledge: Knowledge, one: ReportingRound, party: str) -> bool:
    asked = f"{one.programme}/{one.id}/{party}/{StepKind.REQUEST.value}/"
    return any(key.startswith(asked) for key in knowledge.settled)


def _waiting(knowledge: Knowledge) -> list[AddedStep]:
    """The added steps that nobody has had yet."""
    done = {(key.split("/")[2], key.split("/")[4]) for key in knowledge.settled}
    return [step for step in knowledge.setup.added if (step.party, str(step.ordinal)) not in done]


def _granted(knowledge: Knowledge, one: ReportingRound, deadline: PartyDeadline, until: date, because: str) -> Extension:
    return Extension(
        programme=one.programme,
        round=one.id,
        party=deadline.party,
        due_on=until,
        because=because,
        decided_at=knowledge.now,
        version=deadline.version + 1,
    )


def _ladder(knowledge: Knowledge, one: ReportingRound, party: str, granted: Extension, by: By) -> tuple[str, ...]:
    """The steps that the new deadline brings, in words."""
    own = [step for step in knowledge.extensions if (step.programme, step.round, step.party) != (one.programme, one.id, party)]
    steps = [
        step
        for step in plan_timeline(knowledge.setup, extensions=(*own, granted))
        if (step.key.programme, step.key.round, step.key.party) == (one.programme, one.id, party) and step.not_before > knowledge.now
    ]
    calendar = knowledge.setup.calendar
    told = [f"{name_step(step.key.step, by.language)} {_day(calendar.local_day(step.not_before), by)}" for step in steps]
    return (tell("ladder", by.language, steps=", ".join(told)),) if told else ()


def _day(day: date, by: By) -> str:
    return format_date(day, by.language)


def _record_last_day(house: House, one: ReportingRound, day: date, *, is_closed: bool, because: str, by: By, dry_run: bool) -> None:
    value = {"last_day": day.isoformat(), "is_closed": is_closed}
    record_decision(house, OverlayKind.CLOSING, one, "", because=because, by=by, value=value, dry_run=dry_run)


def record_decision(
    house: House,
    kind: OverlayKind,
    one: ReportingRound,
    party: str,
    *,
    because: str,
    by: By,
    dry_run: bool,
    subject: str = "",
    value: Mapping[str, Any] | None = None,
) -> None:
    """Adds the overlay with its line of history, and has the planner look again; a dry run adds nothing."""
    if dry_run:
        return
    now = house.clock.now()
    said = read_files(by.files or house.setup, kind, one.programme, one.id, party, subject)
    with writing(house, by) as conn:
        overlays.add_overlay(
            conn,
            kind=kind,
            programme=one.programme,
            round_id=one.id,
            party=party,
            subject=subject,
            value={**(value or {}), "files": said},
            because=because,
            actor=by.actor,
            now=now,
            former=house.setup.programmes[one.programme].former_parties(party),
        )
        agenda.look_again(conn, one.programme, one.id, party or None, now)
        _tell(conn, house, "decided_by_hand", kind, one, party, because, by)


def _tell(conn: Connection, house: House, what: str, kind: OverlayKind, one: ReportingRound, party: str, because: str, by: By) -> None:
    document = {"kind": kind.value, "because": because}
    events.append_event(
        conn, what, house.clock.now(), actor=by.actor, programme=one.programme, round_id=one.id, party=party, document=document
    )


def _named(one: ReportingRound) -> str:
    return f"{one.programme}/{one.id}"
