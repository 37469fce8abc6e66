"""What the coordinator decides by hand: more time, an action that is not asked for, one more mail, a round closed or opened again.

Each is one transaction: an overlay with its reason, and a line of history. An overlay remembers what the files said, so that
a later edit of the same thing can end it (`overtaken`). A dry run says the same and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from reminder.compose.reasons import format_date
from reminder.domain.decisions import AddedStep
from reminder.domain.intents import PartyDeadline
from reminder.domain.rounds import Extension, ReportingRound, StepKind
from reminder.errors import UsageFailure
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge, load_knowledge
from reminder.flows.overtaken import read_files
from reminder.flows.renaming import current_party
from reminder.plan.timeline import party_deadline, plan_timeline
from reminder.report.progress import PartyProgress
from reminder.store import agenda, events, overlays
from reminder.store.overlays import OverlayKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a decision does or would do: in a sentence, what follows from it, and how to take it back."""

    said: str
    follows: tuple[str, ...] = ()
    undo: str = ""


def extend(house: House, one: ReportingRound, party: str, *, until: date, because: str, actor: str, dry_run: bool = False) -> Decided:
    """More time for a party: a new deadline with reminders of its own. Raises UsageFailure where it would give none."""
    knowledge = _know(house)
    progress = _asked(knowledge, one, party)
    _need_open(knowledge, one)
    if until <= progress.deadline.due_on or until < knowledge.today:
        raise UsageFailure(
            f"{until} gives {party} no more time: the report is due {progress.deadline.due_on}, and today is {knowledge.today}.",
            advice="Name a later day.",
        )
    granted = _granted(knowledge, one, progress.deadline, until, because)
    _record(house, OverlayKind.EXTENSION, one, party, because=because, actor=actor, value={"due_on": until.isoformat()}, dry_run=dry_run)
    was = format_date(progress.deadline.due_on, "en")
    follows = _ladder(knowledge, one, party, granted)
    return Decided(
        said=f"{party} has until {format_date(until, 'en')}; it was {was}.",
        follows=(*follows, "Mails about the old deadline that have not gone out yet are cancelled."),
        undo=f"reminder extend {_named(one)} {party} --undo",
    )


def waive(house: House, one: ReportingRound, party: str, action: str, *, because: str, actor: str, dry_run: bool = False) -> Decided:
    """An action is not asked for in this round. `action` is its printed number or its id. Raises UsageFailure."""
    knowledge = _know(house)
    progress = _asked(knowledge, one, party)
    asked = next((own for own in progress.asked if action in {own.number, own.id}), None)
    if asked is None:
        known = ", ".join(own.number for own in progress.asked) or "nothing"
        raise UsageFailure(f"{party} is not asked for {action} in round {one.id}.", advice=f"It is asked for: {known}.")
    _record(house, OverlayKind.WAIVER, one, party, subject=asked.id, because=because, actor=actor, dry_run=dry_run)
    left = [own.number for own in progress.missing if own.id != asked.id]
    return Decided(
        said=f"{asked.number} ({asked.title}) is not asked of {party} any more.",
        follows=(f"Still missing: {', '.join(left)}." if left else f"{party} owes nothing more; no further mail goes to it.",),
        undo=f"reminder waive {_named(one)} {party} {asked.number} --undo",
    )


def remind(house: House, one: ReportingRound, party: str, *, because: str, actor: str, dry_run: bool = False) -> Decided:
    """One more mail to a party, as soon as mails may leave. Raises UsageFailure where there is nothing to remind of."""
    knowledge = _know(house)
    progress = _asked(knowledge, one, party)
    _need_open(knowledge, one)
    if progress.is_complete:
        raise UsageFailure(f"{party} has reported everything; there is nothing to remind it of.")
    if not house.setup.directory.of_party(party).contacts:
        raise UsageFailure(f"{party} has no contact.", advice="Add one in contacts.yaml.")
    if not _was_asked(knowledge, one, party):
        raise UsageFailure(f"{party} has not been asked yet; the request comes first.", advice="`reminder plan` shows when.")
    if any(step.party == party and (step.programme, step.round) == (one.programme, one.id) for step in _waiting(knowledge)):
        raise UsageFailure(f"A reminder of {party} by hand waits already.", advice="`reminder plan` shows it.")
    kind = StepKind.OVERDUE if progress.is_overdue else StepKind.REMINDER
    _record(house, OverlayKind.ADDED_STEP, one, party, subject=kind.value, because=because, actor=actor, dry_run=dry_run)
    missing = ", ".join(action.number for action in progress.missing)
    return Decided(
        said=f"{party} is reminded of {missing} as soon as mails may leave, one a day to a person.",
        follows=("What was due before and has not gone out is taken in by this mail.",),
        undo=f"reminder remind {_named(one)} {party} --undo",
    )


def close_round(house: House, one: ReportingRound, *, because: str, actor: str, dry_run: bool = False) -> Decided:
    """Nothing more goes out, and the round ends with this day: what comes later is kept as late. Raises UsageFailure."""
    knowledge = _know(house)
    _need_open(knowledge, one)
    _record_last_day(house, one, knowledge.today, is_closed=True, because=because, actor=actor, dry_run=dry_run)
    progress = knowledge.progress(knowledge.setup.round(one.programme, one.id) or one)
    missing = sum(not party.is_complete for party in progress.parties)
    return Decided(
        said=f"Round {_named(one)} is closed; answers of today still count.",
        follows=(f"{missing} parties have not reported everything. No further mail of the round goes out.",),
        undo=f"reminder reopen {_named(one)} --undo",
    )


