"""What an edit of the files would change, from the database where there is one; changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.domain.foreseen import PlanDifference
from reminder.domain.intents import PlanState
from reminder.domain.setup import Setup
from reminder.flows.knowledge import load_knowledge
from reminder.plan.comparing import compare_plans
from reminder.plan.foreseeing import foresee
from reminder.plan.timeline import plan_timeline
from reminder.store import control, outbox
from reminder.store.engine import Store


def compare_setups(conn: Connection, old: Setup, new: Setup, now: datetime) -> PlanDifference:
    """The difference as things stand at `now`. A pause with an end is waited for; one without counts as ended now."""
    before, after = load_knowledge(conn, old, now), load_knowledge(conn, new, now)
    switches = control.load_control(conn)
    begin = switches.paused_until if switches.is_paused(now) and switches.paused_until else now
    timelines = (before.timeline(), after.timeline())
    states = (before.plan_state(), after.plan_state())
    is_armed = switches.is_armed
    return compare_plans(
        old,
        new,
        foresee(old, timelines[0], states[0], begin, is_armed=is_armed),
        foresee(new, timelines[1], states[1], begin, is_armed=is_armed),
        timelines=timelines,
        state=states[1],
        settled=outbox.list_settled_steps(conn),
        is_armed=is_armed,
    )


def compare_without_store(old: Setup, new: Setup) -> PlanDifference:
    """The difference over the whole schedule, where there is no database that could say what has happened."""
    timelines = (plan_timeline(old), plan_timeline(new))
    instants = [steps[0].not_before for steps in timelines if steps]
    if not instants:
        return PlanDifference(is_armed=False)
    begin, state = min(instants) - timedelta(days=1), PlanState()
    forecasts = [foresee(setup, timeline, state, begin) for setup, timeline in zip((old, new), timelines, strict=True)]
    return compare_plans(old, new, forecasts[0], forecasts[1], timelines=timelines, state=state, is_armed=False)


def compare_for_command(store: Store | None, old: Setup, new: Setup, now: datetime) -> PlanDifference:
    """The difference for `plan --against`. Closes the store."""
    if store is None:
        return compare_without_store(old, new)
    try:
        with store.read() as conn:
            return compare_setups(conn, old, new, now)
    finally:
        store.close()
