"""Status: per party and action where everything stands, and how much waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reminder.compose.reasons import format_date
from reminder.compose.views import LastTime
from reminder.domain.intents import PlannedStep
from reminder.domain.judging import Judgement
from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound
from reminder.flows.absences import Moved, find_moved, make_moves
from reminder.flows.desk import INBOX_WAITING, OUTBOX_WAITING
from reminder.flows.earlier_lights import tell_last_time
from reminder.flows.house import House
from reminder.flows.judging_answers import load_judged
from reminder.flows.knowledge import Knowledge, load_knowledge
from reminder.flows.schedule_views import find_last_times
from reminder.plan.absences import Moves
from reminder.plan.deciding import recipients_of
from reminder.report.masking import find_private
from reminder.report.progress import ActionProgress
from reminder.store import inbox, outbox


def list_status(house: House, wanted: ReportingRound | None, language: Language) -> list[dict[str, object]]:
    """One row an asked action."""
    now = house.clock.now()
    with house.store.read() as conn:
        knowledge = load_knowledge(conn, house.setup, now)
        last = outbox.last_mails(conn)
        judged = load_judged(conn, knowledge.setup)
    next_steps = _next_steps(knowledge)
    rows: list[dict[str, object]] = []
    for one in knowledge.setup.rounds:
        if wanted is not None and (wanted.programme, wanted.id) != (one.programme, one.id):
            continue
        last_times = find_last_times(knowledge, one)
        for party in knowledge.progress(one).parties:
            key = (one.programme, one.id, party.party.id)
            mailed, coming = last.get(key), None if party.is_complete else next_steps.get(key)
            mails = {
                "due": party.deadline.due_on.isoformat(),
                "last_mail": _dated(knowledge, mailed.kind.value, mailed.at, language) if mailed else None,
                "next_mail": _dated(knowledge, coming.step.key.step.value, coming.at, language) if coming else None,
                "moved": [moved.tell(language) for moved in coming.moved] if coming else [],
            }
            for action in party.actions:
                own = _judged(judged.get((one.programme, one.id, action.action.id)))
                told = _tell(action, last_times.get(action.action.id))
                rows.append({"round": f"{one.programme}/{one.id}", "party": party.party.id, **told, **own, **mails})
    return rows


def _judged(own: Judgement | None) -> dict[str, object]:
    """The sub-committee's own light, and how many members gave which, where several did."""
    return {
        "sub_committee": own.light.value if own else None,
        "sub_committee_spread": {light.value: count for light, count in own.spread.items()} if own else {},
    }


def _dated(knowledge: Knowledge, kind: str, at: datetime, language: Language) -> str:
    return f"{kind} {format_date(knowledge.setup.calendar.local_day(at), language)}"


def _tell(action: ActionProgress, last: LastTime | None) -> dict[str, object]:
    fact = action.fact
    return {
        "action": action.action.number,
        "light": fact.light.value if fact and fact.light else None,
        "phase": fact.phase.value if fact and fact.phase else None,
        "text": fact.text if fact else "",
        "hidden": sorted(find_private(fact)) if fact else [],
        "last_time": tell_last_time(last),
        "report": action.report.value,
        "provisional": bool(fact and fact.is_provisional),
        "differs": [{"party": other.party, "light": other.light.value} for other in action.disagreeing if other.light],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coming:
    """The next mail of a party: when it leaves for the first of its recipients, and who of them gets it later or not at all."""

    step: PlannedStep
    at: datetime
    moved: tuple[Moved, ...]


def _next_steps(knowledge: Knowledge) -> dict[tuple[str, str, str], _Coming]:
    timeline = knowledge.timeline()
    moves = make_moves(knowledge.setup, knowledge.away, timeline)
    found: dict[tuple[str, str, str], _Coming] = {}
    for step in timeline:
        place = (step.key.programme, step.key.round, step.key.party)
        if step.key.step.is_for_coordinator or (place in found and found[place].at <= step.not_before):
            continue
        coming = _find_coming(knowledge, moves, step)
        if coming is not None and (place not in found or coming.at < found[place].at):
            found[place] = coming
    return found


def _find_coming(knowledge: Knowledge, moves: Moves, step: PlannedStep) -> _Coming | None:
    moved = find_moved(knowledge.setup, moves, step, knowledge.persons)
    if not moved:
        return _Coming(step=step, at=step.not_before, moved=()) if step.not_before > knowledge.now else None
    away = {one.recipient.person for one in moved}
    others = [one for one in recipients_of(knowledge.setup, step.key, knowledge.persons) if one.person not in away]
    open_moves = [one for one in moved if not one.gives_way and step.key.for_recipient(one.recipient.person) not in knowledge.settled]
    instants = [*([step.not_before] if others else []), *(one.at for one in open_moves)]
    at = min((instant for instant in instants if instant > knowledge.now), default=None)
    return _Coming(step=step, at=at, moved=moved) if at is not None else None


def find_waiting(house: House) -> int:
    """How many mails wait for a person."""
    with house.store.read() as conn:
        incoming, outgoing = inbox.count_by_state(conn), outbox.count_by_state(conn)
    return sum(incoming.get(state, 0) for state in INBOX_WAITING) + sum(outgoing.get(state, 0) for state in OUTBOX_WAITING)