def reopen_round(house: House, one: ReportingRound, *, until: date, because: str, actor: str, dry_run: bool = False) -> Decided:
    """The round takes answers again until a day. What fell due while it was closed stays skipped. Raises UsageFailure."""
    knowledge = _know(house)
    known = knowledge.setup.round(one.programme, one.id) or one
    last_day = party_deadline(knowledge.setup, known, "").closes_on
    is_closed = (one.programme, one.id) in knowledge.closed
    if until < knowledge.today or (until <= last_day and not is_closed):
        raise UsageFailure(f"Round {one.id} is open until {last_day}; {until} is not later.", advice="Name a later day.")
    _record_last_day(house, one, until, is_closed=False, because=because, actor=actor, dry_run=dry_run)
    return Decided(
        said=f"Round {_named(one)} is open until {format_date(until, 'en')}.",
        follows=("Mails that fell due while it was closed are not made up for.",),
        undo=f"reminder reopen {_named(one)} --undo",
    )


def take_back(
    house: House, kind: OverlayKind, one: ReportingRound, party: str = "", action: str = "", *, actor: str, dry_run: bool = False
) -> Decided:
    """Ends the newest decision of a kind. Raises UsageFailure where there is none, or where its mail has been written already."""
    now = house.clock.now()
    programme = house.setup.programmes[one.programme]
    subject = next((own.id for own in programme.actions if action and action in {own.number, own.id}), action)
    with house.store.begin() as conn:
        found = [
            overlay
            for overlay in overlays.load_overlays(conn, kind=kind)
            if (overlay.programme, overlay.round) == (one.programme, one.id)
            and current_party(house.setup, overlay.programme, overlay.party) == party
            and (kind is not OverlayKind.WAIVER or overlay.subject == subject)
        ]
        if not found:
            raise UsageFailure("There is no such decision to take back.", advice="`reminder status` shows what was decided by hand.")
        newest = found[-1]
        if kind is OverlayKind.ADDED_STEP and overlays.is_added_step_settled(conn, newest):
            raise UsageFailure("The mail has been written already.", advice="`reminder outbox list` shows whether it has gone out.")
        if not dry_run:
            overlays.end_overlay(conn, newest.id, because="taken back", now=now)
            agenda.look_again(conn, one.programme, one.id, party or None, now)
            _tell(conn, house, "taken_back", newest.kind, one, party, newest.because, actor)
    return Decided(said=f"Taken back: {newest.kind.value.replace('_', ' ')} of {newest.decided_at:%d.%m.%Y} ({newest.because}).")


def _know(house: House) -> Knowledge:
    with house.store.read() as conn:
        return load_knowledge(conn, house.setup, house.clock.now())


def _asked(knowledge: Knowledge, one: ReportingRound, party: str) -> PartyProgress:
    known = knowledge.setup.round(one.programme, one.id) or one
    progress = knowledge.progress(known).of_party(party)
    if progress is None:
        raise UsageFailure(f"Round {one.id} asks {party} for nothing.", advice="`reminder status` shows who is asked.")
    return progress


def _need_open(knowledge: Knowledge, one: ReportingRound) -> None:
    known = knowledge.setup.round(one.programme, one.id) or one
    if (one.programme, one.id) in knowledge.closed or knowledge.today > party_deadline(knowledge.setup, known, "").closes_on:
        raise UsageFailure(f"Round {one.id} is closed.", advice=f"`reminder reopen {_named(one)} --until D --because TEXT` opens it again.")


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


def _ladder(knowledge: Knowledge, one: ReportingRound, party: str, granted: Extension) -> tuple[str, ...]:
    """The steps that the new deadline brings, in words."""
    own = [step for step in knowledge.extensions if (step.programme, step.round, step.party) != (one.programme, one.id, party)]
    steps = [
        step
        for step in plan_timeline(knowledge.setup, extensions=(*own, granted))
        if (step.key.programme, step.key.round, step.key.party) == (one.programme, one.id, party) and step.not_before > knowledge.now
    ]
    calendar = knowledge.setup.calendar
    told = [f"{step.key.step.value.replace('_', ' ')} {format_date(calendar.local_day(step.not_before), 'en')}" for step in steps]
    return (f"Unless it reports: {', '.join(told)}.",) if told else ()


def _record_last_day(house: House, one: ReportingRound, day: date, *, is_closed: bool, because: str, actor: str, dry_run: bool) -> None:
    value = {"last_day": day.isoformat(), "is_closed": is_closed}
    _record(house, OverlayKind.CLOSING, one, "", because=because, actor=actor, value=value, dry_run=dry_run)


def _record(
    house: House,
    kind: OverlayKind,
    one: ReportingRound,
    party: str,
    *,
    because: str,
    actor: str,
    dry_run: bool,
    subject: str = "",
    value: Mapping[str, Any] | None = None,
) -> None:
    if dry_run:
        return
    now = house.clock.now()
    said = read_files(house.setup, kind, one.programme, one.id, party, subject)
    with house.store.begin() as conn:
        overlays.add_overlay(
            conn,
            kind=kind,
            programme=one.programme,
            round_id=one.id,
            party=party,
            subject=subject,
            value={**(value or {}), "files": said},
            because=because,
            actor=actor,
            now=now,
            former=house.setup.programmes[one.programme].former_parties(party),
        )
        agenda.look_again(conn, one.programme, one.id, party or None, now)
        _tell(conn, house, "decided_by_hand", kind, one, party, because, actor)


def _tell(conn: Connection, house: House, what: str, kind: OverlayKind, one: ReportingRound, party: str, because: str, actor: str) -> None:
    document = {"kind": kind.value, "because": because}
    events.append_event(
        conn, what, house.clock.now(), actor=actor, programme=one.programme, round_id=one.id, party=party, document=document
    )


def _named(one: ReportingRound) -> str:
    return f"{one.programme}/{one.id}"
