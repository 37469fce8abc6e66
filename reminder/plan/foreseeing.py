"""The mails to come, found by running `decide` through time as if nobody answered: what it would do is what is foreseen.

So nothing is counted by a second set of rules: bundling, one mail a day, the limits and the sending window are those of
the planner itself. Cost: one pass of `decide` for each instant at which something happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from reminder.domain.foreseen import ForeseenMail
from reminder.domain.intents import Intent, PlannedStep, PlanState, SendIntent
from reminder.domain.rounds import StepKind
from reminder.domain.setup import Setup
from reminder.plan.deciding import decide, decide_at_any_hour, next_wakeup

FURTHEST_PASSES = 20_000
"""Passes after which we call a schedule absurd; a year of working days with two digests a day has about 500."""


def foresee(
    setup: Setup, timeline: Sequence[PlannedStep], state: PlanState, now: datetime, *, is_armed: bool = True
) -> tuple[ForeseenMail, ...]:
    """Every mail from `now` on, in the order in which they leave, if nobody answers and nothing is decided.

    Where the service is not armed yet, what is due now is left out, as `arm` skips it. Raises ValueError for a schedule
    that never comes to an end.
    """
    begin = now
    found: list[ForeseenMail] = []
    if not is_armed:
        state = _settle(state, decide_at_any_hour(setup, timeline, state, now), setup.calendar.local_day(now), is_sent=False)
    for _ in range(FURTHEST_PASSES):
        intents = decide(setup, timeline, state, now)
        found.extend(_foreseen(setup, state, intent, now, begin) for intent in intents if isinstance(intent, SendIntent))
        state = _settle(state, intents, setup.calendar.local_day(now))
        timeline = [step for step in timeline if step.expires_at > now]
        following = next_wakeup(setup, timeline, state, now)
        if following is None:
            return tuple(found)
        now = following
    raise ValueError("the schedule does not come to an end")


def asked_by(setup: Setup, state: PlanState, step: PlannedStep) -> frozenset[tuple[str, str]]:
    """(party, printed number) that a mail of this step asks for; a chasing mail leaves out what has been answered."""
    key, one = step.key, setup.round(step.key.programme, step.key.round)
    if one is None or key.step.is_for_coordinator:
        return frozenset()
    programme = setup.programmes[key.programme]
    asked = [action for action in one.actions_of(programme, key.party) if (key.programme, key.round, action.id) not in state.waived]
    if key.step in {StepKind.NOTICE, StepKind.REQUEST}:
        asked += one.contributions_of(programme, key.party)
    else:
        standing = state.standings.get((key.programme, key.round, key.party))
        if standing is not None and standing.asked:
            asked = [action for action in asked if action.id in standing.missing]
    return frozenset((key.party, action.number) for action in asked)


def _foreseen(setup: Setup, state: PlanState, intent: SendIntent, now: datetime, begin: datetime) -> ForeseenMail:
    asks = frozenset[tuple[str, str]]().union(*(asked_by(setup, state, step) for step in intent.steps))
    is_due = intent.head.not_before <= begin
    return ForeseenMail(recipient=intent.recipient, leaves_at=now, steps=intent.steps, asks=asks, is_due_already=is_due)


def _settle(state: PlanState, intents: Sequence[Intent], today: date, *, is_sent: bool = True) -> PlanState:
    """The state after these intents were carried out; `is_sent` is false where mails are skipped as `arm` skips them."""
    if not intents:
        return state
    keys: set[str] = set()
    mailed, warned, told = dict(state.mailed_on), dict(state.warned_on), set(state.told_above)
    for intent in intents:
        if not isinstance(intent, SendIntent):
            keys.add(intent.key)
            continue
        keys.update(intent.keys)
        if not is_sent or intent.head.key.step.is_for_coordinator:
            continue
        mailed[intent.recipient.person] = today
        for key in (step.key for step in intent.steps if step.key.step is StepKind.ESCALATION):
            place = (key.programme, key.round, key.party, key.deadline_version)
            if intent.recipient.is_above:
                told.add((*place, intent.recipient.person))
            else:
                warned.setdefault(place, today)
    return replace(state, settled=state.settled | keys, mailed_on=mailed, warned_on=warned, told_above=frozenset(told))
