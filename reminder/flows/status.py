"""Status: per party and action where everything stands, and how much waits for a person."""

from __future__ import annotations

from datetime import datetime

from reminder.compose.reasons import format_date
from reminder.domain.intents import PlannedStep
from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.flows.desk import INBOX_WAITING, OUTBOX_WAITING
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge, load_knowledge
from reminder.report.progress import ActionProgress
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
            mailed, step = last.get(key), None if party.is_complete else next_steps.get(key)
            mails = {
                "due": party.deadline.due_on.isoformat(),
                "last_mail": _dated(knowledge, mailed.kind.value, mailed.at, language) if mailed else None,
                "next_mail": _dated(knowledge, step.key.step.value, step.not_before, language) if step else None,
            }
            rows += [{"round": f"{one.programme}/{one.id}", "party": party.party.id, **_tell(action), **mails} for action in party.actions]
    return rows


def _dated(knowledge: Knowledge, kind: str, at: datetime, language: Language) -> str:
    return f"{kind} {format_date(knowledge.setup.calendar.local_day(at), language)}"


def _tell(action: ActionProgress) -> dict[str, object]:
    fact = action.fact
    return {
        "action": action.action.number,
        "light": fact.light.value if fact and fact.light else None,
        "phase": fact.phase.value if fact and fact.phase else None,
        "text": fact.text if fact else "",
        "report": action.report.value,
        "provisional": bool(fact and fact.is_provisional),
    }


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
    return sum(incoming.get(state, 0) for state in INBOX_WAITING) + sum(outgoing.get(state, 0) for state in OUTBOX_WAITING)
