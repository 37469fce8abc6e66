"""What an edit of the files would change, from the database where there is one; changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from reminder.domain.foreseen import PlanDifference
from reminder.domain.intents import PlanState
from reminder.domain.setup import Setup
from reminder.flows.agenda import follow_roster
from reminder.flows.knowledge import decided_setup, load_knowledge
from reminder.flows.overtaken import end_each, find_overtaken
from reminder.plan.comparing import compare_plans
from reminder.plan.foreseeing import foresee
from reminder.plan.timeline import plan_timeline
from reminder.store import control, outbox, overlays
from reminder.store.engine import Store


def compare_setups(store: Store, old: Setup, new: Setup, now: datetime) -> PlanDifference:
    """The difference as things stand at `now`. A pause with an end is waited for; one without counts as ended now.

    What taking up the new files does by itself (a decision by hand that they overtake, one more request to who gets an action)
    is tried in a savepoint that is rolled back, so that it is foreseen by the code that does it.
    """
    with store.begin() as conn:
        before = load_knowledge(conn, old, now)
        trial = conn.begin_nested()
        end_each(conn, find_overtaken(new, overlays.load_overlays(conn)), now)
        follow_roster(conn, decided_setup(conn, new), now)
        after = load_knowledge(conn, new, now)
        trial.rollback()
        switches, settled = control.load_control(conn), outbox.list_settled_steps(conn)
    begin = switches.paused_until if switches.is_paused(now) and switches.paused_until else now
    timelines, states = (before.timeline(), after.timeline()), (before.plan_state(), after.plan_state())
    return compare_plans(
        before.setup,
        after.setup,
        foresee(before.setup, timelines[0], states[0], begin, is_armed=switches.is_armed),
        foresee(after.setup, timelines[1], states[1], begin, is_armed=switches.is_armed),
        timelines=timelines,
        state=states[1],
        settled=settled,
        is_armed=switches.is_armed,
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
        return compare_setups(store, old, new, now)
    finally:
        store.close()
