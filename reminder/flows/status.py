"""Status: per party and action where everything stands, and how much waits for a person."""

from __future__ import annotations

from reminder.compose.reasons import format_date
from reminder.domain.intents import PlannedStep
from reminder.domain.messages import OutboxState
from reminder.domain.programme import Language
from reminder.domain.readings import InboundState
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge, load_knowledge
from reminder.store import inbox, outbox


def list_status(house: House, wanted: ReportingRound | None, language: Language) -> list[dict[str, object]]:
    """One row an asked action."""
    now = house.clock.now()
    with house.store.read() as conn:
        knowledge = load_knowledge(conn, house.setup, now)
        last = outbox.last_mails(conn)
    next_steps = _next_steps(knowledge)
    rows: list[dict[str, object]] = []
    for one in house.setup.rounds if wanted is None else (wanted,):
        for party in knowledge.progress(one).parties:
            key = (one.programme, one.id, party.party.id)
            mailed = last.get(key)
            step = None if party.is_complete else next_steps.get(key)
            rows += [
                {
                    "round": f"{one.programme}/{one.id}",
                    "party": party.party.id,
                    "action": action.action.number,
                    "light": action.fact.light.value if action.fact and action.fact.light else None,
                    "phase": action.fact.phase.value if action.fact and action.fact.phase else None,
                    "text": action.fact.text if action.fact else "",
                    "report": action.report.value,
                    "provisional": action.fact.is_provisional if action.fact else False,
                    "due": party.deadline.due_on.isoformat(),
                    "last_mail": f"{mailed[0]} {format_date(house.setup.calendar.local_day(mailed[1]), language)}" if mailed else None,
                    "next_mail": f"{step.key.step.value} {format_date(house.setup.calendar.local_day(step.not_before), language)}"
                    if step
                    else None,
                }
                for action in party.actions
            ]
    return rows


def _next_steps(knowledge: Knowledge) -> dict[tuple[str, str, str], PlannedStep]:
    found: dict[tuple[str, str, str], PlannedStep] = {}
    for step in knowledge.timeline():
        if step.not_before > knowledge.now and step.key.step is not StepKind.DIGEST:
            found.setdefault((step.key.programme, step.key.round, step.key.party), step)
    return found


def find_waiting(house: House) -> int:
    """How many mails wait for a person."""
    with house.store.read() as conn:
        incoming, outgoing = inbox.count_by_state(conn), outbox.count_by_state(conn)
    held = sum(incoming.get(state, 0) for state in (InboundState.HELD, InboundState.QUARANTINED))
    stuck = (OutboxState.FAILED, OutboxState.NEEDS_REVIEW, OutboxState.WAITING_APPROVAL, OutboxState.UNKNOWN)
    return held + sum(outgoing.get(state, 0) for state in stuck)
