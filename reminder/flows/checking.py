"""What `check` asks beyond the files: what would go out at this moment, from the database where there is one."""

from __future__ import annotations

from datetime import datetime

from reminder.domain.intents import PlanState
from reminder.domain.setup import Setup
from reminder.flows.knowledge import load_knowledge
from reminder.plan.sudden import SuddenMail, find_sudden
from reminder.plan.timeline import plan_timeline
from reminder.store.engine import Store


def find_sudden_mails(store: Store | None, setup: Setup, now: datetime) -> tuple[SuddenMail, ...]:
    """Mails that would go out at once to nearly everybody. Closes the store; without one, nothing counts as sent."""
    if store is None:
        return find_sudden(setup, plan_timeline(setup), PlanState(), now)
    try:
        with store.read() as conn:
            knowledge = load_knowledge(conn, setup, now)
    finally:
        store.close()
    return find_sudden(setup, knowledge.timeline(), knowledge.plan_state(), now)
