"""The digests that the schedule no longer has: of a round that is complete, closed or over, where something still waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from reminder.domain.decisions import ADDED_STEPS
from reminder.domain.intents import PlannedStep
from reminder.domain.rounds import Extension, ReportingRound, StepKey, StepKind
from reminder.domain.setup import Setup
from reminder.plan.dates import asked_at
from reminder.plan.steps import FULL_WEEK, StepDate, digest_dates_until
from reminder.plan.timeline import plan_timeline


def newest_begun(setup: Setup, programme: str, now: datetime) -> ReportingRound | None:
    """The round of a programme that began last, among those that have digests at all."""
    begun = [(asked_at(one, setup.calendar), one) for one in setup.rounds if one.programme == programme and one.schedule.digest is not None]
    return max(((at, one) for at, one in begun if at <= now), key=lambda pair: pair[0], default=(now, None))[1]


def late_digest(setup: Setup, one: ReportingRound, now: datetime) -> PlannedStep | None:
    """The digest whose day it is as if the digests of the round never ended: the same weekdays, the same hour.

    None before that hour, and on a day that is no working day. `ordinal` continues that of the schedule, beyond what a schedule can have.
    """
    calendar, current = setup.calendar, current_digest(setup, one, now)
    if current is None or not calendar.is_working_day(calendar.local_day(now)):
        return None
    is_early = now.astimezone(calendar.zone).time() < current.not_before.astimezone(calendar.zone).time()
    return None if is_early else current


def current_digest(setup: Setup, one: ReportingRound, now: datetime) -> PlannedStep | None:
    """As `late_digest` at whatever hour of whatever day: the one that may have gone by now."""
    days = [step for step in digest_dates_until(setup, one, setup.calendar.local_day(now)) if step.not_before <= now]
    return _as_step(one, days[-1]) if days else None


def find_scheduled(setup: Setup, late: PlannedStep, extensions: Sequence[Extension]) -> StepKey | None:
    """The step of the schedule for the same day; None where the schedule has no digest any more."""
    own = replace(late.key, ordinal=late.key.ordinal - ADDED_STEPS)
    places = {(own.programme, own.round, "")}
    return own if any(step.key == own for step in plan_timeline(setup, extensions=extensions, places=places)) else None


def _as_step(one: ReportingRound, current: StepDate) -> PlannedStep:
    key = StepKey(
        programme=one.programme,
        round=one.id,
        party="",
        step=StepKind.DIGEST,
        ordinal=ADDED_STEPS + current.ordinal,
        deadline_version=0,
    )
    # A day longer than its week, so that it waits over a holiday.
    ends = current.not_before + FULL_WEEK + timedelta(days=1)
    return PlannedStep(key=key, not_before=current.not_before, expires_at=ends, why=current.why)
