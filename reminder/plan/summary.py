"""How many mails go out when: for the digest's "what goes out next" and for `plan`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime

from reminder.domain.intents import PlannedStep, PlanState
from reminder.domain.rounds import StepKind
from reminder.domain.setup import Setup
from reminder.plan.deciding import why_skip
from reminder.plan.known import Known


def count_upcoming(
    timeline: Sequence[PlannedStep], setup: Setup, state: PlanState, start: datetime, end: datetime
) -> tuple[tuple[date, StepKind, int], ...]:
    """Local day, kind and number of mails of the steps that become due from `start` until before `end`, as things stand now.

    A person who stands for several parties gets one mail of a round; who has reported everything gets none. What is
    due already and waits is not counted: it is no longer upcoming.
    """
    known = Known.of(setup, state)
    mails: dict[tuple[date, int], set[tuple[str, str, str]]] = {}
    for step in timeline[_first_from(timeline, start) : _first_from(timeline, end)]:
        day = setup.calendar.local_day(step.not_before)
        for due in known.open_dues(step):
            if why_skip(known, due, step.not_before) is None:
                mail = (step.key.programme, step.key.round, due.recipient.person)
                mails.setdefault((day, step.key.step.urgency), set()).add(mail)
    return tuple((day, tuple(StepKind)[urgency], len(mails[day, urgency])) for day, urgency in sorted(mails))


def _first_from(timeline: Sequence[PlannedStep], instant: datetime) -> int:
    return bisect_left(timeline, instant, key=lambda step: step.not_before)
